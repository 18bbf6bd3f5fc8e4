"""What becomes of an order: promised, moved, delivered, cancelled, sent back."""

import numpy as np
import pandas as pd

from data.sample import company, truths
from data.sample.calendar import DATA_END
from data.sample.draws import Rng, at_daytime, happens, where_time
from data.sample.memory import LATE, Lives
from data.sample.products import LARGE

STATUSES = ("placed", "invoiced", "shipped", "delivered", "cancelled", "unavailable", "returned")
PLACED, INVOICED, SHIPPED, DELIVERED, CANCELLED, UNAVAILABLE, RETURNED = range(7)
NEVER_DELIVERED, OUT_OF_STOCK, CHANGED_MIND, CANCELS_WHEN_LATE = 0.004, 0.004, 0.018, 0.05
MOVED_WHEN_LATE = 0.6
SENT_BACK_STORE, SENT_BACK_HOME = 0.04, 0.075
DAY = np.timedelta64(1, "D")


def on_time_share(region: np.ndarray, promised: np.ndarray) -> np.ndarray:
    """Probability that a home delivery arrives by its promised day."""
    changed = (region == company.REGIONS.index(truths.CARRIER.region)) & (
        promised >= np.datetime64(truths.CARRIER.starts_on)
    )
    return np.where(changed, truths.CARRIER.on_time_after, truths.CARRIER.on_time_before)


def deliver(orders: pd.DataFrame, category: np.ndarray, lives: Lives, rng: Rng) -> pd.DataFrame:
    """The orders with home, promised, repromised, delivered, cancelled, late_days, status as of the end of the data."""
    size, ordered = len(orders), orders["at"].to_numpy()
    home = LARGE[category] | (orders["sales_channel"].to_numpy() != company.STORE)
    lead = np.where(LARGE[category], rng.integers(4, 11, size), rng.integers(2, 5, size))
    promised = where_time(home, ordered.astype("datetime64[D]") + lead.astype("timedelta64[D]"))
    region = lives.people.region[orders["customer"].to_numpy()]
    late = home & ~happens(rng, on_time_share(region, promised))
    late_days = np.where(late, rng.geometric(0.22, size), -1 * (rng.random(size) < 0.3)) * home
    arrival_on = np.where(home, promised + late_days.astype("timedelta64[D]"), ordered.astype("datetime64[D]"))
    arrival = np.where(home, at_daytime(rng, arrival_on, 8, 19), ordered)
    moved = late & happens(rng, MOVED_WHEN_LATE, size)
    slip = np.maximum(late_days + rng.integers(-2, 2, size), 1)
    table = orders.assign(
        home=home,
        late=late,
        late_days=late_days,
        promised=promised,
        repromised=where_time(moved, promised + slip.astype("timedelta64[D]")),
        delivered=where_time(~(home & happens(rng, NEVER_DELIVERED, size)), arrival),
    )
    return _as_of_the_end(_cancel(table, rng))


def _cancel(table: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Some change their mind before the promised day, some give up after it, some orders cannot be served."""
    size, home, late = len(table), table["home"].to_numpy(), table["late"].to_numpy()
    before = home & happens(rng, CHANGED_MIND, size)
    after = late & ~before & happens(rng, CANCELS_WHEN_LATE, size) & (table["late_days"].to_numpy() > 1)
    none = home & ~before & ~after & happens(rng, OUT_OF_STOCK, size)
    ordered = table["at"].to_numpy()
    early = at_daytime(rng, ordered.astype("datetime64[D]") + DAY, 8, 20)
    given_up = at_daytime(rng, table["promised"].to_numpy() + DAY, 9, 20)
    cancelled = np.where(before, early, np.where(after, given_up, where_time(none, early)))
    gone = before | after | none
    return table.assign(
        cancelled=where_time(gone, cancelled),
        delivered=where_time(~gone, table["delivered"].to_numpy()),
        status=np.where(none, UNAVAILABLE, np.where(gone, CANCELLED, DELIVERED)),
    )


def _as_of_the_end(table: pd.DataFrame) -> pd.DataFrame:
    """Nothing after the end of the data is known to the company."""
    end = DATA_END.astype("datetime64[s]")
    delivered, cancelled = table["delivered"].to_numpy(), table["cancelled"].to_numpy()
    not_yet_cancelled = cancelled >= end
    status = np.where(not_yet_cancelled, PLACED, table["status"].to_numpy())
    waiting = np.isin(status, (DELIVERED, PLACED)) & ~(delivered < end)
    on_its_way = table["at"].to_numpy() < end - 2 * DAY
    status = np.where(waiting, np.where(on_its_way, SHIPPED, INVOICED), status)
    repromised = table["repromised"].to_numpy()
    known_move = table["promised"].to_numpy() < DATA_END
    return table.assign(
        delivered=where_time(delivered < end, delivered),
        cancelled=where_time(cancelled < end, cancelled),
        repromised=where_time(known_move, repromised),
        status=status,
    )


def send_back(orders: pd.DataFrame, lines: pd.DataFrame, rng: Rng) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns: `returned_at` of the orders; quantity and refund of the lines. All lines back: status returned."""
    done = orders["status"].to_numpy() == DELIVERED
    share = np.where(orders["home"].to_numpy(), SENT_BACK_HOME, SENT_BACK_STORE)
    returned = done & happens(rng, share)
    back_on = orders["delivered"].to_numpy() + rng.integers(2, 21, len(orders)).astype("timedelta64[D]")
    returned &= back_on < DATA_END
    row = lines["row"].to_numpy()
    back = returned[row] & ((lines["line"].to_numpy() == 1) | happens(rng, 0.4, len(lines)))
    fee = np.where(happens(rng, 0.15, len(lines)), 0.9, 1.0)
    lines = lines.assign(
        returned_quantity=np.where(back, lines["quantity"], 0),
        refunded_amount=np.where(back, np.round(lines["net_amount"] * fee, 2), 0.0),
    )
    kept = np.bincount(row, weights=~back, minlength=len(orders))
    whole = returned & (kept == 0)
    status = np.where(whole, RETURNED, orders["status"].to_numpy())
    return orders.assign(returned_at=where_time(returned, back_on), status=status), lines


def book_lateness(orders: pd.DataFrame, lives: Lives) -> None:
    """A late delivery is felt the day after the promise; longer ones weigh more, up to twice."""
    withdrawn = orders["cancelled"].to_numpy() < orders["promised"].to_numpy()
    missing = orders["home"].to_numpy() & np.isnat(orders["delivered"].to_numpy())
    felt = (orders["late"].to_numpy() | missing) & ~withdrawn & (orders["promised"].to_numpy() + DAY < DATA_END)
    rows = orders[felt]
    weight = np.minimum(0.65 + 0.08 * rows["late_days"].to_numpy(), 1.5)
    place = np.zeros(len(rows), dtype=int)
    lives.book(rows["customer"].to_numpy(), rows["promised"].to_numpy() + DAY, LATE, weight, place)
