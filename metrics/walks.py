"""One real customer's path: what was promised, what happened, what the CRM showed of it. Chosen by rule, never by hand.

Rules give customers in an order that nobody chose; a walk is the n-th of a rule, so no one can pick a story unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from metrics.definitions import Catalogue
from metrics.errors import UnknownName
from metrics.masking import masked
from metrics.selection import Choice, Selection
from metrics.sums import filters_of

if TYPE_CHECKING:
    import duckdb

RULES = ("late", "chain", "hand_off", "silent", "random")
RECENT = timedelta(days=31)
MOST = 50  # customers that a rule offers
ANSWERED_WITHIN = 90  # days after the promised day, as rule `late` says

# Whom a rule offers, of the period and the segments ({where} is bound), and the number by which it orders them.
CANDIDATES = {
    "late": """
        from fct_order as o
        where o.delivery_promise in ('late', 'undelivered') and o.promised_on >= ? and o.promised_on < ?
            and exists (
                select 1 from fct_survey_answer as a
                where a.customer_id = o.customer_id and a.is_unhappy and a.answered_at >= o.promised_on
                    and a.answered_at < o.promised_on + interval 90 day
            ){where}""",
    "chain": """
        from fct_issue as o
        where o.opened_at >= ? and o.opened_at < ? and o.customer_id is not null and o.n_contacts > 1{where}""",
    "hand_off": """
        from fct_hand_off as o
        where o.happened_at >= ? and o.happened_at < ? and o.is_bad and o.customer_id is not null{where}""",
    "silent": """
        from fct_customer_month as o
        where o.quadrant = 'silent_risk' and o.month_end = (
            select max(month_end) from fct_customer_month where month_end >= ? and month_end < ?
        ){where}""",
    "random": """
        from fct_order as o
        where o.ordered_at >= ? and o.ordered_at < ? and o.customer_id is not null{where}""",
}
KNOWN = " and o.customer_id in (select customer_id from dim_customer_token)"  # an order may be of nobody's file
SIZES = {"late": "max(coalesce(o.days_late, o.days_late_so_far))", "chain": "max(o.n_contacts)", "hand_off": "count(*)"}
LOT = "size desc, md5(token)"
ORDERS = {"late": f"abs(row_number() over (order by {LOT}) - (total + 1) / 2.0), {LOT}"}  # the median and outwards
# What a path is made of, by kind: of all customers. A refresh keeps each sorted by customer (metrics/results/paths.py).
EVENTS = {
    "order": """
        select customer_id, ordered_at as happened_at, order_id as event_id, category, sales_channel as channel,
            net_amount as amount, is_sale, delivery_promise, promised_on, repromised_on, delivered_at, days_late
        from fct_order""",
    "contact": """
        select customer_id, started_at as happened_at, contact_id as event_id, channel, reason, team, wait_seconds,
            handle_seconds, is_abandoned, is_transferred, transferred_to, information_repeated, is_conflicting,
            is_complaint, is_inbound, is_repeat_of_earlier_7d as is_repeat
        from fct_contact""",
    "answer": """
        select a.customer_id, a.answered_at as happened_at, a.survey_id as event_id, a.instrument, a.touchpoint,
            a.pillar, a.score, a.scale_low, a.scale_high, a.is_unhappy, s.verbatim
        from fct_survey_answer as a
        left join canonical.surveys as s
            on a.survey_id = s.survey_id and a.order_id is not distinct from s.order_id
            and a.contact_id is not distinct from s.contact_id""",
    "offer": """
        select customer_id, offered_at as happened_at, offer_id as event_id, channel, campaign, accepted
        from canonical.offers""",
}
STATES = """
    select customer_id, month_end, crm_health, cem_health, quadrant, value_tier, revenue_12m
    from fct_customer_month"""
PATHS = {f"path_{kind}": events for kind, events in EVENTS.items()} | {"path_state": STATES}
NOTHING_DUE = ("kept", "not_due", "no_promise", "cancelled")


@dataclass(frozen=True)
class Event:
    """Something that happened, or (kind promise) the day that was promised. `detail`: codes and numbers by name."""

    at: datetime
    kind: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """What the CRM showed at a month end, and beside it the health of the experience that it does not show."""

    month_end: date
    crm_health: float | None
    cem_health: float | None
    quadrant: str
    value_tier: str
    revenue: float | None


@dataclass(frozen=True)
class Walk:
    """Events inside the period, oldest first; `codes`: of the segment columns.

    name: only for readers who may see persons; for all others it is None and texts are masked.
    knows_contacts: whether the data holds anybody's contacts; without them, none is not "none happened".
    """

    token: str
    codes: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    states: tuple[State, ...]
    name: str | None = None
    knows_contacts: bool = True

    @property
    def spent(self) -> float:
        return float(sum(e.detail["amount"] or 0 for e in self.events if e.kind == "order" and e.detail["is_sale"]))

    @property
    def contacts(self) -> tuple[Event, ...]:
        """Those that the customer began."""
        return tuple(e for e in self.events if e.kind == "contact" and e.detail["is_inbound"])

    @property
    def waited(self) -> int:
        """Seconds."""
        return sum(e.detail["wait_seconds"] or 0 for e in self.contacts)

    @property
    def unhappy_answers(self) -> int:
        return sum(e.kind == "answer" and bool(e.detail["is_unhappy"]) for e in self.events)

    @property
    def broken_promises(self) -> int:
        return sum(e.kind == "promise" and e.detail["delivery_promise"] not in NOTHING_DUE for e in self.events)

    @property
    def little_nothings(self) -> int:
        """Broken promises, repeats, hand-offs, information given again, other answers, calls given up."""
        flags = ("is_repeat", "is_transferred", "information_repeated", "is_conflicting", "is_abandoned")
        return self.broken_promises + sum(bool(e.detail[flag]) for e in self.contacts for flag in flags)


@dataclass(frozen=True)
class Offered:
    """The first MOST tokens of a rule, of `total` customers who answer to it."""

    tokens: tuple[str, ...]
    total: int


def candidates(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, rule: str, seam: str = ""
) -> Offered:
    """Whom a rule offers, in its order: the median first and outwards (late), the longest first (chain), the most
    losses first (hand_off), else by the pseudonym's own digest, which says nothing of the customer. `seam`: only the
    hand-offs between two channels or teams ('chat>phone'). Raises UnknownName beyond rules and segments."""
    if rule not in RULES:
        raise UnknownName("rule", rule, RULES)
    where, values = segment_filters(catalogue, selection)
    if rule == "hand_off" and seam:
        where, values = f"{where} and ? in (o.seam, o.team_seam)", [*values, seam]
    period = selection.period
    query = f"""
        with chosen as (
            select o.customer_id, {SIZES.get(rule, "0")} as size {CANDIDATES[rule].replace("{where}", where)}
            group by o.customer_id
        ),
        named as (
            select t.customer_token as token, c.size, count(*) over () as total
            from chosen as c inner join dim_customer_token as t using (customer_id)
        )
        select token, total from named order by {ORDERS.get(rule, LOT)} limit {MOST}"""  # noqa: S608 - values bound
    rows = cursor.execute(query, (period.start, period.end, *values)).fetchall()
    return Offered(tuple(token for token, _ in rows), rows[0][1] if rows else 0)


def usable(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, scope: Choice) -> tuple[str, ...]:
    """Rules to which somebody answers in the whole of the data that the reader may see (`scope`: segment, codes)."""
    whole = catalogue.ground.whole
    where, values = segment_filters(catalogue, Selection(whole, scope=scope))
    looks = max(whole.start, whole.end - RECENT), whole.start  # mostly the last month answers, four times as fast

    def offers(rule: str) -> bool:
        query = f"select 1 {CANDIDATES[rule].replace('{where}', where + KNOWN)} limit 1"  # noqa: S608 - values bound
        return any(cursor.execute(query, (first, whole.end, *values)).fetchone() for first in looks)

    return tuple(rule for rule in RULES if offers(rule))


def segment_filters(catalogue: Catalogue, selection: Selection) -> tuple[str, list[str]]:
    chosen = (*selection.where, *selection.scope)
    segments = catalogue.ground.segments
    if unknown := {column for column, _ in chosen}.difference(segments):
        raise UnknownName("segment", min(unknown), segments)
    return filters_of(chosen)


def walk(
    cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, selection: Selection, token: str, is_named: bool = False
) -> Walk | None:
    """The path of the customer with this pseudonym in the period; None when there is none inside the selection.

    `is_named`: for a reader who may see persons, with the name and with words as they were written.
    """
    where, values = segment_filters(catalogue, selection)
    known = cursor.execute("select customer_id from dim_customer_token where customer_token = ?", (token,)).fetchone()
    columns = ", ".join(f'"{name}"' for name in catalogue.ground.segments)
    segments = f"select {columns} from dim_segment where customer_id = ?{where}"  # noqa: S608 - values bound
    codes = cursor.execute(segments, (*known, *values)).fetchone() if known else None
    if codes is None:
        return None
    customer = known[0]
    names = names_of(cursor, customer)
    events = [e for kind in EVENTS for e in events_of(cursor, catalogue, kind, customer)]
    events = events if is_named else [with_masked_words(event, names) for event in events]
    period = selection.period
    inside = sorted((e for e in events if period.start <= e.at.date() < period.end), key=lambda e: e.at)
    read = f"select * exclude (customer_id) from {path(catalogue, 'state')} where customer_id = ? order by month_end"  # noqa: S608
    states = [State(*row) for row in cursor.execute(read, (customer,)).fetchall()]
    return Walk(
        token,
        tuple(zip(catalogue.ground.segments, codes, strict=True)),
        tuple(inside),
        tuple(s for s in states if period.start <= s.month_end < period.end),
        names[0] if is_named and names else None,
        cursor.execute("select exists (from fct_contact)").fetchone()[0],
    )


def names_of(cursor: "duckdb.DuckDBPyConnection", customer: str) -> tuple[str, ...]:
    """The customer's own name, to be hidden in their words."""
    rows = cursor.execute("select name from canonical.customers where customer_id = ?", (customer,)).fetchall()
    return tuple(name for (name,) in rows if name)


def with_masked_words(event: Event, names: tuple[str, ...]) -> Event:
    words = event.detail.get("verbatim")
    return replace(event, detail={**event.detail, "verbatim": masked(words, names)}) if words else event


def path(catalogue: Catalogue, kind: str) -> str:
    """What to read a kind of event, or `state`, from: sorted by customer where the refresh kept it so."""
    name = f"path_{kind}"
    return name if name in catalogue.ground.columns else f"({PATHS[name]})"


def events_of(cursor: "duckdb.DuckDBPyConnection", catalogue: Catalogue, kind: str, customer: str) -> list[Event]:
    """Events of one kind; an order gives its promise and its delivery too."""
    read = f"""
        select * exclude (customer_id, event_id) from {path(catalogue, kind)}
        where customer_id = ? order by happened_at, event_id"""  # noqa: S608 - our own parts
    rows = cursor.execute(read, (customer,))
    columns = [column[0] for column in rows.description]
    found: list[Event] = []
    for row in rows.fetchall():
        detail = dict(zip(columns, row, strict=True))
        found.append(Event(detail.pop("happened_at"), kind, detail))
        if kind == "order":
            found += what_was_promised(detail)
    return found


def what_was_promised(order: Mapping[str, Any]) -> list[Event]:
    """The day promised (at its start, so that it comes before what happened that day), and the delivery."""
    found = []
    if order["promised_on"] is not None:
        found.append(Event(datetime.combine(order["promised_on"], datetime.min.time()), "promise", order))
    if order["delivered_at"] is not None:
        found.append(Event(order["delivered_at"], "delivery", order))
    return found
