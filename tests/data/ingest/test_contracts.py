"""The contracts and the data dictionary that is written from them."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from data.contracts import DICTIONARY, contracts_with_segments, dictionary_text, load_contracts
from data.ledger import Account

CONTRACTS = load_contracts()


def test_the_dictionary_is_fresh():
    assert DICTIONARY.read_text() == dictionary_text(), "run python -m data.contracts"


def test_a_stale_dictionary_is_told(tmp_path):
    code = "import sys, pathlib, data.contracts as c; c.DICTIONARY = pathlib.Path(sys.argv[1])"
    code += "; sys.exit(c.main(['--check']))"
    stale = tmp_path / "stale.md"
    stale.write_text("old")
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code, stale], cwd=root, capture_output=True, text=True)
    assert done.returncode == 1
    assert "python -m data.contracts" in done.stderr


def test_every_table_comes_after_those_it_points_to():
    seen: set[str] = set()
    for table, contract in CONTRACTS.items():
        assert set(contract.references.values()) <= seen
        seen.add(table)
    assert len(seen) == 16


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_references_rules_and_bounds_speak_of_what_exists(contract):
    for name, target in contract.references.items():
        assert len(CONTRACTS[target].key) == 1, f"{name} points to a table whose key has several columns"
    connection = duckdb.connect()
    Account(connection).create({contract.table: contract})
    for rule in contract.rules.values():
        connection.execute(f"select {rule.check} from canonical.{contract.table}")
    for column in contract.columns.values():
        assert column.min is None or column.type in ("int", "number", "money", "seconds")


def test_segments_are_added_to_customers_only():
    contracts = contracts_with_segments(("region", "acquisition_channel"))
    added = set(contracts["customers"].columns) - set(CONTRACTS["customers"].columns)
    assert added == {"region"}
    assert {name for name in contracts if contracts[name] != CONTRACTS[name]} == {"customers"}
