"""GitHub on this machine, to try the App with: `python -m tests.bot.try_it FOLDER`.

It has one repository, `codemod/app`, made from `docs/example`. People register an App,
install it and look at pull requests on its pages; its API is the emulator's, and so are
the webhooks. A push to the repository is noticed as one on GitHub is.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4
from wsgiref.simple_server import make_server

import pytest

from tests.bot.conftest import an_app
from tests.bot.emulated import ANN, REPOSITORY, emulator
from tests.bot.hub import Hub
from tests.bot.npm import description, graphql_schema, packages
from tests.bot.registering import Registry
from tests.bot.remote import ENVIRONMENT, IDENTITY, TOKEN, Quiet, Server, Work, served
from tests.service.github_web import GitHubWeb

ROOT = Path(__file__).parent.parent.parent
CACHE = ROOT / ".pytest_cache" / "d" / "npm"
INSTALLATION = 100
NOTICED = 1.0  # seconds between two looks at what was pushed


@dataclass
class Demonstration:
    """The pages, and the API once there is an App."""

    registry: Registry
    work: Work
    cache: Path
    here: str
    stack: ExitStack
    schema: Any
    hub: Hub | None = None
    web: GitHubWeb | None = None
    app: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.registry.made = self.registered

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        match [method, *path.strip("/").split("/")]:
            case ["POST", "deliveries"]:
                return self.relay(environ, start)
            case ["GET", "apps", _, "installations", "new"]:
                return page(start, "Install the App", INSTALL)
            case ["POST", "installed"]:
                return self.installed(start)
            case ["GET", "codemod", "app", *_]:
                return page(start, REPOSITORY, "".join(self.listed()))
        if self.hub is None or path.startswith(REGISTERING):
            return self.registry(environ, start)
        if self.web is not None and path.startswith(("/login/", "/user", "/_emulate")):
            return self.web(environ, start)
        return self.hub(environ, start)

    def registered(self, made: Mapping[str, Any]) -> None:
        """An App there is: from now on the emulator has it, and calls its webhook."""
        self.app = made
        rights = {"permissions": made["default_permissions"]}
        rights["events"] = made["default_events"]
        place = {"installation_id": INSTALLATION, "account": "codemod", **rights}
        seed = {"app_id": made["id"], "slug": made["slug"], "name": made["name"]}
        seed |= {"private_key": made["pem"], "installations": [place], **rights}
        seed |= {"webhook_url": f"{self.here}/deliveries"}
        seed |= {"webhook_secret": made["webhook_secret"]}
        people = {key: made[key] for key in ("client_id", "client_secret", "name")}
        people["redirect_uris"] = made["callback_urls"]
        emulated = self.stack.enter_context(
            emulator(self.cache, seed, oauth_apps=[people])
        )
        hub = Hub(
            emulated, self.work.bare, openapi=self.registry.openapi, schema=self.schema
        )
        hub.tokens = self.tokens
        hub.clone_url = self.clone_url
        with hub.lock:
            hub.follow()
        self.hub = hub
        readable = {"ann": [REPOSITORY], "codemod": [REPOSITORY]}
        openapi, app = self.registry.openapi, self.registry.app
        self.web = GitHubWeb(emulated, openapi, app, readable, REPOSITORY)

    tokens: set[str] = field(default_factory=lambda: {TOKEN, ANN})
    clone_url: str = ""

    def relay(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        """The emulator's deliveries to the App, with an id such as GitHub's."""
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.deliver(environ["HTTP_X_GITHUB_EVENT"], body)
        start("204 No Content", [])
        return []

    def deliver(self, event: str, body: bytes) -> None:
        secret = self.app["webhook_secret"].encode()
        signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": str(uuid4()),
            "X-Hub-Signature-256": f"sha256={signature}",
        }
        to = self.app["hook_attributes"]["url"]
        try:
            asked = urllib.request.Request(to, body, headers)
            with urllib.request.urlopen(asked, timeout=10) as answer:
                said = f"{answer.status} {answer.read().decode()}"
        except urllib.error.URLError as error:
            said = str(error)
        print(f"{event} -> {to}: {said}", flush=True)

    def installed(self, start: Any) -> Iterable[bytes]:
        if not self.app:
            return page(start, "There is no App yet", "<p>Run codemod-bot setup first.")
        payload = {
            "action": "created",
            "installation": {"id": INSTALLATION, "account": {"login": "codemod"}},
            "repositories": [{"full_name": REPOSITORY}],
            "sender": {"login": "ann"},
        }
        self.deliver("installation", json.dumps(payload).encode())
        pulls = f"/{REPOSITORY}/pulls"
        told = f"<p>Its pull requests will be at <a href={pulls}>{pulls}</a>."
        return page(start, "The App is installed", told)

    def listed(self) -> Iterable[str]:
        pulls = self.hub.pulls() if self.hub else []
        yield f"<p>{len(pulls)} pull request{'s' * (len(pulls) != 1)}"
        for pull in pulls:
            yield f"<h2>{pull['state']}: {escape(pull['title'])}</h2>"
            body = escape(pull["body"] or "")
            yield f"<pre style='white-space: pre-wrap'>{body}</pre>"

    def watch(self, over: threading.Event) -> None:
        """Tell the emulator what was pushed, as GitHub knows of itself."""
        while not over.wait(NOTICED):
            if self.hub is not None:
                with self.hub.lock:
                    self.hub.follow()


REGISTERING = (
    *("/settings", "/organizations", "/confirmed", "/app-manifests"),
    "/favicon.ico",  # of which the registry says that there is none
)
INSTALL = (
    f"<p>The App may then look at {REPOSITORY}."
    "<form method=post action=/installed><button>Install</button></form>"
)


def page(start: Any, title: str, body: str) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    head = f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
    return [f"{head}<h1>{title}</h1>{body}".encode()]


def repository(folder: Path) -> Work:
    """What a person has: a clone, from which they pushed the example just now."""
    work = Work(folder)
    shutil.copytree(ROOT / "docs" / "example", work.path, dirs_exist_ok=True)
    today = {k: v for k, v in ENVIRONMENT.items() if not k.endswith("_DATE")}
    for arguments in (
        ("add", "-A"),
        (*IDENTITY, "commit", "-q", "-m", "The league's tables"),
        ("push", "-q", "origin", "HEAD:refs/heads/main"),
        ("config", "user.name", "Ann"),
        ("config", "user.email", "ann@example.org"),
        ("branch", "-q", "--set-upstream-to=origin/main"),
    ):
        subprocess.run(["git", *arguments], cwd=work.path, env=today, check=True)
    return work


def from_npm() -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        return packages(CACHE)
    except pytest.skip.Exception as error:
        raise SystemExit(f"try_it: {error}") from None


def run(folder: Path, port: int) -> list[str]:
    """Serve until interrupted; what was asked that GitHub's description has not."""
    cache = from_npm()
    folder.mkdir(parents=True)
    over = threading.Event()
    with ExitStack() as stack:
        work = repository(folder)
        registry = Registry(an_app(), description(cache))
        server = stack.enter_context(
            make_server("127.0.0.1", port, registry, Server, Quiet)
        )
        here = f"http://127.0.0.1:{server.server_port}"
        shown = Demonstration(registry, work, cache, here, stack, graphql_schema(cache))
        shown.clone_url = (
            stack.enter_context(served(folder, shown.tokens)) + "/remote.git"
        )
        server.set_app(shown)
        threading.Thread(target=shown.watch, args=(over,), daemon=True).start()
        print(f"GitHub is at {here}, the repository at {here}/{REPOSITORY}")
        print(f"A clone of it: {work.path}. Ctrl-C ends this.", flush=True)
        try:
            server.serve_forever(0.05)
        except KeyboardInterrupt:
            over.set()
        parts = (registry, shown.hub, shown.web)
        return [each for part in parts if part for each in part.problems]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bot.try_it")
    parser.add_argument("folder", type=Path, help="to be made, for the repository")
    parser.add_argument("--port", type=int, default=4100, help="(%(default)s)")
    given = parser.parse_args()
    problems = run(given.folder.resolve(), given.port)
    print("\n".join(problems), file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
