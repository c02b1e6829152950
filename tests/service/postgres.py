"""A PostgreSQL of the tests' own: made, started, stopped and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.service.processes import free_port

NOBODY = "nobody"  # PostgreSQL refuses to run as root


def programs() -> Path:
    """The folder of its programs; skips where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "pg_ctl").exists():
            return folder
    pytest.skip("needs PostgreSQL: apt-get install postgresql")


@dataclass(frozen=True)
class Postgres:
    """A server in a folder; `url` is SQLAlchemy's for its database."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://codemod@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self.control("start", "-w", "-o", options, "-l", str(self.folder / "log"))

    def stop(self) -> None:
        self.control("stop", "-m", "immediate")

    def control(self, *arguments: str) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), *arguments)

    def run(self, program: str, *arguments: str) -> None:
        user = NOBODY if os.getuid() == 0 else None
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, f"{program}: see {self.folder}"


@contextmanager
def postgres() -> Iterator[Postgres]:
    found = programs()
    with tempfile.TemporaryDirectory(prefix="codemod-pg-") as name:
        folder = Path(name)
        if os.getuid() == 0:
            shutil.chown(folder, pwd.getpwnam(NOBODY).pw_uid)
        server = Postgres(found, folder, free_port())
        server.run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "codemod")
        server.start()
        try:
            yield server
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                server.stop()
