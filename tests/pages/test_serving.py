"""The server as `streamlit run dashboard.py` starts it: where it listens, whom it answers, how it is, what it sends."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from streamlit import file_util

from tests.browser.shots import ROOT, free_port, server

STATIC = Path(file_util.get_static_dir())


@pytest.fixture(scope="module")
def site(sample_snapshots):
    with server(str(sample_snapshots), "config.yaml") as address:
        yield address


def answer(address: str, **headers: str):
    """Status, headers and body, also of a refusal."""
    request = urllib.request.Request(address, headers={name.replace("_", "-"): v for name, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=20) as found:
            return found.status, found.headers, found.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_a_server_starts_without_the_libraries_of_models():
    """They take a second and 70 MB; pages read what a refresh made with them (PERFORMANCE.md)."""
    heavy = ("scipy.stats", "scipy.special", "scipy.optimize", "statsmodels", "pandas", "pptx", "xlsxwriter")
    says = f"import sys, pages.frame; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", says], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_health_tells_the_snapshot_and_its_age(site, sample_snapshots):
    status, _, body = answer(f"{site}/health")
    health = json.loads(body)
    assert status == 200
    assert health["state"] == "ok"
    assert health["snapshot"] == (sample_snapshots / "current").read_text().strip()
    assert 0 <= health["age_seconds"] < 24 * 3600
    assert health["is_sample"] is True


def test_health_is_503_without_a_snapshot_and_names_no_folder(tmp_path):
    with server(str(tmp_path), "config.yaml") as empty:
        status, _, body = answer(f"{empty}/health")
    assert status == 503
    assert json.loads(body)["state"] == "no_data"
    assert str(tmp_path.parent) not in body.decode()


def test_the_chart_library_goes_over_the_wire_compressed(site):
    name = next((STATIC / "static" / "js").glob("PlotlyChart.*.js"))
    _, headers, body = answer(f"{site}/static/js/{name.name}", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < 0.35 * name.stat().st_size


def test_every_answer_has_a_strict_policy(site):
    for path in ("/", "/metrics", "/health", "/_stcore/health", "/no-such-page"):
        _, headers, _ = answer(site + path)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert policy.count("'sha256-") == 1


def test_another_name_for_this_computer_is_refused(site):
    status, _, body = answer(f"{site}/", Host="outside-in.example")
    assert status == 421
    assert b"docs/security.md" in body
    assert b"<html" not in body


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"])
def test_what_streamlit_leaves_open_is_closed(site, path):
    assert answer(site + path)[0] == 404


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])  # noqa: S104
def test_it_refuses_to_listen_beyond_this_computer(address):
    words = ["-m", "streamlit", "run", "dashboard.py", "--server.port", str(free_port()), "--server.address", address]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"it was asked to listen on {address}" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_refuses_an_address_left_unset_because_that_means_everywhere(tmp_path):
    words = ["-m", "streamlit", "run", "dashboard.py", "--server.port", str(free_port()), "--server.address", ""]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "every address of this computer" in done.stderr


def test_it_starts_from_any_folder(tmp_path):
    port = free_port()
    words = ["-m", "streamlit", "run", str(ROOT / "dashboard.py"), "--server.port", str(port)]
    environment = os.environ | {"OUTSIDE_IN_SNAPSHOTS": str(tmp_path)}
    process = subprocess.Popen([sys.executable, *words], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    try:
        from tests.browser.shots import wait_for

        wait_for(f"http://127.0.0.1:{port}/", process)
        assert answer(f"http://127.0.0.1:{port}/health")[0] == 503
    finally:
        process.terminate()
        process.wait(20)
