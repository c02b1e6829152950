"""What a delivery of GitHub's asks for. Pure: bytes and names in, jobs out.

Payloads are whatever somebody sent who knows the secret: a field may be missing or of
another type, and then it says nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

BRANCHES = "codemod/"
NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
DELIVERY = re.compile(r"[0-9A-Za-z-]{8,64}")


class NotUnderstood(Exception):
    """A body that is no JSON object; the message is for who sent it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Look at a repository, and do there what is to be done."""

    repository: str
    installation: int
    why: str


@dataclass(frozen=True, slots=True)
class Forget:
    """A repository is no longer ours to look at."""

    repository: str
    installation: int
    why: str


Job = Visit | Forget


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is to be done, and why."""

    why: str


def is_signed(body: bytes, header: str, secrets: Sequence[str]) -> bool:
    """Whether the signature is that of one of the secrets over just these bytes.

    Takes the same time wherever two signatures begin to differ. More than one secret is
    for the time in which one takes another's place.
    """
    scheme, _, given = header.partition("=")
    if scheme != "sha256":
        return False
    made = [hmac.new(s.encode(), body, hashlib.sha256).hexdigest() for s in secrets]
    found = [hmac.compare_digest(m.encode(), given.encode()) for m in made]
    return any(found)


def read(event: str, body: bytes, me: str) -> tuple[Job, ...] | Nothing:
    """The jobs of a delivery; `me` is the login whose own doings are passed over.

    Raises NotUnderstood.
    """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood("the body is no JSON") from error
    if not isinstance(payload, dict):
        raise NotUnderstood("the body is no JSON object")
    found = Payload(payload)
    if event not in READERS:
        return Nothing(f"{event} is of no interest")
    if me and found.text("sender", "login") == me:
        return Nothing("our own doing")
    return READERS[event](found)


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload, asked by path; what is not there, or is something else, is empty."""

    document: dict[str, object]

    def get(self, *path: str) -> object:
        found: object = self.document
        for key in path:
            if not isinstance(found, dict):
                return None
            found = found.get(key)
        return found

    def text(self, *path: str) -> str:
        found = self.get(*path)
        return found if isinstance(found, str) else ""

    def number(self, *path: str) -> int:
        found = self.get(*path)
        return found if isinstance(found, int) and not isinstance(found, bool) else 0

    @property
    def action(self) -> str:
        return self.text("action")

    @property
    def installation(self) -> int:
        return self.number("installation", "id")

    @property
    def repository(self) -> str:
        return named(self.text("repository", "full_name"))

    def repositories(self, key: str) -> tuple[str, ...]:
        """The names in a list of repositories, each once."""
        listed = self.get(key)
        if not isinstance(listed, list):
            return ()
        each = [Payload(item) for item in listed if isinstance(item, dict)]
        names = (named(one.text("full_name")) for one in each)
        return tuple(dict.fromkeys(name for name in names if name))

    def visit(self, why: str) -> tuple[Job, ...] | Nothing:
        if not self.repository:
            return Nothing("no repository is named")
        return (Visit(self.repository, self.installation, why),)

    def forget(self, why: str) -> tuple[Job, ...] | Nothing:
        if not self.repository:
            return Nothing("no repository is named")
        return (Forget(self.repository, self.installation, why),)


def named(name: str) -> str:
    """An OWNER/REPO as it is; nothing for what cannot be one."""
    parts = name.split("/")
    if not NAME.fullmatch(name) or not all(part.strip(".") for part in parts):
        return ""
    return name


def pushed(found: Payload) -> tuple[Job, ...] | Nothing:
    default = found.text("repository", "default_branch")
    if not default or found.text("ref") != f"refs/heads/{default}":
        return Nothing("not the default branch")
    if found.get("deleted") is True:
        return Nothing("the branch was deleted")
    return found.visit(f"push to {default}")


def pull_changed(found: Payload) -> tuple[Job, ...] | Nothing:
    if found.action not in ("closed", "reopened", "edited", "synchronize"):
        return Nothing(f"a pull request was {found.action or 'touched'}")
    home = found.text("pull_request", "head", "repo", "full_name")
    ours = found.text("pull_request", "head", "ref").startswith(BRANCHES)
    if not ours or home != found.repository:
        return Nothing("not a pull request of ours")
    return found.visit(f"pull request {found.action}")


def checked(found: Payload) -> tuple[Job, ...] | Nothing:
    if found.action != "completed":
        return Nothing("checks are not complete")
    if not found.text("check_suite", "head_branch").startswith(BRANCHES):
        return Nothing("not a branch of ours")
    return found.visit("checks completed")


def installed(found: Payload) -> tuple[Job, ...] | Nothing:
    names = found.repositories("repositories")
    match found.action:
        case "created" | "unsuspend" | "new_permissions_accepted":
            return tuple(Visit(n, found.installation, "installed") for n in names)
        case "deleted" | "suspend":
            return tuple(Forget(n, found.installation, "uninstalled") for n in names)
    return Nothing(f"an installation was {found.action or 'touched'}")


def chosen(found: Payload) -> tuple[Job, ...] | Nothing:
    added = found.repositories("repositories_added")
    removed = found.repositories("repositories_removed")
    return (
        *(Visit(name, found.installation, "added") for name in added),
        *(Forget(name, found.installation, "removed") for name in removed),
    )


def repository_changed(found: Payload) -> tuple[Job, ...] | Nothing:
    match found.action:
        case "renamed" | "transferred":
            there = found.visit(f"repository {found.action}")
            before = found.text("changes", "repository", "name", "from")
            old = named(f"{found.repository.partition('/')[0]}/{before}")
            if isinstance(there, Nothing) or not before or not old:
                return there
            return (Forget(old, found.installation, "renamed"), *there)
        case "archived" | "deleted":
            return found.forget(f"repository {found.action}")
        case "unarchived":
            return found.visit("repository unarchived")
        case "edited" if found.get("changes", "default_branch") is not None:
            return found.visit("default branch changed")
    return Nothing(f"a repository was {found.action or 'touched'}")


READERS = {
    "push": pushed,
    "pull_request": pull_changed,
    "check_suite": checked,
    "installation": installed,
    "installation_repositories": chosen,
    "repository": repository_changed,
}
