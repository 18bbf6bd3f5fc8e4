"""What a page is about, in words: for everything that leaves it, where no filter bar can be looked at."""

from collections.abc import Iterable
from dataclasses import dataclass

from pages.ui import formats, link, store
from pages.ui.address import View, frozen_address
from pages.ui.labels import code_label, column_label
from pages.ui.text import t


@dataclass(frozen=True)
class Stated:
    """page: its title. company: also that it is invented, if it is. limits: whose figures. data: how fresh, which."""

    page: str
    company: str
    period: str
    limits: str
    data: str
    address: str


def stated(view: View) -> Stated:
    """The words of a view, and the address that opens it as it is."""
    lang, settings, selection = view.lang, store.settings(view), view.selection
    before = selection.period.compared(selection.versus)
    period = formats.period(selection.period, lang)
    loaded = formats.moment(store.snapshot(view).manifest.built_at, lang)
    until = formats.day(store.last_day(view), lang)
    name = settings.company.name[lang]
    pairs = (*selection.where, *view.events, *selection.scope)
    return Stated(
        page=t(f"frame.pages.{view.page}", lang),
        company=f"{name} ({t('frame.sample', lang)})" if settings.company.is_sample else name,
        period=t("stated.compared", lang, period=period, before=formats.period(before, lang)) if before else period,
        limits=limits(pairs, view) or t("stated.everyone", lang),
        data=t("stated.data", lang, until=until, loaded=loaded, snapshot=view.snapshot or formats.NOTHING),
        address=link.site() + frozen_address(view),
    )


def limits(pairs: Iterable[tuple[str, tuple[str, ...]]], view: View) -> str:
    """Columns and the codes that limit them, in words; empty without any."""
    settings, lang = store.settings(view), view.lang
    return "; ".join(
        t(
            "explain.limit",
            lang,
            column=column_label(settings, column, lang),
            codes=", ".join(code_label(settings, column, code, lang) for code in codes),
        )
        for column, codes in pairs
    )
