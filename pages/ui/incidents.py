"""What happens when a page fails: the person sees an incident number, the log has the rest, without anybody's data."""

import logging
import secrets
import traceback

import duckdb
import streamlit as st

from data.errors import DataError
from metrics.errors import NotMeasurable, UnknownName
from pages.ui.text import t

LOG = logging.getLogger("outside_in")
SAFE = (DataError, ImportError, SyntaxError)
# A relation, a column or a metric is not in the snapshot: another version of the program built it.
OTHER_VERSION = (duckdb.CatalogException, duckdb.BinderException, UnknownName, NotMeasurable)


def report(error: Exception) -> bool:
    """Log an error under a new incident number and show that; True, so that Streamlit shows nothing of its own."""
    incident = secrets.token_hex(3).upper()
    LOG.error("incident %s: %s", incident, described(error))
    key = "incident.other_version" if isinstance(error, OTHER_VERSION) else "incident.message"
    st.error(t(key, language(), incident=incident), icon=":material/error:")
    return True


def described(error: Exception) -> str:
    """Type and places of an error and its causes; its message only where it cannot hold a customer's data."""
    lines = [f"{type(error).__name__}{f': {error}' if isinstance(error, SAFE) else ''}"]
    frames = traceback.extract_tb(error.__traceback__)
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines + ([f"caused by {described(cause)}"] if isinstance(cause, Exception) else []))


def language() -> str:
    """The language of the address, since the view may be what failed."""
    from pages.ui.link import address_now
    from pages.ui.text import LANGUAGES

    asked = (address_now().get("lang") or [""])[-1]
    return asked if asked in LANGUAGES else LANGUAGES[0]


def keep_messages_out_of_the_log() -> None:
    """Streamlit logs whole exceptions, with values of rows in their messages: leave that to `report`."""
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.exc_info is None)
