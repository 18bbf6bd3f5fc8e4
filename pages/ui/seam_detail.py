"""The seams page, below the matrix: what channels count and customers live, the little nothings, the cases."""

from collections.abc import Mapping, Sequence

import streamlit as st

from metrics.findings import Finding
from metrics.little_nothings import Dose, Gap
from metrics.query import Measurement
from metrics.seams import COUNTED
from pages.ui import formats, group_figures, groups, kpi, seam_figures, seams, store
from pages.ui import said as spoken
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table, readable
from pages.ui.gap_figures import Dot
from pages.ui.group_figures import Group
from pages.ui.labels import code_label
from pages.ui.seam_figures import Line
from pages.ui.text import literal, t

SIDE = "cem"
MARKS = ("fcr", "resolution_in_one_contact", "says_resolved")


def said(found: Sequence[Finding], view: View) -> None:
    for finding in found:
        st.markdown(f"**{literal(spoken.sentence(finding, view))}**")


def counted(view: View) -> None:
    """First-contact resolution by channel: as the channel counts it, as the customer lives it, as the customer says."""
    lang, settings = view.lang, store.settings(view)
    known = {name: by_channel(name, view) for name in COUNTED}
    codes = [code for code, m in known["fcr"].items() if m.value is not None]
    st.subheader(t("seams.counted_title", lang), anchor=False)
    if not codes:
        st.caption(literal(kpi.missing(("fcr",), view)))
        return
    codes.sort(key=lambda code: -(known["hidden_seam"][code].value or 0) if code in known["hidden_seam"] else 0)
    lines = [line_of(code, known, view) for code in codes]
    labels = {name: t(f"seams.marks.{name}", lang) for name in MARKS}
    figure = store.drawn("seams_counted", view, lambda: seam_figures.lines(lines, labels))
    alt = t("seams.counted_alt", lang, channels="; ".join(f"{line.name}: {line.detail}" for line in lines))
    chart(
        "seams_counted", figure, alt, lambda: counted_table(codes, known, view), lang, settings.company.currency,
        t("seams.counted_note", lang),
    )  # fmt: skip
    names = ("hidden_seam", "hidden_seam_cost", "says_resolved", "unidentified_contact_share")
    kpi.row(names, view, "counted")


def by_channel(name: str, view: View) -> dict[str, Measurement]:
    """Channel -> measurement, without empty ones."""
    found = store.measured(name, view, by=("channel",), versus="none")
    return {m.group[0][1]: m for m in found if m.status != "empty"}


def line_of(code: str, known: dict[str, dict[str, Measurement]], view: View) -> Line:
    lang, metrics = view.lang, store.catalogue(view).metrics
    hidden, unknown = (known[name].get(code) for name in ("hidden_seam", "unidentified_contact_share"))
    words = [
        t("seams.hidden_words", lang, number=groups.words_of(metrics["hidden_seam"], hidden, view)) if hidden else "",
        t("seams.unknown_words", lang, share=formats.share(unknown.value, lang)) if unknown and unknown.value else "",
    ]
    marks = {name: known[name][code] for name in MARKS if code in known[name] and known[name][code].value is not None}
    points = {name: Dot(m.value, m.low, m.high, m.status == "shown") for name, m in marks.items()}
    hover = tuple(f"{t(f'seams.marks.{n}', lang)}: {groups.words_of(metrics[n], m, view)}" for n, m in marks.items())
    label = code_label(store.settings(view), "channel", code, lang)
    return Line(label, " · ".join(filter(None, words)), points, hover)


def counted_table(codes: Sequence[str], known: dict[str, dict[str, Measurement]], view: View) -> Table:
    lang, metrics = view.lang, store.catalogue(view).metrics
    heads = [Column(t("columns.channel", lang))]
    for name in COUNTED:
        label = metrics[name].label[lang]
        heads += [Column(label, "share")]
        heads += [Column(t(f"journey.headers.{end}", lang, metric=label), "share") for end in ("low_of", "high_of")]
        heads += [Column(t("journey.headers.n_of", lang, metric=label), "count")]
    rows = (
        (
            code_label(store.settings(view), "channel", code, lang),
            *(getattr(known[n].get(code), field, None) for n in COUNTED for field in ("value", "low", "high", "n")),
        )
        for code in codes
    )
    return Table(tuple(heads), tuple(rows))


def nothings(found: Sequence[Dose], view: View) -> None:
    """After how many little nothings customers stopped, beyond customers like them who had none."""
    lang = view.lang
    st.subheader(t("seams.nothings_title", lang), anchor=False)
    counted_doses = [dose for dose in found if dose.n_little]
    if not counted_doses:
        st.caption(literal(t("seams.no_nothings", lang)))
        return
    rows = [
        Group(str(d.n_little), dose_name(d, found, lang), dose_words(d, lang), d.value, d.low, d.high, d.is_told)
        for d in counted_doses
    ]
    figure = store.drawn("seams_nothings", view, lambda: group_figures.forest(rows, 0.0, SIDE, "+.0%", False))
    alt = t("seams.nothings_alt", lang, doses="; ".join(f"{row.name} {row.detail}" for row in rows))
    months = str(store.catalogue(view).ground.windows["stop_months"])
    first, last = (formats.month(edge, lang) for edge in (found[0].first_on, found[0].last_on))
    note = t("seams.nothings_note", lang, months=months, first=first, last=last)
    chart("seams_nothings", figure, alt, lambda: doses_table(found, lang), lang, "", note)
    st.markdown(f"**{literal(t('seams.distribution', lang))}**")
    st.dataframe(distribution(found, lang), hide_index=True, key="seams_distribution")
    st.caption(literal(t("seams.distribution_note", lang)))


def dose_name(dose: Dose, found: Sequence[Dose], lang: str) -> str:
    n = formats.number(dose.n_little, lang)
    is_last = dose is found[-1] and dose.n_little > 1
    return t("seams.dose_or_more" if is_last else "seams.dose", lang, count=dose.n_little, n=n)


def dose_words(dose: Dose, lang: str) -> str:
    holes = {
        "value": formats.change(dose.value, "share", lang),
        "low": formats.number(dose.low * 100, lang, 1),
        "high": formats.number(dose.high * 100, lang, 1),
        "stopped": formats.share(dose.stopped, lang),
        "reference": formats.share(dose.reference, lang),
        "n": formats.number(dose.n_matched, lang),
    }
    return t("seams.dose_differed" if dose.differed_before else "seams.dose_words", lang, **holes)


def distribution(found: Sequence[Dose], lang: str) -> dict[str, list[str]]:
    """How many little nothings those had lived who then stopped, and those who stayed."""
    stopped, stayed = (sum(d.n_stopped for d in found), sum(d.n - d.n_stopped for d in found))
    heads = [t(f"seams.headers.{name}", lang) for name in ("number", "of_stopped", "of_stayed", "rate")]
    heads.insert(3, t("seams.dose_headers.n", lang))
    columns = (
        [dose_name(d, found, lang) for d in found],
        [formats.share(d.n_stopped / stopped if stopped else None, lang) for d in found],
        [formats.share((d.n - d.n_stopped) / stayed if stayed else None, lang) for d in found],
        [formats.number(d.n, lang) for d in found],
        [formats.share(d.n_stopped / d.n if d.n else None, lang) for d in found],
    )
    return dict(zip(heads, columns, strict=True))


def doses_table(found: Sequence[Dose], lang: str) -> Table:
    kinds = {"n": "count", "n_stopped": "count", "stopped": "share", "reference": "share", "value": "share"}
    kinds |= dict.fromkeys(("low", "high", "told_low", "placebo", "placebo_low", "placebo_high"), "share")
    kinds |= {"n_matched": "count"}
    columns = (Column(t("seams.headers.number", lang)),)
    columns += tuple(Column(t(f"seams.dose_headers.{name}", lang), unit) for name, unit in kinds.items())
    return Table(columns, tuple((dose_name(d, found, lang), *(getattr(d, name) for name in kinds)) for d in found))


def cases(names: Sequence[str], by_hand_offs: Mapping[str, Sequence[Measurement]], view: View) -> None:
    """Issues as the case system knows them: by how often they changed hands, and which teams hand over."""
    lang, metrics = view.lang, store.catalogue(view).metrics
    st.subheader(t("seams.cases_title", lang), anchor=False)
    kpi.row(names, view, "cases")
    for name, found in by_hand_offs.items():
        if found:
            st.markdown(f"**{literal(t('seams.by_hand_offs', lang, metric=metrics[name].label[lang]))}**")
            case_groups(name, "hand_offs", found, view)
    by_team = [m for m in store.measured("handed_off_issues", view, by=("team",), versus="none") if m.value is not None]
    if by_team:
        st.markdown(f"**{literal(t('seams.handed_by_team', lang))}**")
        busiest = sorted(by_team, key=lambda m: -m.n)[: seams.MOST_RANKED]
        case_groups("handed_off_issues", "team", sorted(busiest, key=lambda m: -m.value), view)
    st.caption(literal(t("seams.cases_note", lang)))


def case_groups(name: str, column: str, found: Sequence[Measurement], view: View) -> None:
    """A metric of the issues by one column, in the order given, with intervals."""
    lang, settings, metric = view.lang, store.settings(view), store.catalogue(view).metrics[name]
    names = [code_label(settings, column, m.group[0][1], lang) for m in found]
    rows = [
        Group(m.group[0][1], label, groups.words_of(metric, m, view), m.value, m.low, m.high, m.status == "shown")
        for label, m in zip(names, found, strict=True)
    ]
    key = f"seams_{name}_{column}"
    figure = store.drawn(key, view, lambda: group_figures.forest(rows, None, SIDE, groups.TICKS["share"], False))
    alt = t("segments.alt", lang, metric=metric.label[lang], groups="; ".join(f"{r.name} {r.detail}" for r in rows))
    kinds = {"value": "share", "low": "share", "high": "share", "n": "count"}
    heads = [Column(t("segments.headers.group", lang))]
    heads += [Column(t(f"segments.headers.{field}", lang), unit) for field, unit in kinds.items()]
    table = Table(tuple(heads), tuple((n, *(getattr(m, f) for f in kinds)) for n, m in zip(names, found, strict=True)))
    chart(key, figure, alt, lambda: table, lang, settings.company.currency)


@st.fragment
def sensitivity(found: Sequence[Gap], view: View) -> None:
    """How issues are put together, and how much hangs on it; closed until asked for."""
    if not found:
        return
    lang = view.lang
    box = st.expander(t("seams.assembled", lang), key="seams_assembled", on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(literal(t("seams.assembled_how", lang, days=str(next(g.gap_days for g in found if g.is_chosen)))))
        kinds = {"n": "count", "n_contacts": "count", "value": "share", "low": "share", "high": "share"}
        heads = [Column(t(f"seams.headers.{name}", lang)) for name in ("gap", "numbers")]
        heads += [Column(t(f"seams.gap_headers.{name}", lang), unit) for name, unit in kinds.items()]
        rows = ((*gap_names(gap, lang), *(getattr(gap, name) for name in kinds)) for gap in found)
        st.dataframe(readable(Table(tuple(heads), tuple(rows)), lang, ""), hide_index=True, key="seams_gaps")


def gap_names(gap: Gap, lang: str) -> tuple[str, str]:
    key = "seams.gap_chosen" if gap.is_chosen else "seams.gap_days"
    numbers = t("seams.with_numbers" if gap.has_case_numbers else "seams.without_numbers", lang)
    return t(key, lang, n=str(gap.gap_days)), numbers
