"""`streamlit run dashboard.py`: Outside-In as an ASGI application around pages/frame.py.

An application, not a script, because with a folder pages/ beside its script Streamlit would run the first deep link
to a fresh server without the frame: no filters, no access check (docs/architecture.md).
"""

import logging
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import config, file_util

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from data.errors import Fault, SnapshotError  # noqa: E402
from metrics.errors import MetricError  # noqa: E402
from pages.frame import NAMES, PAGES  # noqa: E402
from pages.ui import settling, store, text  # noqa: E402
from pages.ui.address import path_of  # noqa: E402
from pages.ui.incidents import keep_messages_out_of_the_log, report  # noqa: E402
from pages.ui.web import (  # noqa: E402
    CompressedFiles,
    KnownPages,
    OnlyHere,
    OurFiles,
    SecurityHeaders,
    content_security_policy,
    is_loopback,
)

STATIC = Path(file_util.get_static_dir())
POLICY = content_security_policy((STATIC / "index.html").read_text("utf-8"))
CHARTS = tuple(f"/static/js/{path.name}" for path in (STATIC / "static" / "js").glob("PlotlyChart.*.js"))
WITH_CHARTS = tuple(f"/{path_of(entry.name)}" for entry in PAGES if entry.has_charts)
OURS = ("start.js", "screen.css", "print.css", "print.js")
FIRST_METRICS = PAGES[0].metrics
SWITCH = 0.00005  # seconds after which Python's threads change: a run gives way to the sending of another's messages
CALM = 15  # seconds until the likely next questions are asked ahead, so that the first page does not wait for them
REFUSED = """Outside-In listens on this computer only, and it was asked to listen on {address}.
Anybody who reaches that address would read every figure without signing in; sign-in is not built yet.
Leave server.address at 127.0.0.1 in .streamlit/config.toml, and give no --server.address (docs/security.md)."""


def refuse_other_addresses() -> None:
    """Exit before anything listens, when it would listen beyond this computer. An unset address means everywhere."""
    address = config.get_option("server.address")
    if not is_loopback(address):
        print(REFUSED.format(address=address or "every address of this computer"), file=sys.stderr)
        raise SystemExit(2)


async def health(request: Request) -> JSONResponse:
    """Which snapshot is served, how old it is, and whether a better one should be; 503 when there is none."""
    try:
        snapshot = store.snapshot_for(None)
    except SnapshotError as error:
        return JSONResponse({"state": "no_data", "snapshot": None, "faults": faults_of(error.faults)}, 503)
    settings = snapshot.settings()
    now = datetime.now(ZoneInfo(settings.company.time_zone)).replace(tzinfo=None)
    age = (now - snapshot.manifest.built_at.replace(tzinfo=None)).total_seconds()
    return JSONResponse(
        {
            "state": "degraded" if snapshot.passed_over else "ok",
            "snapshot": snapshot.id,
            "built_at": snapshot.manifest.built_at.isoformat(),
            "age_seconds": round(age),
            "is_sample": settings.company.is_sample,
            "faults": faults_of(snapshot.passed_over),
        }
    )


def faults_of(faults: Iterable[Fault]) -> list[str]:
    """Without the folders of this computer."""
    return [f"{Path(fault.file).name}: {fault.found}. {fault.fix}" for fault in faults]


def warm_up() -> None:
    """Load what every first page needs, then take it out of the garbage collector's sight.

    Of a rerun's time most was a full collection over long-lived objects (PERFORMANCE.md).
    """
    import plotly.graph_objects as go  # here, so that the first page does not wait for it

    go.Figure([go.Scatter(), go.Bar(), go.Heatmap()])  # loads what figures are made of
    for lang in text.LANGUAGES:
        text.sentences(lang)
    try:
        store.warm(store.snapshot_for(None))
    except SnapshotError as error:
        logging.getLogger("outside_in").warning("%s", error)
    settling.set_aside()
    time.sleep(CALM)
    try:
        store.warm_filters(store.snapshot_for(None), FIRST_METRICS)
    except (SnapshotError, MetricError) as error:
        logging.getLogger("outside_in").warning("%s", error)


@asynccontextmanager
async def lifespan(app: st.App):
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    yield {}


refuse_other_addresses()
sys.setswitchinterval(SWITCH)
keep_messages_out_of_the_log()
app = st.App(
    ROOT / "pages" / "frame.py",
    lifespan=lifespan,
    routes=[Route("/health", health)],
    middleware=[
        Middleware(SecurityHeaders, policy=POLICY, first=CHARTS, pages=WITH_CHARTS),
        Middleware(OnlyHere),
        Middleware(KnownPages, names=NAMES),
        Middleware(OurFiles, *(ROOT / "pages" / "ui" / name for name in OURS)),
        Middleware(CompressedFiles, directory=STATIC),
    ],
    on_script_error=report,
)
