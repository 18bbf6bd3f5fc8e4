"""Who is let in, what every answer carries, and what is compressed: the middleware, without a browser."""

import gzip
import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from pages.ui.web import (
    CompressedFiles,
    KnownPages,
    OnlyHere,
    OurFiles,
    SecurityHeaders,
    content_security_policy,
    digest,
    is_loopback,
)
from tests.pages.asgi import ask

INDEX = "<html><head></head><script>window.a = 1</script><script type='module' src='./x.js'></script></html>"
SCRIPT = "const long = 1;\n" * 5000


@pytest.fixture
def app(tmp_path) -> Starlette:
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "static" / "js" / "x.js").write_text(SCRIPT)
    ours = tmp_path / "start.js", tmp_path / "print.css", tmp_path / "print.js"
    for path, text in zip(ours, ("begin();", "@media print {}", "lay();"), strict=True):
        path.write_text(text)

    async def anything(request):
        is_file = request.url.path.endswith(".js")
        return PlainTextResponse(SCRIPT) if is_file else HTMLResponse(INDEX)

    return Starlette(
        routes=[Route("/{path:path}", anything, methods=["GET", "POST"])],
        middleware=[
            Middleware(SecurityHeaders, policy=content_security_policy(INDEX), first=("/static/js/x.js",)),
            Middleware(OnlyHere),
            Middleware(KnownPages, names=("overview", "metrics")),
            Middleware(OurFiles, *ours),
            Middleware(CompressedFiles, directory=tmp_path),
        ],
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8501", "localhost", "localhost:1", "[::1]:8501", "::1"])
def test_loopback_names_are_ours(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        None,
        "evil.example",
        "evil.example:8501",
        "192.168.1.4",
        "0.0.0.0",  # noqa: S104  a name to be refused
        "localhost.evil.example",
        "[",
        "::",
        "a@b:c",
    ],
)
def test_every_other_name_is_not(host):
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "192.168.0.9:8501", "localhost.evil.example"])
def test_a_rebound_name_is_refused_with_a_plain_sentence(app, host):
    answer = ask(app, "/", host=host)
    assert answer.status == 421
    assert "this computer" in answer.text


def test_a_stranger_is_refused_even_under_a_loopback_name(app):
    assert ask(app, "/", client="192.168.0.9").status == 421


def test_a_page_of_another_site_cannot_open_the_socket(app):
    assert ask(app, "/_stcore/stream", kind="websocket", origin="http://evil.example").status == 1008


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/upload_file/x/y"])
def test_doors_that_nobody_needs_are_closed(app, path):
    assert ask(app, path).status == 404
    assert ask(app, path, "POST").status == 404


def test_every_answer_carries_the_headers_even_a_refusal(app):
    for answer in (ask(app, "/"), ask(app, "/static/js/x.js"), ask(app, "/_stcore/metrics")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_policy_allows_the_pages_own_inline_script_and_no_other():
    policy = content_security_policy(INDEX)
    scripts = re.search(r"script-src ([^;]*)", policy)[1]
    assert scripts == f"'self' 'sha256-{digest('window.a = 1')}'"
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_page_tells_the_browser_what_to_fetch_first_and_files_do_not(app):
    assert ask(app, "/", accept="text/html").headers["link"].startswith("</static/js/x.js>")
    assert "link" not in ask(app, "/static/js/x.js").headers
    assert "link" not in ask(app, "/metrics", accept="text/html").headers, "nothing is drawn there"


def test_a_static_file_is_gzipped_once_and_not_sent_again(app):
    first = ask(app, "/static/js/x.js", accept_encoding="gzip")
    assert first.text == SCRIPT
    assert first.headers["content-encoding"] == "gzip"
    assert len(first.body) == len(gzip.compress(SCRIPT.encode(), 9, mtime=0)) < len(SCRIPT) / 10
    assert "immutable" in first.headers["cache-control"]
    again = ask(app, "/static/js/x.js", accept_encoding="gzip", if_none_match=first.headers["etag"])
    assert again.status == 304
    assert not again.body


def test_who_does_not_take_gzip_gets_the_file_itself(app):
    answer = ask(app, "/static/js/x.js", accept_encoding="identity")
    assert "content-encoding" not in answer.headers
    assert answer.text == SCRIPT


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/promise", "/?missing=promise"),
        ("/promise?region=north&lang=en", "/?region=north&lang=en&missing=promise"),
        ("/overview", "/"),
        ("/overview?lang=en", "/?lang=en"),
        ("/metrics/nps", "/?missing=metrics/nps"),
        ("//evil.example/", "/?missing=evil.example"),
        ("/%0d%0aSet-Cookie:x", "/?missing=%0D%0ASet-Cookie%3Ax"),
    ],
)
def test_a_page_that_is_not_there_leads_to_the_front_page_which_says_so(app, path, location):
    answer = ask(app, path, accept="text/html")
    assert (answer.status, answer.headers["location"]) == (302, location)


@pytest.mark.parametrize("path", ["/", "/metrics", "/metrics?x=1", "/_stcore/health", "/health"])
def test_pages_that_are_there_are_served(app, path):
    assert ask(app, path, accept="text/html").status == 200


@pytest.mark.parametrize("path", ["/", "/metrics"])
def test_every_page_carries_what_lays_it_out_on_paper_and_says_its_true_length(app, path):
    page = ask(app, path, accept="text/html", accept_encoding="gzip")
    tags = re.search(
        r'<link [^>]*href="(/print\.css\?.+)"><script type="module" src="(/print\.js\?.+)"></script></head>', page.text
    )
    assert int(page.headers["content-length"]) == len(page.body)
    style, script = (ask(app, tags[k]) for k in (1, 2))
    assert (style.text, style.headers["content-type"].split(";")[0]) == ("@media print {}", "text/css")
    assert (script.text, script.headers["content-type"].split(";")[0]) == ("lay();", "text/javascript")
    assert "script-src" in style.headers["content-security-policy"]


def test_a_page_begins_with_the_script_that_says_where_its_server_is(app):
    page = ask(app, "/metrics", accept="text/html").text
    first = re.search(r'<head><script type="module" src="(/start\.js\?.+?)"></script>', page)
    assert page.index("./x.js") > first.end(), "modules run in the order of the page"
    assert ask(app, first[1]).text == "begin();"


def test_what_is_no_page_passes_as_it_is(app):
    assert "print.css" not in ask(app, "/metrics", accept="application/json").text
