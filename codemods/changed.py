"""Which lines changed since a revision, as git tells."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence

from codemods.discovery import shown
from codemods.git import git, root_of, unquoted
from codemods.names import UsageError

Lines = frozenset[int] | None  # None: all of them, in a file that git did not know

DIFF = (
    *("diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv"),
    *("--no-renames", "--ignore-submodules", "--src-prefix=a/", "--dst-prefix=b/"),
)
HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def changed_since(revision: str, paths: Sequence[str]) -> Mapping[str, Lines]:
    """The changed lines, by path as shown, in the repositories that `paths` lie in.

    Counted from where the working tree's branch left that of `revision`, so that what
    others did there meanwhile is not taken for ours. Raises UsageError outside of a
    repository and for what names no commit.
    """
    found: dict[str, Lines] = {}
    for root in dict.fromkeys(map(repository, paths)):
        base = base_of(root, revision)
        diff = git(root, *DIFF, base, "--").splitlines(keepends=True)
        unknown = git(root, "ls-files", "-o", "--exclude-standard", "-z")
        lines: dict[str, Lines] = dict(added_lines(diff))
        lines.update(dict.fromkeys(os.fsdecode(unknown).split("\0")[:-1]))
        found.update((shown(os.path.join(root, name)), lines[name]) for name in lines)
    return found


def repository(path: str) -> str:
    absolute = os.path.abspath(path)
    directory = absolute if os.path.isdir(absolute) else os.path.dirname(absolute)
    root = root_of(directory)
    if root is None:
        raise UsageError(f"--since: {path} is in no git repository")
    return root


def base_of(root: str, revision: str) -> str:
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    try:
        commit = git(root, *verify, f"{revision}^{{commit}}").decode().strip()
    except UsageError:
        raise UsageError(f"--since: {revision!r} names no commit here") from None
    try:
        return git(root, "merge-base", commit, "HEAD").decode().strip()
    except UsageError:
        return commit  # nothing in common


def added_lines(diff: Sequence[bytes]) -> Iterator[tuple[str, frozenset[int]]]:
    """Path and lines of the new side of every file in a diff without context."""
    files: dict[str, set[int]] = {}
    path, inside = "", 0
    for line in diff:
        if inside:  # a hunk's own lines may look like a header
            inside -= not line.startswith(b"\\")
        elif line.startswith(b"+++ "):
            name = line[4:].rstrip(b"\n").removesuffix(b"\t")
            path = unquoted(name).removeprefix("b/")
        elif match := HUNK.match(line):
            gone, start, come = (int(each or b"1") for each in match.groups())
            inside = gone + come
            files.setdefault(path, set()).update(range(start, start + come))
    return ((path, frozenset(lines)) for path, lines in files.items() if lines)
