"""Commits and branches by GraphQL, done to the real repository of the stand-in."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from tests.bot.remote import git

NOWHERE = "0" * 40
GITHUB = (
    *("-c", "user.name=GitHub", "-c", "user.email=noreply@github.com"),
    *("-c", "author.name=codemod", "-c", "author.email=1+codemod@example.org"),
)


def committed(bare: Path, given: dict[str, Any]) -> dict[str, Any]:
    """createCommitOnBranch: what it is given has no modes, so none are kept."""
    ref = f"refs/heads/{given['branch']['branchName']}"
    tip = git(bare, "rev-parse", ref)
    if tip != given["expectedHeadOid"]:
        raise ValueError(f"Expected branch to point to {given['expectedHeadOid']}")
    git(bare, "read-tree", tip)
    for file in given["fileChanges"]["additions"]:
        data = base64.b64decode(file["contents"])
        blob = git(bare, "hash-object", "-w", "--stdin", stdin=data)
        entry = f"100644,{blob},{file['path']}"
        git(bare, "update-index", "--add", "--cacheinfo", entry)
    tree = git(bare, "write-tree")
    words = given["message"]
    message = f"{words['headline']}\n\n{words['body']}".encode()
    commit = git(bare, *GITHUB, "commit-tree", tree, "-p", tip, stdin=message)
    git(bare, "update-ref", ref, commit)
    made = {"oid": commit, "tree": {"oid": tree}}
    return {"clientMutationId": None, "commit": made, "ref": None}


def moved(bare: Path, given: dict[str, Any]) -> dict[str, Any]:
    """updateRefs: all or nothing."""
    lines = []
    for each in given["refUpdates"]:
        before = each.get("beforeOid", "")
        lines.append(f"update {each['name']} {each['afterOid']} {before}".strip())
    try:
        git(bare, "update-ref", "--stdin", stdin="\n".join(lines).encode() + b"\n")
    except AssertionError as error:
        raise ValueError("Reference update failed") from error
    return {"clientMutationId": None}
