"""Tables about the company itself: what it sells, its teams and their tools."""

import datetime

import numpy as np
import pyarrow as pa

from data.sample import company, truths
from data.sample.calendar import Calendar
from data.sample.draws import Rng
from data.sample.export import coded, day, money, numbered, whole
from data.sample.opinions import culture_answers, self_ratings
from data.sample.products import products

OPENED = "2019-01-01"
FOR_EVER = "9999-12-31"


def products_table() -> pa.Table:
    table = products()
    return pa.table(
        {
            "product_id": numbered("P", table["product"], 4),
            "name": pa.array(table["name"], pa.string()),
            "category": coded(company.CATEGORIES, table["category"]),
            "price": money(table["price"]),
            "unit_cost": money(table["unit_cost"]),
        }
    )


def teams_table() -> pa.Table:
    """A row a team and period: stores get a bonus in 2025, one billing site a handle-time target in 2026."""
    rows = []
    for team in company.TEAMS:
        change = _change(team)
        if change is None:
            rows.append(_team(team, OPENED, FOR_EVER))
        else:
            since, terms = change
            rows.append(_team(team, OPENED, str(since - datetime.timedelta(days=1))))
            rows.append(_team(team, str(since), FOR_EVER) | terms)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    columns["hourly_cost"] = money(columns["hourly_cost"])
    columns["handle_time_target"] = pa.array(columns["handle_time_target"], pa.int64())
    return pa.table(columns)


def _change(team: company.Team) -> tuple[datetime.date, dict] | None:
    """The day from which the team works under other terms, and these terms."""
    if team.store:
        terms = {"bonus_metric": "nps_transactional", "bonus_threshold": truths.STORE.bonus_threshold}
        return truths.STORE.bonus_starts_on, terms
    if team.code == truths.BILLING.team:
        return truths.BILLING.starts_on, {"handle_time_target": truths.BILLING.target_seconds}
    return None


def _team(team: company.Team, valid_from: str, valid_to: str) -> dict:
    return {
        "team": team.code,
        "department": team.department,
        "office": team.office,
        "store": team.store,
        "hourly_cost": team.hourly_cost,
        "bonus_metric": None,
        "bonus_threshold": None,
        "handle_time_target": None,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


def tools_table() -> pa.Table:
    starts = company.tool_starts()
    return pa.table(
        {
            "tool": [truths.CULTURE.tool] * len(starts),
            "team": list(company.TEAM_CODES[: len(starts)]),
            "introduced_on": day(starts),
        }
    ).filter(pa.array(~np.isnat(starts)))


ACTIONS = (  # action, title, promise, owner, cost in EUR
    (
        truths.WORKED,
        "Le même conseiller rappelle jusqu'à la solution (Ouest)",
        "first_time",
        "contact_centre_head",
        48_000,
    ),
    (truths.DID_NOTHING, "Affiches « Merci » en magasin (Sud)", "human", "stores_head", 36_000),
    (truths.TOO_RECENT, "Pénalités de retard au nouveau transporteur (Nord)", "on_time", "logistics_head", 12_000),
)


def actions_table() -> pa.Table:
    """Three actions with a verdict to find, and an idea that nobody started."""
    rows = []
    for action, title, pillar, owner, cost in ACTIONS:
        rows.append(
            {
                "action_id": f"ACT-{action.number}",
                "title": title,
                "pillar": pillar,
                "reason": "delivery" if action is truths.TOO_RECENT else None,
                "team": None,
                "owner_role": owner,
                "opened_on": action.started_on - datetime.timedelta(days=30),
                "started_on": action.started_on,
                "done_on": action.done_on,
                "target_metric": action.metric,
                "expected_change": action.expected,
                "applies_to": f"region={action.region}",
                "comparison": ";".join(f"region={region}" for region in action.comparison),
                "cost": float(cost),
                "status": "done",
            }
        )
    idea = dict.fromkeys(rows[0]) | {
        "action_id": "ACT-4",
        "title": "Un seul dossier pour le tchat et le téléphone (retours)",
        "pillar": "easy",
        "reason": "returns",
        "owner_role": "contact_centre_head",
        "opened_on": datetime.date(2026, 3, 2),
        "target_metric": "effort",
        "expected_change": 0.08,
        "cost": np.nan,
        "status": "idea",
    }
    rows.append(idea)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    columns["cost"] = money(columns["cost"])
    return pa.table(columns)


def self_ratings_table(calendar: Calendar, rng: Rng) -> pa.Table:
    table = self_ratings(calendar, rng)
    texts = ("asked_on", "respondent", "pillar", "question", "role", "department")
    return pa.table({name: pa.array(table[name], pa.string()) for name in texts} | {"score": whole(table["score"])})


def culture_answers_table(calendar: Calendar, rng: Rng) -> pa.Table:
    table = culture_answers(calendar, rng)
    texts = ("asked_on", "respondent", "team", "department", "office", "signal", "item")
    return pa.table(
        {name: pa.array(table[name], pa.string()) for name in texts}
        | {
            "score": whole(table["score"].fillna(-1)),
            "scale_low": pa.array([1] * len(table)),
            "scale_high": pa.array([5] * len(table)),
            "better": pa.array(table["better"], pa.string()),
        }
    )
