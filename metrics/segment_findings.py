"""What is worth saying of a metric cut by one column: the group that stands out, or that none does."""

from collections.abc import Sequence

from metrics.definitions import Metric
from metrics.findings import Finding
from metrics.query import Measurement
from metrics.three_things import Thing, things_to_look_at


def segment_findings(metric: Metric, whole: Measurement, groups: Sequence[Measurement], column: str) -> list[Finding]:
    """The group that weighs most beyond noise, among all groups compared; one Finding.

    `whole`: the same metric over all groups.
    """
    named = {"metric": (metric.name, "metric")}
    if whole.status == "private":
        return [Finding("finding.segment.private", named, (metric.name,))]
    if whole.value is None:
        return [Finding("finding.segment.empty", named, (metric.name,))]
    found = things_to_look_at([(metric, groups)], count=1)
    whole_holes = named | {
        "value": (whole.value, metric.unit),
        "low": (whole.low, metric.unit),
        "high": (whole.high, metric.unit),
        "n": (whole.n, "count"),
    }
    if not found.chosen:
        key = "finding.segment.alike" if found.comparisons else "finding.segment.whole"
        return [Finding(key, whole_holes | {"comparisons": (found.comparisons, "count")}, (metric.name,))]
    return [standing_out(metric, found.chosen[0], column)]


def standing_out(metric: Metric, thing: Thing, column: str) -> Finding:
    group = thing.measurement
    holes = {
        "metric": (metric.name, "metric"),
        "group": (group.group[0][1], f"code:{column}"),
        "value": (group.value, metric.unit),
        "low": (group.low, metric.unit),
        "high": (group.high, metric.unit),
        "n": (group.n, "count"),
    }
    if thing.kind == "apart":
        return Finding("finding.segment.apart", holes | {"others": (thing.effect.others, metric.unit)}, (metric.name,))
    kind, end, whole = (
        ("relative", "relative", abs(group.before))
        if metric.is_total
        else (f"moved:{metric.name}", f"moved_end:{metric.name}", 1)
    )
    moved = {"change": (thing.effect.level, kind), "others": (thing.effect.others, kind)}
    moved |= {"change_low": (group.change_low / whole, end), "change_high": (group.change_high / whole, end)}
    return Finding("finding.segment.moved", holes | moved, (metric.name,))
