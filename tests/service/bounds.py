"""How long large and odd requests keep the service busy, and how much memory they
take: `python -m tests.service.bounds`."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

from tests.service.processes import Service, serving
from tests.service.raw import exchanged, request, signature, status

MB = 1_000_000
SIZE = 25 * MB
DEEP = 100_000


def main() -> None:
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as service:
        url = f"http://127.0.0.1:{service.port}"
        print(f"at the start: {resident(service)} MB, at most {peak(service)} MB")
        for what, body, signed in bodies():
            report(service, what, partial(delivered, url, body, signed))
        large = b"x" * SIZE
        report(service, "20 of 25 MB at once, unsigned", lambda: at_once(url, large))
        with slow(url, 200):
            report(service, "a push while 200 connections drip", lambda: one(service))


def bodies() -> Iterator[tuple[str, bytes, bool]]:
    text = b'{"action": "' + b"x" * (SIZE - 14) + b'"}'
    yield "25 MB, unsigned", text, False
    yield "25 MB of one text, signed", text, True
    yield "25 MB of numbers, signed", b"[" + b"1," * (SIZE // 2 - 2) + b"1]", True
    yield "25 MB of empty lists, signed", b"[" + b"[]," * (SIZE // 3 - 2) + b"1]", True
    yield f"{DEEP:,} lists in each other, signed", b"[" * DEEP + b"]" * DEEP, True
    yield "25 MB of open lists, signed", b"[" * SIZE, True


def delivered(url: str, body: bytes, signed: bool) -> str:
    who = (f"X-GitHub-Delivery: {uuid4()}", "X-GitHub-Event: push")
    by = (signature(body),) if signed else ()
    return str(status(exchanged(url, request("POST /webhook", *who, *by, body=body))))


def one(service: Service) -> str:
    return str(service.deliver("acme/data")[0])


def at_once(url: str, body: bytes) -> str:
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: delivered(url, body, False), range(20)))
    return ", ".join(f"{found.count(each)} x {each}" for each in sorted(set(found)))


@contextmanager
def slow(url: str, count: int) -> Iterator[None]:
    """So many connections on which the head of a request never ends."""
    pieces = [b"GET / HTTP/1.1\r\n", *[b"X: y\r\n"] * 40]
    threads = [
        threading.Thread(target=exchanged, args=(url, pieces, 0.1))
        for _ in range(count)
    ]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        for each in threads:
            each.join()


def report(service: Service, what: str, do: Callable[[], str]) -> None:
    """Do it while somebody else asks whether the service lives."""
    over, waits = threading.Event(), [0.0]

    def asking() -> None:
        while not over.is_set():
            began = time.perf_counter()
            assert service.ask("GET", "/healthz")[0] == 200
            waits.append(time.perf_counter() - began)
            time.sleep(0.02)

    thread = threading.Thread(target=asking)
    thread.start()
    Path(f"/proc/{service.process.pid}/clear_refs").write_text("5")  # the peak's begin
    began = time.perf_counter()
    said = do()
    took = time.perf_counter() - began
    over.set()
    thread.join()
    print(
        f"{what}: {said} in {took:.2f} s; others waited {max(waits):.2f} s at most; "
        f"{resident(service)} MB then, {peak(service)} MB at most"
    )


def resident(service: Service) -> int:
    return memory(service, "VmRSS")


def peak(service: Service) -> int:
    return memory(service, "VmHWM")


def memory(service: Service, name: str) -> int:
    """MB, as Linux has it."""
    lines = Path(f"/proc/{service.process.pid}/status").read_text().splitlines()
    (found,) = (line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(found) * 1024 // MB


if __name__ == "__main__":
    main()
