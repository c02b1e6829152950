"""What the emulator has not of comments: reactions, and GitHub's word for a right."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.bot.emulated import ANN, Answer, Emulated
from tests.bot.remote import TOKEN

WHO = {TOKEN: "codemod", ANN: "ann"}
# https://docs.github.com/en/rest/collaborators/collaborators
LEGACY = {"maintain": "write", "triage": "read"}


@dataclass
class Talking:
    """`reactions` by comment: who, and which."""

    reactions: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def answer(
        self, hub: Emulated, method: str, path: str, body: bytes, token: str
    ) -> Answer | None:
        if path.endswith("/permission"):
            return self.permission(hub.forward(method, path, "", body))
        if method == "POST" and path.endswith("/reactions"):
            comment = int(path.split("/")[-2])
            found = hub.forward("GET", path.removesuffix("/reactions"), "", b"")
            return self.react(
                comment, found.body["user"], WHO.get(token, "codemod"), json.loads(body)
            )
        return None

    def permission(self, found: Answer) -> Answer:
        """GitHub knows everybody; who is no collaborator of a public one may read."""
        role = "read" if found.status == 404 else found.body["role_name"]
        right = {"permission": LEGACY.get(role, role), "role_name": role, "user": None}
        return Answer(200, right)

    def react(
        self, comment: int, person: dict[str, Any], who: str, asked: dict[str, str]
    ) -> Answer:
        known = self.reactions.setdefault(comment, [])
        one = who, asked["content"]
        there = one in known
        known += [] if there else [one]
        made = {
            "id": known.index(one) + 1,
            "node_id": "REA_1",
            "user": {**person, "login": who},
            "content": asked["content"],
            "created_at": "2023-11-14T22:13:20Z",
        }
        return Answer(200 if there else 201, made)
