"""A figure made ready is the same figure, its axes written as the language writes numbers."""

import json

import plotly.graph_objects as go
import plotly.io as pio
import pytest

from pages.ui.figures import TEXT
from pages.ui.plotted import once_written


def figure(tick: str = ".0%") -> go.Figure:
    return go.Figure(go.Bar(x=[0.1, 0.2], y=["a", "b"]), layout={"height": 100, "xaxis": {"tickformat": tick}})


def test_a_figure_written_once_is_written_the_same_with_the_decimals_of_the_language():
    french = figure(",d")
    french.layout.separators = ",\u202f"
    french.layout.font.color = TEXT
    before = json.loads(pio.to_json(french.to_dict(), validate=False))
    kept = once_written(figure(",d"), "fr")
    assert kept.to_dict() is kept.to_dict()
    assert json.loads(pio.to_json(kept.to_dict(), validate=False)) == before


@pytest.mark.parametrize("tick", [".0%", ".1%", ",.0%"])
def test_french_puts_a_space_before_percent_also_on_an_axis(tick):
    drawn = once_written(figure(tick), "fr").to_dict()["layout"]
    assert drawn["xaxis"]["labelalias"]["25%"] == "25\u00a0%"
    assert drawn["xaxis"]["labelalias"]["\u22120,5%"] == "\u22120,5\u00a0%"
    assert "yaxis" not in drawn
    go.Figure(layout=drawn)  # raises at what Plotly does not know
    assert "labelalias" not in once_written(figure(tick), "en").to_dict()["layout"]["xaxis"]


@pytest.mark.parametrize(
    ("lang", "tick", "aliases"), [("en", "+.0f", {"+0": "0"}), ("fr", "+.0%", {"+0%": "0\u00a0%"})]
)
def test_no_difference_is_written_without_a_sign(lang, tick, aliases):
    written = once_written(figure(tick), lang).to_dict()["layout"]["xaxis"]["labelalias"]
    assert aliases.items() <= written.items()
