"""The data page: the ledger adds up on screen, rejected rows are there, snapshots are compared, and moves are seen."""

import shutil
from pathlib import Path

import pytest

from metrics import inventory
from tests.pages.conftest import no_error, words
from tests.pages.later_worlds import MORE_CUSTOMERS, MORE_REVENUE, ONE_MORE_ROW, company_of, loaded


@pytest.fixture(scope="module")
def two_snapshots(sample_snapshots, tmp_path_factory) -> Path:
    """A folder with two snapshots of the sample company, the second with 30 more customers and more revenue."""
    folder = company_of(sample_snapshots, tmp_path_factory.mktemp("two"))
    loaded(folder, (MORE_CUSTOMERS, MORE_REVENUE, ONE_MORE_ROW))
    return folder


def ids(snapshots: Path) -> tuple[str, str]:
    """The served one and the other one."""
    now = (snapshots / "current").read_text().strip()
    return now, next(p.parent.name for p in snapshots.glob("*/manifest.json") if p.parent.name != now)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("pick", [None, "rejected", "coverage", "coverage.persona", "snapshots"])
def test_every_part_opens_by_its_address(open_page, pick, lang):
    app = open_page("data", lang=lang, **({"pick": pick} if pick else {}))
    no_error(app)
    assert app.header


def test_the_finding_and_the_ledger_say_the_same_rows(open_page, sample):
    ledger = inventory.ledger(sample.cursor)
    app = open_page("data", lang="en")
    assert f"{sum(line.rows_in for line in ledger):,} rows in" in app.header[0].value
    shown = app.dataframe[0].value
    assert len(shown) == len(ledger)
    number = lambda text: int(text.replace(",", ""))  # noqa: E731
    for _, row in shown.iterrows():
        parts = [number(row[c]) for c in ("Loaded", "Rejected", "Duplicates", "Replaced", "Not for this table")]
        assert number(row["Rows in"]) == sum(parts)


def test_rejected_rows_name_file_line_column_and_rule(open_page, sample):
    rejects = inventory.rejects(sample.cursor, 10_000)
    app = open_page("data", pick="rejected", lang="fr")
    if not rejects:
        assert "Aucune ligne" in words(app)
        return
    shown = app.dataframe[0].value
    assert len(shown) == len(rejects)
    assert list(shown["Ligne"]) == ["–" if r.line is None else str(r.line) for r in rejects]
    assert not set(shown["Règle"]) & {r.rule for r in rejects}, "rules are told in words"


def test_a_column_to_cut_by_is_written_to_the_address(open_page):
    app = open_page("data", pick="coverage", lang="en")
    next(w for w in app.selectbox if w.key.endswith(".by")).select("persona").run()
    no_error(app)
    assert app.query_params["pick"] == "coverage.persona"
    assert "Persona" in app.dataframe[-1].value.columns


def test_two_snapshots_are_compared_by_rows_and_by_values(opener, two_snapshots):
    _, other = ids(two_snapshots)
    app = opener(two_snapshots)("data", pick=other, lang="en")
    no_error(app)
    rows, values = (app.dataframe[i].value for i in (1, 2))
    customers = rows[rows["Table"] == "customers"].iloc[0]
    assert (customers["Before"], customers["Now"]) == ("2,000", "2,030")
    assert customers["Change"] == "+30"
    assert dict(zip(values["Number"], values["Why"], strict=True)) == {
        "Revenue": "Restated: other rows on the same days"
    }


def test_a_link_with_an_older_snapshot_shows_it_and_offers_what_changed(opener, two_snapshots):
    now, other = ids(two_snapshots)
    app = opener(two_snapshots)("data", snap=other, lang="en")
    no_error(app)
    assert "Figures may have moved since" in words(app)
    later = opener(two_snapshots)("data", lang="en")
    assert app.header[0].value != later.header[0].value


def test_a_new_snapshot_is_seen_at_the_next_run_and_no_run_mixes_two(opener, two_snapshots, tmp_path):
    now, other = ids(two_snapshots)
    shutil.copytree(two_snapshots, tmp_path / "snapshots")
    pointer = tmp_path / "snapshots" / "current"
    pointer.write_text(other)
    app = opener(tmp_path / "snapshots")("data", lang="en")
    before = app.header[0].value
    pointer.write_text(now)
    app.run()
    no_error(app)
    assert app.header[0].value != before


def test_a_damaged_snapshot_is_passed_over_and_said(opener, two_snapshots, tmp_path):
    now, other = ids(two_snapshots)
    shutil.copytree(two_snapshots, tmp_path / "snapshots")
    with (tmp_path / "snapshots" / now / "data.duckdb").open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff\x00\xff")
    app = opener(tmp_path / "snapshots")("data", lang="en")
    no_error(app)
    assert "damaged" in app.warning[0].value


def test_when_every_snapshot_is_damaged_the_page_says_so_plainly(opener, two_snapshots, tmp_path):
    shutil.copytree(two_snapshots, tmp_path / "snapshots")
    for file in (tmp_path / "snapshots").glob("*/data.duckdb"):
        file.write_bytes(b"nothing")
    app = opener(tmp_path / "snapshots")("overview", lang="en")
    no_error(app)
    assert "There is no data yet" in words(app)
    assert "bytes" in words(app)
