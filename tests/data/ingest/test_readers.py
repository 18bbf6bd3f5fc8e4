"""The reader of delimited text: three independent parsers find the same records, at the lines an editor shows."""

import csv
import io
import random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.adapters import File
from data.errors import IngestError
from data.readers.delimited import delimited_scan, head_of, layout_of
from data.readers.files import described
from data.readers.scan import Scan
from data.readers.structure import Layout
from data.readers.survey import Survey, write_good
from tests.faults.mutation import HEADER, MANY_PRODUCTS, mutated


def scanned(folder, content: bytes, **options) -> tuple[File, Scan]:
    """A scan of a file with this content, in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    path, scratch = folder / "file.csv", folder / "scratch"
    path.write_bytes(content)
    scratch.mkdir(exist_ok=True)
    file = File(pattern=["file.csv"], **options)
    return file, delimited_scan(described(path, folder), file, scratch)


def by_engine(scan: Scan) -> list[list[str | None]]:
    with duckdb.connect(config={"threads": 1}) as connection:
        return [list(row) for row in connection.execute(f"select * from {scan.relation}").fetchall()]


def by_csv_module(folder, file: File) -> list[list[str | None]]:
    """The good records, parsed by Python's csv module."""
    path, sink = folder / "file.csv", io.BytesIO()
    head = head_of(described(path, folder), path, file, "utf-8")
    survey = Survey(layout_of(file, "utf-8", head), head.lines + 1)
    with path.open("rb") as stream:
        stream.seek(head.bytes)
        for piece in survey.pieces(stream, b""):
            write_good(piece, survey, sink)
    rows = csv.reader(io.StringIO(sink.getvalue().decode(), newline=""), strict=True)
    return [[value or None for value in row] for row in rows]


def variant(seed: int) -> tuple[bytes, dict]:
    """A mutated file, with or without header, with any line ends."""
    content, options = MANY_PRODUCTS, {}
    if seed % 7 == 0:
        content, options = content.removeprefix(HEADER), {"header": False, "names": ["a", "b", "c", "d"]}
    if seed % 3 == 0:
        content = content.replace(b"\n", b"\r\n")
    if seed % 11 == 0:
        content = content.replace(b"\r\nand", b"\nand") if seed % 2 else content.replace(b"\nand", b"\rand")
    return (mutated(content, random.Random(seed)) if seed % 5 else content), options


def compare(folder, seeds: range) -> None:
    for seed in seeds:
        content, options = variant(seed)
        try:
            file, scan = scanned(folder / str(seed), content, **options)
        except IngestError:
            continue
        found = by_engine(scan)
        assert len(found) == scan.records, f"seed {seed}"
        assert found == by_csv_module(folder / str(seed), file), f"seed {seed}"


def test_survey_engine_and_csv_module_agree_on_mutated_files(tmp_path):
    compare(tmp_path, range(150))


@pytest.mark.soak
def test_they_agree_on_a_hundred_thousand_mutated_files(tmp_path):
    compare(tmp_path, range(400, 100_000))


TEXT = st.text(st.sampled_from("abé,;\"\n\r'\\ \t0"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=12), ends=st.sampled_from(["\n", "\r\n"])
)
def test_what_the_csv_module_writes_comes_back_value_by_value(tmp_path_factory, rows, ends):
    folder = tmp_path_factory.mktemp("written")
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator=ends, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *rows])
    _, scan = scanned(folder, target.getvalue().encode())
    swallowed = [reject for reject in scan.rejects if reject.rule == "swallowed"]
    # A value that holds lines like rows is taken for a missing quote, and its lines are then judged one by one.
    assert swallowed or not scan.rejects
    if not swallowed:
        assert by_engine(scan) == [[value or None for value in row] for row in rows]


def test_a_value_that_holds_lines_like_rows_loses_its_record_and_no_line_is_lost_from_the_count(tmp_path):
    """Nothing tells such a value from two stray quotes, which would swallow real rows: so every line is judged alone.

    The record's first line is reported as what it is, its last as the stray quote that it then ends with, and what
    stands between is loaded as the rows that it looks like; the rows around it come back.
    """
    content = b'"a","b","c"\n"k0","v","w"\n"k1","x\n1,2,3\n4,5,6\ny","e"\n"k2","v","w"\n'
    _, scan = scanned(tmp_path, content)
    assert [(reject.line, reject.rule) for reject in scan.rejects] == [(3, "swallowed"), (6, "quote")]
    assert by_engine(scan) == [["k0", "v", "w"], ["1", "2", "3"], ["4", "5", "6"], ["k2", "v", "w"]]
    assert len(content.splitlines()) - 1 == scan.records + len(scan.rejects)


def test_records_that_span_the_pieces_of_a_file_are_whole(tmp_path, monkeypatch):
    expected = None
    for size in (1 << 20, 7, 64, 1000):
        monkeypatch.setattr("data.readers.survey.CHUNK", size)
        _, scan = scanned(tmp_path / str(size), MANY_PRODUCTS.replace(b"P07,", b'P07,"', 1))
        found = (
            [(r.line, r.rule) for r in scan.rejects],
            by_engine(scan),
            [scan.lines.of(i) for i in range(scan.records)],
        )
        expected = expected or found
        assert found == expected
    assert expected[0] == [(11, "quote")]


def test_the_line_of_every_record_is_the_one_an_editor_shows(tmp_path):
    _, scan = scanned(tmp_path, MANY_PRODUCTS)
    lines = MANY_PRODUCTS.decode().split("\n")
    assert [lines[scan.lines.of(i) - 1][:4] for i in range(scan.records)] == [f"P{i:02d}," for i in range(40)]


def test_a_plain_file_is_read_where_it_is_and_a_broken_one_from_a_copy(tmp_path):
    _, plain = scanned(tmp_path / "plain", MANY_PRODUCTS)
    _, broken = scanned(tmp_path / "broken", MANY_PRODUCTS + b"cut")
    assert "plain/file.csv" in plain.relation
    assert "scratch" in broken.relation


def test_too_many_broken_rows_end_the_reading(tmp_path):
    with pytest.raises(IngestError) as error:
        scanned(tmp_path, HEADER + b"P1,x\n" * 600_000)
    assert error.value.faults[0].rule == "structure"
    assert "the rest was not read" in str(error.value)
    assert "600,000" not in str(error.value)
    assert len(error.value.faults) <= 6


def test_memory_does_not_grow_with_one_endless_line(tmp_path):
    survey = Survey(Layout(2), 1)
    kept = [len(piece.buffer) for piece in survey.pieces(Endless(64 << 20), b"")]
    assert [(r.line, r.rule) for r in survey.rejects] == [(1, "too_long")]
    assert max(kept, default=0) < 4 << 20


class Endless:
    """A stream of one line of so many bytes."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int) -> bytes:
        taken = min(size, self.left)
        self.left -= taken
        return b"x" * taken
