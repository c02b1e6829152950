"""A GitHub of many repositories that says little: for sweeps, and fast.

It answers what the sweep asks and nothing else. That GitHub would understand these
questions is tested on the other stand-in, by GitHub's own schema.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.bot.remote import threaded

LATER = "2100-01-01T00:00:00Z"


@dataclass
class Many:
    """`places`: the repositories by installation; `tips`: those of default branches
    that are not "0"; the `slow` take a second, for the `broken` there is no answer."""

    places: dict[int, list[str]] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)
    archived: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    limited: bool = False
    latency: float = 0.0
    requests: list[str] = field(default_factory=list)

    def answer(self, method: str, url: str, who: str, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(url)
        page = int(parse_qs(parts.query).get("page", ["1"])[0])
        self.requests.append(f"{method} {parts.path}")
        time.sleep(self.latency)
        match parts.path.strip("/").split("/"):
            case ["app", "installations"]:
                found = [installation(number) for number in sorted(self.places)]
                return 200, found[(page - 1) * 100 : page * 100]
            case ["app", "installations", number, "access_tokens"]:
                return 201, {
                    "token": f"t-{number}",
                    "expires_at": LATER,
                }
            case ["installation", "repositories"]:
                names = self.places[int(who.rpartition("-")[2])]
                some = names[(page - 1) * 100 : page * 100]
                listed = [{"full_name": name} for name in some]
                return 200, {"total_count": len(names), "repositories": listed}
            case ["graphql"]:
                return self.graphql(json.loads(body)["variables"])
        return 404, {"message": "Not Found"}

    def graphql(self, given: dict[str, str]) -> tuple[int, Any]:
        if self.limited:
            error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded"}
            return 200, {"errors": [error]}
        count = sum(key.startswith("o") and key != "ours" for key in given)
        names = [f"{given[f'o{at}']}/{given[f'n{at}']}" for at in range(count)]
        if self.broken.intersection(names):
            return 502, {"message": "Something went wrong"}
        data = {}
        errors = []
        for at, name in enumerate(names):
            data[f"r{at}"] = self.repository(name, given[f"b{at}"])
            if data[f"r{at}"] is None:
                errors.append({"type": "NOT_FOUND", "path": [f"r{at}"]})
        return 200, {"data": data, **({"errors": errors} if errors else {})}

    def repository(self, name: str, base: str) -> dict[str, Any] | None:
        if name in self.unknown:
            return None
        tip = {"oid": self.tips.get(name, "0")}
        there = base == "refs/heads/main"
        return {
            "isArchived": name in self.archived,
            "isDisabled": False,
            "defaultBranchRef": {"name": "main", "target": tip},
            "base": {"target": tip} if there else None,
            "refs": {"nodes": []},
        }


def installation(number: int) -> dict[str, Any]:
    account = {"login": f"org{number}", "id": number, "url": "https://x"}
    return {"id": number, "account": account, "suspended_at": None}


@contextmanager
def answering(many: Many) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            who = self.headers.get("Authorization") or ""
            asked = (self.command, self.path, who, self.rfile.read(size))
            status, answer = many.answer(*asked)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = handle_one

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with threaded(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        yield url
