"""The nouns: what is seen of a repository, what is proposed, what is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from zlib import crc32

Tier = Literal["safe", "unsafe", "declined"]


def place_of(path: str) -> str:
    return f"{crc32(path.encode('utf-8', 'surrogatepass')):08x}"


@dataclass(frozen=True, slots=True)
class Change:
    """One finding: a fix (made or not) or, with a reason, what is left alone.

    `receipt` says what came of running it before and after, if that was done, and
    `unseen` why it could not be.
    """

    path: str
    line: int
    tier: Tier
    fingerprint: str
    message: str
    before: str
    after: str | None = None
    caveat: str | None = None
    reason: str | None = None
    urgent: bool = False
    receipt: str | None = None
    unseen: str | None = None

    @property
    def key(self) -> str:
        """Its name: a fingerprint alone is the same for equal code in two files."""
        return f"{self.fingerprint}.{place_of(self.path)}"


@dataclass(frozen=True, slots=True)
class File:
    """A file as the branch has it; its mode is that of the base."""

    path: str
    data: bytes


def digest_of(files: Iterable[File]) -> str:
    """What a branch makes of the files it touches, whatever its base."""
    total = sha256()
    for file in sorted(files, key=lambda file: file.path):
        content = sha256(file.data).hexdigest()
        total.update(f"{file.path}\0{content}\0".encode("utf-8", "surrogatepass"))
    return total.hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a repository asks of the bot; docs/bot.md has each key."""

    select: tuple[str, ...] = ("all",)
    base: str = ""
    unsafe: tuple[str, ...] = ()
    draft: bool = False
    max_files: int = 25
    max_changes: int = 50
    max_open: int = 4
    max_new_a_day: int = 4
    even_if_idle: bool = False
    split: str = ""
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    commit_mode: str = "push"
    evidence: bool = False
    annotate: bool = False
    bisect: bool = False

    def selects(self, codemod: str) -> bool:
        return "all" in self.select or codemod in self.select

    def takes_unsafe(self, codemod: str) -> bool:
        return "all" in self.unsafe or codemod in self.unsafe


@dataclass(frozen=True, slots=True)
class Base:
    """The tip of the branch that pull requests go to. `time`: seconds since 1970."""

    branch: str
    commit: str
    time: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of ours by name. `ours`: its tip is a commit the bot made.

    `result` is the digest of what that commit proposes.
    """

    name: str
    head: str
    ours: bool
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request. `created` and `updated`: seconds since 1970.

    `comments` are those that the bot wrote when a person took the branch over;
    `merge` is the commit that brought it into the base, once it is merged.
    """

    number: int
    branch: str
    base: str
    head: str
    body: str
    title: str = ""
    open: bool = True
    merged: bool = False
    draft: bool = False
    created: int = 0
    updated: int = 0
    author: str = ""
    merge: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checks:
    """What the checks of a commit say: of those that fail, the names."""

    outcome: Literal["none", "running", "failed", "passed"]
    failing: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The same in a text; "" where there is nothing more to wait for."""
        match self.outcome:
            case "failed":
                names = (" ".join(name.split()) for name in self.failing)
                return "\n".join(("failed", *names))
            case "none" | "passed":
                return ""
        return WAITING


WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A branch as it should be, and what its pull request is to say.

    `made` is on the branch; `offered` are unsafe fixes to tick; `vetoed` were taken
    out by a person; `later` come after the limits of one pull request. `vetoes` are
    the keys of all that was ever turned down, here or not. `checks` is not empty for a
    draft that waits for them: see Checks.told. `part` is the folder or the owners that
    it is about, "" for all, and `split` says that there are others; `labels`,
    `reviewers` ("org/team" is a team) and `assignees` are for a new pull; `signed`: the
    forge is to make the commit; `annotated`: urgent places left alone are to be shown
    beside the code.
    """

    codemod: str
    headline: str
    branch: str
    base: Base
    head: str
    result: str
    version: str
    config: str
    made: tuple[Change, ...]
    offered: tuple[Change, ...] = ()
    vetoed: tuple[Change, ...] = ()
    later: tuple[Change, ...] = ()
    declined: tuple[Change, ...] = ()
    draft: bool = False
    vetoes: frozenset[str] = frozenset()
    checks: str = ""
    part: str = ""
    split: bool = False
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    signed: bool = False
    annotated: bool = False
    search: str = ""
    because: str = ""
    suspects: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted({change.path for change in self.made}))


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides about one category.

    `proposal` is None where there is nothing to propose; `pulls` are those of the
    category's branch, newest first; `off`: a person does not want the codemod here;
    `refusal` says why none may be opened now;
    `checks` are those of the branch, or of the base where there is no pull yet.
    """

    codemod: str
    branch_name: str
    proposal: Proposal | None
    branch: Branch | None = None
    pulls: tuple[Pull, ...] = ()
    wanted: bool = True
    off: bool = False
    vetoes: frozenset[str] = frozenset()
    refusal: str | None = None
    checks: Checks = Checks("none")

    @property
    def pull(self) -> Pull | None:
        return next((pull for pull in self.pulls if pull.open), None)
