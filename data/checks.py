"""What a row must meet, as SQL conditions that are true for a fault. Names: s: as in the file, t: mapped, v: typed."""

from dataclasses import dataclass

from data.adapters import File, Value
from data.contracts import Column, Contract
from data.settings import Company
from data.sql import identifier, literal
from data.values import CLOCKS, KINDS, skipped

ZONES = ("local", "offset", "mixed")


@dataclass(frozen=True)
class Check:
    """`condition` is SQL over the typed level of a feed; `shown` the name of the text to show, None for a whole row."""

    column: str | None
    rule: str
    message: str
    condition: str
    shown: str | None = None
    is_personal: bool = False


def value_checks(
    name: str, column: Column, value: Value, file: File, company: Company, watch_mangled: bool
) -> list[Check]:
    """Checks of one column, in the order in which they are told."""
    source, text, result = identifier(f"s:{name}"), identifier(f"t:{name}"), identifier(name)
    raw = identifier(f"v:{name}")
    found: list[tuple[str, str, str]] = []
    if watch_mangled:
        lost = "a character was lost (U+FFFD): export it again, or declare mangled"
        found.append(("mangled", lost, f"contains({source}, chr(65533))"))
    if value.map is not None and value.otherwise == "reject":
        known = ", ".join(literal(key) for key in value.map)
        found.append(("map", "the map of the adapter does not name it", f"{source} not in ({known})"))
    if column.type not in ("id", "code", "text"):
        found.append((column.type, f"not {expected(column, value, file)}", f"{text} is not null and {raw} is null"))
    if column.type == "timestamp" and (gap := skipped_condition(text, raw, value, file, company)):
        zone = value.zone or file.zone
        zone = company.time_zone if zone in ZONES else zone
        found.append(("skipped_hour", f"a time that the clocks of {zone} skip in spring", gap))
    if value.lookup is not None:
        key = identifier(f"found:{name}")
        absent = f"{identifier('column:' + value.lookup.on)} is not null and {key} is null"
        if value.otherwise == "reject" and value.map is None:
            found.append(("lookup", f"{value.lookup.file} has no row for it", absent))
    if column.required:
        missing = f"{text} is null or ({raw} is not null and {result} is null)"
        found.append(("required", "is missing", missing))
    found += limit_checks(column, result)
    shown = f"s:{name}"
    return [Check(name, rule, message, sql, shown, column.personal) for rule, message, sql in found]


def limit_checks(column: Column, result: str) -> list[tuple[str, str, str]]:
    """Allowed values and bounds."""
    found = []
    if column.allowed:
        allowed = ", ".join(literal(value) for value in column.allowed)
        found.append(("allowed", f"not one of {', '.join(column.allowed)}", f"{result} not in ({allowed})"))
    if column.min is not None:
        found.append(("min", f"below {column.min:g}", f"{result} < {column.min!r}"))
    if column.max is not None:
        found.append(("max", f"above {column.max:g}", f"{result} > {column.max!r}"))
    return found


def expected(column: Column, value: Value, file: File) -> str:
    """What a value should be, in words, with its declared form."""
    kind = KINDS[column.type]
    if column.type in ("date", "timestamp"):
        is_day = column.type == "date" and not value.as_day
        form = value.format or (file.date if is_day else file.timestamp)
        zone = value.zone or file.zone
        iso = "YYYY-MM-DD" if is_day else "YYYY-MM-DD hh:mm:ss"
        offset = {"local": " without offset", "offset": " with offset (Z or +02:00)"}.get(zone, "")
        return f"{kind} of the form {iso if form == 'iso' else form}{'' if is_day else offset}"
    if column.type == "seconds":
        unit = value.unit or "seconds"
        return f"{kind} {'of the form ' + unit if unit in CLOCKS else 'in whole seconds, given in ' + unit}"
    if column.type in ("number", "money"):
        return f"{kind}, decimal mark {(value.decimal or file.decimal)!r}"
    return kind


def skipped_condition(text: str, raw: str, value: Value, file: File, company: Company) -> str | None:
    """The hour that the clocks skip, in the zone that a time without offset is of."""
    zone = value.zone or file.zone
    if zone == "offset":
        return None
    if zone in ("local", "mixed", company.time_zone):
        return skipped(raw if not value.add_days else f"({raw} - interval {value.add_days} day)", company.time_zone)
    form = value.format or file.timestamp
    naive = f"try_cast({text} as timestamp)" if form == "iso" else f"try_strptime({text}, {literal(form)})"
    return skipped(naive, zone)


def rule_checks(contract: Contract) -> list[Check]:
    """The contract's conditions over several columns."""
    return [Check(None, name, rule.about, f"not ({rule.check})") for name, rule in contract.rules.items()]


def unfed_checks(contract: Contract, fed: set[str]) -> list[Check]:
    """Required columns that nothing feeds: every row lacks them."""
    return [
        Check(name, "required", "is missing", "true")
        for name, column in contract.columns.items()
        if column.required and name not in fed
    ]
