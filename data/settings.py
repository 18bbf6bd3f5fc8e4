"""The choices of one company: config.yaml as a frozen model, all its faults at once (ConfigError)."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from data.documents import load_document
from data.models import Code, ColumnName, Label, Strict
from data.outlook import Outlook

ROOT = Path(__file__).resolve().parents[1]
ADAPTERS = ROOT / "data" / "adapters"
SMALLEST_GROUP = 2

Kind = Literal["physical", "human", "digital"]
Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=1, le=3650)]
NOT_SEGMENTS = {"customer_id", "value_tier", "name", "email", "phone", "from", "to", "vs", "lang", "snap", "pick"} | {
    *("since", "defs", "missing"),
    *("sort", "cut", "tab"),  # what the address of a page says besides
}


def known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not a time zone of the IANA list, such as Europe/Paris") from None
    return name


def as_day(value: object) -> object:
    """YAML dates arrive as texts."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("a day is written YYYY-MM-DD") from None
    return value


class Company(Strict):
    name: Label
    is_sample: bool = False
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    rates: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[float, Field(gt=0)]] = {}
    time_zone: Annotated[str, AfterValidator(known_zone)]
    doubled_hour: Literal["first", "second"] = "first"
    languages: Annotated[list[Literal["fr", "en"]], Field(min_length=1, max_length=2)] = ["fr", "en"]
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = 1


class Segment(Strict):
    """A column of customers and the labels of its values; codes without a label show as they are."""

    label: Label
    values: dict[Code, Label] = {}


class Tier(Strict):
    code: Code
    label: Label


class ValueTiers(Strict):
    cuts: Annotated[list[Annotated[float, Field(gt=0, lt=1)]], Field(min_length=1, max_length=9)] = [0.5, 0.8, 0.95]
    names: list[Tier] = [
        Tier(code="small", label={"en": "Small", "fr": "Petit"}),
        Tier(code="medium", label={"en": "Medium", "fr": "Moyen"}),
        Tier(code="large", label={"en": "Large", "fr": "Grand"}),
        Tier(code="top", label={"en": "Top", "fr": "Premier"}),
    ]

    @model_validator(mode="after")
    def cuts_rise_and_names_fit(self) -> Self:
        if sorted(set(self.cuts)) != self.cuts:
            raise ValueError("cuts must rise")
        if len(self.names) != len(self.cuts) + 1:
            raise ValueError(f"{len(self.cuts)} cuts make {len(self.cuts) + 1} tiers, but {len(self.names)} are named")
        return self


class Place(Strict):
    """A channel or a touchpoint: physical, human or digital."""

    kind: Kind
    label: Label


class Stage(Strict):
    stage: Code
    label: Label
    touchpoints: dict[Code, Place] = {}


class Pillar(Strict):
    """A promise of the brand. `where`: the part of the metric's events that it is about, column -> codes.

    `kind`: what it speaks to, reason or feeling, for the drivers of loyalty.
    """

    promise: Label
    kind: Literal["rational", "emotional"] | None = None
    wanted: Annotated[float, Field(ge=0, le=10)] | None = None
    metric: str | None = None
    where: dict[ColumnName, Annotated[list[Code], Field(min_length=1)]] = {}
    target: float | None = None


class Windows(Strict):
    activity_days: Days | None = None
    second_purchase_days: Days = 180
    stop_months: Annotated[int, Field(ge=1, le=36)] = 6
    issue_gap_days: Days = 14


class Costs(Strict):
    hourly: Annotated[float, Field(ge=0)] = 32.0
    margin_share: Share = 0.30


class Thresholds(Strict):
    min_group: Annotated[int, Field(ge=SMALLEST_GROUP)] = 10
    min_group_culture: Annotated[int, Field(ge=SMALLEST_GROUP)] = 5
    max_rejected_share: Share = 0.01
    max_orphan_share: Share = 0.05
    volume_drop: Annotated[float, Field(gt=0, le=1)] = 0.6
    volume_rise: Annotated[float, Field(gt=0)] = 3.0
    max_age_days: Days | None = None


class Health(Strict):
    crm_cut: Annotated[float, Field(gt=0, lt=100)] = 50
    cem_cut: Annotated[float, Field(gt=0, lt=100)] = 50
    reference_on: Annotated[date | None, BeforeValidator(as_day)] = None


Term = Annotated[str, Field(min_length=2, max_length=600)]


class SpokenTheme(Strict):
    """A theme of the company's own, or more words for one of ours. `words`: language -> terms."""

    label: Label | None = None
    words: dict[Literal["fr", "en"], list[Term]]


class Voice(Strict):
    """How customers' words are read: themes besides those of metrics/reading/themes.yaml."""

    themes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")], SpokenTheme] = {}


class Writing(Strict):
    """What may be written in the pages: actions, notes."""

    allowed: bool = True


class Limits(Strict):
    """Where a sign of customer-washing begins to show, and where it is strong."""

    some: float
    strong: float


class Washing(Strict):
    """Limits of the tests of the customer-washing check, in their own units (metrics/washing_tests.py says each)."""

    unidentified: Limits = Limits(some=0.20, strong=0.40)
    anonymous_sales: Limits = Limits(some=0.10, strong=0.30)
    rejected_rows: Limits = Limits(some=0.01, strong=0.05)
    silent_months: Limits = Limits(some=0.25, strong=0.50)
    not_called_back: Limits = Limits(some=0.50, strong=0.90)
    actions_started: Limits = Limits(some=0, strong=0)
    transfers: Limits = Limits(some=0.10, strong=0.20)
    not_easy: Limits = Limits(some=0.50, strong=0.70)
    said_again: Limits = Limits(some=0.30, strong=0.45)
    same_for_all: Limits = Limits(some=0.40, strong=0.20)
    disparaging: Limits = Limits(some=0.05, strong=0.10)
    suggestions_left: Limits = Limits(some=0.50, strong=0.80)
    moment_unanswered: Limits = Limits(some=0.20, strong=0.10)
    emotion_alone: Limits = Limits(some=0.50, strong=0.90)
    emotional_drivers: Limits = Limits(some=0.50, strong=0.67)
    one_shot: Limits = Limits(some=0.05, strong=0.15)
    never_back: Limits = Limits(some=0.80, strong=0.90)
    hurried: Limits = Limits(some=0.01, strong=0.02)


class Snapshots(Strict):
    keep: Annotated[int, Field(ge=1, le=1000)] = 10
    pinned: Annotated[int, Field(ge=0, le=1000)] = 12
    pinned_days: Days = 400


class Settings(Strict):
    """config.yaml. `as_of` is the last day the data speaks of, included; see `data_end`."""

    company: Company
    sources: Annotated[list[str], Field(min_length=1)]
    as_of: Annotated[date | None, BeforeValidator(as_day)] = None
    segments: dict[ColumnName, Segment] = {}
    value_tiers: ValueTiers = ValueTiers()
    channels: dict[Code, Place] = {}
    journey: list[Stage] = []
    pillars: dict[Code, Pillar] = {}
    windows: Windows = Windows()
    costs: Costs = Costs()
    thresholds: Thresholds = Thresholds()
    health: Health = Health()
    outlook: Outlook = Outlook()
    targets: dict[str, float] = {}
    labels: dict[ColumnName, dict[Code, Label]] = {}
    voice: Voice = Voice()
    writing: Writing = Writing()
    washing: Washing = Washing()
    snapshots: Snapshots = Snapshots()
    _directory: Path = PrivateAttr(default=ROOT)

    @model_validator(mode="after")
    def names_are_free(self) -> Self:
        taken = sorted(NOT_SEGMENTS & {*self.segments, *self.number_columns})
        if taken:
            raise ValueError(f"segments: {', '.join(taken)} is a name with a meaning of its own; rename the column")
        touchpoints = [code for stage in self.journey for code in stage.touchpoints]
        doubled = sorted({code for code in touchpoints if touchpoints.count(code) > 1})
        if doubled:
            raise ValueError(f"journey: the touchpoint {', '.join(doubled)} stands in two stages")
        return self

    @property
    def directory(self) -> Path:
        """Folder of the config file; `sources` that are paths start there."""
        return self._directory

    @property
    def segment_columns(self) -> tuple[str, ...]:
        """Codes of the segment columns, in the order of the config."""
        return tuple(self.segments)

    @property
    def number_columns(self) -> tuple[str, ...]:
        """Numbers of customers that the outlook's cross-section adds to their columns."""
        section = self.outlook.cross_section
        return tuple(name for name in section.columns if name not in self.segments) if section else ()

    @property
    def data_end(self) -> datetime | None:
        """End of the data, excluded, in local time: midnight after `as_of`; None when the data itself must say."""
        return None if self.as_of is None else datetime.combine(self.as_of + timedelta(days=1), time())

    def adapter_paths(self) -> tuple[Path, ...]:
        """One adapter file a source: a path beside the config, otherwise a name in data/adapters."""
        return tuple(self._adapter_path(source) for source in self.sources)

    def _adapter_path(self, source: str) -> Path:
        is_path = "/" in source or source.endswith((".yaml", ".yml"))
        return self._directory / source if is_path else ADAPTERS / f"{source}.yaml"

    def label(self, kind: str, code: str, language: str) -> str:
        """Label of a code of a kind (segment column, channel, reason, value_tier, ...); without one, the code."""
        found = self._labels(kind).get(code)
        return found[language] if found else code

    def _labels(self, kind: str) -> dict[str, dict[str, str]]:
        if kind in self.segments:
            return self.segments[kind].values
        if kind in self.labels:
            return self.labels[kind]
        if kind == "channel" or kind.endswith("_channel"):
            return {code: channel.label for code, channel in self.channels.items()}
        if kind == "touchpoint":
            return {code: place.label for stage in self.journey for code, place in stage.touchpoints.items()}
        if kind == "stage":
            return {stage.stage: stage.label for stage in self.journey}
        if kind == "pillar":
            return {code: pillar.promise for code, pillar in self.pillars.items()}
        if kind == "theme":
            return {code: theme.label for code, theme in self.voice.themes.items() if theme.label}
        if kind == "cross_section" and (section := self.outlook.cross_section):
            return {section.outcome: section.label, **section.cem}
        if kind == "value_tier":
            return {tier.code: tier.label for tier in self.value_tiers.names}
        return {}


def load_settings(path: Path | str) -> Settings:
    """Settings of a config file; ConfigError lists every fault as file:line:key with the nearest valid name."""
    settings = load_document(Path(path), Settings)
    settings._directory = Path(path).resolve().parent
    return settings
