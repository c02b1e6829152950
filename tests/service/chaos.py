"""Processes killed at random while repositories are looked at:
`python -m tests.service.chaos --minutes 10 --repositories 200`.

A web process and two workers on one PostgreSQL, each killed with SIGKILL now and then,
or stopped for longer than it takes to be taken for dead, and started again. The looks
are real: `codemod-bot run` against the emulator and a git server. In the end every
delivery that was taken has its job done, and every repository has the branches and pull
requests that a first one got in peace: these, once each, and no others.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from tests.bot.emulated import Emulated, emulator
from tests.bot.hub import Hub, serving
from tests.bot.npm import graphql_schema, packages
from tests.bot.remote import ENVIRONMENT, IDENTITY, TOKEN, git, served
from tests.service.postgres import postgres
from tests.service.processes import (
    ROOT,
    SECRET,
    Service,
    free_port,
    jobs_in,
    until,
)

OWNER = "codemod"
PEACE = f"{OWNER}/peace"
LOOPS = """\
def total(df):
    found = 0
    for _, row in df.iterrows():
        found += row["a"]
    return found
"""
CALLS = """\
import subprocess


def listed():
    subprocess.run("ls -l", shell=True, check=True)
"""
# Nobody else uses this GitHub: no pauses between requests.
QUICK = """\
import sys
if "bot.service.tethered" in sys.orig_argv or "run" in sys.argv[:3]:
    from bot import session
    session.PACE.update(requests=0, writes=0)
"""
PROGRAM = """\
import sys
from bot.service import attempts, jobs, takeover
takeover.INTERVAL = 1.0
attempts.PAUSE = 1.0
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""
STOPPED = 12  # seconds: twice what it takes to be taken for dead


class Place(Hub):
    """A repository on the emulator; what is asked is not checked here."""

    def check(self, validate: Any) -> None:
        """Other tests do."""


@dataclass
class Town:
    """Many repositories behind one address."""

    places: dict[str, Place] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        environ["wsgi.input"] = Again(body)
        found = next(
            place
            for name, place in self.places.items()
            if name_in(name, environ["PATH_INFO"], body)
        )
        return found(environ, start)


@dataclass
class Again:
    """A body that was read."""

    body: bytes

    def read(self, size: int = -1) -> bytes:
        return self.body


def name_in(name: str, path: str, body: bytes) -> bool:
    rest = name.partition("/")[2]
    if path == "/graphql":
        return f'"{rest}"'.encode() in body
    return f"{path}/".startswith(f"/repos/{name}/")


@contextmanager
def town(folder: Path, cache: Path, count: int) -> Iterator[tuple[Town, str]]:
    names = [PEACE, *(f"{OWNER}/data{number}" for number in range(count))]
    made = [
        {"owner": OWNER, "name": name.partition("/")[2], "auto_init": False}
        for name in names
    ]
    remotes = folder / "remotes"
    remotes.mkdir()
    template = one(folder)
    for name in names:
        shutil.copytree(template, remotes / f"{name.partition('/')[2]}.git")
    with ExitStack() as stack:
        app = {"app_id": 1, "slug": "x", "name": "x", "private_key": "x"}
        found = stack.enter_context(emulator(cache, app, repos=made))
        schema = graphql_schema(cache)
        root = stack.enter_context(served(remotes))
        built = Town()
        for name in names:
            bare = remotes / f"{name.partition('/')[2]}.git"
            place = Place(found, bare, name, schema=schema)
            place.clone_url = f"{root}/{bare.name}"
            built.places[name] = place
        api = stack.enter_context(serving(built))  # type: ignore[arg-type]
        yield built, api


def one(folder: Path) -> Path:
    """A repository as they all are in the beginning."""
    work, bare = folder / "work", folder / "template.git"
    work.mkdir()
    (work / "loops.py").write_text(LOOPS)
    (work / "calls.py").write_text(CALLS)
    git(work, "init", "-q", "-b", "main")
    git(work, "add", "-A")
    today = {"GIT_AUTHOR_DATE": "", "GIT_COMMITTER_DATE": ""}
    environment = {k: v for k, v in ENVIRONMENT.items() if k not in today}
    command = ["git", *IDENTITY, "commit", "-q", "-m", "work"]
    subprocess.run(command, cwd=work, env=environment, check=True)
    git(folder, "clone", "-q", "--bare", str(work), str(bare))
    for key in ("http.receivepack", "uploadpack.allowFilter"):
        git(bare, "config", key, "true")
    git(bare, "config", "uploadpack.allowAnySHA1InWant", "true")
    return bare


@dataclass
class Team:
    """The processes, started again when they are gone."""

    folder: Path
    api: str
    database: str
    stops: float
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)

    @property
    def service(self) -> Service:
        return Service(self.processes["web"], self.port, self.folder / "looks")

    def keep(self) -> None:
        for name in ("web", "worker one", "worker two"):
            process = self.processes.get(name)
            if process is None or process.poll() is not None:
                self.processes[name] = self.begin(name)

    def begin(self, name: str) -> subprocess.Popen[bytes]:
        given = ["--database", self.database, "--name", name, "--github-url", self.api]
        given += ["--cache", str(self.folder / "cache")]
        if name == "web":
            command = ["serve", "--no-jobs", "--port", str(self.port), *given]
        else:
            command = ["worker", "--jobs", "2", *given]
        (self.folder / "sitecustomize.py").write_text(QUICK)
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *command],
                cwd=ROOT,
                env={
                    **os.environ,
                    "CODEMOD_WEBHOOK_SECRET": SECRET,
                    "GITHUB_TOKEN": TOKEN,
                    "PYTHONPATH": f"{ROOT}:{self.folder}",
                },
                stderr=log,
                stdout=log,
            )

    def hurt(self, chance: random.Random) -> None:
        """Kill one, or stop it for a while."""
        name, process = chance.choice(sorted(self.processes.items()))
        if name != "web" and chance.random() < self.stops:
            self.events["stopped"] += 1
            process.send_signal(signal.SIGSTOP)
            time.sleep(STOPPED)
            process.send_signal(signal.SIGCONT)
            return
        self.events["killed"] += 1
        process.kill()
        process.wait()

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()

    def deliver(self, name: str) -> str:
        """A push; its id, once it was taken."""
        while True:
            delivery = str(uuid4())
            try:
                if self.service.deliver(name, delivery)[0] == 202:
                    return delivery
            except OSError:
                pass
            self.keep()
            time.sleep(0.2)


@dataclass(frozen=True, slots=True)
class Result:
    repositories: int
    seconds: float
    events: Counter[str]
    deliveries: int
    pulls: int
    not_done: int
    errors: Counter[str]
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.repositories} repositories, {self.deliveries} deliveries, "
            f"{self.seconds:.0f} s; {self.events['killed']} killed, "
            f"{self.events['stopped']} stopped for {STOPPED} s; jobs not done: "
            f"{self.not_done} {dict(self.errors)}; repositories without just the "
            f"{self.pulls} pull requests and branches of peace: {len(self.wrong)} "
            f"{self.wrong[:5]}"
        )


def chaos(
    folder: Path,
    cache: Path,
    count: int,
    seconds: float,
    between: tuple[float, float],
    stops: float = 0.2,
) -> Result:
    """What became of so many repositories in so many seconds of trouble; `stops` is the
    share of what befalls workers that is no death."""
    chance = random.Random(8)
    with (
        postgres() as server,
        town(folder, cache, count) as (found, api),
    ):
        team = Team(folder, api, server.url, stops)
        try:
            taken = [in_peace(team)]
            names = [name for name in found.places if name != PEACE]
            began = time.monotonic()
            taken += trouble(team, names, seconds, between, chance)
            team.keep()
            until(lambda: is_done(team, taken), 3_600)
        finally:
            team.end()
        took = time.monotonic() - began
        states = jobs_in(server.url)
        want = state(found.places[PEACE])
        errors = reasons(server.url)
        wrong = tuple(name for name in names if state(found.places[name]) != want)
    done = sum(states.get(each) == "SUCCESS" for each in taken)
    (_, pulls) = want
    not_done = len(taken) - done
    return Result(
        count, took, team.events, len(taken), len(pulls), not_done, errors, wrong
    )


def reasons(database: str) -> Counter[str]:
    """Why looks came to nothing."""
    engine = sa.create_engine(database)
    asked = "SELECT error FROM codemod_runs WHERE error <> ''"
    with engine.connect() as work:
        found = Counter(work.execute(sa.text(asked)).scalars())
    engine.dispose()
    return found


def in_peace(team: Team) -> str:
    """The first look, that nobody disturbs."""
    team.keep()
    taken = team.deliver(PEACE)
    until(lambda: is_done(team, [taken]), 120)
    return taken


def trouble(
    team: Team,
    names: Sequence[str],
    seconds: float,
    between: tuple[float, float],
    chance: random.Random,
) -> list[str]:
    """Deliveries for all, again when they are done, and now and then a process hurt."""
    taken = [team.deliver(name) for name in names]
    end = time.monotonic() + seconds
    following = time.monotonic() + chance.uniform(*between)
    while time.monotonic() < end:
        team.keep()
        if time.monotonic() > following:
            team.hurt(chance)
            team.keep()
            following = time.monotonic() + chance.uniform(*between)
        if is_done(team, taken):
            taken += [team.deliver(name) for name in names]
        time.sleep(0.5)
    return taken


def is_done(team: Team, taken: Sequence[str]) -> bool:
    team.keep()
    states = jobs_in(team.database)
    return all(states.get(each) in ("SUCCESS", "ERROR") for each in taken)


State = tuple[dict[str, str], list[tuple[str, str]]]


def state(place: Emulated) -> State:
    """What a repository has: each branch with its files, each pull request."""
    out = git(place.bare, "for-each-ref", "--format=%(refname:short)")
    trees = {
        name: git(place.bare, "rev-parse", f"{name}^{{tree}}") for name in out.split()
    }
    pulls = sorted((each["head"]["ref"], each["state"]) for each in place.pulls())
    return trees, pulls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--repositories", type=int, default=200)
    parser.add_argument("--between", type=float, nargs=2, default=(5.0, 20.0))
    parser.add_argument("--cache", type=Path, default=Path(".pytest_cache"))
    given = parser.parse_args()
    cache = packages(given.cache.resolve())
    with tempfile.TemporaryDirectory(prefix="codemod-chaos-") as name:
        between = (given.between[0], given.between[1])
        minutes = given.minutes * 60
        print(chaos(Path(name), cache, given.repositories, minutes, between))


if __name__ == "__main__":
    main()
