"""The newest kept snapshot beside the one being filled."""

import shutil

import duckdb

from data.earlier import NAME, attached
from data.manifest import DATA


def test_the_newest_that_verifies_is_attached_read_only_and_let_go(sample_snapshots, tmp_path):
    kept = (sample_snapshots / "current").read_text().strip()
    shutil.copytree(sample_snapshots / kept, tmp_path / kept)
    with duckdb.connect() as connection:
        with attached(connection, tmp_path) as found:
            assert found == kept
            assert connection.execute(f"select count(*) from {NAME}.meta.snapshot").fetchone() == (1,)
        assert NAME not in [
            name for (name,) in connection.execute("select database_name from duckdb_databases()").fetchall()
        ]
    (tmp_path / kept / DATA).write_bytes(b"damaged")
    with duckdb.connect() as connection, attached(connection, tmp_path) as found:
        assert found is None
