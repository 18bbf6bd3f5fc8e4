"""The command: what it prints, what it publishes, and its exit code."""

import json
import os
import signal
from datetime import datetime

import pytest

from data.content import content_of
from data.manifest import kept_ids, read_pointer
from data.refresh import PUBLISHED, REFUSED, UNCHANGED, WRONG_USE, main
from data.settings import load_settings
from data.store import open_snapshot
from data.written.store import Save, folder_for, save
from metrics.definitions import load_catalogue
from tests.data.tiny_company import TinyCompany


@pytest.fixture(autouse=True)
def _process_as_before():
    """The command sets the umask and a signal handler of its process, which here is the test's."""
    umask, handler = os.umask(0o022), signal.getsignal(signal.SIGTERM)
    yield
    os.umask(umask)
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture
def company(tmp_path) -> TinyCompany:
    return TinyCompany(tmp_path)


@pytest.fixture
def refreshed(company) -> TinyCompany:
    assert main(company.arguments()) == PUBLISHED
    return company


def value(company: TinyCompany, sql: str):
    return open_snapshot(company.snapshots).cursor().execute(sql).fetchone()[0]


def test_a_first_refresh_publishes_and_prints_the_ledger(company, capsys):
    assert main(company.arguments()) == PUBLISHED
    printed = capsys.readouterr().out.splitlines()
    assert any(line.split() == ["orders.csv", "orders", "120", "120", ".", ".", ".", "."] for line in printed)
    assert any(line.split() == ["all", "files", "360", "360", ".", ".", ".", "."] for line in printed)
    assert f"Published: {read_pointer(company.snapshots)}" in printed[-1]
    assert value(company, "select count(*) from fct_order") == 120


def test_a_snapshot_carries_its_origin_its_settings_and_its_definitions(refreshed):
    snapshot = open_snapshot(refreshed.snapshots)
    assert snapshot.settings().model_dump() == load_settings(refreshed.config).model_dump()
    cursor = snapshot.cursor()
    origin = cursor.execute("select id, built_at, content_hash, definitions_version, duckdb_version from meta.snapshot")
    m = snapshot.manifest
    assert origin.fetchall() == [(m.id, m.built_at, m.content_hash, m.definitions_version, m.duckdb_version)]
    names = {n for (n,) in cursor.execute("select name from meta.definitions where kind = 'metric'").fetchall()}
    assert names == set(load_catalogue().metrics)
    assert {file.file for file in m.inputs} == {f"{table}.csv" for table in refreshed.rows}


def test_the_same_again_changes_nothing(refreshed, capsys):
    before = kept_ids(refreshed.snapshots)
    assert main(refreshed.arguments()) == UNCHANGED
    assert "Nothing changed" in capsys.readouterr().out
    assert kept_ids(refreshed.snapshots) == before


def test_one_changed_cell_makes_a_new_snapshot_with_the_new_number(refreshed):
    assert value(refreshed, "select sum(net_amount)::varchar from fct_order") == "1500.00"
    refreshed.rows["order_lines"][77]["net_amount"] = "12.51"
    refreshed.write()
    assert main(refreshed.arguments()) == PUBLISHED
    assert value(refreshed, "select sum(net_amount)::varchar from fct_order") == "1500.01"
    assert len(kept_ids(refreshed.snapshots)) == 2


def test_too_many_bad_rows_are_all_told_and_the_old_snapshot_stays(refreshed, capsys):
    served = read_pointer(refreshed.snapshots)
    for row in refreshed.rows["orders"][10:20]:
        row["ordered_at"] = "12/25/2026"
    for row in refreshed.rows["contacts"][:5]:
        row["channel"] = ""
    refreshed.write()
    assert main(refreshed.arguments()) == REFUSED
    errors = capsys.readouterr().err
    assert "orders.csv" in errors
    assert "contacts.csv" in errors
    assert f"Nothing was published. Served still: {served}" in errors
    assert value(refreshed, "select count(*) from fct_order") == 120


@pytest.mark.parametrize("table", ["customers", "orders", "contacts"])
def test_one_missing_file_refuses_all(refreshed, capsys, table):
    (refreshed.exports / f"{table}.csv").unlink()
    assert main(refreshed.arguments()) == REFUSED
    assert f"{table}.csv" in capsys.readouterr().err
    assert value(refreshed, "select count(*) from fct_order") == 120


def test_an_exports_folder_that_is_not_there_is_said(company, capsys):
    arguments = company.arguments()
    arguments[3] = str(company.exports / "absent")
    assert main(arguments) == REFUSED
    assert "there is no such folder" in capsys.readouterr().err


def test_a_pipe_in_the_exports_is_refused_without_waiting_for_it(refreshed, capsys):
    (refreshed.exports / "orders.csv").unlink()
    os.mkfifo(refreshed.exports / "orders.csv")
    assert main(refreshed.arguments()) == REFUSED
    assert "orders.csv" in capsys.readouterr().err


def test_a_shrunken_table_waits_for_approval(refreshed, capsys):
    rows = refreshed.rows
    rows["contacts"] = rows["contacts"][:20]
    refreshed.write()
    assert main(refreshed.arguments()) == REFUSED
    assert "20 rows after 60 in the last snapshot: -67% (limit -60%)" in capsys.readouterr().err
    assert value(refreshed, "select count(*) from fct_contact") == 60
    assert main(refreshed.arguments("--approve")) == PUBLISHED
    assert value(refreshed, "select count(*) from fct_contact") == 20
    assert open_snapshot(refreshed.snapshots).manifest.is_approved


def test_stale_data_is_refused_where_the_config_says_so(company, capsys):
    company.configure(thresholds={"max_age_days": 1})
    assert main(company.arguments()) == REFUSED
    assert "its data ends on 2025-06-14" in capsys.readouterr().err


def test_data_of_the_future_is_published_with_a_warning(company, capsys):
    company.rows["orders"][7]["ordered_at"] = "2062-01-01 10:00:00"
    company.rows["orders"][7]["promised_on"] = ""
    company.write()
    assert main(company.arguments()) == PUBLISHED
    assert "the data ends on 2062-01-01, which is not yet" in capsys.readouterr().out


def test_going_back_and_forth_between_kept_snapshots(refreshed, capsys):
    first = read_pointer(refreshed.snapshots)
    refreshed.rows["order_lines"][0]["net_amount"] = "99"
    refreshed.write()
    assert main(refreshed.arguments()) == PUBLISHED
    assert main(refreshed.arguments("--use", first)) == PUBLISHED
    assert value(refreshed, "select sum(net_amount)::varchar from fct_order") == "1500.00"
    assert main(refreshed.arguments("--use", first)) == UNCHANGED
    capsys.readouterr()
    assert main(refreshed.arguments("--use", "2020-01-01-00000000")) == WRONG_USE
    assert first in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"companny": {}}', "company"),
        ("company: [", "config.yaml:2"),
        (
            '{"company": {"name": "T", "currency": "EUR", "time_zone": "Europe/Paris"}, "sources": ["nowhere"]}',
            "nowhere",
        ),
    ],
)
def test_a_config_that_is_wrong_is_exit_code_two(refreshed, capsys, text, told):
    refreshed.config.write_text(text)
    assert main(refreshed.arguments()) == WRONG_USE
    errors = capsys.readouterr().err
    assert told in errors
    assert "Served still" in errors


def test_a_config_or_adapter_that_is_missing_is_exit_code_two(company, capsys):
    company.adapter.unlink()
    assert main(company.arguments()) == WRONG_USE
    company.config.unlink()
    assert main(company.arguments()) == WRONG_USE
    assert "There is no snapshot yet." in capsys.readouterr().err


def test_an_unknown_option_is_exit_code_two(company):
    with pytest.raises(SystemExit) as caught:
        main(company.arguments("--force"))
    assert caught.value.code == WRONG_USE


def test_nothing_personal_is_printed_nor_kept_outside_the_customers(company, capsys):
    company.rows["customers"][3]["email"] = "canary\x00@canary.test"
    company.configure(thresholds={"max_rejected_share": 0.5, "max_orphan_share": 0.9})
    company.write()
    main(company.arguments())
    told = capsys.readouterr()
    assert "canary" not in told.out + told.err


def test_everything_published_is_for_its_owner_alone(refreshed):
    modes = {path: path.stat().st_mode & 0o777 for path in (refreshed.snapshots, *refreshed.snapshots.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def content_hash(company: TinyCompany) -> str:
    return content_of(load_settings(company.config), company.exports, "1", "1").hash


def test_the_content_hash_changes_with_what_matters_and_not_with_the_rest(company):
    first = content_hash(company)
    company.configure(snapshots={"keep": 3})
    assert content_hash(company) == first
    (company.exports / "unrelated.txt").write_text("x")
    os.utime(company.exports / "orders.csv", (0, 0))
    assert content_hash(company) == first
    seen = {first}
    company.configure(windows={"activity_days": 200})
    seen.add(content_hash(company))
    company.adapter.write_text(json.dumps({"adapter": "tiny", "canonical": {"tables": ["customers", "orders"]}}))
    seen.add(content_hash(company))
    (company.exports / "orders.csv").write_text("order_id\n")
    seen.add(content_hash(company))
    assert len(seen) == 4


def test_the_time_zone_of_the_computer_changes_nothing(company, monkeypatch, tmp_path):
    sums = []
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        company.snapshots = tmp_path / zone.replace("/", "-")
        assert main(company.arguments()) == PUBLISHED
        cursor = open_snapshot(company.snapshots).cursor()
        tables = ("fct_order", "fct_contact", "fct_customer_month")
        sums.append([cursor.execute(f"select bit_xor(hash(t)) from {table} t").fetchone()[0] for table in tables])
    assert sums[0] == sums[1]


def test_what_people_wrote_is_part_of_a_snapshot(company):
    action = Save("W-1", {"title": "Call back within a day", "started_on": "2026-01-05"})
    save(folder_for(company.snapshots), "action", [action], "ada", datetime(2026, 1, 5, 9))
    assert main(company.arguments()) == PUBLISHED
    assert value(company, "select title from canonical.actions where action_id = 'W-1'") == "Call back within a day"
    assert value(company, "select rows_loaded from meta.ledger where source = 'written'") == 1
    assert main(company.arguments()) == UNCHANGED
