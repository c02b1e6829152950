"""Requests as bytes, for what no HTTP client would send."""

from __future__ import annotations

import hashlib
import hmac
import socket
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from tests.service.processes import SECRET


def exchanged(url: str, pieces: Iterable[bytes], pause: float = 0.0) -> bytes:
    """What comes back until the other side ends the connection or is quiet."""
    found = urlsplit(url)
    with socket.create_connection((found.hostname, found.port), timeout=30) as there:
        try:
            for piece in pieces:
                there.sendall(piece)
                if pause:
                    time.sleep(pause)
        except (BrokenPipeError, ConnectionResetError):
            pass  # answered, or ended, before all was sent
        return everything(there)


def everything(there: socket.socket) -> bytes:
    data = b""
    try:
        while piece := there.recv(65_536):
            data += piece
    except (ConnectionResetError, TimeoutError):
        pass
    return data


def request(
    line: str, *headers: str, body: bytes = b"", length: bool = True
) -> list[bytes]:
    """One request over a connection that is closed then."""
    size = (f"Content-Length: {len(body)}",) if body and length else ()
    lines = (f"{line} HTTP/1.1", "Host: x", "Connection: close", *headers, *size)
    return ["\r\n".join((*lines, "", "")).encode("latin-1") + body]


def status(answer: bytes) -> int:
    """The status of an answer, 0 where there was none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def signature(body: bytes, secret: str = SECRET) -> str:
    made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return f"X-Hub-Signature-256: sha256={made}"
