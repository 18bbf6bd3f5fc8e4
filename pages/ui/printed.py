"""What only paper shows (print.css, print.js): limits in words, the link as a QR code, definitions at the end."""

from base64 import b64encode
from functools import lru_cache

import segno
import streamlit as st

from pages.ui import link, store
from pages.ui.address import View
from pages.ui.stated import stated
from pages.ui.text import literal, t

MASK = 0  # any of the eight can be read; trying all of them takes five times as long
QUIET_ZONE = 2  # modules


def letterhead(view: View) -> None:
    """Limits, snapshot, and the code that opens this very view; the banner beside it says the rest."""
    about, lang = stated(view), view.lang
    image = f"![{t('printed.code', lang)}]({code(about.address)})"
    words = t("printed.line", lang, limits=about.limits, snapshot=view.snapshot or "")
    with st.container(key="printed_head"):
        st.markdown(f"{image}\n{literal(words)}\n\n{t('printed.more', lang)}")


def definitions(view: View) -> None:
    """Of every metric that the page shows, in one sentence each."""
    known = store.catalogue(view).metrics
    found = [known[name] for name in link.shown().explained if name in known]
    if found:
        with st.container(key="printed_foot"):
            said = (f"**{literal(m.label[view.lang])}** {literal(m.definition[view.lang])}" for m in found)
            st.markdown("\n\n".join(said))


@lru_cache(maxsize=256)
def code(address: str) -> str:
    """A QR code as the address of an image: one path, a square a run of dark modules."""
    made = segno.make(address, micro=False, mask=MASK, boost_error=False)
    path, size = [], made.symbol_size(border=QUIET_ZONE)[0]
    for y, row in enumerate(made.matrix):
        x = 0
        while x < len(row):
            run = next((i for i in range(x, len(row)) if row[i] != row[x]), len(row)) - x
            if row[x]:
                path.append(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{run}v1h-{run}z")
            x += run
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size * 3}" height="{size * 3}" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{"".join(path)}"/></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"
