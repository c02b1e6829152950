"""Labels and assignees of pull requests, which the emulator has for issues alone."""

from __future__ import annotations

from typing import Any

Given = dict[int, dict[str, list[str]]]


def answered(pull: dict[str, Any], kind: str, known: list[str], api: str) -> Any:
    """What GitHub says when labels or assignees were added to a pull."""
    if kind == "labels":
        return [label(name, at, api) for at, name in enumerate(known)]
    person = {**pull["user"], "site_admin": False}
    return {
        **{key: pull[key] for key in SHARED},
        "url": f"{api}/issues/{pull['number']}",
        "repository_url": api,
        "labels_url": f"{api}/issues/{pull['number']}/labels{{/name}}",
        "comments_url": f"{api}/issues/{pull['number']}/comments",
        "events_url": f"{api}/issues/{pull['number']}/events",
        "comments": 0,
        "labels": [],
        "assignee": None,
        "assignees": [{**person, "login": name} for name in known],
        "author_association": "OWNER",
    }


SHARED = (
    *("id", "node_id", "number", "state", "title", "body", "user", "locked"),
    *("html_url", "milestone", "created_at", "updated_at", "closed_at"),
)


def label(name: str, number: int, api: str) -> dict[str, Any]:
    return {
        "id": number,
        "node_id": f"LA_{number}",
        "url": f"{api}/labels/{name}",
        "name": name,
        "description": None,
        "color": "ededed",
        "default": False,
    }
