"""The steps of a refresh that make results, in order. Only a refresh imports them: they bring the models' libraries."""

from collections.abc import Callable
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

Step = Callable[["duckdb.DuckDBPyConnection", "Settings"], None]

STEPS: tuple[tuple[str, Step], ...] = (
    ("event_codes", event_codes.create),
    ("promise_cost", promise_cost.create),
    ("moments", moments.create),
    ("attention", attention.create),
    ("cost_to_serve", cost_to_serve.create),
    ("targets", targets.create),
    ("agents", agents.create),
    ("time_and_repeats", time_and_repeats.create),
    ("reading_accuracy", reading_accuracy.create),
    ("cem_lift", cem_lift.create),
    ("revenue_at_risk", revenue_at_risk.create),
    ("drivers", drivers.create),
    ("leading_indicators", leading_indicators.create),
    ("culture", culture.create),
    ("hearing", hearing.create),
    ("hearing_funnel", hearing_funnel.create),
    ("score_mix", score_mix.create),
    ("survey_signals", survey_signals.create),
    ("survey_without", survey_without.create),
    ("irritants", irritants.create),
    ("forecasts", forecasts.create),
    ("foretold", foretold.create),
    ("preferences", preferences.create),
    ("bgnbd", bgnbd.create),
    ("little_nothings", little_nothings.create),
    ("issue_gaps", issue_gaps.create),
    ("loop_recovery", loop_recovery.create),
    ("action_effects", action_effects.create),
)
