"""Many readers at once, without browsers: websocket clients that ask for reruns, each with its own filter."""

import asyncio
import random
import statistics
import time
from dataclasses import dataclass

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass(frozen=True)
class Load:
    """Milliseconds of reruns of so many readers, `think` seconds apart; `errors`: connections or reruns that failed."""

    readers: int
    think: float
    p50: float
    p95: float
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


async def reader(url: str, queries: list[str], think: float, reruns: int, seed: int) -> list[float]:
    chance = random.Random(seed)  # noqa: S311 - which filter a simulated reader picks
    address = url.replace("http", "ws") + "/_stcore/stream"
    async with websockets.connect(address, max_size=None, subprotocols=["streamlit"], origin=url) as socket:
        await rerun(socket, "")
        await asyncio.sleep(chance.random() * think)
        times = []
        for _ in range(reruns):
            times.append(await rerun(socket, chance.choice(queries)))
            await asyncio.sleep(think)
        return times


async def load(url: str, queries: list[str], readers: int, think: float = 1.0, reruns: int = 10) -> Load:
    """All readers at once; a failed reader counts as an error, the others go on."""
    clients = [reader(url, queries, think, reruns, seed) for seed in range(readers)]
    done = await asyncio.gather(*clients, return_exceptions=True)
    times = sorted(t for result in done if isinstance(result, list) for t in result)
    errors = sum(not isinstance(result, list) for result in done)
    if not times:
        return Load(readers, think, float("nan"), float("nan"), 0, errors)
    return Load(readers, think, statistics.median(times), times[int(0.95 * (len(times) - 1))], len(times), errors)
