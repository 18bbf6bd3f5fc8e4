"""What is worth saying of the seams: where most is lost, what the channels don't see, after how many they leave."""

from collections.abc import Mapping, Sequence

from metrics.findings import Finding
from metrics.little_nothings import Dose, first_told, worst_told
from metrics.query import Measurement
from metrics.seams import BAD, Ranking, Unseen, passages

Groups = Mapping[str, Sequence[Measurement]]


def seam_findings(found: Ranking, whole: Measurement | None, cases: Groups) -> list[Finding]:
    """One Finding: the seam that loses most, or that none stands out; where nothing says what is lost, the cases speak.

    whole: lost over all hand-offs. cases: metric -> its values by how often issues changed hands.
    """
    if found.first is not None:
        return [worst(found)]
    if whole is not None and whole.value is not None:
        holes = {name: (getattr(whole, name), "share") for name in ("value", "low", "high")}
        seams = {"seams": (len(found.rows), "count"), "n": (whole.n, "count")}
        return [Finding("finding.seams.alike" if len(found.rows) > 1 else "finding.seams.whole", holes | seams, (BAD,))]
    return case_findings(cases) or [Finding("finding.seams.private" if found.is_hiding else "finding.seams.empty", {})]


def case_findings(cases: Groups) -> list[Finding]:
    """What goes with changing hands most, against never; the first of kept in time and reopened beyond noise."""
    told = {}
    for name, groups in cases.items():
        never = next((m for m in groups if m.group[0][1] == "0"), None)
        most = max(groups, key=lambda m: m.group[0][1], default=None)
        if never is not None and most is not None and most is not never:
            told[name] = never, most
    for name, (never, most) in told.items():
        if never.high < most.low or never.low > most.high:
            holes = {
                f"{end}_{place}": (getattr(m, end), "count" if end == "n" else "share")
                for place, m in (("never", never), ("most", most))
                for end in ("value", "low", "high", "n")
            }
            ns = {"number": (most.group[0][1], "code:hand_offs")}
            return [Finding(f"finding.seams.case_{name}", holes | ns, (name,))]
    if told:
        n = sum(m.n for m in cases[next(iter(told))])
        return [Finding("finding.seams.cases_alike", {"n": (n, "count")}, tuple(told))]
    return []


def worst(found: Ranking) -> Finding:
    """With how many more are lost there than elsewhere, and how sure it is that it comes first."""
    row = found.first
    left, right = passages(row.seam)
    m = row.measured
    holes = {
        "left": (left, "code:channel"),
        "right": (right, "code:channel"),
        **{name: (getattr(m, name), "share") for name in ("value", "low", "high")},
        "n": (m.n, "count"),
        "others": (row.others, "share"),
        "excess": (round(row.excess), "count"),
        "least": (round(row.low), "count"),
        "most": (round(row.high), "count"),
        "first": (row.p_first, "probability"),
    }
    if row.reason:
        return Finding("finding.seams.worst", holes | {"reason": (row.reason, "code:reason")}, (BAD,))
    return Finding("finding.seams.worst_seam", holes, (BAD,))


def unseen_findings(found: Unseen | None) -> list[Finding]:
    """The hidden seam in customers and money; nothing where it cannot be told."""
    if found is None:
        return []
    m = found.share
    holes = {name: (getattr(m, name), "share") for name in ("value", "low", "high")} | {"n": (m.n, "count")}
    if m.status != "shown" or m.low is None or m.low <= 0:
        return [Finding("finding.unseen.none", holes, ("hidden_seam",))]
    if found.customers is None or found.cost is None:
        return [Finding("finding.unseen.share", holes, ("hidden_seam",))]
    cost = dict(zip(("cost", "cost_low", "cost_high"), ((end, "money") for end in found.cost), strict=True))
    more = {"customers": (found.customers, "count"), "by_chance": (found.by_chance, "share")}
    return [Finding("finding.unseen.customers", holes | more | cost, ("hidden_seam", "hidden_seam_cost"))]


def dose_findings(found: Sequence[Dose], stop_months: int) -> list[Finding]:
    """From how many little nothings on customers stop more often, and how much more after the most."""
    counted = [dose for dose in found if dose.n_little]
    if not counted:
        return []
    n = sum(dose.n for dose in counted)
    months = {"months": (stop_months, "count")}
    first, last = first_told(counted), worst_told(counted)
    if first is None:
        return [Finding("finding.nothings.none", months | {"n": (n, "count")})]
    ends = {
        f"{name}_{place}": value
        for place, dose in (("first", first), ("last", last))
        for name, value in {
            "number": (dose.n_little, "count"),
            "value": (dose.value, "change:share"),
            "low": (dose.low * 100, "times:1"),
            "high": (dose.high * 100, "times:1"),
            "n": (dose.n_matched, "count"),
        }.items()
    }
    return [Finding("finding.nothings.one" if first is last else "finding.nothings.told", months | ends)]
