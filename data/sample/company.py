"""The invented company: its codes, stores, teams. Frames hold positions in these lists, exports their codes."""

from dataclasses import dataclass

import numpy as np

from data.sample import truths

REGIONS = ("north", "east", "south", "west", "paris")
REGION_SHARES = (0.22, 0.18, 0.22, 0.20, 0.18)
PERSONAS = ("families", "seniors", "couples", "young_adults", "professionals")
PERSONA_SHARES = (0.30, 0.24, 0.22, 0.14, 0.10)
ACQUISITION = ("store", "web", "marketplace", "referral", "flash_sale")
CHANNELS = ("store", "phone", "chat", "email", "web", "app")
STORE, PHONE, CHAT, EMAIL, WEB, APP = range(6)
REASONS = ("delivery", "billing", "returns", "breakdown", "order", "advice")
DELIVERY, BILLING, RETURNS, BREAKDOWN, ORDER, ADVICE = range(6)
CATEGORIES = ("washing", "cooking", "cooling", "small_appliances", "accessories")
PILLARS = ("on_time", "first_time", "easy", "human", "fair")
TOUCHPOINTS = (
    "website", "store_visit", "store_purchase", "checkout", "delivery",
    "phone", "chat", "email", "self_service", "repair", "returns",
)  # fmt: skip
CAMPAIGNS = (
    "winter_sales", "summer_sales", "black_friday", "flash_spring", "flash_autumn",
    "brand_search", "social", "sponsorship", "loyalty_mail", "trade_in",
)  # fmt: skip

STORES_OF = {
    "north": ("lille", "roubaix", "amiens", "arras", "dunkerque", "valenciennes", "lens", "calais"),
    "east": ("strasbourg", "nancy", "metz", "reims", "dijon", "mulhouse", "besancon", "colmar"),
    "south": ("marseille", "toulouse", "nice", "montpellier", "avignon", "nimes", "perpignan", "toulon"),
    "west": ("nantes", "rennes", "bordeaux", "brest", "angers", "caen", "le_mans", "la_rochelle"),
    "paris": ("paris_nation", "paris_ternes", "creteil", "versailles", "saint_denis", "evry", "cergy", "meaux"),
}
STORES = tuple(store for region in REGIONS for store in STORES_OF[region])
STORES_PER_REGION = 8
RIGGED = STORES.index(truths.STORE.store)
LARGE_STORES = (0, 8, 16, RIGGED, 24, 32)  # twice as many customers as the others


@dataclass(frozen=True)
class Team:
    """A team of people who meet customers; `agents` of them handle its contacts."""

    code: str
    department: str
    office: str = "front"
    store: str | None = None
    agents: int = 12
    hourly_cost: float = 31.0


CENTRE = tuple(
    Team(code, department, agents=agents, hourly_cost=cost)
    for code, department, agents, cost in (
        ("delivery_lens", "contact_centre", 14, 29.5), ("delivery_tours", "contact_centre", 14, 29.5),
        ("billing_lyon", "contact_centre", 12, 31.0), ("billing_nantes", "contact_centre", 12, 31.0),
        ("returns_lens", "contact_centre", 12, 29.5), ("returns_tours", "contact_centre", 12, 29.5),
        ("after_sales_pau", "after_sales", 16, 34.0), ("after_sales_dijon", "after_sales", 16, 34.0),
        ("order_lyon", "contact_centre", 12, 30.0), ("order_nantes", "contact_centre", 12, 30.0),
        ("advice_lyon", "contact_centre", 12, 32.0), ("advice_nantes", "contact_centre", 12, 32.0),
        ("chat_lens", "contact_centre", 14, 28.5), ("chat_tours", "contact_centre", 14, 28.5),
        ("mail_tours", "contact_centre", 14, 28.5), ("mail_dijon", "contact_centre", 14, 28.5),
    )
)  # fmt: skip
BACK_OFFICE = tuple(
    Team(code, code, office="back", hourly_cost=cost)
    for code, cost in (("marketing", 42.0), ("logistics", 36.0), ("finance", 41.0), ("it", 45.0), ("products", 44.0))
)
STORE_TEAMS = tuple(Team(f"store_{store}", "stores", store=store, agents=8, hourly_cost=27.0) for store in STORES)
TEAMS = CENTRE + STORE_TEAMS + BACK_OFFICE
TEAM_CODES = tuple(team.code for team in TEAMS)
FIRST_STORE_TEAM = len(CENTRE)
N_FRONT = len(CENTRE) + len(STORE_TEAMS)
CHAT_TEAMS = (TEAM_CODES.index("chat_lens"), TEAM_CODES.index("chat_tours"))
MAIL_TEAMS = (TEAM_CODES.index("mail_tours"), TEAM_CODES.index("mail_dijon"))
PHONE_TEAMS = np.arange(12).reshape(6, 2)  # two sites for each reason, in the order of REASONS


def team_cultures() -> np.ndarray:
    """Customer culture of each team that meets customers, in standard deviations; the same in every world.

    Evenly spread, mixed once; the two billing sites and the rigged store are held at given values so that their truths
    are not culture's doing.
    """
    ranks = np.random.default_rng(1993).permutation(N_FRONT)
    spread = (ranks - (N_FRONT - 1) / 2) / (N_FRONT / np.sqrt(12))
    spread[[TEAM_CODES.index(truths.BILLING.team), TEAM_CODES.index(truths.BILLING.comparison)]] = 0.0
    spread[FIRST_STORE_TEAM + RIGGED] = -1.4
    spread[TEAM_CODES.index(truths.NOTES.team)] = -1.2
    return spread


def tool_starts() -> np.ndarray:
    """Day the chatbot came to each team that meets customers; NaT for the half that has none. Staggered, mixed once."""
    starts = np.full(N_FRONT, np.datetime64("NaT"), dtype="datetime64[D]")
    order = np.random.default_rng(2024).permutation(N_FRONT)
    billing = {TEAM_CODES.index(truths.BILLING.team), TEAM_CODES.index(truths.BILLING.comparison)}
    chosen = [team for team in order if team not in billing][: N_FRONT // 2]
    days = np.array(["2025-09-01", "2025-11-03", "2026-01-05"], dtype="datetime64[D]")
    starts[chosen] = days[np.arange(len(chosen)) % 3]
    return starts
