"""Publishing: whole or not at all, under names never used before, for its owner alone."""

import os
import re
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

import data.snapshot
from data.errors import IngestError, RefreshRefused, SnapshotDamaged, SnapshotMissing
from data.manifest import DATA, MANIFEST, PINNED, POINTER, STAGING, kept_ids, read_pointer, verified
from data.snapshot import publish, use
from data.store import open_snapshot
from tests.data.small import content, fill, published, words_in, work


def damage(path: Path, at: int = 5000) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(bytes(raw))


def test_a_published_snapshot_is_named_after_its_day_and_content_and_served(tmp_path):
    outcome = publish(tmp_path, work("alpha"))
    assert outcome.kind == "published"
    assert outcome.manifest.id == f"2026-11-02-{content('alpha').hash[:8]}" == read_pointer(tmp_path)
    assert verified(tmp_path / outcome.manifest.id) == outcome.manifest
    assert outcome.manifest.rows == {"canonical.customers": 1000, "main.fct_order": 1000, "meta.definitions": 1}
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}


def test_the_steps_are_those_that_the_docstring_lists(tmp_path):
    steps: list[str] = []
    publish(tmp_path, work("alpha"), steps.append)
    assert [*re.findall(r"^    ([a-z_]+)  +", data.snapshot.__doc__, re.MULTILINE), "end"] == steps


def test_only_the_owner_reads_what_is_published(tmp_path):
    before = os.umask(0o022)
    try:
        (name,) = published(tmp_path / "snapshots", "alpha")
    finally:
        os.umask(before)
    modes = {p.relative_to(tmp_path).as_posix(): p.stat().st_mode & 0o777 for p in tmp_path.rglob("*")}
    folders = {p for p, mode in modes.items() if mode == 0o700}
    assert folders == {"snapshots", "snapshots/staging", f"snapshots/{name}"}
    assert {mode for path, mode in modes.items() if path not in folders} == {0o600}


def test_the_same_content_is_not_built_again(tmp_path):
    published(tmp_path, "alpha")
    again = publish(tmp_path, work("alpha", days=3, build=None))
    assert again.kind == "unchanged"
    assert kept_ids(tmp_path) == [again.manifest.id]


def test_going_back_to_a_kept_content_serves_it_without_building(tmp_path):
    first, _ = published(tmp_path, "alpha", "beta")
    outcome = publish(tmp_path, work("alpha", days=5, build=None))
    assert (outcome.kind, outcome.manifest.id) == ("switched", first)
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}


def test_a_damaged_snapshot_of_the_same_content_and_day_is_built_anew_under_a_new_name(tmp_path):
    (name,) = published(tmp_path, "alpha")
    damage(tmp_path / name / DATA)
    outcome = publish(tmp_path, work("alpha"))
    assert outcome.manifest.id == f"{name}-2"
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}


def test_the_number_kept_is_kept_and_the_oldest_go(tmp_path):
    ids = published(tmp_path, "alpha", "beta", "gamma", "delta", keep=2)
    assert kept_ids(tmp_path) == ids[:1:-1]
    assert not list((tmp_path / STAGING).iterdir())


def test_a_pinned_snapshot_is_never_deleted_and_takes_no_place(tmp_path):
    (pinned,) = published(tmp_path, "alpha")
    (tmp_path / pinned / PINNED).touch()
    ids = [publish(tmp_path, work(w, d, keep=2)).manifest.id for d, w in enumerate(("beta", "gamma", "delta"), 1)]
    assert kept_ids(tmp_path) == [ids[2], ids[1], pinned]


def test_the_snapshot_just_published_stays_even_when_its_clock_was_behind(tmp_path):
    published(tmp_path, "alpha", "beta", keep=1)
    outcome = publish(tmp_path, work("gamma", days=-30, keep=1))
    assert kept_ids(tmp_path) == [outcome.manifest.id] == [read_pointer(tmp_path)]


def test_an_old_snapshot_that_cannot_be_deleted_is_said_and_takes_nothing_from_the_new_one(tmp_path, monkeypatch):
    published(tmp_path, "alpha")

    def refuse(*_):
        raise PermissionError(13, "Permission denied", "old")

    real = shutil.rmtree
    monkeypatch.setattr(data.snapshot.shutil, "rmtree", lambda path, **k: refuse() if b"alpha".hex()[:8] in str(path) else real(path, **k))  # fmt: skip  # noqa: E501
    outcome = publish(tmp_path, work("beta", days=1, keep=1))
    assert outcome.kind == "published"
    assert "Permission denied" in outcome.remains
    assert words_in(open_snapshot(tmp_path)) == {"beta"}


def test_a_build_that_fails_leaves_the_old_snapshot_and_nothing_behind(tmp_path):
    published(tmp_path, "alpha")

    def fail(path, origin):
        fill(path, "beta")
        raise IngestError("orders.csv:7: wrong")

    with pytest.raises(IngestError, match=r"orders\.csv:7"):
        publish(tmp_path, work("beta", days=1, build=fail))
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}
    assert not list((tmp_path / STAGING).iterdir())


def test_a_build_is_told_what_is_served_until_now(tmp_path):
    published(tmp_path, "alpha")
    seen = []
    publish(tmp_path, work("beta", 1, build=lambda path, origin: (seen.append(origin), fill(path, "beta"))))
    assert seen[0].previous.rows["canonical.customers"] == 1000
    assert open_snapshot(tmp_path).manifest.previous == seen[0].previous.id


def test_an_export_that_changes_while_it_is_read_is_refused(tmp_path):
    published(tmp_path, "alpha")
    answers = iter(("beta", "betb"))
    with pytest.raises(RefreshRefused, match="changed while it was being read"):
        publish(tmp_path, work("beta", 1, content=lambda: content(next(answers))))
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}


@pytest.mark.parametrize("at", [0, 20, 9000, 13000])
def test_a_database_that_reads_back_wrong_is_refused(tmp_path, at):
    published(tmp_path, "alpha")

    def build(path, origin):
        fill(path, "beta", rows=50_000)
        raw = bytearray(path.read_bytes())
        raw[at : at + 4000] = bytes(b ^ 0x5A for b in raw[at : at + 4000])
        path.write_bytes(bytes(raw))

    with pytest.raises(SnapshotDamaged):
        publish(tmp_path, work("beta", 1, build=build))
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}


def test_a_view_that_cannot_be_read_is_refused(tmp_path):
    def build(path, origin):
        fill(path, "beta")
        connection = data.store.create_database(path, "200MB")
        connection.execute("create temp table gone as select 1 as x; create table kept as select 1 as x")
        connection.execute("create view broken as select x from kept; drop table kept")
        connection.close()

    with pytest.raises(SnapshotDamaged, match="cannot be read back"):
        publish(tmp_path, work("beta", build=build))


def test_a_database_left_with_its_log_is_refused(tmp_path):
    def build(path, origin):
        fill(path, "beta")
        path.with_name("data.duckdb.wal").write_bytes(b"x")

    with pytest.raises(SnapshotDamaged, match="not written out"):
        publish(tmp_path, work("beta", build=build))


def test_too_little_space_is_said_before_building(tmp_path, monkeypatch):
    published(tmp_path, "alpha")
    monkeypatch.setattr(data.snapshot.shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    with pytest.raises(RefreshRefused, match="1 MB are free"):
        publish(tmp_path, work("beta", 1, build=None))
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}


def test_of_two_refreshes_at_the_same_time_the_second_is_refused(tmp_path):
    building, go_on = threading.Event(), threading.Event()

    def slow(path, origin):
        building.set()
        assert go_on.wait(20)
        fill(path, "alpha")

    first = threading.Thread(target=lambda: publish(tmp_path, work("alpha", build=slow)))
    first.start()
    assert building.wait(20)
    with pytest.raises(RefreshRefused, match=f"another refresh is running .process {os.getpid()}"):
        publish(tmp_path, work("beta"))
    go_on.set()
    first.join()
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}


def test_what_a_killed_refresh_left_is_cleaned_and_its_lock_file_stops_nobody(tmp_path):
    (tmp_path / STAGING / "2026-11-02-00000000").mkdir(parents=True)
    (tmp_path / STAGING / "2026-11-02-00000000" / DATA).write_bytes(b"half")
    (tmp_path / STAGING / POINTER).write_text("half")
    (tmp_path / "lock").write_text("4242\n")
    published(tmp_path, "alpha")
    assert not list((tmp_path / STAGING).iterdir())
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}


def test_use_goes_back_to_a_kept_snapshot_and_forth_again(tmp_path):
    first, second = published(tmp_path, "alpha", "beta")
    assert use(tmp_path, first).kind == "switched"
    assert words_in(open_snapshot(tmp_path)) == {"alpha"}
    assert use(tmp_path, first).kind == "unchanged"
    assert use(tmp_path, second).kind == "switched"
    assert words_in(open_snapshot(tmp_path)) == {"beta"}


@pytest.mark.parametrize("name", ["2026-11-02-00000000", "../x", "current", "", "a\0b", "é" * 100_000])
def test_use_of_what_is_not_kept_names_what_is(tmp_path, name):
    (kept,) = published(tmp_path, "alpha")
    with pytest.raises(SnapshotMissing, match=kept):
        use(tmp_path, name)


def test_use_of_a_damaged_snapshot_is_refused(tmp_path):
    first, second = published(tmp_path, "alpha", "beta")
    damage(tmp_path / first / DATA)
    with pytest.raises(SnapshotDamaged, match="not those that were published"):
        use(tmp_path, first)
    assert read_pointer(tmp_path) == second


def test_a_snapshot_appears_with_its_manifest_at_once(tmp_path):
    """At every step a folder among the snapshots is complete: nothing half is ever there to be read."""

    def look(step: str) -> None:
        for name in kept_ids(tmp_path):
            assert {p.name for p in (tmp_path / name).iterdir()} == {DATA, MANIFEST}, step
            verified(tmp_path / name)

    for days, word in enumerate(("alpha", "beta", "gamma")):
        publish(tmp_path, work(word, days, keep=2), look)


def test_everything_is_on_the_disk_before_it_is_named(tmp_path, monkeypatch):
    """The order of flushes and renames: after a power cut at any point, what `current` names is wholly there."""
    calls, paths = [], {}

    def watch(name: str, told) -> None:
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, **k: (calls.append(told(*a)), real(*a, **k))[1])

    real_open = os.open

    def opening(path, *arguments, **options):
        descriptor = real_open(path, *arguments, **options)
        paths[descriptor] = Path(path).relative_to(tmp_path).as_posix()
        return descriptor

    monkeypatch.setattr(os, "open", opening)
    watch("fsync", lambda descriptor: ("flush", paths[descriptor]))
    watch("rename", lambda old, new: ("rename", Path(new).name))
    watch("replace", lambda old, new: ("rename", Path(new).name))
    name = publish(tmp_path, work("alpha")).manifest.id
    staged = f"{STAGING}/{name}"
    assert calls == [
        ("flush", f"{staged}/{MANIFEST}"),
        ("flush", f"{staged}/{DATA}"),
        ("flush", f"{staged}/{MANIFEST}"),
        ("flush", staged),
        ("rename", name),
        ("flush", "."),
        ("flush", f"{STAGING}/{POINTER}"),
        ("rename", POINTER),
        ("flush", "."),
    ]
