"""python -m metrics: what is printed, and the exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from metrics.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


def asked(capsys, *words: str | Path) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_json_has_an_object_a_row_with_the_whole_fraction(capsys, sample_snapshots):
    code, out, err = asked(
        capsys,
        *("nps", "--by", "region", "--where", "persona=families", "--from", "2025-11", "--to", "2026-10"),
        *("--vs", "year_before", "--snapshots", sample_snapshots, "--json"),
    )
    rows = json.loads(out)
    assert code == 0
    assert {"east", "north", "south", "west"} <= {row["region"] for row in rows}
    for row in rows:
        assert {"numerator", "denominator", "value", "low", "high", "n", "before", "change"} <= set(row)
        assert (row["from"], row["to"]) == ("2025-11-01", "2026-10-31")
        if row["status"] != "private":
            assert row["value"] == pytest.approx(100 * row["numerator"] / row["denominator"])
    assert "2025-11-01 to 2026-10-31, snapshot" in err


def test_without_a_period_it_is_the_whole_snapshot_and_says_so(capsys, sample_snapshots):
    code, out, err = asked(capsys, "orders", "--snapshots", sample_snapshots)
    assert code == 0
    assert "2023-11-01 to 2026-10-31, the whole snapshot" in err
    assert out.startswith("Orders (count)")


def test_the_table_shows_labels_and_steps(capsys, sample_snapshots):
    _, out, _ = asked(
        capsys,
        *("aht", "--by", "reason", "--where", "reason=billing,delivery", "--every", "quarter"),
        *("--from", "2026-01", "--to", "2026-06", "--snapshots", sample_snapshots),
    )
    assert out.count("Billing") == 2
    assert out.count("2026-04-01") == 2


def test_two_columns_and_two_filters(capsys, sample_snapshots):
    words = ("orders", "--by", "region,persona", "--where", "region=north", "--where", "persona=families,seniors")
    _, out, _ = asked(capsys, *words, "--snapshots", sample_snapshots, "--json")
    assert {(row["region"], row["persona"]) for row in json.loads(out)} == {("north", "families"), ("north", "seniors")}


def test_the_list_names_every_metric_and_how_it_can_be_cut(capsys, sample_snapshots, tmp_path):
    _, out, _ = asked(capsys, "--list", "--snapshots", sample_snapshots, "--json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert {"nps", "promise_kept", "stopped_within_6m"} <= set(rows)
    assert "region" in rows["nps"]["by"]
    assert rows["nps_change"]["by"] == rows["nps"]["by"]
    code, out, _ = asked(capsys, "--list", "--snapshots", tmp_path)
    assert code == 0
    assert "nps " in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nsp",), "Did you mean 'nps'?"),
        (("nps", "--by", "regoin"), "Did you mean 'region'?"),
        (("nps", "--from", "2026-13"), "YYYY-MM"),
        (("nps", "--from", "2026-05", "--to", "2026-01"), "holds no day"),
        (("nps", "--where", "region"), "COLUMN=CODE"),
        ((), "name a metric"),
    ],
)
def test_a_wrong_question_is_said_in_one_line(capsys, sample_snapshots, words, said):
    code, out, err = asked(capsys, *words, "--snapshots", sample_snapshots)
    assert code == 2
    assert out == ""
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_without_a_snapshot_it_says_what_to_do(capsys, tmp_path):
    code, _, err = asked(capsys, "nps", "--snapshots", tmp_path)
    assert code == 1
    assert "refresh" in err


def test_an_unknown_snapshot_is_an_error(capsys, sample_snapshots):
    code, _, err = asked(capsys, "nps", "--snapshots", sample_snapshots, "--snapshot", "2020-01-01-deadbeef")
    assert code == 1
    assert "2020-01-01-deadbeef" in err


def test_labels_of_another_config_are_printed(capsys, sample_snapshots, tmp_path):
    config = (
        (ROOT / "config.yaml").read_text(encoding="utf-8").replace("{en: North, fr: Nord}", "{en: Up there, fr: Nord}")
    )
    (tmp_path / "config.yaml").write_text(config, encoding="utf-8")
    _, out, _ = asked(
        capsys, "orders", "--by", "region", "--snapshots", sample_snapshots, "--config", tmp_path / "config.yaml"
    )
    assert "Up there" in out


@pytest.mark.parametrize("result", ["drivers", "leading_indicators", "preferences", "revenue_at_risk", "cem_lift"])
def test_what_the_refresh_computed_is_printed_with_all_its_parts(capsys, sample_snapshots, result):
    code, out, _ = asked(capsys, "--result", result, "--snapshots", sample_snapshots, "--json")
    tables = json.loads(out)
    assert code == 0
    assert result in tables
    assert all({"method"} <= set(row) for rows in tables.values() for row in rows)


@pytest.mark.parametrize("result", ["drivers", "preferences", "forecast"])
def test_a_result_is_printed_of_one_group(capsys, sample_snapshots, result):
    words = ("--result", result, "--where", "persona=families", "--snapshots", sample_snapshots, "--json")
    tables = json.loads(asked(capsys, *words)[1])
    assert tables[result]
    assert {(row["column_name"], row["code"]) for row in tables[result]} == {("persona", "families")}
    code, _, err = asked(capsys, *words[:4], "--where", "region=north", *words[4:])
    assert code == 2
    assert "one group" in err
    code, _, err = asked(capsys, *words[:2], "--where", "persona=familys", *words[4:])
    assert code == 2
    assert "persona=families" in err


def test_the_sql_is_printed_instead_of_run(capsys, sample_snapshots):
    code, out, _ = asked(capsys, "csat", "--by", "region", "--sql", "--snapshots", sample_snapshots)
    assert code == 0
    assert out.startswith("select")
    assert "from fct_survey_answer" in out


def test_the_generated_document_is_fresh():
    assert main(["--check-docs"]) == 0


def test_it_runs_as_a_module(sample_snapshots):
    words = [sys.executable, "-m", "metrics", "nps", "--json", "--snapshots", str(sample_snapshots)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["metric"] == "nps"


def test_a_reader_who_stops_reading_is_no_error(sample_snapshots):
    line = f"'{sys.executable}' -m metrics --list --snapshots '{sample_snapshots}' | head -1"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def test_olist_scores_by_promise_are_those_of_the_issue(capsys, olist_8k_snapshots):
    """Delivered after the promised day 2.18 (345 reviews), on the day or before 4.27 (4,893)."""
    words = ("rating_mean", "--by", "delivery_promise", "--json", "--snapshots", olist_8k_snapshots)
    rows = {row["delivery_promise"]: row for row in json.loads(asked(capsys, *words)[1])}
    assert (round(rows["late"]["value"], 2), rows["late"]["n"]) == (2.18, 345)
    assert (round(rows["kept"]["value"], 2), rows["kept"]["n"]) == (4.27, 4893)
