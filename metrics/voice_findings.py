"""What is worth saying of customers' words: the theme that takes most off the score, and whether it grew."""

from metrics.findings import Finding
from metrics.voices import Cost, Themes

DEAREST = "finding.voice"


def voice_findings(found: Themes | None) -> list[Finding]:
    """One Finding; that nothing can be told, where that is the truth."""
    if found is None:
        return [Finding("finding.voice.empty", {})]
    if not found.costs:
        return [Finding("finding.voice.few", {"n": (found.n_words, "count")})]
    dearest = dearest_of(found)
    if dearest is None:
        holes = {
            "n": (found.n_words, "count"),
            "themes": (len(found.costs), "count"),
            "metric": (found.measure, "code:voice_measure"),
        }
        return [Finding("finding.voice.none", holes, (found.measure,))]
    return [told(dearest, found)]


def dearest_of(found: Themes) -> Cost | None:
    """The theme that takes most off, among those beyond noise."""
    return next((cost for cost in found.costs if cost.is_told and cost.value < 0), None)


def first_theme(found: Themes) -> str | None:
    """The theme that is looked into as long as nobody picks one: the dearest, else the first."""
    first = dearest_of(found) or next(iter(found.costs), None)
    return first.theme if first else None


def told(cost: Cost, found: Themes) -> Finding:
    unit = "times:1"
    times = 100.0 if found.scale == 1 else 1.0
    holes = {
        "theme": (cost.theme, "code:theme"),
        "metric": (found.measure, "code:voice_measure"),
        "value": (-cost.value * times, unit),
        "low": (-cost.high * times, unit),
        "high": (-cost.low * times, unit),
        "n": (cost.n, "count"),
    }
    if cost.is_changed is None:
        return Finding("finding.voice.dearest", holes, (found.measure,))
    if not cost.is_changed:
        return Finding("finding.voice.dearest_same", holes, (found.measure,))
    way = "grown" if cost.is_grown else "shrunk"
    holes |= {"before": (-(cost.value - cost.change) * times, unit)}
    return Finding(f"finding.voice.dearest_{way}", holes, (found.measure,))
