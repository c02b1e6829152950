"""The pieces fit: deliveries to the service as it runs, its jobs as real runs of the
bot, as an App, on the GitHub stand-in, and what people see of it there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from bot.apps import App
from bot.service.ledger.tables import RUNS
from bot.state import ticks
from tests.bot.build import tick
from tests.bot.conftest import starting
from tests.bot.npm import graphql_schema
from tests.bot.remote import git
from tests.bot.test_checks import check
from tests.bot.test_run import NAME
from tests.bot.world import World
from tests.service.processes import (
    ROOT,
    SECRET,
    Service,
    await_answer,
    free_port,
    until,
)
from tests.service.processes import serving as quick

ME = "codemod-app[bot]"
ANN = {"login": "ann", "type": "User"}
# Nobody has committed to the stand-in's repository for years.
CONFIG = '[tool.codemod-bot]\nselect = ["iterrows"]\neven-if-idle = true\n'


# Nobody else uses this GitHub: no pauses between requests.
HURRY = """\
from bot import session
session.PACE.update(requests=0, writes=0)
"""


@dataclass(frozen=True)
class Whole:
    """The service and the repository that it serves."""

    service: Service
    world: World

    def deliver(self, event: str, **more: Any) -> str:
        """What GitHub sends when something was done by Ann, and what is answered."""
        payload = {
            "repository": self.world.hub.api("GET", ""),
            "installation": {"id": 100},
            "sender": ANN,
            **more,
        }
        body = json.dumps(payload).encode()
        status, said = self.service.send(body, str(uuid4()), event)
        assert status == 202
        return str(json.loads(said)["message"])

    def comment(self, text: str) -> int:
        number = self.world.say(text)
        given = self.world.hub.api("GET", f"/issues/comments/{number}")
        more = {"issue": {"number": 1, "pull_request": {}}, "comment": given}
        said = self.deliver("issue_comment", action="created", **more)
        assert said == "1 queued"
        return number

    def pull(self) -> dict[str, Any]:
        with self.world.hub.lock:
            found: dict[str, Any] = self.world.hub.api("GET", "/pulls/1")
            return found

    def files(self) -> list[str]:
        return git(self.world.work.bare, "diff", "--name-only", "main", NAME).split()


@contextmanager
def serving(world: World, folder: Path, app: App) -> Iterator[Whole]:
    port = free_port()
    database = f"sqlite:///{folder / 'service.sqlite'}"
    given = ["--port", str(port), "--login", ME, "--database", database]
    given += ["--github-url", world.api, "--cache", str(folder / "cache")]
    (folder / "hurry").mkdir()
    (folder / "hurry" / "sitecustomize.py").write_text(HURRY)
    environment = {
        "PYTHONPATH": f"{folder / 'hurry'}:{ROOT}",
        "CODEMOD_APP_ID": str(app.id),
        "CODEMOD_PRIVATE_KEY": app.key,
        "CODEMOD_WEBHOOK_SECRET": SECRET,
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", *given],
            cwd=ROOT,
            env={**os.environ, **environment},
            stderr=log,
        )
    service = Service(process, port, folder / "looks")
    try:
        await_answer(service)
        yield Whole(service, world)
    finally:
        process.terminate()
        process.wait(20)


def test_from_a_delivery_to_a_pull_request_and_back(
    tmp_path: Path, cache: Path, openapi: Any, app: App
) -> None:
    with starting(tmp_path, cache, openapi, graphql_schema(cache), app) as world:
        world.hub.api("PUT", "/collaborators/ann", {"permission": "push"})
        (world.work.path / "pyproject.toml").write_text(CONFIG)
        with serving(world, tmp_path, app) as whole:
            lived(whole)
        log = (tmp_path / "log").read_text()
    assert "Traceback" not in log
    assert SECRET not in log
    assert app.key[40:80] not in log


def lived(whole: Whole) -> None:
    """A pull request's life, as far as deliveries move it."""
    world, hub = whole.world, whole.world.hub
    world.work.push()
    check(world, "main", "success")
    assert whole.deliver("push", ref="refs/heads/main") == "1 queued"
    until(lambda: len(hub.pulls()) == 1)
    assert whole.pull()["user"]["login"] == ME
    assert whole.files() == ["app/one.py", "app/two.py"]

    # Who pushed what was checked, the bot, is told as the sender.
    check(world, NAME, "failure")
    suite = {"head_branch": NAME, "app": {"slug": "github-actions"}}
    checked = {"check_suite": suite, "sender": {"login": ME, "type": "Bot"}}
    assert whole.deliver("check_suite", action="completed", **checked) == "1 queued"
    until(lambda: "as checks fail:** `tests`" in whole.pull()["body"])

    body = whole.pull()["body"]
    key = next(iter(ticks(body)))
    hub.api("PATCH", "/pulls/1", {"body": tick(body, key, on=False)})
    own = {"pull_request": whole.pull(), "sender": {"login": ME, "type": "Bot"}}
    assert whole.deliver("pull_request", action="edited", **own) == "our own doing"
    edited = {"pull_request": whole.pull()}
    assert whole.deliver("pull_request", action="edited", **edited) == "1 queued"
    until(lambda: whole.files() == ["app/two.py"])

    world.work.write(plain_py="x = 2\n")
    world.work.push()
    comment = whole.comment("Please.\n\n/codemod rebase")
    until(lambda: hub.talking.reactions.get(comment) == [("codemod", "+1")])
    tip = world.work.tips()["main"]
    assert git(world.work.bare, "rev-parse", f"{NAME}^") == tip
    assert whole.files() == ["app/two.py"]

    whole.comment("/codemod ignore iterrows")
    until(lambda: NAME not in world.work.tips())
    assert whole.pull()["state"] == "closed"


def test_a_renamed_repository_keeps_its_past(tmp_path: Path) -> None:
    with quick(tmp_path) as service:
        service.deliver("acme/old")
        service.settles(1)
        payload = {
            "action": "renamed",
            "repository": {"full_name": "acme/New"},
            "changes": {"repository": {"name": {"from": "old"}}},
            "installation": {"id": 1},
            "sender": ANN,
        }
        body = json.dumps(payload).encode()
        assert service.send(body, str(uuid4()), "repository")[0] == 202
        assert service.settles(2) == ["acme/old", "acme/New"]
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'service.sqlite'}")
    with engine.connect() as work:
        found = work.execute(sa.select(RUNS.c.repository, RUNS.c.why)).all()
    engine.dispose()
    assert [tuple(row) for row in found] == [
        ("acme/new", "push to main"),
        ("acme/new", "repository renamed"),
    ]
