"""Cases as the ticket system knows them: one row a numbered case, put together from its contacts."""

import numpy as np
import pandas as pd

from data.sample.calendar import DATA_END
from data.sample.draws import Rng, at_daytime, happens, where_time

DUE_DAYS = np.array([3, 4, 7, 8, 2, 3])  # promised, by reason
EXTRA_DAYS = np.array([0.7, 0.9, 2.4, 3.2, 0.3, 0.2])  # work after the last contact, by reason, on average
NOTHING_LEFT = 0.55  # share of cases that end with their last contact
DAY = np.timedelta64(1, "D")


def cases(contacts: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """case, customer (-1: unknown), opened, due, resolved, closed, reopened, hand_offs, channel, reason, team."""
    rows = contacts[contacts["numbered"].to_numpy() & contacts["inbound"].to_numpy()].sort_values(
        ["case", "started", "contact"]
    )
    by_case = rows.groupby("case", sort=True)
    first, last = by_case.first(), by_case.last()
    reason = first["reason"].to_numpy()
    opened = first["started"].to_numpy()
    extra = rng.exponential(EXTRA_DAYS[reason]) * ~happens(rng, NOTHING_LEFT, len(first))
    ended = last["started"].to_numpy()
    at_once = ended + rng.integers(600, 5400, len(first)).astype("timedelta64[s]")
    later = at_daytime(rng, ended.astype("datetime64[D]") + np.ceil(extra).astype("timedelta64[D]"))
    resolved = np.where(extra > 0, later, at_once)
    left = last["back"].to_numpy() | last["abandoned"].to_numpy()
    gave_up = left & (last["started"].to_numpy() < DATA_END - 30 * DAY)
    resolved = where_time((~left | gave_up) & (resolved < DATA_END), resolved)
    closed = resolved + 3 * DAY
    returns = by_case["round"].max() - by_case["from_hand_off"].sum()
    return pd.DataFrame(
        {
            "case": first.index.to_numpy(),
            "customer": np.where(first["known"], first["customer"], -1),
            "opened": opened,
            "due": opened.astype("datetime64[D]") + DUE_DAYS[reason].astype("timedelta64[D]"),
            "resolved": resolved,
            "closed": where_time(closed < DATA_END, closed),
            "reopened": np.maximum(returns.to_numpy(), 0).astype(int),
            "hand_offs": (rows["transferred"] >= 0).groupby(rows["case"]).sum().to_numpy(),
            "channel": first["channel"].to_numpy(),
            "reason": reason,
            "team": last["team"].to_numpy(),
        }
    )
