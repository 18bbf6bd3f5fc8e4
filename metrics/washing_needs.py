"""The data that each test of the customer-washing check cannot do without, and which of it a snapshot does not have."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# What can be lacking: canonical table, and what must hold for one of its rows at least.
KINDS = {
    "orders": ("orders", "true"),
    "contacts": ("contacts", "true"),
    "transferred": ("contacts", "transferred_to is not null"),
    "repeated": ("contacts", "information_repeated is not null"),
    "notes": ("contacts", "note is not null"),
    "our_contacts": ("contacts", "direction = 'outbound'"),
    "call_backs": ("contacts", "direction = 'outbound' and survey_id is not null"),
    "talk_times": ("contacts", "talk_seconds is not null"),
    "surveys": ("surveys", "true"),
    "effort": ("surveys", "instrument = 'effort' and score is not null"),
    "verbatims": ("surveys", "verbatim is not null"),
    "actions": ("actions", "true"),
    "suggestions": ("suggestions", "true"),
    "handle_targets": ("teams", "handle_time_target is not null"),
}
NEEDS = {
    "unidentified": ("contacts",),
    "anonymous_sales": ("orders",),
    "rejected_rows": (),
    "silent_months": ("surveys",),
    "not_called_back": ("surveys", "call_backs"),
    "actions_started": ("actions",),
    "transfers": ("transferred",),
    "not_easy": ("effort",),
    "said_again": ("repeated",),
    "same_for_all": ("orders", "contacts"),
    "disparaging": ("notes",),
    "suggestions_left": ("suggestions",),
    "moment_unanswered": ("orders", "our_contacts"),
    "emotion_alone": ("verbatims", "our_contacts"),
    "emotional_drivers": ("surveys",),
    "one_shot": ("orders",),
    "never_back": ("orders",),
    "hurried": ("handle_targets", "talk_times"),
}


def lacking(cursor: "duckdb.DuckDBPyConnection", test: str) -> tuple[str, ...]:
    """Kinds of data, of those that the test needs, of which the snapshot has no row."""
    return tuple(kind for kind in NEEDS[test] if not has(cursor, kind))


def has(cursor: "duckdb.DuckDBPyConnection", kind: str) -> bool:
    table, condition = KINDS[kind]
    found = cursor.execute(f"select 1 from canonical.{table} where {condition} limit 1").fetchone()  # noqa: S608 constants
    return found is not None
