"""Many readers at once, without browsers: websocket clients that ask for reruns, each with its own filter."""

import asyncio
import random
import time
from dataclasses import dataclass

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass(frozen=True)
class Load:
    """Milliseconds of reruns of so many readers, `think` seconds apart, counted once all of them have the page open.

    `opening_p95`: their first runs, all at once, as when a link is pasted into a meeting. `errors`: connections or
    reruns that failed.
    """

    readers: int
    think: float
    p50: float
    p95: float
    opening_p95: float
    reruns: int
    errors: int


async def rerun(socket, query: str) -> float:
    message = BackMsg()
    message.rerun_script.query_string = query
    start = time.perf_counter()
    await socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await asyncio.wait_for(socket.recv(), 60))
        if answer.WhichOneof("type") == "script_finished":
            return (time.perf_counter() - start) * 1000


async def opened(url: str) -> tuple[websockets.ClientConnection, float]:
    """A connection with the page open, and the milliseconds that its first run took."""
    address = url.replace("http", "ws") + "/_stcore/stream"
    socket = await websockets.connect(address, max_size=None, subprotocols=["streamlit"], origin=url)
    return socket, await rerun(socket, "")


async def visit(socket, queries: list[str], think: float, reruns: int, seed: int) -> list[float]:
    chance = random.Random(seed)  # noqa: S311 - which filter a simulated reader picks
    async with socket:
        await asyncio.sleep(chance.random() * think)
        times = []
        for _ in range(reruns):
            times.append(await rerun(socket, chance.choice(queries)))
            await asyncio.sleep(think)
        return times


async def load(url: str, queries: list[str], readers: int, think: float = 1.0, reruns: int = 10) -> Load:
    """All readers at once; a failed reader counts as an error, the others go on."""
    openings = await asyncio.gather(*(opened(url) for _ in range(readers)), return_exceptions=True)
    there = [result for result in openings if isinstance(result, tuple)]
    visits = [visit(socket, queries, think, reruns, seed) for seed, (socket, _) in enumerate(there)]
    done = [result for result in await asyncio.gather(*visits, return_exceptions=True) if isinstance(result, list)]
    times = sorted(one for result in done for one in result)
    return Load(
        readers=readers,
        think=think,
        p50=quantile(times, 0.5),
        p95=quantile(times, 0.95),
        opening_p95=quantile(sorted(opening for _, opening in there), 0.95),
        reruns=len(times),
        errors=readers - len(done),
    )


def quantile(ordered: list[float], share: float) -> float:
    return ordered[int(share * (len(ordered) - 1))] if ordered else float("nan")
