"""GitHub for tests: the `emulate` emulator, behind a proxy that fills its gaps.

The proxy checks every request, and every answer it gives itself, against GitHub's own
OpenAPI description, and keeps the emulator's branches those of a real git remote.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import make_server

from tests.bot.committing import committed, moved
from tests.bot.emulated import ANN, REPOSITORY, Answer, Emulated
from tests.bot.graphql_side import commit, executed, mutation
from tests.bot.people import Given, answered
from tests.bot.remote import TOKEN, Quiet, Server, threaded
from tests.bot.talking import Talking

UNDESCRIBED = ("/graphql", "/repositories/")  # where the description has nothing
READS = ("GET ", "QUERY ")
NODE = {"id": "PR_1"}
Mutation = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Hub(Emulated):
    """The proxy.

    `faults` are answers for the next requests, in turn, of a method or of a method and
    the end of a path ("POST /pulls"); `lost` are those whose request is done before
    the answer is swapped; `before` and `after` are called once about such a request.
    `mutations` are what GraphQL knows, `statuses` those of commits, `moved` the
    repositories that have another name now, `people` the labels and assignees of pulls,
    `tokens` those that are taken.
    """

    openapi: Any = None
    schema: Any = None
    requests: list[str] = field(default_factory=list)
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    lost: dict[str, list[Answer]] = field(default_factory=dict)
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    after: dict[str, Callable[[], object]] = field(default_factory=dict)
    mutations: dict[str, Mutation] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    people: Given = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {TOKEN, ANN})
    talking: Talking = field(default_factory=Talking)
    problems: list[str] = field(default_factory=list)
    lock: Any = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.mutations["createCommitOnBranch"] = partial(committed, self.bare)
        self.mutations["updateRefs"] = partial(moved, self.bare)
        self.mutations["markPullRequestReadyForReview"] = self.made_ready

    @property
    def writes(self) -> list[str]:
        return [each for each in self.requests if not each.startswith(READS)]

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        called(self.before, asked)
        with self.lock:
            answer = self.answer(environ, body)
        called(self.after, asked)
        data = b"" if answer.body is None else json.dumps(answer.body).encode()
        kind = ("Content-Type", "application/json; charset=utf-8")
        start(f"{answer.status} -", [kind, *answer.headers])
        return [data]

    def answer(self, environ: dict[str, Any], body: bytes) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        query, who = environ["QUERY_STRING"], environ.get("HTTP_AUTHORIZATION", "")
        self.host = environ["HTTP_HOST"]
        reads = path == "/graphql" and not json.loads(body)["query"].startswith("mut")
        self.requests.append(f"{'QUERY' if reads else method} {path}")
        asked = self.request(environ, body)
        if not path.startswith(UNDESCRIBED):
            self.check(lambda: self.openapi.validate_request(asked))
        own = self.own(environ, method, path, body)
        answer = own or self.forward(method, path, query, body, who)
        if path.endswith("/access_tokens") and answer.status == 201:
            self.tokens.add(answer.body["token"])
        if lost := first(self.lost, f"{method} {path}"):
            own = answer = lost
        # Of these the description has nothing for most paths.
        if own and own.status in (200, 201, 204, 422):
            given = self.response(answer, json.dumps(answer.body).encode())
            if not path.startswith(UNDESCRIBED):
                self.check(lambda: self.openapi.validate_response(asked, given))
        return answer

    def own(
        self, environ: dict[str, Any], method: str, path: str, body: bytes
    ) -> Answer | None:
        """What GitHub answers and the emulator does not."""
        if path.startswith("/app/") or path.endswith("/installation"):
            return None  # for Apps, which the emulator knows
        if environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2] not in self.tokens:
            return Answer(401, {"message": "Bad credentials", "status": "401"})
        if fault := first(self.faults, f"{method} {path}"):
            return fault
        self.follow()
        if path == "/graphql":
            return self.graphql(json.loads(body))
        if to := self.moved.get(path.removeprefix("/repos/")):
            return Answer(301, {"message": "Moved Permanently"}, self.location(to))
        if path.endswith("/status"):
            return self.status_of(path.split("/")[-2])
        if method == "POST" and path.endswith(("/labels", "/assignees")):
            return self.given_to(int(path.split("/")[-2]), path, json.loads(body))
        if method == "POST" and path.endswith("/pulls"):
            return self.invalid_pull(**json.loads(body))
        token = environ["HTTP_AUTHORIZATION"].partition(" ")[2]
        return self.talking.answer(self, method, path, body, token)

    def given_to(self, number: int, path: str, body: Any) -> Answer:
        kind = path.rpartition("/")[2]
        known = self.people.setdefault(number, {}).setdefault(kind, [])
        names = body if isinstance(body, list) else body[kind]
        known += [name for name in names if name not in known]
        pull = self.api("GET", f"/pulls/{number}")
        api = f"http://{self.host}/repos/{REPOSITORY}"
        status = 200 if kind == "labels" else 201
        return Answer(status, answered(pull, kind, known, api))

    def graphql(self, asked: dict[str, Any]) -> Answer:
        """Asked and answered as GitHub's own schema has it."""
        roots = {name: mutation(do) for name, do in self.mutations.items()}
        answer, problem = executed(self.schema, {**self.root(), **roots}, asked)
        if problem:
            self.problems.append(problem)
        return Answer(200, answer)

    def root(self) -> dict[str, Any]:
        return {"repository": lambda info, **given: self.repository(**given)}

    def repository(
        self, owner: str, name: str, followRenames: bool
    ) -> dict[str, Any] | None:
        """What queries see of a repository."""
        found = self.forward("GET", f"/repos/{owner}/{name}", "", b"")
        if found.status != 200:
            return None
        tips, main = self.known, found.body["default_branch"]

        def ref(info: object, qualifiedName: str) -> dict[str, Any] | None:
            tip = tips.get(qualifiedName)
            return {"target": commit(tip)} if tip else None

        def refs(info: object, refPrefix: str, first: int) -> dict[str, Any]:
            ours = [each for each in tips if each.startswith(refPrefix)]
            return {"nodes": [self.branch(each, refPrefix) for each in ours[:first]]}

        default = {"name": main, "target": commit(tips[f"refs/heads/{main}"])}
        return {
            "isArchived": found.body["archived"],
            "isDisabled": found.body["disabled"],
            "defaultBranchRef": default,
            "ref": ref,
            "refs": refs,
        }

    def branch(self, ref: str, prefix: str) -> dict[str, Any]:
        nodes = [
            {
                "number": pull["number"],
                "state": pull["state"].upper(),
                "isDraft": pull["draft"],
                "updatedAt": pull["updated_at"],
            }
            for pull in self.pulls()
            if f"refs/heads/{pull['head']['ref']}" == ref
        ]
        return {
            "name": ref.removeprefix(prefix),
            "target": commit(self.known[ref]),
            "associatedPullRequests": {"nodes": nodes},
        }

    def made_ready(self, given: dict[str, Any]) -> dict[str, Any]:
        (pull,) = (p for p in self.pulls() if p["node_id"] == given["pullRequestId"])
        self.api("PATCH", f"/pulls/{pull['number']}", {"draft": False})
        return {"clientMutationId": None, "pullRequest": {**NODE, "isDraft": False}}

    def invalid_pull(self, head: str, base: str, **_: object) -> Answer | None:
        """What GitHub has against a pull that the emulator would take."""
        error = {"resource": "PullRequest", "code": "custom"}
        if any(p["head"]["label"] == f"codemod:{head}" for p in self.pulls("open")):
            error["message"] = f"A pull request already exists for codemod:{head}."
        elif f"refs/heads/{base}" not in self.known:
            error |= {"field": "base", "code": "invalid"}
        else:
            return None
        words = {"message": "Validation Failed", "documentation_url": "https://x"}
        return Answer(422, {**words, "errors": [error]})

    def location(self, name: str) -> tuple[tuple[str, str], ...]:
        found = self.forward("GET", f"/repos/{name}", "", b"").body
        return (("Location", f"http://{self.host}/repositories/{found['id']}"),)

    def status_of(self, commit: str) -> Answer:
        """The combined status, which the emulator has not."""
        state = self.statuses.get(commit)
        api = f"http://{self.host}/repos/{REPOSITORY}"
        status = {
            "url": f"{api}/statuses/{commit}",
            "avatar_url": None,
            "id": 1,
            "node_id": "S_1",
            "state": state,
            "description": None,
            "target_url": None,
            "context": "ci/jenkins",
            "created_at": "2023-11-14T22:13:20Z",
            "updated_at": "2023-11-14T22:13:20Z",
        }
        found = self.forward("GET", f"/repos/{REPOSITORY}", "", b"").body
        body = {
            "state": state or "pending",
            "statuses": [status] if state else [],
            "sha": commit,
            "total_count": int(bool(state)),
            "repository": found,
            "commit_url": f"{api}/commits/{commit}",
            "url": f"{api}/commits/{commit}/status",
        }
        return Answer(200, body)

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


def first(table: dict[str, list[Answer]], asked: str) -> Answer | None:
    """The next answer of the table for what is asked, which is taken out."""
    for key, answers in table.items():
        if answers and about(key, asked):
            return answers.pop(0)
    return None


def called(table: dict[str, Callable[[], object]], asked: str) -> None:
    for key in [key for key in table if about(key, asked)]:
        table.pop(key)()


def about(key: str, asked: str) -> bool:
    method, _, end = key.partition(" ")
    return asked.startswith(f"{method} ") and asked.endswith(end)


@contextmanager
def serving(hub: Hub) -> Iterator[str]:
    with threaded(make_server("127.0.0.1", 0, hub, Server, Quiet)) as url:
        yield url
