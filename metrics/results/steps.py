"""The steps of a refresh that make results, in order; those that wait for the cubes come last.

Only a refresh imports them: they bring the models' libraries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.results import (
    action_effects,
    agents,
    attention,
    bgnbd,
    cem_lift,
    cost_to_serve,
    culture,
    drivers,
    event_codes,
    forecasts,
    foretold,
    hearing,
    hearing_funnel,
    irritants,
    issue_gaps,
    leading_indicators,
    little_nothings,
    loop_recovery,
    moments,
    paths,
    preferences,
    promise_cost,
    reading_accuracy,
    revenue_at_risk,
    score_mix,
    survey_signals,
    survey_without,
    targets,
    time_and_repeats,
)

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings

Create = Callable[["duckdb.DuckDBPyConnection", "Settings"], None]


@dataclass(frozen=True)
class Step:
    """A step: its name, how it is made, the temporary relations that it reads, whether it waits for the cubes."""

    name: str
    create: Create
    temporary: tuple[str, ...] = ()
    reads_cubes: bool = False


STEPS = (
    Step("event_codes", event_codes.create),
    Step("promise_cost", promise_cost.create),
    Step("moments", moments.create),
    Step("attention", attention.create, temporary=("int_attention_event",)),
    Step("cost_to_serve", cost_to_serve.create, temporary=("int_customer_cost",)),
    Step("targets", targets.create),
    Step("agents", agents.create),
    Step("time_and_repeats", time_and_repeats.create),
    Step("reading_accuracy", reading_accuracy.create),
    Step("cem_lift", cem_lift.create),
    Step("revenue_at_risk", revenue_at_risk.create),
    Step("drivers", drivers.create),
    Step("leading_indicators", leading_indicators.create),
    Step("culture", culture.create),
    Step("hearing", hearing.create),
    Step("hearing_funnel", hearing_funnel.create),
    Step("score_mix", score_mix.create),
    Step("survey_signals", survey_signals.create),
    Step("survey_without", survey_without.create),
    Step("irritants", irritants.create, temporary=("int_irritant_event", "int_team_unit")),
    Step("preferences", preferences.create),
    Step("bgnbd", bgnbd.create),
    Step("little_nothings", little_nothings.create),
    Step("issue_gaps", issue_gaps.create),
    Step("loop_recovery", loop_recovery.create),
    Step("action_effects", action_effects.create),
    Step("forecasts", forecasts.create, reads_cubes=True),
    Step("foretold", foretold.create),
    Step("paths", paths.create),
)
