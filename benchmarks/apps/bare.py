"""The bare Streamlit page: constant data, ten tiles, two charts, one table, one filter; and a second page.

?charts=N draws as many charts instead of two.
"""

import streamlit as st

from benchmarks.apps.figures import TILES, bars, scatter, table, wave


def overview() -> None:
    seed = st.selectbox("Filter", list(range(10)))
    for row in (TILES[:5], TILES[5:]):
        for column, (label, value) in zip(st.columns(5), row, strict=True):
            column.metric(label, value, chart_data=wave(seed, 12))
    sides = st.columns(2)
    for number in range(int(st.query_params.get("charts", 2))):
        sides[number % 2].plotly_chart((scatter, bars)[number % 2](seed + number // 2), key=f"chart_{number}")
    st.dataframe(table(seed))


def other() -> None:
    st.dataframe(table(1))


st.set_page_config(layout="wide")
pages = [st.Page(overview, title="Overview", default=True), st.Page(other, title="Metrics", url_path="metrics")]
st.navigation(pages, position="top").run()
