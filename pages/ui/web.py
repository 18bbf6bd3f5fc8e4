"""What stands between the network and Streamlit: who is let in, the headers of every answer, compressed static files.

Plain ASGI; knows the folder of Streamlit's static files and nothing else of it.
"""

import base64
import gzip
import hashlib
import ipaddress
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = {"localhost"}
CLOSED_PATHS = ("/_stcore/metrics", "/_stcore/agent/", "/_stcore/upload_file", "/_stcore/script-health-check")
NOT_PAGES = (
    "_stcore/",
    "static/",
    "media/",
    "component/",
    "health",
    "favicon.png",
    "manifest.json",
    "print.",
    "start.",
)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
COMPRESSED_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
TAGS = {
    ".css": '<link rel="stylesheet" href="{}">',
    ".js": '<script type="module" src="{}"></script>',
}  # of a page's head
ONE_YEAR = "public, immutable, max-age=31536000"
REFUSED_HOST = (
    "Outside-In answers only to its own address on this computer (localhost or 127.0.0.1). "
    "Reading it from elsewhere needs sign-in, which is not configured: see docs/security.md.\n"
)


def is_loopback(host: str | None) -> bool:
    """Whether a name or address, with or without a port and brackets, is that of this computer's loopback interface."""
    if not host:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        pass
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name in LOOPBACK_NAMES or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def content_security_policy(index: str) -> str:
    """A policy under which Streamlit's page runs: its own files, its inline scripts by hash, nothing from elsewhere.

    Inline styles stay allowed, because its components write them. `index` is the page as served.
    """
    scripts = " ".join(f"'sha256-{digest(script)}'" for script in INLINE_SCRIPT.findall(index))
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {scripts}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "media-src 'self'",
            "manifest-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


class OnlyHere:
    """Lets in what comes from this computer under one of its loopback names (DNS rebinding), and open paths only."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        client = scope.get("client")
        origin = headers.get("origin")
        is_ours = is_loopback(headers.get("host")) and (client is None or is_loopback(client[0]))
        if origin is not None and scope["type"] == "websocket":
            is_ours = is_ours and is_loopback(urlsplit(origin).netloc)
        if not is_ours:
            await refuse(scope, receive, send, REFUSED_HOST, 421)
        elif scope["path"].startswith(CLOSED_PATHS):
            await refuse(scope, receive, send, "Not here.\n", 404)
        else:
            await self.app(scope, receive, send)


async def refuse(scope: Scope, receive: Receive, send: Send, message: str, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
        return
    await PlainTextResponse(message, status)(scope, receive, send)


class SecurityHeaders:
    """Adds the headers of every answer; `first`: modules to fetch together with those `pages` (paths)."""

    def __init__(self, app: ASGIApp, policy: str, first: tuple[str, ...] = (), pages: tuple[str, ...] = ("/",)) -> None:
        self.app = app
        self.policy = policy
        self.pages = pages
        self.first = ", ".join(f"<{path}>; rel=modulepreload; crossorigin" for path in first)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self.policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["X-Frame-Options"] = "DENY"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
                if self.first and scope["path"] in self.pages:
                    headers["Link"] = self.first
            await send(message)

        await self.app(scope, receive, with_headers)


class KnownPages:
    """Sends a browser that asks for a page which is not there to the front page, which says so (`missing`).

    `names`: pages by their addresses; the first is the front page, at /.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self.app = app
        self.front = names[0]
        self.names = ("", *names[1:])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].strip("/") if scope["type"] == "http" else ""
        is_page = scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
        if not is_page or path in self.names or path.startswith(NOT_PAGES):
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        if path != self.front:
            query = "&".join(filter(None, [query, f"missing={quote(path[:60])}"]))
        location = f"/?{query}" if query else "/"
        await Response(status_code=302, headers={"Location": location})(scope, receive, send)


class OurFiles:
    """Adds files of ours to the head of every page, and answers for them. `first` runs before Streamlit's script."""

    def __init__(self, app: ASGIApp, first: Path, *others: Path) -> None:
        self.app = app
        self.files = {f"/{path.name}": (path.read_bytes(), COMPRESSED_TYPES[path.suffix]) for path in (first, *others)}
        tags = [
            TAGS[Path(name).suffix].format(f"{name}?{hashlib.sha256(body).hexdigest()[:12]}")
            for name, (body, _) in self.files.items()
        ]
        self.tags = {b"<head>": f"<head>{tags[0]}".encode(), b"</head>": f"{''.join(tags[1:])}</head>".encode()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] in self.files:
            body, kind = self.files[scope["path"]]
            await Response(body, headers={"Cache-Control": ONE_YEAR, "Content-Type": kind})(scope, receive, send)
        elif "text/html" in Headers(scope=scope).get("accept", ""):
            plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            await self.app({**scope, "headers": plain}, receive, with_tags(send, self.tags))
        else:
            await self.app(scope, receive, send)


def with_tags(send: Send, tags: Mapping[bytes, bytes]) -> Send:
    """Sends on what comes, a page only when it is whole and with its head's ends replaced by these."""
    held: list[Message] = []

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            if MutableHeaders(scope=message).get("content-type", "").startswith("text/html"):
                held.append(message)
                return
        elif held:
            held.append(message)
            if message.get("more_body"):
                return
            body = b"".join(part.get("body", b"") for part in held[1:])
            for end, tagged in tags.items():
                body = body.replace(end, tagged, 1)
            headers = MutableHeaders(scope=held[0])
            if "content-length" in headers and body:
                headers["content-length"] = str(len(body))
            await send(held[0])
            message = {"type": "http.response.body", "body": body}
        await send(message)

    return sent


class CompressedFiles:
    """Answers for Streamlit's static text files from memory, gzipped once; everything else passes.

    A first load is 2.8 MB instead of 9.2 (PERFORMANCE.md); the files have a hash in their names, so they never change.
    """

    def __init__(self, app: ASGIApp, directory: Path) -> None:
        self.app = app
        self.directory = directory
        self.files = {
            f"/static/{path.relative_to(directory / 'static').as_posix()}": path
            for path in (directory / "static").rglob("*")
            if path.suffix in COMPRESSED_TYPES
        }
        self.ready: dict[str, tuple[bytes, str]] = {}
        self.lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["path"] not in self.files:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "gzip" not in headers.get("accept-encoding", "") or "range" in headers:
            await self.app(scope, receive, send)
            return
        body, tag = await to_thread.run_sync(self.compressed, scope["path"])
        answer = {
            "Content-Encoding": "gzip",
            "Cache-Control": ONE_YEAR,
            "ETag": tag,
            "Vary": "Accept-Encoding",
            "Content-Type": COMPRESSED_TYPES[self.files[scope["path"]].suffix],
        }
        if headers.get("if-none-match") == tag:
            await Response(status_code=304, headers=answer)(scope, receive, send)
        else:
            await Response(body, headers=answer)(scope, receive, send)

    def compressed(self, path: str) -> tuple[bytes, str]:
        """The gzipped bytes of a file and their entity tag."""
        found = self.ready.get(path)
        if found is None:
            with self.lock:
                found = self.ready.get(path)
                if found is None:
                    body = gzip.compress(self.files[path].read_bytes(), compresslevel=9, mtime=0)
                    found = self.ready[path] = (body, f'"{hashlib.sha256(body).hexdigest()[:20]}"')
        return found
