"""The promises of the company as facts: which metric, of which events, and what it should be."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.errors import UnknownName
from metrics.selection import Choice, choice

if TYPE_CHECKING:
    from data.settings import Settings
    from metrics.definitions import Catalogue

DATED = "promise_kept"
KINDS = ("delivery", "issue")


@dataclass(frozen=True)
class Fact:
    """A promise that events keep or break: `metric` over the events that `where` keeps. `promise`: its pillar."""

    promise: str
    metric: str
    where: Choice
    target: float | None


def facts(settings: "Settings") -> tuple[Fact, ...]:
    """Of every pillar that names a metric; a company without pillars still has its dated promises, by kind."""
    if not settings.pillars:
        return tuple(Fact(kind, DATED, choice({"kind": [kind]}), settings.targets.get(DATED)) for kind in KINDS)
    return tuple(
        Fact(code, pillar.metric, choice(pillar.where), pillar.target)
        for code, pillar in settings.pillars.items()
        if pillar.metric
    )


def refuse_unknown(found: tuple[Fact, ...], catalogue: "Catalogue") -> None:
    """Raise UnknownName when the configuration names a metric, or a column of its events, that there is not."""
    for fact in found:
        if fact.metric not in catalogue.metrics:
            raise UnknownName(f"metric of the pillar {fact.promise}", fact.metric, catalogue.metrics)
        columns = catalogue.metrics[fact.metric].by
        for column, _ in fact.where:
            if column not in columns:
                raise UnknownName(f"column of {fact.metric} (pillar {fact.promise})", column, columns)
