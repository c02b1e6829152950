"""The `emulate` emulator of GitHub, its branches kept those of a real git remote."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bot.npm import node
from tests.bot.remote import TOKEN, git

REPOSITORY = "codemod/app"
ANN = "ghp_annsOwnToken"
SEED: dict[str, dict[str, Any]] = {
    "tokens": {
        TOKEN: {"login": "codemod", "scopes": ["repo"]},
        ANN: {"login": "ann", "scopes": ["repo"]},
    },
    "github": {
        "users": [{"login": "codemod"}, {"login": "ann"}],
        "repos": [{"owner": "codemod", "name": "app", "auto_init": False}],
    },
}


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Emulated:
    """One repository on the emulator."""

    emulator: str
    bare: Path
    name: str = REPOSITORY
    known: dict[str, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    merges: dict[int, str] = field(default_factory=dict)
    rights: dict[str, bool] = field(default_factory=dict)
    host: str = ""
    clone_url: str = ""

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
            found["permissions"] = {**found.get("permissions", {}), **self.rights}
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, dict) and "head" in each:
                self.correct(each)
        return Answer(status, found)

    def correct(self, pull: dict[str, Any]) -> None:
        """An open pull's head is its branch's, wherever it was pushed from."""
        if pull["number"] in self.merges:
            pull["merge_commit_sha"] = self.merges[pull["number"]]
        owner, _, branch = pull["head"]["label"].partition(":")
        tip = self.known.get(f"refs/heads/{branch}")
        if pull["state"] == "open" and owner == self.name.split("/")[0] and tip:
            pull["head"]["sha"] = tip

    def api(self, method: str, path: str, body: Any = None) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        answer = self.forward(method, f"/repos/{self.name}{path}", "", data)
        assert answer.status < 300, (method, path, answer)
        return answer.body

    def pulls(self, state: str = "all") -> list[dict[str, Any]]:
        query = f"state={state}&per_page=100"
        found = self.forward("GET", f"/repos/{self.name}/pulls", query, b"")
        assert isinstance(found.body, list)
        return found.body

    def merge(self, number: int, commit: str) -> None:
        """Merged, by a commit that the remote's base is about to have."""
        self.follow()
        self.api("PUT", f"/pulls/{number}/merge", {})
        self.merges[number] = commit

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
        default = git(self.bare, "symbolic-ref", "--short", "HEAD")
        if self.known and f"refs/heads/{default}" not in self.known and tips:
            self.api("PATCH", "", {"default_branch": default})
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
def emulator(cache: Path, app: Mapping[str, object], **more: object) -> Iterator[str]:
    """The emulator's URL; its state goes when it does. `more` is for its seed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    seed = cache / f"seed-{os.getpid()}-{port}.json"
    github = {**SEED["github"], "apps": [app], **more}
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
