"""Five real data sets come in by an adapter and a config alone; figures from their descriptions and plain Python."""

import csv
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from data.ingest import load
from data.settings import load_settings

ROOT = Path(__file__).resolve().parents[3]
REAL = ROOT.parent / "shared" / "real"


def folder_of(name: str) -> Path:
    folder = REAL / name
    if not folder.is_dir():
        pytest.skip(f"the real data set {name} is not beside the project ({folder})")
    return folder


def loaded(name: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 2})
    settings = load_settings(ROOT / "docs" / "examples" / name / "config.yaml")
    load(connection, settings, folder_of(name), lambda done, total, step: None)
    return connection


@pytest.fixture(scope="module")
def olist():
    return loaded("olist_8k")


@pytest.fixture(scope="module")
def incidents():
    return loaded("uci_incident")


@pytest.fixture(scope="module")
def complaints():
    return loaded("consumidor_gov_br")


@pytest.fixture(scope="module")
def calls():
    return loaded("anonymous_bank")


@pytest.fixture(scope="module")
def purchases():
    return loaded("cdnow")


def one(connection: duckdb.DuckDBPyConnection, sql: str):
    return connection.execute(sql).fetchone()


@pytest.mark.parametrize("name", ["olist", "incidents", "complaints", "calls", "purchases"])
def test_every_row_is_accounted_for_and_none_is_rejected(name, request):
    connection = request.getfixturevalue(name)
    parts = "rows_loaded + rows_rejected + rows_duplicate + rows_superseded + rows_not_applicable"
    assert one(connection, f"select count(*) from meta.ledger where rows_in <> {parts}") == (0,)
    assert one(connection, "select count(*) from meta.rejects") == (0,)


def test_the_persons_behind_the_orders_are_the_customers(olist):
    assert one(olist, "select count(*), count(distinct customer_id), count(state) from canonical.customers") == (
        8016,
        8016,
        8016,
    )
    several = "select customer_id from canonical.orders group by all having count(*) > 1"
    assert one(olist, f"select count(*) from ({several})") == (73,)


def test_reviews_repeated_over_orders_and_orders_without_lines_are_kept(olist):
    assert one(olist, "select count(*) - count(distinct survey_id), count(*) from canonical.surveys") == (34, 8225)
    assert one(olist, "select count(*) from canonical.orders anti join canonical.order_lines using (order_id)") == (
        775,
    )
    assert one(olist, "select count(*) from canonical.surveys where customer_id is null") == (0,)


def test_the_score_by_promise_kept_is_the_published_one(olist):
    answered = "canonical.surveys join canonical.orders as o using (order_id)"
    for sign, mean, count in ((">", 2.18, 345), ("<=", 4.27, 4893)):
        found = one(
            olist, f"select avg(score), count(*) from {answered} where cast(delivered_at as date) {sign} promised_on"
        )
        assert (round(found[0], 2), found[1]) == (mean, count)


def test_amounts_add_up_to_those_of_the_file(olist):
    with (folder_of("olist_8k") / "olist_order_items_dataset.csv").open(encoding="utf-8", newline="") as stream:
        cents = sum(round(float(row["price"]) * 100) for row in csv.DictReader(stream))
    assert one(olist, "select cast(sum(net_amount) * 100 as bigint) from canonical.order_lines") == (cents,)


def last_events() -> dict[str, list[str]]:
    """The last event of each incident, by plain Python."""
    last: dict[str, tuple] = {}
    with zipfile.ZipFile(folder_of("uci_incident") / "incident_event_log.zip") as archive:
        rows = csv.reader(io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8", newline=""))
        next(rows)
        for position, row in enumerate(rows):
            day, clock = row[13].split()
            updated = [*map(int, reversed(day.split("/"))), clock.zfill(5)]
            if row[0] not in last or (int(row[5]), updated, position) > last[row[0]][:3]:
                last[row[0]] = (int(row[5]), updated, position, row)
    return {number: found[3] for number, found in last.items()}


def test_the_last_events_are_those_that_plain_python_finds(incidents):
    expected = last_events()
    found = incidents.execute(
        "select issue_id, promise_kept, hand_off_count, reopen_count, coalesce(customer_id, '?') from canonical.issues"
    ).fetchall()
    assert len(found) == 24_918
    assert {row[0]: row[1:] for row in found} == {
        number: (row[6] == "true", int(row[3]), int(row[4]), row[7]) for number, row in expected.items()
    }


def test_incidents_of_unknown_callers_are_anonymous_and_others_are_customers(incidents):
    opened = "canonical.contacts where direction = 'inbound'"
    assert one(incidents, "select count(*) from canonical.customers") == (5244,)
    assert one(incidents, f"select count(*) from {opened}") == (24_918,)
    assert one(incidents, f"select count(*) from {opened} and customer_id is null") == (3,)
    several = f"select customer_id from {opened} and customer_id is not null group by all having count(*) > 1"
    assert one(incidents, f"select count(*) from ({several})") == (3792,)
    assert one(incidents, "select sum(rows_in) from meta.ledger where table_name = 'issues'") == (141_712,)


def test_every_later_stay_with_a_group_is_one_contact_of_the_desk(incidents):
    with zipfile.ZipFile(folder_of("uci_incident") / "incident_event_log.zip") as archive:
        rows = csv.reader(io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8", newline=""))
        next(rows)
        stays = {(row[0], row[3]) for row in rows if row[3] != "0"}
    passed = "canonical.contacts where direction = 'outbound'"
    assert one(incidents, f"select count(*), count(distinct contact_id) from {passed}") == (len(stays), len(stays))


def test_complaints_of_three_encodings_have_one_spelling_each(complaints):
    assert one(complaints, "select count(*), count(score) from canonical.surveys") == (45_772, 31_974)
    assert one(complaints, "select count(*) from canonical.contacts where contains(reason || team, chr(65533))") == (0,)
    assert one(complaints, "select count(distinct reason) from canonical.contacts") == (7,)
    assert one(complaints, "select count(*) from canonical.contacts where customer_id is not null") == (0,)


def test_scores_and_answers_within_ten_days_are_those_that_plain_python_finds(complaints):
    scores, days = Counter(), []
    with zipfile.ZipFile(folder_of("consumidor_gov_br") / "raw_csv_monthly.zip") as archive:
        for name in archive.namelist():
            for row in csv.reader(io.TextIOWrapper(archive.open(name), encoding="latin-1", newline=""), delimiter=";"):
                scores[row[22]] += 1
                days += [int(row[10])] if row[19] == "S" and re.fullmatch(r"\d+", row[10]) else []
    texts = "select coalesce(cast(cast(score as int) as varchar), ''), count(*) from canonical.surveys group by all"
    assert dict(complaints.execute(texts).fetchall()) == dict(scores)
    measured = one(complaints, "select avg(date_diff('day', opened_at, resolved_at)) from canonical.issues")[0]
    assert measured == pytest.approx(sum(days) / len(days), abs=0.05)


def test_calls_begin_on_their_day_at_their_hour(calls):
    """The day stands in one column, the hour in another."""
    rows = calls.execute("select contact_id, started_at from canonical.contacts").fetchall()
    expected = {}
    with (folder_of("anonymous_bank") / "data_anonymous_bank_february.txt").open(
        encoding="ascii", newline=""
    ) as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            day, clock = row["date"], row["vru_entry"].zfill(8)
            if row["outcome"] != "PHANTOM":
                expected[f"{row['vru+line']}-{row['call_id']}"] = f"19{day[:2]}-{day[2:4]}-{day[4:]} {clock}"
    assert {contact: str(moment) for contact, moment in rows} == expected


def test_calls_last_wait_and_hang_up_as_described(calls):
    seconds, n = one(calls, "select avg(talk_seconds), count(talk_seconds) from canonical.contacts")
    assert (round(seconds), n) == (176, 27_162)
    assert one(calls, "select count(*) filter (where abandoned), count(*) from canonical.contacts") == (5_904, 33_066)
    assert round(5_904 / (33_066 + 278), 3) == 0.177
    assert one(calls, "select count(*) from canonical.customers") == (4_081,)
    several = (
        "select customer_id from canonical.contacts where customer_id is not null group by all having count(*) > 1"
    )
    assert one(calls, f"select count(*) from ({several})") == (2_086,)


def test_callers_who_call_again_are_2_130_when_phantom_calls_count(calls):
    """The description of the set counts the 278 rows that are no calls."""
    with (folder_of("anonymous_bank") / "data_anonymous_bank_february.txt").open(
        encoding="ascii", newline=""
    ) as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    known = Counter(row["customer_id"] for row in rows if row["customer_id"] != "0")
    assert (len(known), sum(n > 1 for n in known.values())) == (4_081, 2_130)
    assert sum(row["outcome"] == "PHANTOM" for row in rows) == 278


def test_purchases_between_blanks_are_those_that_plain_python_splits(purchases):
    lines = (folder_of("cdnow") / "CDNOW_sample.txt").read_text(encoding="ascii").splitlines()
    expected = sorted((line.split()[1], line.split()[2], int(line.split()[3]), line.split()[4]) for line in lines)
    bought = "canonical.orders join canonical.order_lines using (order_id)"
    columns = "customer_id, strftime(ordered_at, '%Y%m%d'), quantity, printf('%.2f', net_amount::double)"
    assert purchases.execute(f"select {columns} from {bought} order by all").fetchall() == expected
    assert one(purchases, "select count(*) from canonical.customers") == (2_357,)
    places = (
        "select list(order_id order by cast(split_part(order_id, ':', 2) as int))[1], count(*) from canonical.orders"
    )
    assert one(purchases, places) == ("CDNOW_sample.txt:1", len(lines))
