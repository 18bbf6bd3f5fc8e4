"""The catalogue: appliances, accessories and parts, with prices and costs that do not change."""

import numpy as np
import pandas as pd

from data.sample import company

BRANDS = ("Ventoux", "Armor", "Belleroche", "Nordika", "Clairval", "Lumen")
KINDS = {  # category -> (kind of product, lowest and highest price in EUR)
    "washing": (
        ("Lave-linge 8 kg", 349, 799), ("Lave-linge séchant", 499, 999), ("Sèche-linge", 399, 899),
        ("Lave-vaisselle", 329, 849),
    ),
    "cooking": (
        ("Four encastrable", 299, 899), ("Plaque induction", 249, 799), ("Cuisinière", 399, 1099),
        ("Micro-ondes", 79, 299), ("Hotte", 149, 549),
    ),
    "cooling": (
        ("Réfrigérateur combiné", 399, 1199), ("Congélateur armoire", 349, 899), ("Cave à vin", 249, 999),
        ("Climatiseur mobile", 299, 699),
    ),
    "small_appliances": (
        ("Aspirateur balai", 99, 399), ("Robot pâtissier", 129, 449), ("Machine à café", 59, 399),
        ("Bouilloire", 24, 79), ("Fer à repasser", 39, 149), ("Grille-pain", 24, 89),
    ),
    "accessories": (
        ("Filtre", 12, 39), ("Sacs d'aspirateur", 9, 24), ("Détartrant", 8, 19),
        ("Capsules de lavage", 12, 34), ("Tuyau", 14, 44), ("Joint de porte", 19, 59),
        ("Bac à glaçons", 8, 22), ("Plateau de four", 19, 69),
    ),
}  # fmt: skip
LARGE = np.array([True, True, True, False, False])  # delivered at home even when bought in a store
COST_SHARE = {"washing": 0.72, "cooking": 0.70, "cooling": 0.73, "small_appliances": 0.66, "accessories": 0.48}


def products() -> pd.DataFrame:
    """product (number), name, category (position), price, unit_cost, sorted by category."""
    rng = np.random.default_rng(1954)
    rows = []
    for category, kinds in KINDS.items():
        for kind, low, high in kinds:
            for brand in BRANDS:
                price = np.round(low + (high - low) * rng.beta(1.4, 2.2)) - 0.01
                cost = np.round(price * (COST_SHARE[category] + rng.uniform(-0.05, 0.05)), 2)
                rows.append(
                    (f"{kind} {brand}", company.CATEGORIES.index(category), round(float(price), 2), float(cost))
                )
    table = pd.DataFrame(rows, columns=["name", "category", "price", "unit_cost"])
    table.insert(0, "product", np.arange(1, len(table) + 1))
    return table
