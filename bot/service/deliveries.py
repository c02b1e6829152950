"""What a delivery of GitHub's asks for. Pure: bytes and names in, jobs out."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.orders import may_ask
from bot.service.payloads import Payload, named

BRANCHES = "codemod/"
# Lists and objects in a payload. GitHub's largest have some thousands; 25 MB of empty
# ones would take 800 MB and seconds.
MOST = 500_000
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


@dataclass(frozen=True, slots=True)
class Rename:
    """A repository has another name now; what is known of it stays."""

    repository: str
    installation: int
    why: str
    before: str


@dataclass(frozen=True, slots=True)
class Obey:
    """Do what a comment in a pull request asks for, if it asks for something."""

    repository: str
    installation: int
    why: str
    pull: int
    comment: int


Job = Visit | Forget | Rename | Obey


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is to be done, and why; of which repository, for the log."""

    why: str
    repository: str = field(default="", compare=False)
    installation: int = field(default=0, compare=False)


# As of an installation that is suspended: then nothing of it can be reached anyway.
NO_NAMES = Nothing("no repository is named")


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
    if body.count(b"[") + body.count(b"{") > MOST:
        raise NotUnderstood("the body has too many parts")
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood("the body is no JSON") from error
    if not isinstance(payload, dict):
        raise NotUnderstood("the body is no JSON object")
    found = Payload(payload)
    asked = jobs_of(event, found, me)
    if isinstance(asked, Nothing):
        return Nothing(asked.why, found.repository, found.installation)
    return asked


def jobs_of(event: str, found: Payload, me: str) -> tuple[Job, ...] | Nothing:
    if event not in READERS:
        return Nothing(f"{event[:50]} is of no interest")
    if me and doer(event, found) == me:
        return Nothing("our own doing")
    return READERS[event](found)


def doer(event: str, found: Payload) -> str:
    """The login of who did it. Checks are done by an App; who began them by pushing is
    told as the sender, and that is us for our own branches."""
    if event == "check_suite":
        return f"{found.text('check_suite', 'app', 'slug')}[bot]"
    return found.text("sender", "login")


def pushed(found: Payload) -> tuple[Job, ...] | Nothing:
    default = found.text("repository", "default_branch")
    if not default or found.text("ref") != f"refs/heads/{default}":
        return Nothing("not the default branch")
    if found.get("deleted") is True:
        return Nothing("the branch was deleted")
    return visit(found, f"push to {default[:100]}")


def pull_changed(found: Payload) -> tuple[Job, ...] | Nothing:
    if found.action not in ("closed", "reopened", "edited", "synchronize"):
        return Nothing(f"a pull request was {found.action or 'touched'}")
    home = found.text("pull_request", "head", "repo", "full_name")
    ours = found.text("pull_request", "head", "ref").startswith(BRANCHES)
    if not ours or home != found.repository:
        return Nothing("not a pull request of ours")
    return visit(found, f"pull request {found.action}")


def checked(found: Payload) -> tuple[Job, ...] | Nothing:
    if found.action != "completed":
        return Nothing("checks are not complete")
    if not found.text("check_suite", "head_branch").startswith(BRANCHES):
        return Nothing("not a branch of ours")
    return visit(found, "checks completed")


def commented(found: Payload) -> tuple[Job, ...] | Nothing:
    """Only what may be a command in a pull request; of whom, is asked when it is done.

    A payload's `author_association` does not tell who may write: it knows nothing of
    private members of an organisation.
    """
    if found.action != "created":
        return Nothing(f"a comment was {found.action or 'touched'}")
    if found.get("issue", "pull_request") is None:
        return Nothing("not in a pull request")
    people = (("sender",), ("comment", "user"))
    if any(found.text(*path, "type") == "Bot" for path in people):
        return Nothing("a bot's comment")
    if not may_ask(found.text("comment", "body")):
        return Nothing("no command")
    pull, comment = found.number("issue", "number"), found.number("comment", "id")
    if not (found.repository and pull and comment):
        return Nothing("no comment is named")
    why = f"comment in #{pull}"
    return (Obey(found.repository, found.installation, why, pull, comment),)


def installed(found: Payload) -> tuple[Job, ...] | Nothing:
    names = found.repositories("repositories")
    match found.action:
        case "created" | "unsuspend" | "new_permissions_accepted":
            visits = (Visit(n, found.installation, "installed") for n in names)
            return tuple(visits) or NO_NAMES
        case "deleted" | "suspend":
            gone = (Forget(n, found.installation, "uninstalled") for n in names)
            return tuple(gone) or NO_NAMES
    return Nothing(f"an installation was {found.action or 'touched'}")


def chosen(found: Payload) -> tuple[Job, ...] | Nothing:
    added = found.repositories("repositories_added")
    removed = found.repositories("repositories_removed")
    jobs: tuple[Job, ...] = (
        *(Visit(name, found.installation, "added") for name in added),
        *(Forget(name, found.installation, "removed") for name in removed),
    )
    return jobs or NO_NAMES


def repository_changed(found: Payload) -> tuple[Job, ...] | Nothing:
    match found.action:
        case "renamed" | "transferred":
            there, old = visit(found, f"repository {found.action}"), former(found)
            if isinstance(there, Nothing) or old in ("", found.repository):
                return there
            if found.action == "renamed":
                known: Job = Rename(
                    found.repository, found.installation, "renamed", old
                )
            else:  # what was known is not the new owner's to see
                known = Forget(old, found.installation, "transferred")
            return (known, *there)
        case "archived" | "deleted":
            return forget(found, f"repository {found.action}")
        case "unarchived":
            return visit(found, "repository unarchived")
        case "edited" if found.get("changes", "default_branch") is not None:
            return visit(found, "default branch changed")
    return Nothing(f"a repository was {found.action or 'touched'}")


def former(found: Payload) -> str:
    """The name that a repository had before it was renamed or transferred."""
    owner, _, name = found.repository.partition("/")
    name = found.text("changes", "repository", "name", "from") or name
    people = (("user",), ("organization",))
    owners = (found.text("changes", "owner", "from", *who, "login") for who in people)
    return named(f"{next(filter(None, owners), owner)}/{name}")


def visit(found: Payload, why: str) -> tuple[Job, ...] | Nothing:
    if not found.repository:
        return NO_NAMES
    return (Visit(found.repository, found.installation, why),)


def forget(found: Payload, why: str) -> tuple[Job, ...] | Nothing:
    if not found.repository:
        return NO_NAMES
    return (Forget(found.repository, found.installation, why),)


READERS = {
    "push": pushed,
    "pull_request": pull_changed,
    "check_suite": checked,
    "issue_comment": commented,
    "installation": installed,
    "installation_repositories": chosen,
    "repository": repository_changed,
}
