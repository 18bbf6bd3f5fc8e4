"""Colours of .streamlit/config.toml, the only place of looks, for what is drawn outside the reader's browser.

Figures carry placeholders, which Streamlit replaces in the browser: #000001 and on for chartCategoricalColors, #000011
and on for chartSequentialColors, #000036 for text, #000038 for the page. What leaves as a file takes the light theme.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

CONFIG = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"
PAPER = 38


@cache
def theme() -> dict[str, Any]:
    return tomllib.loads(CONFIG.read_text("utf-8"))["theme"]["light"]


def colour(placeholder: str) -> str:
    """RRGGBB of a placeholder, of a colour of the theme by name, or of a colour itself; otherwise that of text."""
    looks = theme()
    if placeholder in looks:
        return str(looks[placeholder]).lstrip("#")
    digits = placeholder.lstrip("#")
    if not digits.startswith("0000") or not digits.isdigit():
        return digits if len(digits) == 6 and digits.isalnum() else looks["textColor"].lstrip("#")
    place = int(digits)
    if place == PAPER:
        return looks["backgroundColor"].lstrip("#")
    for first, name in ((11, "chartSequentialColors"), (1, "chartCategoricalColors")):
        if first <= place < first + len(looks[name]):
            return looks[name][place - first].lstrip("#")
    return looks["textColor"].lstrip("#")


def shade(part: float) -> str:
    """Of a heatmap, from 0 to 1."""
    shades = theme()["chartSequentialColors"]
    return shades[min(len(shades) - 1, int(part * (len(shades) - 1) + 0.5))].lstrip("#")
