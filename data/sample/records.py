"""The canonical tables (data/contracts) of one part of the world."""

import numpy as np
import pandas as pd
import pyarrow as pa

from data.sample import company
from data.sample.answers import INSTRUMENTS, KINDS
from data.sample.calendar import DATA_END
from data.sample.call_backs import PURPOSES, SALE, SERVICE
from data.sample.deliveries import STATUSES
from data.sample.draws import where_time
from data.sample.export import coded, day, flag, moment, money, numbered, whole
from data.sample.prospects import SOURCES, STAGES
from data.sample.questions import ANSWER_CODES, QUESTION_CODES
from data.sample.sessions import OUTCOMES as SESSION_OUTCOMES
from data.sample.words.writing import STATUSES as SUGGESTION_STATUSES
from data.sample.world import World

OUTCOMES = ("resolved", "pending", "transferred", "abandoned")
DIRECTIONS = ("inbound", "outbound")
HANDED_BY = ("system", "unit")


def customers(world: World) -> pa.Table:
    table = world.tables["customers"]
    return pa.table(
        {
            "customer_id": numbered("C", table["customer"], 7),
            "first_seen_on": day(table["first_seen_on"]),
            "region": coded(company.REGIONS, table["region"]),
            "persona": coded(company.PERSONAS, table["persona"]),
            "acquisition_channel": coded(company.ACQUISITION, table["acquisition_channel"]),
            "campaign": coded(company.CAMPAIGNS, table["campaign"]),
            "contract_ended_on": pa.nulls(len(table), pa.date32()),
            "name": pa.array(table["name"], pa.string()),
            "email": pa.array(table["email"], pa.string()),
            "phone": pa.array(table["phone"], pa.string()),
        }
    )


def orders(world: World) -> pa.Table:
    table = world.tables["orders"]
    return pa.table(
        {
            "order_id": numbered("O", table["order"], 8),
            "customer_id": numbered("C", np.where(table["unnamed"], -1, world.people.first + table["customer"]), 7),
            "ordered_at": moment(table["at"]),
            "status": coded(STATUSES, table["status"]),
            "cancelled_at": moment(table["cancelled"]),
            "promised_on": day(table["promised"]),
            "repromised_on": day(table["repromised"]),
            "delivered_at": moment(table["delivered"]),
            "sales_channel": coded(company.CHANNELS, table["sales_channel"]),
            "store": coded(company.STORES, table["store"]),
            "campaign": coded(company.CAMPAIGNS, table["campaign"]),
            "currency": coded(("EUR",), np.zeros(len(table))),
        }
    )


def order_lines(world: World) -> pa.Table:
    table = world.tables["order_lines"]
    return pa.table(
        {
            "order_id": numbered("O", table["order"], 8),
            "line": whole(table["line"]),
            "product_id": numbered("P", table["product"], 4),
            "quantity": whole(table["quantity"]),
            "net_amount": money(table["net_amount"]),
            "discount": money(table["discount"]),
            "returned_quantity": whole(table["returned_quantity"]),
            "refunded_amount": money(table["refunded_amount"]),
        }
    )


def contacts(world: World) -> pa.Table:
    table = world.tables["contacts"]
    gone, inbound = table["abandoned"].to_numpy(), table["inbound"].to_numpy()
    reason, question = table["reason"].to_numpy(), table["question"].to_numpy()
    asked = (question >= 0) & ~gone
    outcome = np.where(gone, 3, np.where(table["transferred"] >= 0, 2, np.where(table["pending"], 1, 0)))
    return pa.table(
        {
            "contact_id": numbered("I", table["contact"], 8),
            "customer_id": numbered("C", np.where(table["known"], world.people.first + table["customer"], -1), 7),
            "case_id": numbered("K", np.where(table["numbered"], table["case"], -1), 8),
            "started_at": moment(table["started"]),
            "channel": coded(company.CHANNELS, table["channel"]),
            "direction": coded(DIRECTIONS, np.where(inbound, 0, 1)),
            "purpose": coded(PURPOSES, table["purpose"]),
            "reason": coded(company.REASONS, reason),
            "team": coded(company.TEAM_CODES, table["team"]),
            "agent_id": numbered("A", table["agent"], 4),
            "store": coded(company.STORES, table["store"]),
            "wait_seconds": whole(table["wait"]),
            "talk_seconds": whole(table["talk"]),
            "hold_seconds": whole(table["hold"]),
            "wrap_seconds": whole(table["wrap"]),
            "abandoned": flag(gone),
            "transferred_to": coded(company.TEAM_CODES, table["transferred"]),
            "outcome": coded(OUTCOMES, outcome),
            "question_code": coded(QUESTION_CODES, np.where(asked, reason * 3 + question, -1)),
            "answer_code": coded(ANSWER_CODES, np.where(asked, (reason * 3 + question) * 3 + table["answer"], -1)),
            "information_repeated": flag(table["repeated"], inbound & ~gone),
            "is_complaint": flag(table["complaint"]),
            "survey_id": numbered("S", table["survey"], 9),
            "order_id": numbered("O", np.where(table["known"], table["order"], -1), 8),
            "note": world.texts["note"],
        }
    )


def surveys(world: World) -> pa.Table:
    table = world.tables["surveys"]
    pillar = table["pillar"].to_numpy()
    per_pillar = table["instrument"].to_numpy() >= INSTRUMENTS.index("rating")
    return pa.table(
        {
            "survey_id": numbered("S", table["survey"], 9),
            "customer_id": numbered("C", world.people.first + table["customer"], 7),
            "instrument": coded(INSTRUMENTS, table["instrument"]),
            "kind": coded(KINDS, table["kind"]),
            "touchpoint": coded(company.TOUCHPOINTS, table["touchpoint"]),
            "pillar": coded(company.PILLARS, pillar),
            "item": coded(company.PILLARS, np.where(per_pillar, pillar, -1)),
            "scale_low": whole(table["scale_low"]),
            "scale_high": whole(table["scale_high"]),
            "better": coded(("high",), np.zeros(len(table))),
            "score": whole(table["score"]),
            "says_resolved": flag(table["resolved"] == 1, table["resolved"] >= 0),
            "verbatim": world.texts["verbatim"],
            "language": coded(("fr", "en"), table["language"]),
            "sent_at": moment(table["sent"]),
            "is_delivered": flag(table["is_delivered"]),
            "answered_at": moment(table["answered"]),
            "contact_id": numbered("I", table["contact"], 8),
            "order_id": numbered("O", table["order"], 8),
            "team": coded(company.TEAM_CODES, table["team"]),
            "store": coded(company.STORES, table["store"]),
            "handed_by": coded(HANDED_BY, table["handed_by"]),
        }
    )


def issues(world: World) -> pa.Table:
    table = world.tables["issues"]
    return pa.table(
        {
            "issue_id": numbered("K", table["case"], 8),
            "customer_id": known_customers(world, table),
            "opened_at": moment(table["opened"]),
            "due_at": moment(table["due"]),
            "resolved_at": moment(table["resolved"]),
            "closed_at": moment(table["closed"]),
            "reopen_count": whole(table["reopened"]),
            "hand_off_count": whole(table["hand_offs"]),
            "channel": coded(company.CHANNELS, table["channel"]),
            "reason": coded(company.REASONS, table["reason"]),
            "team": coded(company.TEAM_CODES, table["team"]),
            "promise_kept": pa.nulls(len(table), pa.bool_()),
        }
    )


def digital_sessions(world: World) -> pa.Table:
    table = world.tables["digital_sessions"]
    return pa.table(
        {
            "session_id": numbered("V", table["session"], 8),
            "customer_id": known_customers(world, table),
            "started_at": moment(table["started"]),
            "purpose": coded(PURPOSES, np.where(table["reason"] == company.ADVICE, SALE, SERVICE)),
            "reason": coded(company.REASONS, table["reason"]),
            "case_id": numbered("K", table["case"], 8),
            "agent_involved": flag(table["agent_involved"]),
            "outcome": coded(SESSION_OUTCOMES, table["outcome"]),
        }
    )


def offers(world: World) -> pa.Table:
    table = world.tables["offers"]
    return pa.table(
        {
            "offer_id": numbered("F", table["offer"], 8),
            "customer_id": known_customers(world, table),
            "offered_at": moment(table["offered"]),
            "campaign": coded(company.CAMPAIGNS, table["campaign"]),
            "channel": coded(company.CHANNELS, table["channel"]),
            "accepted": flag(table["accepted"]),
        }
    )


def leads(world: World) -> pa.Table:
    table = world.tables["leads"]
    referred_by = table["referred_by"].to_numpy()
    return pa.table(
        {
            "lead_id": numbered("L", table["lead"], 7),
            "customer_id": known_customers(world, table),
            "created_at": moment(table["created"]),
            "source": coded(SOURCES, table["source"]),
            "campaign": coded(company.CAMPAIGNS, table["campaign"]),
            "referred_by": numbered("C", np.where(referred_by >= 0, world.people.first + referred_by, -1), 7),
            "stage": coded(STAGES, table["stage"]),
            "won_at": moment(table["won"]),
            "amount": money(table["amount"]),
        }
    )


def suggestions(world: World) -> pa.Table:
    table = world.tables["suggestions"]
    decided = table["decided"].to_numpy()
    is_decided = (table["status"].to_numpy() > 0) & (decided < DATA_END)
    return pa.table(
        {
            "suggestion_id": numbered("G", table["suggestion"], 7),
            "survey_id": numbered("S", table["survey"], 9),
            "asked_at": moment(table["answered"]),
            "text": world.texts["suggestion"],
            "status": coded(SUGGESTION_STATUSES, np.where(is_decided, table["status"], 0)),
            "decided_on": day(where_time(is_decided, decided)),
        }
    )


def known_customers(world: World, table: pd.DataFrame) -> pa.Array:
    """Customers' identifiers; none where the position is below 0."""
    customer = table["customer"].to_numpy()
    return numbered("C", np.where(customer >= 0, world.people.first + customer, -1), 7)
