"""Files, encoding, structure: every damaged file is refused or its rows are rejected by line, and the ledger holds."""

import gzip
import random

import pytest

from tests.faults.mutation import MANY_PRODUCTS, mutated
from tests.faults.world import short

PRODUCTS = "product_id,name,category,price\nP1,Iron,small,19.90\nP2,Fridge,cooling,499.00\nP3,Oven,cooking,399.00\n"
HEADER, *ROWS = PRODUCTS.splitlines(keepends=True)
LOAD = {"product_id": "product_id", "name": "name", "category": "category", "price": "price"}


def names(outcome) -> list[str]:
    return outcome.column("select name from canonical.products order by product_id")


@pytest.mark.parametrize(
    ("content", "rule", "told"),
    [
        (b"", "empty", "empty"),
        (HEADER.encode(), "no_rows", "no row follows the header"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "content", "web page"),
        (b"\n  <html><body>Sign in</body></html>", "content", "web page"),
        (b'[{"product_id": "P1"}]', "content", "JSON"),
        (b'{"product_id": "P1"}\n', "content", "JSON"),
        (b"PK\x03\x04" + bytes(200), "content", "Excel"),
        (gzip.compress(PRODUCTS.encode(), mtime=0), "content", "gzip"),
        (b"%PDF-1.7\n%...", "content", "PDF"),
        (PRODUCTS.encode("utf-16"), "encoding", "UTF-16"),
        (PRODUCTS.encode("utf-16-le"), "encoding", "UTF-16"),
        (PRODUCTS.replace(",", ";").encode(), "delimiter", "semicolon"),
        (PRODUCTS.replace(",", "\t").encode(), "delimiter", "tab"),
        (PRODUCTS.replace("name", "price", 1).encode(), "header", "price"),
        (PRODUCTS.replace("product_id", "product_ref", 1).encode(), "absent_column", "product_ref"),
    ],
    ids=short,
)
def test_a_file_that_is_not_what_it_should_be_is_refused_with_what_it_is(world, content, rule, told):
    world.write("products.csv", content)
    outcome = world.load_canonical("products")
    assert outcome.rules == {rule}
    assert outcome.faults[0].file == "products.csv"
    assert told in str(outcome.faults[0])
    assert outcome.faults[0].fix


def test_control_characters_of_a_file_do_not_reach_the_terminal(world):
    world.write("products.csv", "product_\x1b[2Jid,name\nP1,Iron\n")
    text = str(world.load_canonical("products").faults[0])
    assert text.isprintable()


def test_a_missing_file_is_refused_with_the_names_that_are_there(world):
    world.write("product.csv", PRODUCTS)
    outcome = world.load_canonical("products")
    assert outcome.rules == {"missing_file"}
    assert "product.csv" in str(outcome.faults[0])


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("utf-8", "\ufeff" + PRODUCTS),
        ("utf-16", PRODUCTS),
        ("utf-16-le", PRODUCTS),
        ("latin-1", PRODUCTS.replace("Oven", "Four à pain")),
        ("cp1252", PRODUCTS.replace("Oven", "Four “à” pain – 5 €")),
        ("gb18030", PRODUCTS.replace("Oven", "烤箱")),
        ("utf-8", PRODUCTS.replace("\n", "\r\n")),
        ("utf-8", PRODUCTS.replace("\n", "\r")),
        ("utf-8", PRODUCTS.rstrip("\n")),
        ("utf-8", PRODUCTS.replace("\n", "\r\n", 2)),
        ("utf-8", PRODUCTS.replace("\nP2", "\n\n\nP2")),
    ],
    ids=short,
)
def test_a_right_file_loads_whole_in_its_declared_encoding_with_any_line_ends(world, encoding, content):
    world.write("file.csv", content.encode(encoding))
    outcome = world.load_file(LOAD, encoding=encoding)
    assert outcome.faults == ()
    assert outcome.ledger("products") == dict(outcome.ledger("products"), loaded=3, rejected=0)
    expected = content.replace("\r", "\n").strip("\n").rsplit("\n", 1)[1].split(",")[1]
    assert names(outcome) == ["Iron", "Fridge", expected]
    assert outcome.holds()


@pytest.mark.parametrize(
    ("rows", "rejected"),
    [
        pytest.param([b"P2,Caf\xe9,x,1\n"], [(3, "encoding")], id="latin-1 byte"),
        pytest.param([b"P2,\x93Caf\x94,x,1\n"], [(3, "encoding")], id="smart quote of cp1252"),
        pytest.param([b"P2,Ca\0fe,x,1\n"], [(3, "nul")], id="NUL"),
        pytest.param([b"P2,Cafe,x\n"], [(3, "width")], id="too few values"),
        pytest.param([b"P2,Cafe,x,1,2\n"], [(3, "width")], id="too many values"),
        pytest.param([b"P2;Cafe;x;1\n"], [(3, "width")], id="another delimiter"),
        pytest.param([b"Total,,\n"], [(3, "width")], id="footer"),
        pytest.param([b'P2,5" disc,x,1\n'], [(3, "quote")], id="quote inside a value"),
        pytest.param([b'P2,"Cafe"s,x,1\n'], [(3, "quote")], id="quote closed too early"),
        pytest.param([b'P2,"Cafe,x,1\n', b"P4,Pan,x,1\n"], [(3, "quote")], id="quote never closed"),
        pytest.param([b'P2,"Cafe,x,1\n', b"P4,Pan,x,1\n", b'P5,"Pot",x,1\n'], [(3, "quote")], id="closed by another"),
        pytest.param([b"P2,Ca\rfe,x,1\n"], [(3, "line_end")], id="another line end inside"),
        pytest.param([b"P2," + b"x" * 3_000_000 + b",x,1\n"], [(3, "too_long")], id="3 MB"),
        pytest.param([b"P2," + b"x" * 33_000_000 + b",x,1\n"], [(3, "too_long")], id="33 MB"),
        pytest.param([b"P2,Cafe,x,1\nP9,Cut"], [(4, "width")], id="cut off"),
    ],
)
def test_a_broken_row_is_rejected_by_its_physical_line_and_the_others_are_loaded(world, rows, rejected):
    last = [] if b"P9" in rows[-1] else [b"P3,Oven,x,1\n"]
    world.write("file.csv", b"".join([b"product_id,name,category,price\n", b"P1,Iron,x,1\n", *rows, *last]))
    outcome = world.load_file(LOAD)
    assert outcome.faults == ()
    assert [(line, rule) for line, _, rule in outcome.rejects] == rejected
    assert outcome.ledger("products")["in"] == len(b"".join([*rows, *last]).splitlines()) + 1 - (b"\r" in rows[0])
    assert outcome.holds()


def test_two_stray_quotes_fifty_rows_apart_lose_only_their_own_rows(world):
    rows = [f"P{i:03d},Name,small,1.00\n" for i in range(100)]
    rows[20] = 'P020,"Name,small,1.00\n'
    rows[71] = 'P071,Name",small,1.00\n'
    world.write("file.csv", HEADER + "".join(rows))
    outcome = world.load_file(LOAD)
    assert [line for line, _, _ in outcome.rejects] == [22, 73]
    assert outcome.ledger("products") == dict(outcome.ledger("products"), rejected=2, loaded=98, **{"in": 100})
    assert outcome.holds()


def test_stray_quotes_that_form_one_valid_value_over_many_rows_are_seen_by_the_rows_inside(world):
    rows = [f"P{i:03d},Name,small,1.00,x\n" for i in range(60)]
    rows[5] = 'P005,"Name,small,1.00,x\n'
    rows[55] = 'P055,Name",small,1.00,x\n'
    world.write("file.csv", "product_id,name,category,price,more\n" + "".join(rows))
    outcome = world.load_file(LOAD)
    assert outcome.rejects[0] == (7, None, "swallowed")
    assert outcome.ledger("products")["loaded"] == 58
    assert outcome.holds()


def test_lines_are_physical_after_a_verbatim_over_several_lines(world):
    rows = 'P1,"Iron\nwith\n\nsteam",small,1\nP2,Fridge,cooling,many\nP3,"a ""big"" oven",cooking,2\n'
    world.write("file.csv", HEADER + rows)
    outcome = world.load_file(LOAD)
    assert outcome.rejects == [(6, "price", "money")]
    assert names(outcome) == ["Iron\nwith\n\nsteam", 'a "big" oven']


def test_a_verbatim_whose_lines_hold_commas_is_kept(world):
    words = "first, it broke\nthen, nobody came, and I called\nat last, well"
    world.write("file.csv", HEADER + f'P1,"{words}",small,1\n')
    assert names(world.load_file(LOAD)) == [words]


def test_backslash_escapes_are_read_when_declared_and_rejected_when_not(world):
    world.write("file.csv", HEADER + 'P1,"a \\"big\\" oven, new",small,1\nP2,"C:\\\\dir",small,1\n')
    assert names(world.load_file(LOAD, escape="backslash")) == ['a "big" oven, new', "C:\\dir"]
    assert world.load_file(LOAD).rejects[0][2] == "quote"


def test_quotes_that_mean_nothing_are_characters(world):
    world.write("file.csv", HEADER + 'P1,5" disc,small,1\nP2,"Fridge",small,1\n')
    assert names(world.load_file(LOAD, quote=None)) == ['5" disc', '"Fridge"']


def test_columns_are_found_by_name_in_any_order(world):
    world.write("products.csv", PRODUCTS)
    expected = world.load_canonical("products").rows("select * from canonical.products order by all")
    lines = [",".join(reversed(line.split(","))) for line in PRODUCTS.splitlines()]
    world.write("products.csv", "\n".join(lines) + "\n")
    assert world.load_canonical("products").rows("select * from canonical.products order by all") == expected


def test_a_new_column_and_a_dropped_optional_one_are_warnings(world):
    world.write("products.csv", PRODUCTS.replace("category", "colour"))
    outcome = world.load_canonical("products")
    assert outcome.faults == ()
    assert outcome.warnings == {"absent_column", "new_column"}
    assert outcome.column("select distinct category from canonical.products") == [None]


def test_a_renamed_optional_column_is_not_taken_for_a_dropped_one(world):
    world.write("products.csv", PRODUCTS.replace("category", "categories"))
    outcome = world.load_canonical("products")
    assert "Did you mean 'categories'?" in str(outcome.faults[0])


def test_a_dropped_required_column_is_refused(world):
    world.write("products.csv", "name,price\nIron,1\n")
    assert world.load_canonical("products").rules == {"absent_column"}


def test_a_file_without_header_is_read_by_the_names_of_the_adapter(world):
    world.write("file.csv", "".join(ROWS))
    outcome = world.load_file(LOAD, header=False, names=["product_id", "name", "category", "price"])
    assert names(outcome) == ["Iron", "Fridge", "Oven"]
    assert outcome.ledger("products")["in"] == 3


def test_lines_before_the_header_are_skipped_and_counted_as_lines(world):
    world.write("file.csv", "Export of products\n\n" + HEADER + "P1,Iron,x,1\nP2,Fridge,x,one\n")
    outcome = world.load_file(LOAD, skip_lines=2)
    assert outcome.rejects == [(5, "price", "money")]


def test_a_lost_character_is_rejected_kept_or_repaired_as_declared(world):
    world.write("file.csv", HEADER + "P1,Café,x,1\nP2,Caf\ufffd,x,1\nP3,\ufffdune,x,1\n")
    assert [line for line, _, _ in world.load_file(LOAD).rejects] == [3, 4]
    assert names(world.load_file(LOAD, mangled="keep")) == ["Café", "Caf\ufffd", "\ufffdune"]
    repaired = world.load_file(LOAD, mangled="repair")
    assert names(repaired) == ["Café", "Café", "\ufffdune"]
    assert repaired.column("select message from meta.warnings where rule = 'mangled'") == [
        "column 'name': characters were lost in 2 values; 1 repaired, 1 kept"
    ]


def test_a_lost_character_that_two_spellings_fit_is_not_guessed(world):
    world.write("file.csv", HEADER + "P1,pâté,x,1\nP2,pâtè,x,1\nP3,pât\ufffd,x,1\n")
    assert names(world.load_file(LOAD, mangled="repair")) == ["pâté", "pâtè", "pât\ufffd"]


def test_more_rejected_rows_than_the_limit_refuse_the_file_with_the_first_row_of_each_reason(world):
    world.thresholds = {"max_rejected_share": 0.01}
    rows = [f"P{i:03d},Name,small,1.00\n" for i in range(200)]
    rows[10:12] = ["P010,Name,small,dear\n", "P011,Name,small,-1\n"]
    world.write("file.csv", HEADER + "".join(rows))
    assert world.load_file(LOAD).faults == ()
    rows[12] = "P012,Name,small,dear\n"
    world.write("file.csv", HEADER + "".join(rows))
    outcome = world.load_file(LOAD)
    assert [(fault.rule, fault.line) for fault in outcome.faults] == [
        ("rejected_share", None),
        ("money", 12),
        ("min", 13),
    ]
    assert "3 of 200 rows" in str(outcome.faults[0])
    assert "2 such rows" in str(outcome.faults[1])


def test_all_faults_of_a_run_are_told_at_once(world):
    world.write("products.csv", b"")
    world.write("customers.csv", b"%PDF-1.7")
    assert {fault.file for fault in world.load_canonical("products", "customers", "orders").faults} == {
        "products.csv",
        "customers.csv",
        f"{world.exports}/orders.csv",
    }


@pytest.mark.parametrize("seeds", [range(20), pytest.param(range(20, 1_000), marks=pytest.mark.soak)], ids=str)
def test_mutated_files_never_break_the_ledger(world, seeds):
    refusals = {"absent_column", "header", "content", "encoding", "empty", "no_rows", "delimiter", "duplicate_key"}
    for seed in seeds:
        world.write("file.csv", mutated(MANY_PRODUCTS, random.Random(seed)))
        outcome = world.load_file(LOAD)
        assert outcome.rules & refusals or (outcome.faults == () and outcome.holds()), f"seed {seed}: {outcome.faults}"
        outcome.connection.close()
