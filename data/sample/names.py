"""Invented names, addresses and telephone numbers (numbers of the ranges that France keeps for fiction)."""

import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.sample.draws import Rng, happens

FIRST = (
    "Marie", "Jean", "Nathalie", "Philippe", "Isabelle", "Alain", "Sylvie", "Michel", "Catherine", "Nicolas",
    "Françoise", "Pierre", "Monique", "Laurent", "Jacqueline", "Christophe", "Anne", "Patrick", "Martine",
    "Thierry", "Céline", "Sébastien", "Julie", "Julien", "Aurélie", "Thomas", "Camille", "Antoine", "Émilie",
    "Mathieu", "Léa", "Lucas", "Manon", "Hugo", "Chloé", "Louis", "Inès", "Karim", "Fatima", "Mehdi", "Yasmine",
    "Mamadou", "Aïcha", "João", "Giulia", "Stéphane", "Brigitte", "Gérard", "Véronique", "Olivier", "Sandrine",
    "Éric", "Valérie", "Pascal", "Corinne", "Bruno", "Hélène", "Vincent", "Élodie", "Maxime", "Sarah", "Alexandre",
    "Laura", "Romain", "Pauline", "Guillaume", "Charlotte", "Benoît", "Agnès", "Denis", "Bernadette", "Yves",
    "Odile", "Xavier", "Solène", "Loïc", "Gaëlle", "Erwan", "Nolwenn",
)  # fmt: skip
LAST = (
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent", "Simon",
    "Michel", "Lefebvre", "Leroy", "Roux", "David", "Bertrand", "Morel", "Fournier", "Girard", "Bonnet", "Dupont",
    "Lambert", "Fontaine", "Rousseau", "Vincent", "Muller", "Lefèvre", "Faure", "Andre", "Mercier", "Blanc",
    "Guérin", "Boyer", "Garnier", "Chevalier", "François", "Legrand", "Gauthier", "Garcia", "Perrin", "Robin",
    "Clément", "Morin", "Nicolas", "Henry", "Roussel", "Mathieu", "Gautier", "Masson", "Marchand", "Duval", "Denis",
    "Dumont", "Marie", "Lemaire", "Noël", "Meyer", "Dufour", "Meunier", "Brun", "Blanchard", "Giraud", "Joly",
    "Rivière", "Lucas", "Brunet", "Gaillard", "Barbier", "Arnaud", "Martinez", "Gérard", "Roche", "Renard",
    "Schmitt", "Roy", "Leroux", "Colin", "Vidal", "Caron", "Picard", "Roger", "Fabre", "Aubert", "Lemoine",
    "Renaud", "Dumas", "Lacroix", "Olivier", "Philippe", "Bourgeois", "Pierre", "Benoît", "Rey", "Leclerc", "Payet",
    "Rolland", "Leclercq", "Guillaume", "Lecomte", "Diallo", "Traoré", "Benali", "Nguyen", "Da Silva", "Ferreira",
    "Kaya", "Haddad", "Le Goff", "Le Gall", "Carpentier", "Vasseur", "Delattre", "Deschamps",
)  # fmt: skip
HOSTS = ("exemple.fr", "courrier.example", "poste.example", "maison.example")
MISSING_EMAIL, MISSING_PHONE = 0.06, 0.11


def _plain(names: tuple[str, ...]) -> pa.Array:
    """Names as they stand in an e-mail address: without accents and blanks, small letters."""
    bare = (
        unicodedata.normalize("NFKD", name.replace(" ", "")).encode("ascii", "ignore").decode().lower()
        for name in names
    )
    return pa.array(list(bare))


def identities(rng: Rng, people) -> dict[str, pa.Array]:
    """name, email and phone of each customer; some have left no address or number."""
    size = len(people)
    first, last = rng.integers(0, len(FIRST), size), rng.integers(0, len(LAST), size)
    surname = pa.array(LAST).take(pa.array(last))
    name = pc.binary_join_element_wise(pa.array(FIRST).take(pa.array(first)), surname, " ")
    number = pc.cast(pa.array(people.first + np.arange(size)), pa.string())
    address = pc.binary_join_element_wise(_plain(FIRST).take(pa.array(first)), _plain(LAST).take(pa.array(last)), ".")
    address = pc.binary_join_element_wise(address, number, "")
    host = pa.array(HOSTS).take(pa.array(rng.integers(0, len(HOSTS), size)))
    digits = pc.utf8_lpad(pc.cast(pa.array(rng.integers(0, 10_000, size)), pa.string()), 4, "0")
    phone = pc.binary_join_element_wise(pa.scalar("+33 6 39 98 "), digits, "")
    return {
        "name": name,
        "email": _some(pc.binary_join_element_wise(address, host, "@"), ~happens(rng, MISSING_EMAIL, size)),
        "phone": _some(phone, ~happens(rng, MISSING_PHONE, size)),
    }


def _some(values: pa.Array, keep: np.ndarray) -> pa.Array:
    return pc.if_else(pa.array(keep), values, pa.scalar(None, pa.string()))
