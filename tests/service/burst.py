"""A burst of GitHub's own payloads: `python -m tests.service.burst --count 10000`.

Each is signed and has an id of its own; some come again. Afterwards every delivery that
asks for something has its jobs, each of which ran once.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from bot.service.deliveries import Nothing, read
from tests.bot.npm import webhooks
from tests.service.processes import SECRET, Service, jobs_in, serving

AGAIN = 0.05  # of the deliveries come a second time
SEED = 7


@dataclass(frozen=True, slots=True)
class Delivery:
    """One as it is sent: its id, the request's bytes and how many jobs it asks for."""

    id: str
    request: bytes
    jobs: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Times in milliseconds, memory in MB, seconds until the last job was done."""

    sent: int
    asking: int
    statuses: frozenset[bytes]
    p50: float
    p99: float
    slowest: float
    per_second: float
    before: float
    after: float
    lost: int
    twice: int
    until_done: float

    def __str__(self) -> str:
        return (
            f"{self.sent} deliveries, {self.asking} of which ask for something: "
            f"{self.per_second:.0f}/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms, "
            f"slowest {self.slowest:.1f} ms; memory {self.before:.0f} MB before, "
            f"{self.after:.0f} MB after; {self.lost} lost, {self.twice} run twice; all "
            f"jobs done {self.until_done:.0f} s after the first delivery"
        )


def deliveries(
    examples: Sequence[tuple[str, bytes]], count: int, pushes: bool
) -> list[Delivery]:
    """As many, each with an id of its own, in an order of their own."""
    chance = random.Random(SEED)
    made = []
    for number in range(count):
        event, body = examples[number % len(examples)]
        if pushes:
            event, body = "push", push(number)
        found = read(event, body, "")
        jobs = 0 if isinstance(found, Nothing) else len(found)
        name = str(UUID(int=chance.getrandbits(128), version=4))
        made.append(Delivery(name, request(name, event, body), jobs))
    again = chance.sample(made, int(count * AGAIN))
    mixed = [*made, *again]
    chance.shuffle(mixed)
    return mixed


def push(number: int) -> bytes:
    """A push to the default branch of one of a hundred repositories."""
    home = {"full_name": f"acme/data{number % 100}", "default_branch": "main"}
    document = {"ref": "refs/heads/main", "repository": home, "installation": {"id": 1}}
    return json.dumps(document).encode()


def request(name: str, event: str, body: bytes) -> bytes:
    made = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST /webhook HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n"
        f"X-GitHub-Event: {event}\r\nX-GitHub-Delivery: {name}\r\n"
        f"X-Hub-Signature-256: sha256={made}\r\n\r\n"
    )
    return head.encode() + body


async def send(
    port: int, waiting: list[Delivery], times: list[tuple[float, bytes]]
) -> None:
    """Send what waits over one connection, an answer at a time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while waiting:
        each = waiting.pop()
        began = time.perf_counter()
        writer.write(each.request)
        head = await reader.readuntil(b"\r\n\r\n")
        (length,) = (
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        await reader.readexactly(length)
        times.append((time.perf_counter() - began, head.split(b" ", 2)[1]))
    writer.close()


async def send_all(
    port: int, mixed: Sequence[Delivery], connections: int
) -> list[tuple[float, bytes]]:
    waiting, times = list(mixed), list[tuple[float, bytes]]()
    await asyncio.gather(*(send(port, waiting, times) for _ in range(connections)))
    return times


def measure(
    service: Service, database: str, mixed: Sequence[Delivery], connections: int
) -> Figures:
    """Send them all, and wait until what they ask for is done."""
    asyncio.run(send_all(service.port, warm(), 4))
    before, began = memory(service.process.pid), time.perf_counter()
    times = asyncio.run(send_all(service.port, mixed, connections))
    took = time.perf_counter() - began
    wanted = {name for each in mixed for name in ids(each)}
    while len(done := finished(database)) < len(wanted):
        if time.perf_counter() - began > took + 60 + 0.2 * len(wanted):
            break
        time.sleep(0.5)
    took_all = time.perf_counter() - began
    ordered = sorted(seconds * 1000 for seconds, _ in times)
    looks = service.ids()
    return Figures(
        sent=len(times),
        asking=sum(each.jobs > 0 for each in mixed),
        statuses=frozenset(status for _, status in times),
        p50=ordered[len(ordered) // 2],
        p99=ordered[int(len(ordered) * 0.99)],
        slowest=ordered[-1],
        per_second=len(times) / took,
        before=before,
        after=memory(service.process.pid),
        lost=len(wanted - done),
        twice=len(looks) - len(set(looks)),
        until_done=took_all,
    )


def warm() -> list[Delivery]:
    """What the server is asked before anything is measured."""
    return [
        Delivery(name, request(name, "star", b"{}"), 0)
        for name in (f"00000000-warm-{number:04d}" for number in range(200))
    ]


def ids(each: Delivery) -> list[str]:
    if each.jobs == 1:
        return [each.id]
    return [f"{each.id}.{number}" for number in range(each.jobs)]


def finished(database: str) -> set[str]:
    """The jobs that ended well."""
    found = jobs_in(database)
    return {job for job, status in found.items() if status == "SUCCESS"}


def memory(process: int) -> float:
    """What a process holds, in MB."""
    text = Path(f"/proc/{process}/status").read_text()
    (line,) = (line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--pushes", action="store_true", help="each asks for a look")
    parser.add_argument("--cache", type=Path, default=Path(".pytest_cache"))
    given = parser.parse_args()
    examples = webhooks(given.cache)
    mixed = deliveries(examples, given.count, given.pushes)
    with tempfile.TemporaryDirectory(prefix="codemod-burst-") as name:
        database = f"sqlite:///{name}/service.sqlite"
        with serving(Path(name)) as service:
            print(measure(service, database, mixed, given.connections))


if __name__ == "__main__":
    main()
