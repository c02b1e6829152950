"""One command on real code behind the stand-in for GitHub, and what it costs.

    python -m tests.bot.acceptance FOLDER... [--bodies DIR]

makes a repository of the folders, runs `codemod-bot run` on it twice, as a process of
its own, and prints what each did, its requests, seconds and memory. The bodies are
written to DIR, to be looked at. It does not pause between requests: against GitHub a
run takes a second more for each write.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bot.apps import App
from tests.bot.conftest import starting
from tests.bot.emulated import REPOSITORY
from tests.bot.npm import description, graphql_schema, packages
from tests.bot.remote import TOKEN
from tests.bot.world import PROGRAM, World

CONFIG = """\
[tool.codemod.unbounded-query]
limit = 10000
dialect = "postgres"

[tool.codemod-bot]
unsafe = ["bare-except", "unbounded-query"]
"""


@dataclass(frozen=True)
class Cost:
    """`seconds` of the clock and of the processor, and MB at the peak, git included."""

    said: str
    requests: int
    writes: int
    seconds: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        return (
            f"{self.said}\n{self.requests} requests, {self.writes} of them writes; "
            f"{self.seconds:.1f} s, {self.cpu:.1f} s of CPU, {self.megabytes:.0f} MB\n"
        )


def filled(world: World, folders: list[Path]) -> None:
    """The world's repository holds the folders now, and a config."""
    shutil.rmtree(world.work.path / "app")
    for folder in folders:
        skip = shutil.ignore_patterns(".git")
        shutil.copytree(folder, world.work.path / folder.name, ignore=skip)
    (world.work.path / "pyproject.toml").write_text(CONFIG)
    world.work.push()


def command(world: World, *given: str) -> Cost:
    """`codemod-bot` as a process of its own, and what it cost."""
    cache = str(world.work.path.parent / "cache")
    reach = ["--github-url", world.api, "--cache", cache]
    del world.hub.requests[:]
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *given, *reach],
            env={"GITHUB_TOKEN": TOKEN, "PATH": "/usr/bin:/bin"},
            stdout=out,
            stderr=err,
        )
        # Of this process and those it started, not of the stand-ins.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said, wrong = (read(stream) for stream in (out, err))
    assert process.returncode == 0, wrong
    return Cost(
        said.strip(),
        len(world.hub.requests),
        len(world.hub.writes),
        time.monotonic() - started,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
    )


def read(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()


def work(world: World) -> Cost:
    return command(world, "run", REPOSITORY, "--even-if-idle")


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--bodies", type=Path)
    given = parser.parse_args()
    kept = Path(tempfile.gettempdir()) / "codemod-acceptance-npm"
    kept.mkdir(exist_ok=True)
    cache = packages(kept)
    openapi, schema = description(cache), graphql_schema(cache)
    with tempfile.TemporaryDirectory() as folder:
        above = Path(folder) / "world"
        with starting(above, cache, openapi, schema, App(1, key())) as world:
            filled(world, given.folders)
            world.hub.follow()  # GitHub has what was pushed before anybody asks
            print(work(world))
            print(work(world))
            for pull in world.hub.pulls():
                keep(pull, given.bodies)


def keep(pull: dict[str, Any], folder: Path | None) -> None:
    """Write a pull's text where it may be looked at."""
    if folder is None:
        return
    folder.mkdir(exist_ok=True, parents=True)
    name = pull["head"]["ref"].rpartition("/")[2]
    text = f"# {pull['title']}\n\n{pull['body']}"
    (folder / f"{name}.md").write_text(text)


def key() -> str:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(65537, 2048).private_bytes(
        form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
    )
    return made.decode()


if __name__ == "__main__":
    main()
