"""A company of sixty customers as plain files with a config and an adapter, for refreshes that take a second."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

FIRST = date(2025, 1, 6)
CONFIG = {
    "company": {"name": "Tiny", "currency": "EUR", "time_zone": "Europe/Paris"},
    "sources": ["./tiny.yaml"],
    "segments": {"region": {"label": "Region"}},
    "windows": {"activity_days": 180},
}
TABLES = ["customers", "orders", "order_lines", "contacts"]


def rows_of(customers: int) -> dict[str, list[dict]]:
    """Two orders of one line and one contact for each customer."""
    who = [f"C{n:03}" for n in range(customers)]
    orders = [
        {"order_id": f"{c}-{k}", "customer_id": c, "ordered_at": f"{FIRST + timedelta(days=n + 100 * k)} 10:00:00",
         "status": "delivered", "promised_on": FIRST + timedelta(days=n + 100 * k + 5)}
        for n, c in enumerate(who) for k in range(2)
    ]  # fmt: skip
    return {
        "customers": [{"customer_id": c, "region": "north", "email": f"{c.lower()}@canary.test"} for c in who],
        "orders": orders,
        "order_lines": [{"order_id": o["order_id"], "line": 1, "net_amount": "12.50"} for o in orders],
        "contacts": [
            {"contact_id": f"K{c}", "customer_id": c, "started_at": f"{FIRST + timedelta(days=n)}T09:00:00",
             "channel": "phone"}
            for n, c in enumerate(who)
        ],
    }  # fmt: skip


def write_table(exports: Path, table: str, rows: list[dict]) -> None:
    with (exports / f"{table}.csv").open("w", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class TinyCompany:
    """Its files under a folder, and the arguments of the command that refreshes it."""

    def __init__(self, folder: Path, customers: int = 60):
        self.config, self.exports, self.snapshots = folder / "config.yaml", folder / "exports", folder / "snapshots"
        self.exports.mkdir(parents=True)
        self.configure()
        self.adapter = folder / "tiny.yaml"
        self.adapter.write_text(json.dumps({"adapter": "tiny", "canonical": {"tables": TABLES}}))
        self.rows = rows_of(customers)
        self.write()

    def configure(self, **changes) -> None:
        """Write config.yaml (JSON is YAML) with these top-level keys changed."""
        self.config.write_text(json.dumps(CONFIG | changes))

    def write(self) -> None:
        for table, rows in self.rows.items():
            write_table(self.exports, table, rows)

    def arguments(self, *more: str) -> list[str]:
        folders = ("--config", self.config, "--exports", self.exports, "--snapshots", self.snapshots)
        return [*map(str, folders), *more]
