"""The blind spot on the page: who stands where now, and what became of those who stood there before."""

from metrics.blind_spot import BlindSpot, Quadrant
from pages.ui import figures, formats, store
from pages.ui.address import View
from pages.ui.charts import chart
from pages.ui.export import Column, Table
from pages.ui.text import t

ORDER = ("silent_risk", "healthy", "known_risk", "unseen_love", "unknown")


def standing(spot: BlindSpot, view: View) -> None:
    """The scatter, quadrants in customers and money; beside it those whom nothing lets us place."""
    lang, currency = view.lang, store.settings(view).company.currency
    labels = {q: label(spot, q, view) for q in ORDER if q != "unknown"}
    axes = (t("quadrants.crm_axis", lang), t("quadrants.cem_axis", lang))
    figure = store.drawn(
        "blind_spot",
        view,
        lambda: figures.blind_spot(
            spot.points, spot.cuts, labels, axes, t("quadrants.hover", lang, crm="{crm}", cem="{cem}")
        ),
    )
    alt = t("quadrants.alt", lang, **{q: size(spot, q, view) for q in ORDER})
    key = "quadrants.sample" if spot.points else "quadrants.no_sample"
    sample = t(key, lang, n=formats.number(len(spot.points), lang))
    unknown = (
        t("quadrants.unknown", lang, size=size(spot, "unknown", view))
        if spot.quadrants["unknown"].customers != 0
        else ""
    )
    chart("blind_spot", figure, alt, lambda: points_table(spot, lang), lang, currency, f"{unknown} {sample}".strip())


def outcomes(spot: BlindSpot, view: View) -> None:
    """Share of each quadrant's former customers who stopped buying, with its interval and n."""
    lang, currency = view.lang, store.settings(view).company.currency
    bars = [bar(spot, q, lang) for q in ORDER]
    figure = store.drawn("outcomes", view, lambda: figures.shares(bars))
    alt = " ".join(f"{b.name}: {b.detail}." for b in bars)
    chart("outcomes", figure, alt, lambda: quadrants_table(spot, lang), lang, currency, ratio(spot, lang))


def ratio(spot: BlindSpot, lang: str) -> str:
    """How the comparison of the finding is made, since the bars alone give another ratio."""
    if spot.risk is None:
        return ""
    times, low, high = (
        formats.number(v, lang, spot.risk.decimals) for v in (spot.risk.value, spot.risk.low, spot.risk.high)
    )
    return t("quadrants.ratio", lang, times=times, low=low, high=high)


def name(quadrant: str, lang: str) -> str:
    return t(f"quadrants.names.{quadrant}", lang)


def label(spot: BlindSpot, quadrant: str, view: View) -> figures.QuadrantLabel:
    found = spot.quadrants[quadrant]
    if found.customers is None:
        return figures.QuadrantLabel(name(quadrant, view.lang), t("quadrants.hidden_short", view.lang), "")
    return figures.QuadrantLabel(name(quadrant, view.lang), customers(found, view), revenue(found, view))


def size(spot: BlindSpot, quadrant: str, view: View) -> str:
    """1,204 customers · €2.1M, or that the group is too small to be shown."""
    found = spot.quadrants[quadrant]
    return " · ".join(filter(None, [customers(found, view), revenue(found, view)]))


def customers(found: Quadrant, view: View) -> str:
    if found.customers is None:
        return t("quadrants.hidden", view.lang)
    n = formats.number(found.customers, view.lang)
    return t("quadrants.customers", view.lang, count=found.customers, n=n)


def revenue(found: Quadrant, view: View) -> str:
    return (
        "" if found.revenue is None else formats.money(found.revenue, view.lang, store.settings(view).company.currency)
    )


def bar(spot: BlindSpot, quadrant: str, lang: str) -> figures.Bar:
    past = spot.quadrants[quadrant].past
    if past is None:
        key = "quadrants.hidden" if spot.quadrants[quadrant].is_past_hidden else "quadrants.no_past"
        return figures.Bar(name(quadrant, lang), t(key, lang), None, None, None)
    value, (low, high) = formats.share(past.value, lang), formats.ends(past.low, past.high, "share", lang)
    words = t("quadrants.stopped", lang, value=value, low=low, high=high, n=formats.number(past.n, lang))
    is_silent = quadrant == "silent_risk"
    return figures.Bar(name(quadrant, lang), words, past.value, past.low, past.high, is_silent)


def points_table(spot: BlindSpot, lang: str) -> Table:
    columns = (
        Column(t("quadrants.crm_axis", lang), "count"),
        Column(t("quadrants.cem_axis", lang), "count"),
        Column(t("quadrants.column", lang)),
    )
    return Table(columns, tuple((crm, cem, name(q, lang)) for crm, cem, q in spot.points))


def quadrants_table(spot: BlindSpot, lang: str) -> Table:
    headers = ("customers", "revenue", "n", "stopped_share", "low", "high")
    units = ("count", "money", "count", "share", "share", "share")
    columns = [Column(t(f"quadrants.headers.{h}", lang), u) for h, u in zip(headers, units, strict=True)]
    rows = []
    for code, q in spot.quadrants.items():
        past = (q.past.n, q.past.value, q.past.low, q.past.high) if q.past else (None,) * 4
        rows.append((name(code, lang), q.customers, q.revenue, *past))
    return Table((Column(t("quadrants.column", lang)), *columns), tuple(rows))
