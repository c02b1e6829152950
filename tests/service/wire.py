"""A wire to a server that can be cut without either end hearing of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Wire:
    """Carries bytes between whoever connects to `port` and a server, unless `cut`."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.whole = threading.Event()
        self.whole.set()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def cut(self) -> None:
        self.whole.clear()

    def mend(self) -> None:
        self.whole.set()

    def accept(self) -> None:
        with suppress(OSError):  # in the end the door is closed
            while True:
                here, _ = self.door.accept()
                there = socket.create_connection(("127.0.0.1", self.server))
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError), one, other:
            while data := one.recv(65_536):
                self.whole.wait()
                other.sendall(data)


@contextmanager
def wire(server: int) -> Iterator[Wire]:
    made = Wire(server)
    try:
        yield made
    finally:
        made.mend()
        made.door.close()
