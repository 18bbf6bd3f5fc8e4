"""What a customer's path is made of, sorted by customer, so that one path is read in milliseconds among millions.

The facts are sorted by time, which is what every other question needs; a path of them reads all the rows there are.

Tables, with the columns of metrics/walks.py: path_order, path_contact, path_answer (with the words), path_offer,
path_state. Rows without a customer are left out.
"""

from typing import TYPE_CHECKING

from metrics.walks import PATHS

if TYPE_CHECKING:
    import duckdb

    from data.settings import Settings


def create(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> None:
    for name, rows in PATHS.items():
        connection.execute(
            f"create table {name} as from ({rows}) where customer_id is not null order by customer_id, 2"  # noqa: S608
        )
