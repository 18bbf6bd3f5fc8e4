"""The eleven signs on the page: verdict, the number that decided, its limits, the way to the evidence, what to do."""

from collections.abc import Sequence

import streamlit as st

from metrics.washing import CLEAR, MISSING, SOME, STRONG, Sign, Trial, by_chance
from pages.ui import after_sale, formats, link, store
from pages.ui.address import View
from pages.ui.charts import data_behind
from pages.ui.export import Column, Table
from pages.ui.link import can_open, page_link
from pages.ui.said import sentence
from pages.ui.shown import Drawn
from pages.ui.text import literal, t

BADGES = {
    STRONG: ("red", ":material/priority_high:"),
    SOME: ("orange", ":material/change_history:"),
    CLEAR: ("green", ":material/check:"),
}
UNTOLD = ("gray", ":material/question_mark:")
WIDTHS = (4, 15, 10)
# Where each number can be looked at: page, and what its address says besides. The first that is there.
EVIDENCE: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "unidentified": (("segments", {"metric": "unidentified_contact_share", "by": "channel"}),),
    "anonymous_sales": (("data", {"pick": "coverage"}),),
    "rejected_rows": (("data", {"pick": "rejected"}),),
    "silent_months": (("voice", {"tab": "heard"}),),
    "not_called_back": (("actions", {}), ("segments", {"metric": "loop_closed", "by": "touchpoint"})),
    "actions_started": (("actions", {}), ("promise", {"tab": "actions"})),
    "transfers": (("segments", {"metric": "transfer_rate", "by": "reason"}),),
    "not_easy": (("segments", {"metric": "effort", "by": "touchpoint"}),),
    "said_again": (("seams", {"axis": "channel", "look": "hand_off_repeated"}),),
    "same_for_all": (("value", {}),),
    "disparaging": (("segments", {"metric": "disparaging_notes", "by": "team"}),),
    "suggestions_left": (("segments", {"metric": "suggestions_left"}),),
    "moment_unanswered": (("segments", {"metric": "reached_after", "by": "touchpoint", "by2": "went"}),),
    "emotion_alone": (("segments", {"metric": "emotion_left_alone", "by": "touchpoint"}),),
    "emotional_drivers": (("outlook", {}),),
    "one_shot": (("value", {}),),
    "never_back": (("value", {}),),
    "hurried": (("contacts", {}),),
}


def listed(found: Sequence[Sign], view: View) -> None:
    """One row a sign."""
    kept_to_take_away(found, view)
    for sign in found:
        verdict, words, first = st.columns(WIDTHS, gap="small")
        with verdict:
            badge(sign.verdict, view)
        with words:
            title = literal(t(f"washing.signs.{sign.name}", view.lang))
            st.markdown(f"**{sign.number}. {title}**  \n{literal(evidence(sign, view))}")
        with first:
            st.markdown(literal(what_first(sign, view)))
            to_evidence(sign.deciding, view)
    chance = formats.number(by_chance(found), view.lang, 1)
    st.caption(
        literal(t("washing.note", view.lang, chance=chance, period=formats.period(view.selection.period, view.lang)))
    )


def kept_to_take_away(found: Sequence[Sign], view: View) -> None:
    """The signs as a table, on a slide and in the workbook."""
    lang, title = view.lang, t("washing.title", view.lang)
    heads = tuple(Column(t(f"washing.headers.{head}", lang)) for head in ("sign", "verdict", "evidence", "first"))
    rows = tuple(
        (
            f"{sign.number}. {t(f'washing.signs.{sign.name}', lang)}",
            t(f"washing.verdicts.{sign.verdict}", lang),
            evidence(sign, view),
            what_first(sign, view),
        )
        for sign in found
    )
    link.shown().charts["washing_signs"] = Drawn("washing_signs", None, title, lambda: Table(heads, rows))


def badge(verdict: str, view: View) -> None:
    colour, icon = BADGES.get(verdict, UNTOLD)
    st.badge(t(f"washing.verdicts.{verdict}", view.lang), color=colour, icon=icon)


def evidence(sign: Sign, view: View) -> str:
    """The number that decided, and its limits; of a sign that cannot be told, what is missing."""
    trial = sign.deciding
    if sign.verdict == MISSING:
        return t("washing.lacking", view.lang, what=lacked(sign.lacks, view))
    said = sentence(trial.sentence(), view)
    return said if trial.value is None else f"{said} {limits_text(trial, view)}"


def lacked(kinds: Sequence[str], view: View) -> str:
    return ", ".join(t(f"washing.lacks.{kind}", view.lang) for kind in kinds)


def limits_text(trial: Trial, view: View) -> str:
    some, strong = (limit(end, trial, view) for end in (trial.some, trial.strong))
    key = "same_limit" if some == strong else "limits"
    return t(f"washing.{key}_down" if trial.less_is_worse else f"washing.{key}", view.lang, some=some, strong=strong)


def limit(value: float, trial: Trial, view: View) -> str:
    if trial.unit == "share":
        return formats.share(value, view.lang, 0 if round(value * 100, 6).is_integer() else 1)
    if trial.unit == "points":
        points = formats.number(value * 100, view.lang)
        return t("washing.limit_points", view.lang, count=value * 100, points=points)
    return formats.number(value, view.lang)


def what_first(sign: Sign, view: View) -> str:
    """What to do first, of what to bring to be able to tell."""
    if sign.verdict in (STRONG, SOME):
        return t(f"washing.first.{sign.name}", view.lang)
    return t(f"washing.first_{sign.verdict}", view.lang)


def to_evidence(trial: Trial, view: View) -> None:
    """A link to the page that shows the number, in the state that shows it."""
    if trial.value is None:
        return
    page, parts = next((place for place in EVIDENCE[trial.name] if can_open(place[0])), EVIDENCE[trial.name][-1])
    if page == "value":
        parts = {"cut": after_sale.columns(view)[0]}
    label = t("washing.evidence", view.lang, page=t(f"frame.pages.{page}", view.lang))
    page_link(literal(label), page, **parts)


def every_test(found: Sequence[Sign], view: View) -> None:
    """All the tests behind the signs, as a table."""
    currency = store.settings(view).company.currency
    data_behind("washing_tests", lambda: table_of(found, view), view.lang, currency)


def table_of(found: Sequence[Sign], view: View) -> Table:
    """Shares and differences of shares from 0 to 1; what is counted stands under n."""
    lang = view.lang
    units = {"value": "share", "low": "share", "high": "share", "n": "count", "some": "share", "strong": "share"}
    heads = ("sign", "test", "verdict", *units, "period", "lacks")
    columns = tuple(Column(t(f"washing.headers.{head}", lang), units.get(head)) for head in heads)
    return Table(columns, tuple(row_of(sign, trial, view) for sign in found for trial in sign.trials))


def row_of(sign: Sign, trial: Trial, view: View) -> tuple:
    lang, is_share = view.lang, trial.unit != "count"
    numbers = (getattr(trial, name) if is_share else None for name in ("value", "low", "high"))
    limits = (end if is_share else None for end in (trial.some, trial.strong))
    words = (t(f"washing.names.{trial.name}", lang), t(f"washing.verdicts.{trial.verdict}", lang))
    period = formats.period(trial.period, lang) if trial.period else None
    return (sign.number, *words, *numbers, trial.n, *limits, period, lacked(trial.lacks, view) or None)
