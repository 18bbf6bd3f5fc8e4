"""One metric on the metrics page: its value now, what it means, its SQL, an example to check by hand, its uses."""

import json
import unicodedata

import streamlit as st

from metrics.definitions import Metric
from pages.ui import explain, formats, kpi, link, store
from pages.ui.address import View
from pages.ui.index import Entry
from pages.ui.labels import column_label
from pages.ui.text import literal, t


def folded(text: str) -> str:
    """Lower case without accents, for searching."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def speaks_of(metric: Metric, wanted: str) -> bool:
    """Whether each word of a search stands in a metric's names or definition, in either language."""
    text = folded(" ".join([metric.name, *metric.label.values(), *metric.definition.values()]))
    return all(word in text for word in folded(wanted).split())


def entry(metric: Metric, view: View) -> Entry:
    """The name of a metric, which opens it, and what it is."""
    return Entry(metric.name, metric.label[view.lang], metric.definition[view.lang])


def value_now(metric: Metric, view: View) -> None:
    """Its value for the filters above, or why there is none."""
    settings, now = store.settings(view), store.measured(metric.name, view)[0]
    lang, currency = view.lang, settings.company.currency
    period = formats.period(view.selection.period, lang)
    if now.status == "private":
        words = t("metrics.now_private", lang, period=period, people=str(settings.thresholds.min_group))
    elif now.value is None:
        words = t("metrics.now_empty", lang, period=period, tables=", ".join(metric.needs))
    else:
        value = formats.amount(now.value, metric.unit, lang, currency)
        words = t("metrics.now", lang, period=period, value=value, sure=kpi.sureness(metric, now, lang, currency))
    st.caption(literal(words))


def entries(pairs: list[tuple[str, str]]) -> None:
    """Lines of a bold name and a text; both as they stand, without markdown of their own."""
    st.markdown("\n\n".join(f"**{literal(name)}**  \n{literal(text)}" for name, text in pairs if text))


def meaning(metric: Metric, view: View) -> list[tuple[str, str]]:
    """Everything that a definition says, in the order of asking."""
    lang, settings = view.lang, store.settings(view)
    cuts = [column_label(settings, c, lang) for c in (*store.catalogue(view).ground.segments, *metric.by)]
    said = [
        ("formula", metric.formula[lang]),
        ("unit", t(f"units.{metric.unit}", lang)),
        ("direction", t(f"metrics.directions.{metric.direction}", lang)),
        ("window", metric.window[lang]),
        ("exclusions", metric.exclusions[lang]),
        ("caution", metric.caution[lang]),
        ("additivity", t(f"metrics.additivities.{metric.additivity}", lang)),
        ("interval", t(f"interval.{metric.interval}", lang)),
        ("cuts", ", ".join(dict.fromkeys(cuts))),
        ("needs", ", ".join(metric.needs)),
        ("source", metric.source),
        ("code", metric.name),
    ]
    return [(t(f"metrics.entries.{key}", lang), text) for key, text in said]


def sql(metric: Metric, view: View) -> None:
    box = st.expander(t("metrics.sql", view.lang), key=f"sql_{metric.name}", on_change="rerun")
    if box.open:
        box.code(store.sql(metric.name, view), language="sql", wrap_lines=True)


def rows(metric: Metric, view: View) -> None:
    box = st.expander(t("metrics.rows", view.lang), key=f"rows_{metric.name}", on_change="rerun")
    if box.open:
        with box:
            explain.rows_behind(metric.name, view)


def example(metric: Metric, view: View) -> None:
    """The rows of the definition's example and what they give; the tests compute the same."""
    lang, shown = view.lang, metric.example
    for key, given in (("given", shown.given), ("per", shown.per), ("before", shown.before)):
        if given:
            st.caption(t(f"metrics.examples.{key}", lang))
            st.dataframe(texts(given), hide_index=True, key=f"example_{metric.name}_{key}")
    known = ("numerator", "denominator", "value")
    entries([(t(f"metrics.examples.{n}", lang), plainly(v, lang)) for n, v in shown.expect.items() if n in known])


def texts(given: list[dict]) -> dict[str, list[str]]:
    """Rows as columns of texts, as a JSON writes them; a row without a column has nothing there."""
    columns = list(dict.fromkeys(name for row in given for name in row))
    return {
        c: [json.dumps(row[c], ensure_ascii=False).strip('"') if c in row else "" for row in given] for c in columns
    }


def plainly(value: float | None, lang: str) -> str:
    """A number with as many decimals as it has, four at most."""
    if value is None:
        return formats.NOTHING
    decimals = next(d for d in range(5) if d == 4 or abs(value - round(value, d)) < 1e-9)
    return formats.number(value, lang, decimals)


def uses(metric: Metric, view: View) -> None:
    """Pages that show it, promises that rest on it, its target, and the metrics made from it."""
    lang, settings = view.lang, store.settings(view)
    for page, title in link.pages_showing(metric.name):
        link.page_link(title, page)
    currency = settings.company.currency
    said = [
        t(
            "metrics.pillar",
            lang,
            promise=pillar.promise[lang],
            target=target_text(pillar.target, metric, lang, currency),
        )
        for pillar in settings.pillars.values()
        if pillar.metric == metric.name
    ]
    if metric.name in settings.targets:
        target = target_text(settings.targets[metric.name], metric, lang, currency)
        said.append(t("metrics.target", lang, target=target))
    said += [
        t("metrics.change_of", lang, name=other.label[lang])
        for other in store.catalogue(view).metrics.values()
        if other.change_of == metric.name
    ]
    said.append(t("metrics.terminal", lang, command=f"python -m metrics {metric.name} --json"))
    st.markdown("\n".join(f"- {literal(line)}" for line in said))


def target_text(target: float | None, metric: Metric, lang: str, currency: str) -> str:
    return formats.amount(target, metric.unit, lang, currency)
