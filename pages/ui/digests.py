"""A digest in words: three signals, one thing that is fine, one customer's story, each with its link; text and HTML."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from html import escape

from data.written.notes import Note
from metrics.definitions import Metric
from metrics.query import Measurement
from metrics.signals import Signal, Watched, watched
from metrics.walks import Event, candidates, usable, walk
from pages.ui import formats, kpi, notes, store, walks
from pages.ui.address import View, address
from pages.ui.labels import code_label, column_label
from pages.ui.takeaway.looks import colour
from pages.ui.text import t

MOST_EVENTS = 8  # of a story


@dataclass(frozen=True)
class Item:
    """A paragraph: what it says, lines under it, and where it leads (label and address)."""

    words: str
    lines: tuple[str, ...] = ()
    link: tuple[str, str] | None = None


@dataclass(frozen=True)
class Digest:
    """`sections`: title and items. fingerprint: of what is said; the same when nothing changed."""

    subject: str
    sections: tuple[tuple[str, tuple[Item, ...]], ...]
    foot: tuple[str, ...]
    fingerprint: str


def digest(view: View, site: str) -> Digest:
    """Of the whole company, for the period and language of a view. `site`: where links lead, without a slash."""
    lang, found = view.lang, store.computed(watched, view)
    company = store.settings(view).company.name[lang]
    month = formats.month_name(found.month, lang)
    story = the_story(view, site)
    silence = t("digest.no_signal" if found.series else "digest.unjudged", lang, month=month)
    signals = tuple(signal_item(s, view, site) for s in found.signals) or (Item(silence),)
    sections = [(t("digest.signals", lang), signals), (t("digest.fine", lang), (fine_item(found, view, site),))]
    sections += [(t("digest.story", lang), (story,))] if story else []
    remarks = notes.around(found.month)
    sections += [(t("notes.title", lang), tuple(note_item(note, view, site) for note in remarks))] if remarks else []
    watching = t("digest.watching", lang, series=str(found.series), units=formats.number(found.units, lang))
    loaded = formats.moment(store.snapshot(view).manifest.built_at, lang)
    data = t("stated.data", lang, until=formats.day(store.last_day(view), lang), loaded=loaded, snapshot=view.snapshot)
    subject = t(
        "digest.subject", lang, count=len(found.signals), company=company, month=month, n=str(len(found.signals))
    )
    return Digest(subject, tuple(sections), (watching, t("digest.rules", lang), data), fingerprint(found, remarks))


def note_item(note: Note, view: View, site: str) -> Item:
    """A note for the room, with the way to the page it was written on."""
    return Item(notes.words(note, view.lang), (), (t("digest.see", view.lang), linked(view, site, note.page)))


def fingerprint(found: Watched, remarks: Sequence[Note] = ()) -> str:
    """Of the month and what is said of it, not of its digits: a loading that changes no message sends none."""
    said = [found.month.isoformat(), *((s.kind, s.metric, s.way, s.group) for s in found.signals)]
    said += [note.id for note in remarks]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def signal_item(signal: Signal, view: View, site: str) -> Item:
    lang, settings, m = view.lang, store.settings(view), signal.measurement
    metric = store.catalogue(view).metrics[signal.metric]
    low, high = formats.ends(signal.low, signal.high, metric.unit, lang, settings.company.currency)
    key = signal.kind if signal.kind != "run" else f"run_{signal.way}"
    words = t(
        f"digest.said.{key}",
        lang,
        metric=metric.label[lang],
        column=column_label(settings, signal.group[0], lang) if signal.group else "",
        group=code_label(settings, *signal.group, lang) if signal.group else "",
        month=formats.month_name(m.start, lang),
        period=formats.period(view.selection.period, lang),
        value=amount(m.value, metric, view),
        n=formats.number(m.n, lang),
        expected=amount(signal.expected, metric, view),
        low=low,
        high=high,
    )
    tone = t(f"digest.tone.{ {True: 'worse', False: 'better', None: 'moved'}[signal.is_bad] }", lang)
    parts = {"metric": signal.metric, "shape": "trend"}
    if signal.group:
        parts = {"metric": signal.metric, "by": signal.group[0], "shape": "funnel"}
    return Item(f"{tone} {words}", (), (t("digest.see", lang), linked(view, site, "segments", **parts)))


def amount(value: float | None, metric: Metric, view: View) -> str:
    return formats.amount(value, metric.unit, view.lang, store.settings(view).company.currency)


def fine_item(found: Watched, view: View, site: str) -> Item:
    """A metric that reached its target, else the first without a target that stayed inside its limits."""
    lang, settings, known = view.lang, store.settings(view), store.catalogue(view).metrics
    aims = settings.targets
    reached = [m for m in found.calm if m.metric in aims and is_reached(known[m.metric], m, aims[m.metric])]
    for m in (*reached, *(m for m in found.calm if m.metric not in aims)):
        metric, target = known[m.metric], aims.get(m.metric)
        words = t(
            "digest.said.reached" if m in reached else "digest.said.calm",
            lang,
            metric=metric.label[lang],
            value=amount(m.value, metric, view),
            sureness=kpi.sureness(metric, m, lang, settings.company.currency),
            target=amount(target, metric, view),
        )
        return Item(words, (), (t("digest.see", lang), linked(view, site, "segments", metric=m.metric, shape="trend")))
    return Item(t("digest.said.nothing_fine", lang))


def is_reached(metric: Metric, m: Measurement, target: float) -> bool:
    """By the whole interval, as a tile says it."""
    return metric.direction in ("up", "down") and kpi.verdict(metric, m, target) == "reached"


def the_story(view: View, site: str) -> Item | None:
    """The first customer of the first rule to which anybody answers, masked, with the rule in print."""
    lang, rules = view.lang, store.whatever_is_filtered(usable, view.snapshot)
    for rule in rules:
        offered = store.computed(candidates, view, rule, "")
        found = store.computed(walk, view, offered.tokens[0], False) if offered.tokens else None
        if found is None:
            continue
        chosen, told = walks.how_chosen(rule, "", offered.total, view), told_of(found.events)
        events = tuple(t("digest.event", lang, day=formats.day(e.at, lang), words=walks.told(e, view)) for e in told)
        link = linked(view, site, "walk", rule=rule)
        return Item(f"{chosen} {t('walk.masked', lang)}", events, (t("digest.walk", lang), link))
    return None


def told_of(events: Sequence[Event]) -> list[Event]:
    """What went wrong, then what is nearest to where it began, as many as fit; in their order."""
    bad = [i for i, event in enumerate(events) if walks.is_bad(event)]
    first = bad[0] if bad else len(events)
    others = sorted(set(range(len(events))) - set(bad), key=lambda i: abs(i - first))
    return [events[i] for i in sorted([*bad, *others][:MOST_EVENTS])]


def linked(view: View, site: str, page: str, **parts: str) -> str:
    """The copied form of a link: absolute dates, this very snapshot."""
    return site + address(replace(view, page=page, parts=(), pick=None, is_pinned=True), **parts)


def as_text(found: Digest, lang: str) -> str:
    lines = [found.subject, ""]
    for title, items in found.sections:
        lines += [title.upper(), ""]
        for item in items:
            lines += [f"* {item.words}", *(f"    {line}" for line in item.lines)]
            label, to = item.link or ("", "")
            lines += [f"    {t('digest.link', lang, label=label, address=to)}" if to else "", ""]
    return "\n".join([*lines, "--", *found.foot, ""])


def as_html(found: Digest, lang: str) -> str:
    """One column, every look in its element: mail programs know no style sheets, and nothing is fetched."""
    body = "".join(section(title, items) for title, items in found.sections)
    foot = "".join(f'<p style="margin:0 0 6px">{escape(line)}</p>' for line in found.foot)
    ink, quiet, rule = colour("textColor"), colour("grayTextColor"), colour("borderColor")
    around, paper = colour("secondaryBackgroundColor"), colour("backgroundColor")
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(found.subject)}</title></head>'
        f'<body style="margin:0;padding:24px 12px;background:#{around};color:#{ink};font:15px/1.5 Arial,sans-serif">'
        f'<div style="max-width:640px;margin:0 auto;background:#{paper};padding:24px 28px;border-radius:4px">'
        f'<h1 style="font-size:20px;line-height:1.3;margin:0 0 18px">{escape(found.subject)}</h1>{body}'
        f'<div style="border-top:1px solid #{rule};padding-top:12px;font-size:12px;color:#{quiet}">{foot}</div>'
        f"</div></body></html>"
    )


def section(title: str, items: Sequence[Item]) -> str:
    accent, link = colour("orangeTextColor"), colour("linkColor")
    parts = [f'<h2 style="font-size:13px;margin:20px 0 8px;color:#{accent}">{escape(title)}</h2>']
    for item in items:
        parts.append(f'<p style="margin:0 0 8px">{escape(item.words)}</p>')
        if item.lines:
            lines = "".join(f'<li style="margin:0 0 4px">{escape(line)}</li>' for line in item.lines)
            parts.append(f'<ul style="margin:0 0 8px;padding-left:18px;font-size:13px">{lines}</ul>')
        if item.link:
            label, to = map(escape, item.link)
            parts.append(f'<p style="margin:0 0 16px"><a href="{to}" style="color:#{link}">{label}</a></p>')
    return "".join(parts)


def message(found: Digest, lang: str, sender: str, to: Sequence[str]) -> EmailMessage:
    """Text, and HTML beside it, as one message to hand to a mail program."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = found.subject, sender
    if to:
        mail["To"] = ", ".join(to)
    mail["Content-Language"] = lang
    mail.set_content(as_text(found, lang))
    mail.add_alternative(as_html(found, lang), subtype="html")
    return mail
