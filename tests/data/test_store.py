"""Serving: the newest that verifies, read-only, one generation for each reader."""

import gc
import os
import random
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

import data.manifest
import data.store
from data.errors import SnapshotDamaged, SnapshotMissing
from data.manifest import DATA, MANIFEST, POINTER, Manifest, checksum
from data.snapshot import publish, use
from data.store import newest_id, open_snapshot
from tests.data.small import SETTINGS, fill, published, words_in, work

SEED = 20261123


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Path:
    """Two snapshots, alpha and then beta, never changed: tests copy the folder."""
    folder = tmp_path_factory.mktemp("two")
    published(folder, "alpha", "beta")
    return folder


@pytest.fixture
def pair(two, tmp_path) -> Path:
    return Path(shutil.copytree(two, tmp_path / "snapshots"))


def served_words(directory: Path) -> set[str]:
    return words_in(open_snapshot(directory))


def test_nothing_there_is_said(tmp_path):
    for directory in (tmp_path, tmp_path / "absent"):
        assert newest_id(directory) is None
        with pytest.raises(SnapshotMissing, match="make refresh"):
            open_snapshot(directory)


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_bit_is_detected_and_the_snapshot_before_is_served(pair, seed):
    path = pair / newest_id(pair) / DATA
    raw = bytearray(path.read_bytes())
    at = random.Random(SEED + seed).randrange(len(raw) * 8)
    raw[at // 8] ^= 1 << at % 8
    path.write_bytes(bytes(raw))
    snapshot = open_snapshot(pair)
    assert words_in(snapshot) == {"alpha"}
    assert [(fault.file, fault.rule) for fault in snapshot.passed_over] == [(str(path), "snapshot_damaged")]
    with pytest.raises(SnapshotDamaged, match="not those that were published"):
        open_snapshot(pair, newest_id(pair))


@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 0.99999])
def test_a_cut_file_is_detected_and_the_snapshot_before_is_served(pair, share):
    path = pair / newest_id(pair) / DATA
    os.truncate(path, int(path.stat().st_size * share))
    assert served_words(pair) == {"alpha"}


@pytest.mark.parametrize("seed", range(30))
def test_a_flipped_bit_in_a_manifest_is_detected(pair, seed):
    path = pair / newest_id(pair) / MANIFEST
    raw = bytearray(path.read_bytes())
    at = random.Random(SEED + seed).randrange(len(raw) * 8)
    raw[at // 8] ^= 1 << at % 8
    path.write_bytes(bytes(raw))
    assert served_words(pair) == {"alpha"}


def test_a_flip_in_a_served_file_is_seen_without_a_restart(pair):
    assert served_words(pair) == {"beta"}
    path = pair / newest_id(pair) / DATA
    with path.open("r+b") as handle:
        handle.seek(-100, os.SEEK_END)
        handle.write(b"\x55")
    assert served_words(pair) == {"alpha"}


def test_another_file_copied_over_the_served_one_is_detected(pair, tmp_path):
    assert served_words(pair) == {"beta"}
    fill(tmp_path / "other.duckdb", "forged")
    shutil.copyfile(tmp_path / "other.duckdb", pair / newest_id(pair) / DATA)
    assert served_words(pair) == {"alpha"}


def test_a_touched_file_with_the_same_bytes_is_served_on(pair):
    before = open_snapshot(pair)
    os.utime(before.path)
    assert open_snapshot(pair) is before


def test_when_all_are_damaged_every_one_is_named(pair):
    for path in pair.glob(f"*/{DATA}"):
        path.write_bytes(b"")
    with pytest.raises(SnapshotDamaged) as caught:
        open_snapshot(pair)
    assert len(caught.value.faults) == 2


def test_a_manifest_without_its_file_and_a_file_without_its_manifest_are_passed_over(pair):
    first, second = sorted(p.name for p in pair.glob("2026-*"))
    (pair / second / MANIFEST).unlink()
    assert served_words(pair) == {"alpha"}
    (pair / first / DATA).unlink()
    with pytest.raises(SnapshotDamaged):
        open_snapshot(pair)


@pytest.mark.parametrize("pointer", [b"", b"../two", b"\xff\xfe", b"2026-11-02-00000000\n", b"x" * 100_000])
def test_a_pointer_that_names_nothing_leaves_the_latest_built(pair, pointer):
    (pair / POINTER).write_bytes(pointer)
    assert served_words(pair) == {"beta"}


def test_without_a_pointer_the_latest_built_is_served(pair):
    (pair / POINTER).unlink()
    assert served_words(pair) == {"beta"}
    assert open_snapshot(pair).id == newest_id(pair)


def test_after_going_back_a_newer_snapshot_is_only_the_last_resort(tmp_path):
    first, second, third = published(tmp_path, "alpha", "beta", "gamma")
    use(tmp_path, second)
    (tmp_path / second / DATA).write_bytes(b"")
    assert served_words(tmp_path) == {"alpha"}
    (tmp_path / first / DATA).write_bytes(b"")
    assert open_snapshot(tmp_path).id == third


def test_the_newest_is_seen_without_a_restart_and_a_reader_keeps_the_one_it_has(tmp_path):
    published(tmp_path, "alpha")
    held = open_snapshot(tmp_path)
    newer = publish(tmp_path, work("beta", days=1)).manifest.id
    assert newest_id(tmp_path) == newer == open_snapshot(tmp_path).id
    assert words_in(held) == {"alpha"}
    assert served_words(tmp_path) == {"beta"}


def test_a_snapshot_deleted_while_open_is_read_on(tmp_path):
    (first,) = published(tmp_path, "alpha")
    held = open_snapshot(tmp_path)
    publish(tmp_path, work("beta", days=1, keep=1))
    assert not (tmp_path / first).exists()
    assert words_in(held) == {"alpha"}
    with pytest.raises(SnapshotMissing, match=first):
        open_snapshot(tmp_path, first)


def open_files(directory: Path) -> list[str]:
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(descriptor.readlink()))
        except OSError:
            continue
    return [name for name in found if name.startswith(str(directory)) and DATA in name]


def test_deleted_snapshots_are_let_go_so_that_the_disk_gets_its_space_back(tmp_path):
    for days, word in enumerate(("alpha", "beta", "gamma", "delta")):
        publish(tmp_path, work(word, days=days, keep=1))
        assert served_words(tmp_path) == {word}
    gc.collect()
    assert len(open_files(tmp_path)) == 1


def test_a_kept_snapshot_is_opened_by_its_id(pair):
    for name in sorted(p.name for p in pair.glob("2026-*")):
        assert open_snapshot(pair, name).id == name


@pytest.mark.parametrize(
    "name", ["", "..", "current", "2026-11-02-ZZZZZZZZ", "a\0", "../two/2026-11-02-616c7068", "x" * 100_000]
)
def test_an_id_that_is_none_is_missing_and_opens_nothing(pair, name):
    with pytest.raises(SnapshotMissing) as caught:
        open_snapshot(pair, name)
    assert len(str(caught.value)) < 1000


def test_a_snapshot_outside_the_folder_is_not_reached(pair, two):
    name = newest_id(two)
    assert (pair / ".." / "snapshots" / name).is_dir()
    with pytest.raises(SnapshotMissing):
        open_snapshot(pair, f"../snapshots/{name}")


def test_the_bytes_are_hashed_once_a_process(pair, monkeypatch):
    hashed = []
    real = data.manifest.file_digest
    monkeypatch.setattr(data.manifest, "file_digest", lambda path: (hashed.append(path), real(path))[1])
    for _ in range(5):
        open_snapshot(pair)
    assert len(hashed) == 1
    (pair / newest_id(pair) / DATA).write_bytes(b"damaged")
    for _ in range(5):
        open_snapshot(pair)
    assert len(hashed) == 2


def test_thirty_two_threads_read_at_once(pair):
    snapshot = open_snapshot(pair)

    def ask(number: int) -> int:
        return snapshot.cursor().execute("select count(*) from fct_order where number % ? = 0", (number,)).fetchone()[0]

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(ask, range(1, 301)))
    assert answers == [-(-1000 // number) for number in range(1, 301)]


FORBIDDEN = [
    "create table x as select 1",
    "insert into fct_order values ('x', 1)",
    "update fct_order set word = 'x'",
    "delete from fct_order",
    "drop table fct_order",
    "copy fct_order to '{folder}/out.csv'",
    "export database '{folder}/out'",
    "attach '{folder}/other.duckdb'",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from glob('/etc/*')",
    "set enable_external_access = true",
    "set memory_limit = '64GB'",
    "reset max_execution_time",
    "set lock_configuration = false",
    "install httpfs",
    "load httpfs",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_reader_cannot(pair, tmp_path, statement):
    with pytest.raises(duckdb.Error):
        open_snapshot(pair).cursor().execute(statement.format(folder=tmp_path)).fetchall()
    assert {p.name for p in tmp_path.iterdir()} == {"snapshots"}
    assert served_words(pair) == {"beta"}


def test_a_query_that_lasts_too_long_is_stopped_and_its_cursor_serves_the_next(pair, monkeypatch):
    monkeypatch.setitem(data.store.SERVING, "max_execution_time", "200")
    cursor = open_snapshot(pair).cursor()
    began = time.monotonic()
    with pytest.raises(duckdb.Error, match="(?i)time|interrupt"):
        cursor.execute(
            "select count(*) from range(100000000) a, range(100000) b where (a.range * b.range) % 7 = 3"
        ).fetchall()
    assert time.monotonic() - began < 20
    assert cursor.execute("select count(*) from fct_order").fetchone() == (1000,)


def test_a_query_beyond_the_memory_limit_fails_alone_and_writes_no_file(pair, monkeypatch):
    monkeypatch.setitem(data.store.SERVING, "memory_limit", "40MB")
    snapshot = open_snapshot(pair)
    with pytest.raises(duckdb.OutOfMemoryException):
        snapshot.cursor().execute("select list(range order by hash(range)) from range(20000000)").fetchall()
    assert words_in(snapshot) == {"beta"}
    assert {p.name for p in (pair / snapshot.id).iterdir()} == {DATA, MANIFEST}


def test_the_settings_are_those_it_was_built_with(pair):
    assert open_snapshot(pair).settings() == SETTINGS


def rewritten(folder: Path, **changes) -> None:
    """The manifest of a snapshot with other values, and a checksum that fits them."""
    manifest = data.manifest.read_manifest(folder).model_dump(mode="json") | changes
    text = Manifest.model_validate_json(data.manifest.json.dumps(manifest)).as_text()
    assert checksum(manifest) in text
    (folder / MANIFEST).write_text(text)


def test_a_snapshot_of_another_duckdb_that_cannot_be_opened_names_both_versions(pair):
    folder = pair / newest_id(pair)
    raw = bytearray((folder / DATA).read_bytes())
    raw[12] = 250  # the storage version in DuckDB's main header
    (folder / DATA).write_bytes(bytes(raw))
    rewritten(folder, duckdb_version="9.1.0", sha256=data.manifest.file_digest(folder / DATA))
    with pytest.raises(SnapshotDamaged, match=f"DuckDB 9.1.0, DuckDB {duckdb.__version__} cannot open"):
        open_snapshot(pair, folder.name)
    assert served_words(pair) == {"alpha"}


def test_a_manifest_of_another_format_is_passed_over(pair):
    rewritten(pair / newest_id(pair), format=99)
    snapshot = open_snapshot(pair)
    assert words_in(snapshot) == {"alpha"}
    assert "format 99" in str(snapshot.passed_over[0])


def test_a_manifest_moved_to_another_name_is_passed_over(pair):
    (pair / newest_id(pair)).rename(pair / "2026-11-30-12345678")
    (pair / POINTER).write_text("2026-11-30-12345678")
    assert served_words(pair) == {"alpha"}


def test_a_snapshot_that_this_version_cannot_read_is_passed_over_and_said(pair):
    """Its bytes are right; what it holds is of another shape."""
    newest = newest_id(pair)

    def understood(snapshot) -> None:
        if snapshot.id == newest:
            raise data.manifest.of_another_version(snapshot.path)

    snapshot = open_snapshot(pair, None, understood)
    assert words_in(snapshot) == {"alpha"}
    assert [fault.rule for fault in snapshot.passed_over] == ["snapshot_version"]
    assert "built by another version of the program" in str(snapshot.passed_over[0])
    with pytest.raises(SnapshotDamaged, match="another version"):
        open_snapshot(pair, newest, understood)
