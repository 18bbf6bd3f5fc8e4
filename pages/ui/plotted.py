"""A figure made ready for many readers: its words dark enough, numbers on its axes as the language writes them; once.

Plotly writes numbers on axes as in English, and a percent sign always without the space that French puts before it;
on a scale of differences it writes +0.
"""

from typing import Any

from pages.ui.figures import TEXT

SEPARATORS = {"en": ".,", "fr": ",\u202f"}  # of decimals and of thousands
TICKS = sorted({*range(21), *range(20, 41, 2), *range(25, 101, 5)})  # where Plotly puts them, in percent
SIGNED = [sign + str(n) for n in (*TICKS, *(f"{n // 10},{n % 10}" for n in TICKS)) for sign in ("", "+", "\u2212")]
SPACED = {f"{tick}%": f"{tick}\u00a0%" for tick in SIGNED}
NO_CHANGE = {"+0": "0", "+0%": "0%"}
ALIASES = {"en": NO_CHANGE, "fr": SPACED | NO_CHANGE | {"+0%": "0\u00a0%"}}


def once_written(figure: Any, lang: str) -> Any:
    """A figure that is drawn again and again is written out once: plotly copies all of it for every reader."""
    if hasattr(figure, "to_dict"):
        figure.layout.separators = SEPARATORS[lang]
        figure.layout.font.color = TEXT
        written = figure.to_dict()
        for axis in (part for name, part in written["layout"].items() if name.startswith(("xaxis", "yaxis"))):
            tick = axis.get("tickformat", "")
            if tick.startswith("+") or (lang == "fr" and tick.endswith("%")):
                axis["labelalias"] = ALIASES[lang]
        figure.to_dict = lambda: written
    return figure
