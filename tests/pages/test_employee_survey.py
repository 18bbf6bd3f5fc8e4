"""A real survey of employees alone: scores equal to those of pandas, small groups hidden, no alpha without codes."""

import pandas as pd
import pytest

from metrics.culture import METRIC, culture_effects, reliabilities
from metrics.gaps import staff_selection
from metrics.query import measure
from metrics.selection import Selection
from tests.company import Company
from tests.conftest import real_set
from tests.pages.conftest import no_error, words

LEAST = 5
ANSWER, DEPARTMENT = "Response", "Department"


@pytest.fixture(scope="module")
def county(pierce_employee_survey_snapshots) -> Company:
    return Company.of(pierce_employee_survey_snapshots)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Answers from 1 to 4 stretched to 1 to 5, each number of an answer once; no other code of ours."""
    table = pd.read_csv(real_set("pierce_employee_survey") / "employee_survey.csv").drop_duplicates("Response ID")
    table = table[table[ANSWER] > 0]
    item = table["Question"].str.split(".").str[0].astype(int)
    return table.assign(score=1 + 4 * (table[ANSWER] - 1) / 3, item=item)


def by(county: Company, *columns: str):
    asked = staff_selection(Selection(county.catalogue.ground.whole))
    return measure(county.cursor, county.catalogue, METRIC, Selection(asked.period), by=columns)


def test_scores_by_department_are_those_of_pandas_and_small_ones_are_hidden(county, answers):
    rows = answers.groupby(DEPARTMENT)
    means = sorted((round(group["score"].mean(), 5), len(group)) for _, group in rows)
    people = rows.apply(lambda group: group["item"].value_counts().max(), include_groups=False)
    found = by(county, "department")
    assert len(found) == len(means) == 21
    shown = sorted((round(m.value, 5), int(m.denominator)) for m in found if m.status != "private")
    hidden = [m.group[0][1] for m in found if m.status == "private"]
    assert set(shown) < set(means)
    assert len(shown) + len(hidden) == 21
    assert (people < LEAST).sum() == 1
    assert "family_justice" in hidden
    assert len(hidden) == 2, "the small one, and one more, or it could be worked out from the total"


def test_each_question_is_one_item_however_it_is_spelled_and_high_is_good(county, answers):
    found = {m.group[0][1]: (round(m.value, 5), int(m.denominator)) for m in by(county, "item")}
    wanted = answers.groupby("item")["score"].agg(["mean", "size"])
    assert sorted(found.values()) == sorted((round(mean, 5), int(n)) for mean, n in wanted.itertuples(index=False))
    agrees, disagrees = answers[ANSWER] == 4, answers[ANSWER] == 1
    assert answers[agrees]["score"].min() == 5
    assert answers[disagrees]["score"].max() == 1
    assert found["expected"][0] > found["friend"][0]


def test_people_are_as_many_as_the_most_answered_item_has_answers(county, answers):
    (whole,) = by(county)
    wanted = answers.groupby(DEPARTMENT).apply(lambda g: g["item"].value_counts().max(), include_groups=False).sum()
    assert whole.people <= wanted < len(answers) / 9
    assert whole.value == pytest.approx(answers["score"].mean())


def test_without_codes_of_respondents_there_is_no_alpha_and_the_page_says_so(
    county, opener, pierce_employee_survey_snapshots
):
    selection = Selection(county.catalogue.ground.whole)
    assert all(r.value is None and not r.is_linked for r in county.ask(reliabilities, selection))
    assert {e.status for e in county.ask(culture_effects, selection)} == {"unlinked"}
    for lang, said in (("en", "Export a code for each respondent"), ("fr", "code")):
        app = opener(pierce_employee_survey_snapshots)("culture", lang=lang, cut="department")
        no_error(app)
        assert said in words(app)


@pytest.mark.parametrize("page", ["overview", "washing", "cases", "voice", "data"])
def test_pages_open_on_a_company_that_only_asked_its_own_people(opener, pierce_employee_survey_snapshots, page):
    app = opener(pierce_employee_survey_snapshots)(page, lang="fr")
    no_error(app)
    assert app.header
