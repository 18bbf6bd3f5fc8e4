"""The configuration: every fault is told with file, line, key and the nearest valid name, at once and fast."""

import os
import re
import time
from pathlib import Path

import pytest

from data.adapters import load_adapter
from data.contracts import load_contracts
from data.errors import ConfigError, Fault
from data.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
SHORT = "company: {name: Test, currency: EUR, time_zone: Europe/Paris}\nsources: [sample]\n"


def faults(path: Path, text: str | bytes, load=load_settings) -> tuple[Fault, ...]:
    """Faults of a document; found in less than a second."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    started = time.process_time()
    with pytest.raises(ConfigError) as error:
        load(path)
    assert time.process_time() - started < 1
    assert all(str(fault).startswith(str(path)) for fault in error.value.faults)
    return error.value.faults


def adapter_faults(path: Path, text: str) -> tuple[Fault, ...]:
    return faults(path, text, lambda file: load_adapter(file, load_contracts()))


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "config.yaml"


def test_the_config_of_the_project_and_the_examples_load():
    for config in [ROOT / "config.yaml", *ROOT.glob("docs/examples/*/config.yaml")]:
        settings = load_settings(config)
        for adapter in settings.adapter_paths():
            load_adapter(adapter, load_contracts() | {"customers": with_segments(settings)})


def with_segments(settings: Settings):
    from data.contracts import contracts_with_segments

    return contracts_with_segments(settings.segment_columns, settings.number_columns)["customers"]


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        (SHORT + "thresholds:\n  min_grop: 10\n", 4, "thresholds.min_grop", "Did you mean 'min_group'?"),
        (SHORT + "segmnts: {}\n", 3, "segmnts", "Did you mean 'segments'?"),
        (SHORT + "zzz: 1\n", 3, "zzz", "Valid names here: company, sources"),
        (SHORT + "pillars:\n  on_time: {promise: P, wantd: 3}\n", 4, "pillars.on_time.wantd", "Did you mean 'wanted'?"),
        (SHORT + "journey:\n  - stage: buy\n    labl: Buy\n", 5, "journey.0.labl", "Did you mean 'label'?"),
        (SHORT + "snapshots: {keep: 3}\nsnapshots: {keep: 4}\n", 4, "snapshots", "first on line 3"),
        (SHORT + "snapshots:\n  keep: 3\n  keep: 4\n", 5, "snapshots.keep", "first on line 4"),
        (SHORT + "snapshots: {keep: -1}\n", 3, "snapshots.keep", "greater than or equal to 1"),
        (SHORT + "snapshots: {keep: '3'}\n", 3, "snapshots.keep", "'3'"),
        (SHORT + "thresholds: {min_group: 0}\n", 3, "thresholds.min_group", "0"),
        (SHORT + "thresholds: {min_group: NO}\n", 3, "thresholds.min_group", "'NO'"),
        (SHORT + "thresholds: {max_rejected_share: 1.5}\n", 3, "thresholds.max_rejected_share", "1.5"),
        (SHORT + "value_tiers: {cuts: [0.8, 0.5]}\n", 3, "value_tiers", "cuts must rise"),
        (SHORT + "value_tiers: {cuts: [0.5]}\n", 3, "value_tiers", "2 tiers, but 4 are named"),
        (SHORT + "as_of: 2026-02-30\n", 3, "as_of", "YYYY-MM-DD"),
        (SHORT + "segments: {lang: {label: Language}}\n", 1, "", "name with a meaning of its own"),
        (SHORT + "segments: {region: {label: {en: Region}}}\n", 3, "segments.region.label", "en and fr"),
        (SHORT + "channels: {phone: {kind: fax, label: Phone}}\n", 3, "channels.phone.kind", "'fax'"),
        ("company: {name: T, currency: EUR, time_zone: Europe/Pari}\nsources: [s]\n", 1, "company.time_zone", "IANA"),
        ("company: {name: T, currency: euro, time_zone: UTC}\nsources: [s]\n", 1, "company.currency", "euro"),
        ("company: {name: T, currency: EUR, time_zone: UTC}\nsources: []\n", 2, "sources", "at least 1"),
        ("sources: [s]\n", 1, "company", "is missing"),
        ("company: {name: T\nsources: [s]\n", 2, None, "not YAML"),
        ("company: a\n  b: c\n", 2, None, "not YAML"),
        ("- a\n- b\n", 1, None, "dictionary"),
        ("", 1, "company", "is missing"),
        (SHORT + "a: &x 1\n", 3, None, "anchor"),
        (SHORT + "a: *x\n", 3, None, "alias"),
        (SHORT + "<<: {a: 1}\n", 3, "<<", "unknown key"),
        (SHORT + "a: !!python/object/apply:os.system ['true']\n", 3, None, "tag"),
        (SHORT + "a: !!binary aGk=\n", 3, None, "tag"),
        (SHORT + "---\nb: 1\n", 3, None, "second document"),
        (SHORT + "? [a, b]\n: 1\n", 3, None, "not a text"),
        (SHORT + "a: " + "[" * 20_000, 3, None, "levels deep"),
        (SHORT + "a: " + "{b: " * 20_000, 3, None, "levels deep"),
        (SHORT + "# " + "x" * (2 << 20), None, None, "larger than 256 KB"),
        (SHORT.encode() + b"a: \xff\n", 3, None, "not UTF-8"),
        (SHORT + "a: \0\n", None, None, "not YAML"),
        (SHORT + "labels: {reason: {a b: X}}\n", 3, "labels.reason.a b", "pattern"),
    ],
)
def test_every_fault_is_told_with_its_line_and_key(path, text, line, column, told):
    found = faults(path, text)
    assert [fault.line for fault in found][:1] == [line]
    assert column is None or found[0].column == (column or None)
    assert told in str(found[0])


def test_an_alias_bomb_is_refused_at_its_first_anchor(path):
    text = SHORT + "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
    (fault,) = faults(path, text)
    assert (fault.rule, fault.line) == ("alias", 3)


def test_all_faults_of_a_document_are_told_at_once(path):
    found = faults(path, SHORT.replace("EUR", "euro") + "snapshots: {kep: 3}\nthresholds: {min_group: 1}\n")
    assert [fault.column for fault in found] == ["company.currency", "thresholds.min_group", "snapshots.kep"]


@pytest.mark.parametrize("key", ["password: hunter2", "api_key: abc", "dsn: 'postgres://app:hunter2@db/x'"])
def test_a_secret_in_the_config_is_refused_without_repeating_it(path, key):
    found = faults(path, SHORT + f"targets: {{nps: 1}}\n{key}\n")
    assert ("secret", 4) in {(fault.rule, fault.line) for fault in found}
    assert "hunter2" not in str(ConfigError([fault for fault in found if fault.rule == "secret"]))


@pytest.mark.parametrize("kind", ["absent", "folder", "pipe"])
def test_a_config_that_is_not_a_file_is_refused_without_a_hang(tmp_path, kind):
    path = tmp_path / "config.yaml"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(ConfigError, match=re.escape(str(path))):
        load_settings(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_config_is_refused(path):
    path.write_text(SHORT)
    path.chmod(0)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(path)


def test_words_that_other_yaml_readers_take_for_something_else_stay_texts(path):
    path.write_text(
        SHORT + "segments:\n  country:\n    label: Country\n"
        "    values: {NO: Norway, on: On, 1e3: E, 2026-01-01: D, 0x1F: H}\n"
        "labels: {reason: {yes: NO}}\n"
    )
    settings = load_settings(path)
    assert list(settings.segments["country"].values) == ["NO", "on", "1e3", "2026-01-01", "0x1F"]
    assert settings.label("reason", "yes", "fr") == "NO"


def test_a_config_needs_only_a_company_and_sources(path):
    path.write_text(SHORT)
    settings = load_settings(path)
    assert settings.segment_columns == ()
    assert settings.thresholds.min_group == 10
    assert settings.directory == path.parent
    assert Settings.model_validate_json(settings.model_dump_json()).model_dump() == settings.model_dump()


def test_labels_fall_back_to_the_code():
    settings = load_settings(ROOT / "config.yaml")
    assert settings.label("region", "north", "fr") == "Nord"
    assert settings.label("sales_channel", "store", "fr") == "Magasin"
    assert settings.label("stage", "receive", "fr") == "Recevoir"
    assert settings.label("touchpoint", "returns", "en") == "Return"
    assert settings.label("value_tier", "top", "en") == "Top"
    assert settings.label("team", "billing_1", "en") == "billing_1"
    assert settings.label("nothing", "x", "en") == "x"


def test_sources_are_names_of_adapters_or_paths_beside_the_config(path):
    path.write_text(SHORT.replace("[sample]", "[sample, ./mine.yaml, other.yaml]"))
    adapters = load_settings(path).adapter_paths()
    assert adapters == (ROOT / "data/adapters/sample.yaml", path.parent / "mine.yaml", path.parent / "other.yaml")


FILE = "adapter: crm\nfiles:\n  tickets:\n    pattern: t.csv\n"
FEED = (
    FILE + "    feeds:\n      - table: contacts\n        columns:\n          contact_id: id\n          started_at: at\n"
)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("adapter: crm\n", 1, "no file is described"),
        ("adapter: crm\ncanonical: {tables: [orders, contact]}\n", 2, "Did you mean 'contacts'?"),
        (FILE + "    feeds: [{table: contact}]\n", 5, "Did you mean 'contacts'?"),
        (FEED + "          channl: via\n", 10, "Did you mean 'channel'?"),
        (FEED, 7, "the required column 'channel' of contacts is not fed"),
        (FEED + "          channel: {colum: via}\n", 10, "Did you mean 'column'?"),
        (FEED + "          channel: {column: via, constant: phone}\n", 10, "exactly one of column"),
        (FEED + "          channel: {lookup: {file: ticket, on: id, take: via}}\n", 10, "Did you mean 'tickets'?"),
        (FEED + "          channel: via\n        when: [{column: a}]\n", 11, "exactly one of in, not_in, is"),
        (FILE + "    delimiter: ';;'\n", 5, "at most 1"),
        (FILE + "    encoding: utf8x\n", 5, "no such encoding"),
        (FILE + "    timestamp: DD/MM/YYYY\n", 5, "strptime"),
        (FILE + "    zone: Europe/Pari\n", 5, "IANA"),
        (FILE + "    header: false\n", 3, "header: false needs names"),
        (FILE + "    names: [a, a]\n", 3, "stands twice"),
        (FILE + "    decimal: ','\n    thousands: ','\n", 3, "the same mark"),
        (FILE.replace("t.csv", "../t.csv"), 3, "inside the exports folder"),
        (FILE.replace("t.csv", "/etc/passwd"), 3, "inside the exports folder"),
    ],
)
def test_faults_of_adapters_are_told_with_their_line_too(path, text, line, told):
    found = adapter_faults(path, text)
    assert told in str(found[0])
    assert found[0].line == line
