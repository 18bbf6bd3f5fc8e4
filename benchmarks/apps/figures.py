"""The same constant figures for the bare Streamlit page and the Dash page: as many and as heavy as on the Overview."""

import math

import plotly.graph_objects as go

TILES = [
    ("Revenue", "14.2 M"),
    ("Customers", "18,412"),
    ("Basket", "251"),
    ("Second order", "38 %"),
    ("Retention", "71 %"),
]
TILES += [("NPS", "+19"), ("Effort", "74 %"), ("Solved first", "77 %"), ("Promises", "86 %"), ("Never heard", "57 %")]
MONTHS = list(range(12))


def wave(seed: int, n: int) -> list[float]:
    """A fixed curve; `seed` stands for the filter, so that every choice draws other marks."""
    return [math.sin(seed + i * 0.7) * 10 + 50 for i in range(n)]


def scatter(seed: int) -> go.Figure:
    return go.Figure(go.Scatter(x=wave(seed, 600), y=wave(seed * 3, 600), mode="markers"), layout={"height": 380})


def bars(seed: int) -> go.Figure:
    return go.Figure(go.Bar(x=wave(seed, 5), y=list("abcde"), orientation="h"), layout={"height": 380})


def table(seed: int) -> dict[str, list]:
    return {"month": MONTHS, "value": [round(v, 1) for v in wave(seed, 12)]}
