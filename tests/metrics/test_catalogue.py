"""Every file of metrics/catalogue: example, languages, columns; a new file is tested the moment it exists."""

import re

import duckdb
import numpy as np
import pytest

from metrics.bins import bin_sql
from metrics.cells import Sums
from metrics.definitions import DIRECTORY, Metric, compiled, load_catalogue
from metrics.errors import CatalogueError, UnknownName
from metrics.estimates import Judged, changed, estimated, shown_fraction
from metrics.question import cuttable
from metrics.stats.jackknife import GROUPS
from metrics.sums import quoted

CATALOGUE = load_catalogue()
METRICS = sorted(CATALOGUE.metrics.values(), key=lambda m: m.name)
ASKED_FOR = {
    "nps",
    "nps_transactional",
    "nps_change",
    "csat",
    "rating_mean",
    "dissatisfied",
    "effort",
    "effort_mean",
    "promise_kept",
    "days_late_p50",
    "days_late_p90",
    "moved_goalposts",
    "repeat_contact_rate",
    "repeat_contact_rate_1d",
    "repeat_contact_rate_14d",
    "repeat_contact_rate_30d",
    "fcr",
    "resolution_in_one_contact",
    "unidentified_contact_share",
    "aht",
    "aht_median",
    "aht_p90",
    "wait_p50",
    "wait_p90",
    "abandonment_rate",
    "transfer_rate",
    "response_rate",
    "coverage",
    "silent_revenue",
    "revenue",
    "orders",
    "average_basket",
    "margin",
    "active_customers",
    "repeat_purchase_rate",
    "retention_12m",
    "stopped_buying",
    "stopped_within_6m",
    "value_tier",
    "crm_health",
    "cem_health",
    "contacts",
    "complaint_rate",
}
TEXTS = ("label", "definition", "formula", "window", "exclusions", "caution")
PLAIN_SPACE = re.compile(r"[^ ] [:;?!%»]|« |\d €")


def name_of(metric: Metric) -> str:
    return metric.name


def literal(value: object) -> str:
    return "null" if value is None else f"'{value}'" if isinstance(value, str) else str(value)


def sums_of(metric: Metric, rows: list[dict], per: list[dict]) -> Sums:
    """The metric's own expressions over the example's rows, in a table of only these columns."""
    connection = duckdb.connect()
    for name, given in (("given", rows), ("per_given", per)):
        if given:
            columns = list(dict.fromkeys(column for row in given for column in row))
            values = ", ".join("(" + ", ".join(literal(row.get(c)) for c in columns) + ")" for row in given)
            listed = ", ".join(quoted(c) for c in columns)
            connection.execute(f"create table {name} as select * from (values {values}) as t({listed})")
    selected = f"{metric.numerator}, {metric.denominator or '0'}, {metric.squares or '0'}, count(*)"
    numbers = connection.execute(f"select {selected} from given where {metric.where}").fetchone()
    sums = Sums(*[float(number or 0) for number in numbers[:3]], numbers[3])
    if metric.per:
        counted = f"select {metric.per.denominator} from per_given where {metric.per.where}"
        (sums.denominator,) = connection.execute(counted).fetchone()
    if metric.value:
        bins = f"select {bin_sql(metric.value)} as bin, count(*) from given where {metric.where} group by all"
        sums.bins = dict(connection.execute(bins).fetchall())
    sums.buckets = np.zeros((2, GROUPS))
    sums.buckets[:, 0] = sums.numerator, sums.denominator
    return sums


@pytest.mark.parametrize("metric", METRICS, ids=name_of)
def test_the_example_comes_out_as_it_says(metric):
    now = Judged(sums_of(metric, metric.example.given, metric.example.per))
    if metric.part_of_whole:
        now = Judged(now.sums, whole=now.sums)
    numerator, denominator = shown_fraction(metric, now)
    value = estimated(metric, now).value
    if metric.change_of:
        value = changed(metric, now, Judged(sums_of(metric, metric.example.before, []))).value
    found = {"numerator": numerator, "denominator": denominator, "value": value}
    assert found == pytest.approx(metric.example.expect)


@pytest.mark.parametrize("metric", METRICS, ids=name_of)
def test_the_example_says_numerator_denominator_and_value(metric):
    assert set(metric.example.expect) == {"numerator", "denominator", "value"}


@pytest.mark.parametrize("metric", METRICS, ids=name_of)
def test_every_text_is_there_in_both_languages_and_differs(metric):
    for field in TEXTS:
        text = getattr(metric, field)
        assert text["en"].strip(), field
        assert text["fr"].strip(), field
        assert text["en"] != text["fr"] or metric.label["fr"] == "Net Promoter Score", f"{field} is not translated"


@pytest.mark.parametrize("metric", METRICS, ids=name_of)
def test_french_is_set_as_french_is(metric):
    for field in TEXTS:
        text = getattr(metric, field)["fr"]
        assert not PLAIN_SPACE.search(text), f"{field}: a plain space before : ; ? ! % or inside guillemets: {text}"
        assert "'" not in text, f"{field}: a straight apostrophe: {text}"


@pytest.mark.parametrize("metric", METRICS, ids=name_of)
def test_a_definition_does_not_repeat_its_formula(metric):
    for lang in ("en", "fr"):
        assert metric.formula[lang] not in metric.definition[lang]


def test_every_metric_asked_for_is_there():
    assert set(CATALOGUE.metrics) >= ASKED_FOR


def test_handle_time_and_resolution_are_never_good_alone():
    """STATISTICS 5: FCR up or AHT down is never green alone."""
    assert all(
        CATALOGUE.metric(name).never_good_alone for name in ("aht", "aht_median", "fcr", "resolution_in_one_contact")
    )


def test_the_catalogue_survives_the_snapshot():
    texts = compiled(CATALOGUE)
    assert {name: Metric.model_validate_json(text) for name, text in texts.items()} == CATALOGUE.metrics


@pytest.mark.parametrize("metric", METRICS, ids=name_of)
def test_its_columns_stand_in_the_snapshot(metric, sample):
    missing = set(metric.by) - set(cuttable(metric, sample.catalogue.ground))
    assert not missing, f"{metric.name} cannot be cut by {sorted(missing)}: {metric.view} has no such columns"
    assert metric.date in sample.catalogue.ground.columns[metric.view]


def wrong_file(tmp_path, **changes: str) -> str:
    """The faults of the catalogue whose only file is nps.yaml with some lines replaced."""
    text = (DIRECTORY / "nps.yaml").read_text(encoding="utf-8")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "nps.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    return str(caught.value)


def test_a_wrong_key_is_named_with_its_line_and_the_nearest(tmp_path):
    faults = wrong_file(tmp_path, key=("denominator:", "denominater:"))
    assert "nps.yaml" in faults
    assert "denominater" in faults
    assert "Did you mean 'denominator'?" in faults


def test_all_faults_of_a_file_are_said_at_once(tmp_path):
    faults = wrong_file(tmp_path, unit=("unit: points", "unit: pints"), scale=("scale: 100.0", "scale: many"))
    assert "pints" in faults
    assert "many" in faults


def test_a_mean_without_squares_is_refused(tmp_path):
    faults = wrong_file(tmp_path, squares=("squares: ", "source2: "))
    assert "source2" in faults


def test_a_file_is_called_like_its_metric(tmp_path):
    (tmp_path / "other.yaml").write_text((DIRECTORY / "nps.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"Name the file nps\.yaml"):
        load_catalogue(tmp_path)


def test_an_unknown_metric_gets_the_nearest_name():
    with pytest.raises(UnknownName, match="Did you mean 'promise_kept'"):
        CATALOGUE.metric("promises_kept")
