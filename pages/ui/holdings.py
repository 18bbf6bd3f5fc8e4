"""The data page's parts: the ledger, rejected rows, warnings, coverage, snapshots and what changed between two."""

import streamlit as st

from metrics import inventory
from pages.ui import compared, formats, keeping, link, store
from pages.ui.address import View
from pages.ui.charts import save
from pages.ui.export import Column, Table
from pages.ui.labels import code_label, column_label
from pages.ui.tables import show
from pages.ui.text import literal, sentences, t

SHOWN_REJECTS = 1000
EVERY_REJECT = 1_000_000
LEDGER_HEADERS = (
    *("source", "file", "table", "rows_in", "loaded", "rejected", "duplicate", "superseded", "not_applicable"),
    *("bytes", "modified_at", "data_from", "data_to"),
)


def columns(names: tuple[str, ...], lang: str, units: dict[str, str]) -> tuple[Column, ...]:
    return tuple(Column(t(f"data.headers.{name}", lang), units.get(name)) for name in names)


def rule_name(rule: str, lang: str) -> str:
    """What a rule of the loading is called; the rule itself when it is newer than these words."""
    key = f"data.rules.{rule}"
    return t(key, lang) if key in sentences(lang) else rule


def warnings(view: View) -> None:
    """What the loading warned of; opened when it is short."""
    found, lang = store.inventoried(inventory.warnings, view.snapshot), view.lang
    if not found:
        return
    lines = [
        f"- {literal(rule_name(w.rule, lang))} · :gray[{literal(' · '.join(p for p in (w.file, w.message) if p))}]"
        for w in found
    ]
    title = t("data.warnings", lang, count=len(found), n=str(len(found)))
    with st.expander(title, icon=":material/warning:"):
        st.markdown("\n".join(lines))


def loaded(view: View) -> None:
    """One line a file and table: rows in = loaded + rejected + duplicates + replaced + not for this table."""
    st.caption(t("data.loaded_explained", view.lang))
    counts = dict.fromkeys(("rows_in", "loaded", "rejected", "duplicate", "superseded", "not_applicable"), "count")
    zone = store.settings(view).company.time_zone
    rows = [
        (
            *(line.source, f"{line.file} · {line.sheet}" if line.sheet else line.file, line.table, line.rows_in),
            *(
                line.loaded,
                line.rejected,
                line.duplicate,
                line.superseded,
                line.not_applicable,
                formats.size(line.bytes, view.lang),
            ),
            *(formats.moment(formats.local(line.modified_at, zone), view.lang), line.data_from, line.data_to),
        )
        for line in store.inventoried(inventory.ledger, view.snapshot)
    ]
    show("data_loaded", Table(columns(LEDGER_HEADERS, view.lang, counts), tuple(rows)), view)


def rejected(view: View) -> None:
    """Each value that kept a row out, where to find it and what was expected."""
    count = store.inventoried(inventory.n_rejects, view.snapshot)
    if not count:
        st.markdown(t("data.no_rejects", view.lang))
        return
    st.caption(
        t(
            "data.rejects_explained",
            view.lang,
            shown=formats.number(min(count, SHOWN_REJECTS), view.lang),
            n=formats.number(count, view.lang),
        )
    )
    show("data_rejected", rejects_table(view, SHOWN_REJECTS), view, is_saved=False)
    save(t("chart.csv", view.lang), "data_rejected_all", rejects_table(view, EVERY_REJECT))


def rejects_table(view: View, limit: int) -> Table:
    names = ("source", "file", "line", "table", "column", "value", "rule", "message")
    rows = [
        (
            r.source,
            f"{r.file} · {r.sheet}" if r.sheet else r.file,
            r.line,
            r.table,
            r.column,
            r.value,
            rule_name(r.rule, view.lang),
            r.message,
        )
        for r in store.inventoried(inventory.rejects, view.snapshot, limit)
    ]
    return Table(columns(names, view.lang, {}), tuple(rows))


def coverage(view: View) -> None:
    """How many customers have each kind of data, in all and by segment; what is missing, and what it would feed."""
    lang = view.lang
    kinds = store.inventoried(inventory.kinds, view.snapshot)
    st.subheader(t("data.coverage_all", lang), anchor=False)
    names = ("kind", "rows", "anonymous", "first", "last", "covered", "covered_share", "covered_12m_share")
    units = {
        "rows": "count",
        "anonymous": "count",
        "covered": "count",
        "covered_share": "share",
        "covered_12m_share": "share",
    }
    rows = [
        (t(f"data.kinds.{k.name}", lang), k.rows, k.anonymous, k.first, k.last, k.covered, *shares(k)) for k in kinds
    ]
    show("data_coverage", Table(columns(names, lang, units), tuple(rows)), view)
    absent(view)
    by_segment(kinds, view)


def shares(kind: inventory.Kind) -> tuple[float | None, float | None]:
    if not kind.customers:
        return None, None
    return kind.covered / kind.customers, kind.covered_12m / kind.customers


def absent(view: View) -> None:
    """The tables that nothing feeds, and the metrics that would need them."""
    counts, lang = store.snapshot(view).manifest.rows, view.lang
    empty = sorted(
        n.removeprefix("canonical.") for n, rows in counts.items() if n.startswith("canonical.") and not rows
    )
    if not empty:
        return
    metrics = store.catalogue(view).metrics.values()
    needing = {table: [m.label[lang] for m in metrics if table in m.needs] for table in empty}
    st.subheader(t("data.absent_title", lang), anchor=False)
    lines = [
        "- " + t("data.absent_needed", lang, table=f"`{table}`", metrics=literal(", ".join(labels)))
        for table, labels in needing.items()
        if labels
    ]
    st.markdown("\n".join(lines))
    others = [f"`{table}`" for table, labels in needing.items() if not labels]
    if others:
        st.caption(t("data.absent", lang, tables=", ".join(others)))


def by_segment(kinds: tuple[inventory.Kind, ...], view: View) -> None:
    """Share of the customers of each segment with each kind of data; small groups are left out."""
    settings, lang = store.settings(view), view.lang
    segments = store.catalogue(view).ground.segments
    st.subheader(t("data.coverage_by", lang), anchor=False)
    wanted = (view.pick or "").partition(".")[2]
    column = st.selectbox(
        t("data.by", lang),
        segments,
        format_func=lambda c: column_label(settings, c, lang),
        key=link.widget("by", wanted if wanted in segments else segments[0]),
        on_change=cut_by,
        width=260,
    )
    found = store.inventoried(inventory.coverage, view.snapshot, column, settings.thresholds.min_group)
    cells = {(c.code, c.kind): c for c in found}
    codes = list(dict.fromkeys(c.code for c in found))
    header = (
        Column(column_label(settings, column, lang)),
        Column(t("data.headers.customers", lang), "count"),
        *(Column(t(f"data.kinds.{k.name}", lang), "share") for k in kinds),
    )
    rows = [
        (
            code_label(settings, column, code, lang),
            cells[code, kinds[0].name].customers,
            *(cells[code, k.name].covered / cells[code, k.name].customers for k in kinds),
        )
        for code in codes
    ]
    show(f"data_coverage_{column}", Table(header, tuple(rows)), view)
    st.caption(t("data.small_left_out", lang, people=str(settings.thresholds.min_group)))


def cut_by() -> None:
    link.go(pick=f"coverage.{link.chosen('by')}")


def snapshots(view: View) -> None:
    """The kept snapshots, and what changed between the shown one and another (`pick` in the address)."""
    lang = view.lang
    kept = store.manifests()
    names = ("snapshot", "built_at", "inputs", "size", "definitions", "kept_until")
    rows = [
        (
            m.id,
            formats.moment(m.built_at, lang),
            len(m.inputs),
            formats.size(m.bytes, lang),
            m.definitions_version[:8],
            keeping.kept_until_text(m.id, lang),
        )
        for m in kept
    ]
    show("data_snapshots", Table(columns(names, lang, {"inputs": "count"}), tuple(rows)), view, is_saved=False)
    keeping.kept_list(view)
    others = [m.id for m in kept if m.id != view.snapshot]
    if not others:
        st.markdown(t("data.only_one", lang))
        return
    default = view.pick if view.pick in others else store.snapshot(view).manifest.previous
    other = st.selectbox(
        t("data.compare_with", lang),
        others,
        key=link.widget("pick", default if default in others else others[0]),
        on_change=pick_other,
        width=320,
    )
    compared.differences(other, view)


def pick_other() -> None:
    link.go(pick=link.chosen("pick"))
