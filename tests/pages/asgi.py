"""The smallest client: one request to an ASGI application, without a network and without another package."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        body = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        return body.decode()


def ask(app, link: str, method: str = "GET", client: str = "127.0.0.1", kind: str = "http", **headers: str) -> Answer:
    """The answer to a request; `host` is 127.0.0.1:8501 unless given. A refused socket has its close code as status."""
    parts = urlsplit("http://x" + link)
    names = {"host": "127.0.0.1:8501"} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": kind,
        "http_version": "1.1",
        "method": method,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in names.items()],
        "client": (client, 50000),
        "server": ("127.0.0.1", 8501),
        "scheme": "http" if kind == "http" else "ws",
        "root_path": "",
        "subprotocols": [],
    }
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request" if kind == "http" else "websocket.connect", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as beside:  # a thread of its own: Playwright leaves its loop running in the tests'
        beside.submit(asyncio.run, app(scope, receive, send)).result()
    first = sent[0]
    found = {name.decode().lower(): value.decode() for name, value in first.get("headers", [])}
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Answer(first.get("status", first.get("code", 0)), found, body)
