"""Tables about the company itself: what it sells, its teams and their tools."""

import datetime

import pyarrow as pa

from data.sample import company, truths
from data.sample.export import coded, day, money, numbered
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
    return pa.table(columns | {name: pa.array(columns[name], pa.int64()) for name in ("handle_time_target",)})


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
    ).filter(pa.array(~(starts != starts)))
