"""What is too slow to be computed while a reader waits: tables `result_<name>`, made at refresh after the views.

To add a step, write metrics/results/<name>.py with

    def create(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None

and one line in metrics/results/steps.py, which names the temporary int_ relations that it reads (they go after their
last reader) and says whether it reads the cubes (they are made meanwhile). The step creates its tables `result_<name>`
or `result_<name>_<part>`, empty ones too when the data cannot tell, so that a page always finds them. Every row that
holds an estimate carries n, low, high and a `method` code; groups below the company's minimum are left out here, for
good. A page reads them through a module of metrics/ that takes a cursor and returns frozen dataclasses. Steps run in
order, so one may read the results of those before it; a step that fails stops the refresh, and the old snapshot stays
served.
"""
