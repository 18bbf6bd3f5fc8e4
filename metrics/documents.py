"""docs/metrics.md, written from the catalogue."""

from pathlib import Path

from metrics.definitions import Catalogue, Metric

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "metrics.md"
HEAD = """# Metrics

Written by `python -m metrics --write-docs` from metrics/catalogue/*.yaml; `make check` fails when it is stale.
In a running dashboard the Metrics page says the same, in both languages, with the SQL.

Every number comes as numerator, denominator, value, 95 % interval, n. Groups of fewer people than `min_group` are not
shown, nor what would give them away; a number whose interval is wider than its limit is marked as too few to tell.
A total stands over 1; a quantile over its rows, and its numerator is the rank.

Intervals:

{intervals}
"""
INTERVALS = {
    "adjusted_wald": "*adjusted_wald* Rocks 2016, at the effective number of answers",
    "wilson": "*wilson* Wilson 1927",
    "wilson_clustered": "*wilson_clustered* the same at the effective n, where customers have several rows",
    "mean_t": "*mean_t* Student's t at the effective n",
    "poisson": "*poisson* Garwood 1936",
    "jackknife": "*jackknife* delete-a-group over 20 groups of customers: would it hold with other customers?",
    "quantile_rank": "*quantile_rank* of the rank, at the effective n",
}
SIDES = {"crm": "What the CRM sees", "cem": "What customers live"}


def metrics_document(catalogue: Catalogue) -> str:
    """The whole document."""
    parts = [HEAD.format(intervals="\n".join(f"- {words}" for words in INTERVALS.values()))]
    for side, title in SIDES.items():
        chosen = [metric for metric in catalogue.metrics.values() if metric.side == side]
        parts += [f"## {title}\n", *(entry(metric) for metric in chosen)]
    return "\n".join(parts).rstrip() + "\n"


def entry(metric: Metric) -> str:
    """One metric: what it is, then how it is computed, then the example."""
    limit = f", too few to tell when its half-width exceeds {metric.max_half_width:g}" if metric.max_half_width else ""
    lines = [
        f"### {metric.name}: {metric.label['en']} / {metric.label['fr']}",
        "",
        metric.definition["en"],
        "",
        metric.definition["fr"],
        "",
        f"- **Formula** {metric.formula['en']} (unit: {metric.unit}; {better(metric)})",
        f"- **Window** {metric.window['en']}{looks_back(metric)}",
        f"- **Left out** {metric.exclusions['en']}",
        f"- **Caution** {metric.caution['en']}",
        f"- **Interval** {metric.interval}{limit}; **adds up as** {metric.additivity}",
        f"- **Cut by** segments{''.join(', ' + name for name in metric.by)}; **needs** {', '.join(metric.needs)}",
        f"- **Source** {metric.source}",
        f"- **Rows** `{metric.view}` by `{metric.date}`, where `{metric.where}`",
        f"- **Numerator** `{metric.numerator}`{denominator(metric)}",
        f"- **Example** {example(metric)}",
        "",
    ]
    return "\n".join(lines)


def looks_back(metric: Metric) -> str:
    back = metric.looks_back
    if back is None:
        return ""
    length = f"{back.days} days" if back.days else f"`{back.setting}`"
    return f" Compared from {length} after the beginning of the data."


def better(metric: Metric) -> str:
    words = {"up": "more is better", "down": "less is better", "none": "neither more nor less is better"}[
        metric.direction
    ]
    return words + (", never on its own" if metric.never_good_alone else "")


def denominator(metric: Metric) -> str:
    if metric.quantile is not None:
        return f", **value** quantile {metric.quantile:g} of `{metric.value}`"
    if metric.per is not None:
        return f", **denominator** `{metric.per.denominator}` of `{metric.per.view}` where `{metric.per.where}`"
    scale = f", times {metric.scale:g}" if metric.scale != 1 else ""
    return (f", **denominator** `{metric.denominator}`" if metric.denominator else ", a total") + scale


def example(metric: Metric) -> str:
    """The worked example: the rows, column by column, and what comes out."""
    shown = [rows_text(metric.example.given)]
    shown += [f"over {rows_text(metric.example.per)}"] if metric.example.per else []
    shown += [f"before {rows_text(metric.example.before)}"] if metric.example.before else []
    expect = ", ".join(f"{name} {value:g}" for name, value in metric.example.expect.items() if value is not None)
    return f"{'; '.join(shown)}: {expect}"


def rows_text(rows: list[dict[str, object]]) -> str:
    """Rows as one list a column."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return ", ".join(f"{name} {' · '.join(plain(row.get(name)) for row in rows)}" for name in names)


def plain(value: object) -> str:
    """As the YAML file writes it; nothing is a dash."""
    return "–" if value is None else str(value).lower()
