"""What is worth saying, computed: keys of sentences and their numbers, never a sentence (pages/ui/text has those).

A hole of a sentence is (value, kind): the kind is a unit of the catalogue (points, share, money, count, ...), or one of
  relative  a share of the former value, signed          percent  the same, its sign said by the sentence
  times:D   a ratio of two rates, D decimals
  change:U  a signed difference in unit U                 metric   a metric's name, shown by its label
  period    a Period, shown as its months or days
  probability  from 0 to 1; what a simulation gives as certain or impossible is not written so
  month     a date, shown as month and year              code:C   a code of segment column C, shown by its label
  level     a place or a distance on the scale of 0 to 10
  irritant  a candidate of metrics/irritants.py, in words
  moved:M   a signed difference in the unit of metric M    moved_end:M   an end of its interval
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from metrics.blind_spot import BlindSpot
from metrics.definitions import Metric
from metrics.query import Measurement
from metrics.risks import AtRisk
from metrics.selection import Period

# Written as JSON (metrics/answered.py), a day must not come back as a text.
DayOrText = Annotated[date | str, Field(union_mode="left_to_right")]
Hole = tuple[float | int | DayOrText | Period | None, str]


@dataclass(frozen=True)
class Finding:
    """One whole sentence: its key, the values of its holes, and the metrics it rests on."""

    key: str
    holes: Mapping[str, Hole]
    metrics: tuple[str, ...] = ()


def is_told(measurement: Measurement | None) -> bool:
    return measurement is not None and measurement.status == "shown"


def overview_findings(
    sales: Measurement | None,
    spot: BlindSpot | None,
    lived: Sequence[tuple[Metric, Measurement]],
    risk: AtRisk | None = None,
) -> tuple[Finding, ...]:
    """What the CRM sees, then what customers live: at most two sentences, none where nothing could be measured.

    `lived` (the most telling first) speaks where there is no blind spot to speak of; `risk` of all customers, where it
    is surely a loss, stands with those who look healthy and stop more often.
    """
    told = [sales_finding(sales), with_money(spot_finding(spot), spot, risk) or lived_finding(lived)]
    return tuple(f for f in told if f)


def sales_finding(sales: Measurement | None) -> Finding | None:
    if not is_told(sales):
        return None
    if not sales.before or sales.change is None:
        return sales_alone(sales)
    low, change, high = (
        None if number is None else number / abs(sales.before)
        for number in (sales.change_low, sales.change, sales.change_high)
    )
    if low is None or high is None:
        return sales_alone(sales)
    if not sales.is_signal:
        holes = {"change": (change, "relative"), "low": (low, "relative"), "high": (high, "relative")}
        return Finding("finding.sales.flat", holes, ("revenue",))
    least, most = sorted((abs(low), abs(high)))
    holes = {"change": (abs(change), "percent"), "low": (least, "percent"), "high": (most, "percent")}
    return Finding(f"finding.sales.{'up' if change > 0 else 'down'}", holes, ("revenue",))


def sales_alone(sales: Measurement) -> Finding:
    """Sales as a level, without anything to compare them with."""
    holes = {"value": (sales.value, "money"), "n": (sales.n, "count")}
    if sales.low is None:
        return Finding("finding.sales.counted", holes, ("revenue",))
    ends = {"low": (sales.low, "money"), "high": (sales.high, "money")}
    return Finding("finding.sales.alone", holes | ends, ("revenue",))


def spot_finding(spot: BlindSpot | None) -> Finding | None:
    """Silent risk: how many stand there now, and what became of those who stood there before; None where nothing is
    known of anybody's experience."""
    silent = spot and spot.quadrants.get("silent_risk")
    if not silent or silent.customers is None or not is_lived(spot):
        return None
    now = {"customers": (silent.customers, "count"), "revenue": (silent.revenue, "money")}
    risk, past = spot.risk, silent.past
    if risk is None or past is None:
        return Finding("finding.spot.unproven", now, ("crm_health", "cem_health"))
    way = ("worse" if risk.value > 1 else "better") if risk.is_signal else "same"
    times = f"times:{risk.decimals}"
    then = {
        "month": (spot.past_month_end, "month"),
        "times": (risk.value, times),
        "low": (risk.low, times),
        "high": (risk.high, times),
        "stopped": (past.value, "share"),
        "reference": (spot.quadrants["healthy"].past.value, "share"),
        "n": (past.n, "count"),
    }
    return Finding(f"finding.spot.{way}", now | then, ("crm_health", "cem_health", "stopped_within_6m"))


def is_lived(spot: BlindSpot) -> bool:
    return any(q.customers != 0 for name, q in spot.quadrants.items() if name != "unknown")


def with_money(found: Finding | None, spot: BlindSpot | None, risk: AtRisk | None) -> Finding | None:
    """Silent risk that stops more often, with the margin at risk of all who lived bad things."""
    if found is None or found.key != "finding.spot.worse" or risk is None or not (risk.value.low or 0) > 0:
        return found
    money = {f"risk_{end}": (getattr(risk.value, end), "money") for end in ("value", "low", "high")}
    sizes = {"risk_n": (risk.n, "count"), "months": (spot.stop_months, "count")}
    holes = {name: hole for name, hole in found.holes.items() if name not in ("revenue", "stopped", "reference")}
    return Finding("finding.spot.worse_money", holes | money | sizes, (*found.metrics, "margin"))


def lived_finding(lived: Sequence[tuple[Metric, Measurement]]) -> Finding | None:
    """The first measure of the list that moved beyond noise; else the first that can be told, as a level."""
    told = [(metric, m) for metric, m in lived if is_told(m)]
    if not told:
        return None
    metric, measurement = next(((metric, m) for metric, m in told if m.is_signal), told[0])
    unit = metric.unit
    holes = {
        "metric": (metric.name, "metric"),
        "value": (measurement.value, unit),
        "low": (measurement.low, unit),
        "high": (measurement.high, unit),
        "n": (measurement.n, "count"),
    }
    if measurement.change is None:
        return Finding("finding.lived.level", holes, (metric.name,))
    way = "moved" if measurement.is_signal else "same"
    holes["before"] = (measurement.before, unit)
    return Finding(f"finding.lived.{way}", holes, (metric.name,))
