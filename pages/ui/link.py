"""The only module that reads and writes the address (st.query_params) and what a session remembers (st.session_state).

The address is the state. Widgets show it: before they are drawn, their values are set from the view; when one of them
changes, its callback writes the address, from which the next run is computed. So Back, a pasted link and a click all
take the same way. A session remembers three things only: the view of the run, the pages it may link to, and the last
address, to keep the filters when the navigation opens another page with a bare address.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.ui.access import reader
from pages.ui.address import View, changed, params_of
from pages.ui.shown import Shown
from pages.ui.text import t

VIEW, LAST, RUN, BAR = "outside_in.view", "outside_in.last", "outside_in.run", "outside_in.bar"
BELOW = "below"  # the fragment that is the page under the bar
PAGES, SHOWN = "outside_in.pages", "outside_in.shown"


def address_now() -> dict[str, list[str]]:
    """Parameters of the address as they stand, every repetition kept."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def likely(name: str) -> str | None:
    """A parameter of the address, or, while that is bare, of the last one: what to go by until the page is known."""
    params = address_now() or st.session_state.get(LAST, ("", {}))[1]
    return params[name][-1] if params.get(name) else None


def asked_for(page: str, shared: Callable[[str], bool]) -> dict[str, list[str]]:
    """Parameters of the address; when the navigation came here with a bare one, the shared ones of the last page.

    `shared` says which parameters go from page to page. What is restored is written to the address.
    """
    asked = address_now()
    last_page, last = st.session_state.get(LAST, (page, {}))
    if not asked and last_page != page:
        asked = {name: values for name, values in last.items() if shared(name)}
        write(asked)
    st.session_state[LAST] = (page, asked)
    return asked


def write(params: Mapping[str, str | Sequence[str]]) -> None:
    """Make the address say exactly this; nothing is sent to the browser when it already does."""
    wanted = {name: [value] if isinstance(value, str) else list(value) for name, value in params.items()}
    if wanted != address_now():
        st.query_params.from_dict(wanted)


def show(view: View) -> None:
    """Make this the view of the run, that `current` gives to pages; nothing of it is drawn yet.

    Said twice before anything is drawn, it stays the same run: the share box holds on to what will be shown.
    """
    st.session_state[VIEW] = view
    if st.session_state.get(RUN) != Shown(view):
        st.session_state[RUN] = Shown(view)


@contextmanager
def looking_at(view: View) -> Iterator[None]:
    """Another view inside, as when a page is asked what it would say of other data."""
    before = st.session_state[VIEW], st.session_state[RUN]
    show(view)
    try:
        yield
    finally:
        st.session_state[VIEW], st.session_state[RUN] = before


def shown() -> Shown:
    """What the page of this run has drawn so far."""
    return st.session_state[RUN]


def page_drawn() -> str:
    """Name of the page of this run."""
    return shown().view.page


def current() -> View:
    """The view of this run. Ends the run with a sentence when the reader may not open its page."""
    view = st.session_state[VIEW]
    if not reader().may_open(view.page):
        st.error(t("frame.not_allowed", view.lang))
        st.stop()
    return view


def go(**changes: object) -> None:
    """Write the address of the current view with other parts (see address.changed); for callbacks."""
    view = changed(current(), **changes)
    st.session_state[VIEW] = view
    write(params_of(view))


def bar_shows(view: View, is_open: bool) -> None:
    """Remember of what view the bar was drawn: all of it while one of its boxes is open, else what its widgets tell."""
    st.session_state[BAR] = view if is_open else told_in_the_bar(view)


def told_in_the_bar(view: View) -> tuple[object, ...]:
    return view.page, view.lang, view.snapshot, view.selection


def is_in_the_bar(view: View) -> bool:
    """Whether the bar, as it was drawn, tells this view."""
    return st.session_state[BAR] in (view, told_in_the_bar(view))


def draw_only_the_page() -> None:
    """For callbacks of widgets of the bar that show the change themselves; with a box of the bar open all is drawn."""
    if isinstance(st.session_state[BAR], View):
        return
    bar_shows(st.session_state[VIEW], is_open=False)
    with suppress(StreamlitAPIException):  # a first run was cut short before the page: then all is drawn
        st.rerun(BELOW)


def widget(name: str, value: object) -> str:
    """Key of a widget that shows a part of the view, its value set to what the view says."""
    key = widget_key(name)
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def forget(name: str) -> None:
    """Have a widget of `widget` drawn anew from the view, its words too, which may have changed."""
    st.session_state.pop(widget_key(name), None)


def chosen(name: str, otherwise: object = None) -> object:
    """What a widget of `widget` now says; `otherwise` when it is not on the page."""
    return st.session_state.get(widget_key(name), otherwise)


def widget_key(name: str) -> str:
    """Another widget in each language: the browser holds what is chosen as its label, and would not find it again."""
    return f"outside_in.widget.{st.session_state[VIEW].lang}.{name}"


def clicked(chart: str) -> str | None:
    """The code (customdata) of the mark that was just chosen in a chart; None when it was let go."""
    points = st.session_state[chart].selection.points
    data = points[0].get("customdata") if points else None
    return data[0] if isinstance(data, list | tuple) else data


def said_by(component: str, name: str) -> object:
    """What a component has just told (pages/ui/component.py)."""
    return st.session_state[component][name]


def site() -> str:
    """Scheme, host and port under which the reader sees this, without a slash at the end."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def offer_pages(pages: Mapping[str, st.Page], shown: Mapping[str, Sequence[str]]) -> None:
    """The st.Page of every page that this reader may open, by name, and the metrics that each shows."""
    st.session_state[PAGES] = dict(pages)
    st.session_state[SHOWN] = dict(shown)


def pages_showing(metric: str) -> list[tuple[str, str]]:
    """Name and title of the pages, among those this reader may open, that show a metric."""
    shown = st.session_state[SHOWN]
    return [(name, page.title) for name, page in st.session_state[PAGES].items() if metric in shown.get(name, ())]


def metrics_of(page: str) -> Sequence[str]:
    """The metrics that a page shows."""
    return st.session_state.get(SHOWN, {}).get(page, ())


def can_open(page: str) -> bool:
    """Whether a page is built and open to this reader."""
    return page in st.session_state.get(PAGES, {})


def page_link(label: str, page: str, **changes: object) -> None:
    """A link to a page with the current filters, other parts changed; only the label when the page cannot be opened.

    The label is markdown: texts from outside go through text.literal first.
    """
    target = st.session_state.get(PAGES, {}).get(page)
    if target is None:
        st.markdown(label)
        return
    there = params_of(changed(current(), page=page, **changes))
    st.page_link(target, label=label, icon=":material/arrow_forward:", query_params=there)
