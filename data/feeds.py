# ruff: noqa: S608 - names and codes come from contracts and adapters, quoted by data.sql; values stay in tables
"""A feed as one SQL query: texts of files become the typed columns of a canonical table, each row with its fault.

Each level is a SELECT over the one before and adds columns: texts of the file (column:x) -> lookups and derived columns
-> picked (s:x) -> mapped (t:x) -> typed (v:x, sentinel days still there) -> canonical (x) -> number of the fault.
"""

from dataclasses import dataclass

from data.adapters import Feed, Filter, Lookup, Value
from data.checks import Check, rule_checks, unfed_checks, value_checks
from data.contracts import Contract
from data.entries import Entry, all_texts, column_name, texts_of
from data.settings import Company
from data.sql import identifier, literal
from data.values import SENTINELS, typed

NOT_APPLICABLE, SUPERSEDED, DUPLICATE, ORPHAN = -1, -2, -3, -4
ORDER_TYPES = {"int": "bigint", "number": "double", "timestamp": "timestamp", "date": "timestamp"}


@dataclass(frozen=True)
class Query:
    """A feed of an entry, with its values written out; `tables` holds the lookup table of each lookup."""

    entry: Entry
    feed: Feed
    contract: Contract
    company: Company
    values: dict[str, Value]
    tables: dict[str, str]

    @property
    def is_plain(self) -> bool:
        """Whether rows keep the order of the file by themselves: no joins, no windows, no row numbers."""
        values = [*self.values.values(), *self.entry.file.derive.values()]
        needs_number = any(value.lookup or value.row_id for value in values)
        return not (needs_number or self.feed.last_per or self.entry.repairs)


def values_of(entry: Entry, feed: Feed, contract: Contract) -> dict[str, Value]:
    """Values of a feed; without `columns`, the contract's columns that the files have, under their own names."""
    if feed.columns is not None:
        return feed.columns
    present = {name for scan in entry.scans for name in scan.header}
    return {name: Value(column=name) for name in contract.columns if name in present}


def needed_columns(entry: Entry, feed: Feed, contract: Contract) -> dict[str, bool]:
    """Columns of the file that a feed reads -> whether they must be there."""
    if feed.columns is None:
        return {name: column.required for name, column in contract.columns.items()}
    needed: dict[str, bool] = {}
    for value in [*feed.columns.values(), *entry.file.derive.values()]:
        for name in value.columns:
            needed[name] = needed.get(name, False) or not value.optional
    needed |= {condition.column: True for condition in feed.when}
    if feed.last_per:
        needed |= dict.fromkeys([*feed.last_per.key, *(order.column for order in feed.last_per.order)], True)
    return {name: required for name, required in needed.items() if name not in entry.file.derive}


def checks_of(query: Query) -> list[Check]:
    """Every check of a feed; the number of a fault is the position of its check."""
    file, columns = query.entry.file, query.contract.columns
    watch = file.mangled == "reject" and any(scan.is_mangled for scan in query.entry.scans)
    found = [
        check
        for name, value in query.values.items()
        for check in value_checks(name, columns[name], value, file, query.company, watch)
    ]
    if query.feed.last_per:
        found += [order_check(order.column, order.type) for order in query.feed.last_per.order if order.type != "text"]
    return [*found, *unfed_checks(query.contract, set(query.values)), *rule_checks(query.contract)]


def order_check(column: str, kind: str) -> Check:
    raw, typed_ = column_name(column), identifier(f"order:{column}")
    return Check(
        column,
        "order",
        f"not of the type {kind}, by which the last row is told",
        f"{raw} is not null and {typed_} is null",
    )


def typed_sql(query: Query, checks: list[Check], number: int | None) -> str:
    """Canonical columns, _file, _fault and _sentinels; over one file in its order, or over all files, sorted."""
    columns = ", ".join(identifier(name) for name in query.contract.columns)
    cases = " ".join(f"when {check.condition} then {i}" for i, check in enumerate(checks))
    fault = f"cast(case when _state is not null then _state {cases} end as smallint)"
    sentinels = " + ".join(f"({sentinel(name)})::int" for name in dated(query)) or "0"
    file = "_file" if number is None else str(number)
    order = " order by _file, _row" if number is None else ""
    account = f"cast({file} as usmallint) as _file, {fault} as _fault, cast({sentinels} as utinyint) as _sentinels"
    return f"select {columns}, {account} from ({levels(query, number)}){order}"


def faults_sql(query: Query, checks: list[Check]) -> str:
    """For the rows of the table `wanted` (_file, _row): the numbers of all their faults, and the file's texts."""
    numbers = ", ".join(f"case when {check.condition} then {i} end" for i, check in enumerate(checks))
    shown = sorted({check.shown for check in checks if check.shown})
    texts = ", ".join(f"{identifier(name)}" for name in shown) or "null"
    return (
        f"select _file, _row, list_filter([{numbers}], lambda i: i is not null), [{texts}] "
        f"from ({levels(query, None)}) semi join wanted using (_file, _row) order by _file, _row"
    )


def levels(query: Query, number: int | None) -> str:
    """The typed rows with everything they were made from."""
    needed = list(needed_columns(query.entry, query.feed, query.contract))
    base = all_texts(query.entry, needed) if number is None else texts_of(query.entry, number, needed, numbered=False)
    values = query.values.items()
    state = state_sql(query.feed) if query.feed.when or query.feed.last_per else "cast(null as smallint)"
    picked = [f"{source_sql(query.entry, name, value)} as {identifier('s:' + name)}" for name, value in values]
    mapped = [f"{mapped_sql(identifier('s:' + name), value)} as {identifier('t:' + name)}" for name, value in values]
    raw = [f"{raw_sql(query, name)} as {identifier('v:' + name)}" for name in query.contract.columns]
    final = [f"{final_sql(query, name)} as {identifier(name)}" for name in query.contract.columns]
    rows = joined(query.entry, query.values, query.tables, base)
    sql = f"select *, {state} as _state from ({with_orders(query.feed, rows)})"
    for added in (picked, mapped, raw, final):
        sql = f"select *, {', '.join(added)} from ({sql})"
    return sql


def joined(entry: Entry, values: dict[str, Value], tables: dict[str, str], base: str) -> str:
    """The texts with the derived columns, in their order, and what lookups bring for `values`."""
    sql, derive = base, entry.file.derive
    for place, value in [*((f"derive.{name}", value) for name, value in derive.items()), *values.items()]:
        if value.lookup:
            table, on = tables[lookup_key(value.lookup)], column_name(value.lookup.on)
            found, taken = identifier(f"found:{place}"), identifier(f"lookup:{place}")
            sql = (
                f"select l.*, r.key as {found}, r.taken as {taken} from ({sql}) as l "
                f"left join {table} as r on l.{on} = r.key"
            )
        if place.startswith("derive."):
            made = mapped_sql(source_sql(entry, place, value), value)
            sql = f"select *, {made} as {column_name(place.removeprefix('derive.'))} from ({sql})"
    return sql


def lookup_key(lookup: Lookup) -> str:
    return f"{lookup.file}/{lookup.match or lookup.on}/{lookup.take}"


def source_sql(entry: Entry, place: str, value: Value) -> str:
    """Text as the file has it: picked, cleaned, missing where `when` does not hold."""
    if value.column is not None:
        sql = column_name(value.column)
    elif value.first_of is not None:
        sql = f"coalesce({', '.join(map(column_name, value.first_of))})"
    elif value.join is not None:
        sql = f" || {literal(value.separator)} || ".join(map(column_name, value.join))
    elif value.join_given is not None:
        texts = ", ".join(map(column_name, value.join_given))
        sql = f"nullif(concat_ws({literal(value.separator)}, {texts}), '')"
    elif value.lookup is not None:
        sql = identifier(f"lookup:{place}")
    elif value.row_id:
        names = " ".join(f"when {i} then {literal(export.base_name)}" for i, export in enumerate(entry.exports))
        sql = f"(case _file {names} end || ':' || (_row + 1))"
    else:
        sql = literal(text_of(value.constant))
    sql = f"trim({sql})" if value.trim else sql
    sql = f"lower({sql})" if value.lower else sql
    for marker in value.missing:
        sql = f"nullif({sql}, {literal(marker)})"
    if value.when:
        sql = f"case when {all_hold(value.when)} then {sql} end"
    return sql


def text_of(value: str | int | float | bool | None) -> str:
    """A constant of the adapter as a text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def mapped_sql(source: str, value: Value) -> str:
    """Text by the map; what it does not name is kept, missing (also when it is rejected), or a code of its own."""
    if value.map is None:
        return source
    cases = " ".join(
        f"when {literal(key)} then {'null' if to is None else literal(text_of(to))}" for key, to in value.map.items()
    )
    other = {"reject": "null", "missing": "null", "keep": source}.get(value.otherwise)
    if other is None:
        other = f"case when {source} is not null then {literal(value.otherwise)} end"
    return f"case {source} {cases} else {other} end"


def raw_sql(query: Query, name: str) -> str:
    column = query.contract.columns[name]
    if name not in query.values:
        return f"cast(null as {column.sql_type})"
    return typed(identifier(f"t:{name}"), column, query.values[name], query.entry.file, query.company)


def final_sql(query: Query, name: str) -> str:
    """The typed value, missing when it is a day that stands for none."""
    raw = identifier(f"v:{name}")
    return f"case when {sentinel(name)} then null else {raw} end" if name in dated(query) else raw


def dated(query: Query) -> list[str]:
    return [
        n for n, column in query.contract.columns.items() if column.type in ("date", "timestamp") and n in query.values
    ]


def sentinel(name: str) -> str:
    days = ", ".join(f"date '{day}'" for day in SENTINELS)
    return f"coalesce(cast({identifier('v:' + name)} as date) in ({days}), false)"


def all_hold(filters: list[Filter]) -> str:
    """SQL that is true when every condition holds, and never NULL."""
    return " and ".join(holds(condition) for condition in filters)


def holds(condition: Filter) -> str:
    column = column_name(condition.column)
    if condition.is_ is not None:
        return f"{column} is {'not ' if condition.is_ == 'given' else ''}null"
    values = condition.in_ if condition.in_ is not None else condition.not_in or []
    found = f"coalesce({column} in ({', '.join(map(literal, values)) or 'null'}), false)"
    return found if condition.in_ is not None else f"not {found}"


def with_orders(feed: Feed, sql: str) -> str:
    """The typed columns by which the last row of a key is told."""
    orders = feed.last_per.order if feed.last_per else []
    made = []
    for order in orders:
        text = column_name(order.column)
        if order.format and order.type in ("timestamp", "date"):
            text = f"try_strptime({text}, {literal(order.format)})"
        cast = text if order.type == "text" else f"try_cast({text} as {ORDER_TYPES[order.type]})"
        made.append(f"{cast} as {identifier('order:' + order.column)}")
    return f"select *, {', '.join(made)} from ({sql})" if made else sql


def state_sql(feed: Feed) -> str:
    """NULL for a row to load, else why not: `when` does not hold, or a later row of its key is there."""
    applies = all_hold(feed.when) if feed.when else "true"
    cases = f"when not ({applies}) then {NOT_APPLICABLE}" if feed.when else ""
    if feed.last_per:
        keys = [column_name(name) for name in feed.last_per.key]
        order = [f"{identifier('order:' + o.column)} desc nulls last" for o in feed.last_per.order]
        window = f"partition by {applies}, {', '.join(keys)} order by {', '.join([*order, '_file desc', '_row desc'])}"
        told = [
            f"({column_name(o.column)} is null or {identifier('order:' + o.column)} is not null)"
            for o in feed.last_per.order
        ]
        given = " and ".join([*(f"{key} is not null" for key in keys), *told])
        cases += f" when {given} and row_number() over ({window}) > 1 then {SUPERSEDED}"
    return f"cast(case {cases} end as smallint)"
