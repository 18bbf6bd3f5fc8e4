# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""Amounts in other currencies: refused, or turned into the company's by the rates of the config."""

from data.checks import Check
from data.contracts import Contract
from data.settings import Company
from data.sql import identifier, literal

BY_ORDER = "order_lines"


def currency_checks(contract: Contract, company: Company) -> list[Check]:
    """A currency that is neither the company's nor in its rates."""
    if "currency" not in contract.columns:
        return []
    known = ", ".join(map(literal, [company.currency, *company.rates]))
    message = f"amounts are in {company.currency}: give a rate in company.rates"
    return [Check("currency", "currency", message, f'"currency" not in ({known})', "s:currency")]


def needs_rates(contract: Contract, company: Company) -> bool:
    return contract.table == BY_ORDER and bool(company.rates)


def kept_columns(contract: Contract, company: Company, feed: str) -> str:
    """SELECT of the rows of a feed to keep; money of order lines by the rate of their order, rounded to cents."""
    columns = [f"f.{identifier(name)}" for name in contract.columns]
    if not needs_rates(contract, company):
        return f"select {', '.join(columns)} from {feed} as f where f._fault is null"
    cases = " ".join(f"when {literal(code)} then {rate!r}" for code, rate in company.rates.items())
    rate = f"cast(case o.currency {cases} else 1 end as decimal(18, 8))"
    columns = [
        f"cast(round(f.{identifier(n)} * {rate}, 2) as decimal(18, 2)) as {identifier(n)}"
        if c.type == "money"
        else f"f.{identifier(n)}"
        for n, c in contract.columns.items()
    ]
    return (
        f"select {', '.join(columns)} from {feed} as f left join canonical.orders as o using (order_id) "
        "where f._fault is null"
    )
