"""The same page in Dash, for the comparison; needs requirements-bench.txt. `python -m benchmarks.apps.in_dash PORT`."""

import sys

from dash import Dash, Input, Output, dash_table, dcc, html

from benchmarks.apps.figures import TILES, bars, scatter, table

app = Dash(__name__, serve_locally=True)
app.layout = html.Div(
    [
        dcc.Dropdown(list(range(10)), 0, id="filter", clearable=False),
        html.Div([html.Div([html.P(label), html.H2(value)]) for label, value in TILES], style={"display": "flex"}),
        html.Div([dcc.Graph(id="scatter"), dcc.Graph(id="bars")], style={"display": "flex"}),
        dash_table.DataTable(id="table"),
    ]
)


@app.callback(Output("scatter", "figure"), Output("bars", "figure"), Output("table", "data"), Input("filter", "value"))
def draw(seed: int):
    columns = table(seed)
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return scatter(seed), bars(seed), rows


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]), debug=False)
