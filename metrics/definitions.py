"""The metric catalogue: one YAML file a metric, read strictly; a snapshot carries the catalogue it was built with.

Expressions (where, numerator, denominator, squares, value) are DuckDB SQL over the columns of `view`, aggregated over
the rows that `where` keeps. numerator, denominator and squares are sums over rows, so that parts add up to the whole.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import duckdb
from pydantic import Field, ValidationError, model_validator

from data.documents import load_document
from data.errors import ConfigError
from data.models import Label, Strict
from metrics.errors import CatalogueError, UnknownName

if TYPE_CHECKING:
    from metrics.ground import Ground

DIRECTORY = Path(__file__).parent / "catalogue"
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Unit = Literal["points", "share", "money", "count", "seconds", "days", "score"]
Interval = Literal[
    "adjusted_wald", "wilson", "wilson_clustered", "mean_t", "poisson", "jackknife", "quantile_rank", "none"
]


class Span(Strict):
    """A length of time: days, or a window of the company's settings."""

    days: Annotated[int, Field(ge=1)] | None = None
    setting: Literal["second_purchase_days", "stop_months", "activity_days"] | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        if (self.days is None) == (self.setting is None):
            raise ValueError("give days or setting, one of the two")
        return self


class Part(Strict):
    """The denominator, where it is counted on another relation than the numerator."""

    view: Name
    date: Name
    where: str = "true"
    denominator: str


class Example(Strict):
    """Rows with only the columns that matter, and what the metric must make of them; checked by hand and by a test."""

    given: list[dict[str, Any]]
    per: list[dict[str, Any]] = []
    before: list[dict[str, Any]] = []
    expect: dict[str, float | None]


class Metric(Strict):
    """One definition. value = scale x numerator / denominator, or scale x numerator when there is no denominator.

    maturity: how long an event must wait before it can be judged. looks_back: how much of the past a row speaks of;
    before so much is in the data, a change would be the data's own beginning.
    within: a column of which one value is asked about at a time; rows of a person about others don't cluster with them.
    """

    name: Name
    side: Literal["crm", "cem"]
    label: Label
    short: Label | None = None
    definition: Label
    formula: Label
    window: Label
    exclusions: Label
    caution: Label
    unit: Unit
    direction: Literal["up", "down", "none"]
    never_good_alone: bool = False
    view: Name
    date: Name
    where: str = "true"
    numerator: str
    denominator: str | None = None
    squares: str | None = None
    value: str | None = None
    quantile: Annotated[float, Field(gt=0, lt=1)] | None = None
    per: Part | None = None
    part_of_whole: bool = False
    change_of: Name | None = None
    scale: float = 1.0
    additivity: Literal["ratio", "sum", "quantile", "state"]
    interval: Interval
    max_half_width: Annotated[float, Field(gt=0)] | None = None
    maturity: Span | None = None
    looks_back: Span | None = None
    people: Literal["customers", "employees"] = "customers"
    within: Name | None = None
    by: list[Name] = []
    needs: list[Name]
    source: str
    example: Example

    @model_validator(mode="after")
    def parts_fit(self) -> Self:
        """A mean needs its squares, a quantile its rows' value."""
        if self.interval in ("mean_t", "adjusted_wald") and self.squares is None:
            raise ValueError(f"interval {self.interval} needs squares: the sum of squares of what numerator sums")
        if (self.additivity == "quantile") != (self.quantile is not None and self.value is not None):
            raise ValueError("a quantile has additivity quantile, a value and a quantile; nothing else has")
        if self.per is not None and self.denominator is not None:
            raise ValueError("per gives the denominator: leave denominator out")
        return self

    @property
    def person(self) -> str:
        """The column that says whose row it is; employees have a smallest group of their own."""
        return "customer_id" if self.people == "customers" else "respondent"

    @property
    def tile_label(self) -> Label:
        """A label of 20 letters at most, for where there is no room for more."""
        return self.short or self.label

    @property
    def is_total(self) -> bool:
        """An amount or a count, without a denominator."""
        return self.denominator is None and self.per is None and not self.part_of_whole

    @property
    def is_state(self) -> bool:
        """Measured at one month end, not over a span."""
        return self.additivity == "state"

    @property
    def is_bucketed(self) -> bool:
        """Kept by groups of customers, so that each group can be left out in turn."""
        return self.interval == "jackknife"


@dataclass(frozen=True)
class Catalogue:
    """Metrics by name. `ground` is what the snapshot says of itself, when the catalogue comes from one."""

    metrics: dict[str, Metric] = field(repr=False)
    ground: "Ground | None" = None

    def metric(self, name: str) -> Metric:
        if name not in self.metrics:
            raise UnknownName("metric", name, self.metrics)
        return self.metrics[name]


@lru_cache(maxsize=4)
def load_catalogue(directory: Path = DIRECTORY) -> Catalogue:
    """Every file of metrics/catalogue; CatalogueError lists the faults of all files with their lines."""
    metrics, faults = {}, []
    for path in sorted(directory.glob("*.yaml")):
        try:
            metric = load_document(path, Metric)
        except ConfigError as error:
            faults.append(str(error))
            continue
        if metric.name != path.stem:
            faults.append(f"{path}: the name is {metric.name!r}. Name the file {metric.name}.yaml")
        metrics[metric.name] = metric
    if faults:
        raise CatalogueError("\n".join(faults))
    return Catalogue(metrics)


def compiled(catalogue: Catalogue) -> dict[str, str]:
    """Each metric as one JSON text, for meta.definitions (kind 'metric')."""
    return {name: metric.model_dump_json(exclude_defaults=True) for name, metric in sorted(catalogue.metrics.items())}


def catalogue_of(cursor: "duckdb.DuckDBPyConnection") -> Catalogue:
    """The catalogue that a snapshot was built with, and what the snapshot says of itself (one reading a snapshot)."""
    from metrics.ground import ground_of

    rows = cursor.execute("select name, document from meta.definitions where kind = 'metric' order by name").fetchall()
    if not rows:
        raise CatalogueError("this snapshot carries no metric definitions. Refresh it: python -m data.refresh")
    try:
        return Catalogue({name: Metric.model_validate_json(document) for name, document in rows}, ground_of(cursor))
    except (duckdb.CatalogException, duckdb.BinderException, ValidationError):
        message = "this snapshot was built by another version of the program. Refresh it: python -m data.refresh"
        raise CatalogueError(message) from None
