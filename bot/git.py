"""git: a bare mirror per repository, nothing of it ever checked out.

Without a working tree there are no filters, symbolic links, submodules or hooks to
guard against; what codemods look at is written by us, as plain files.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import history
from bot.command import Git, text
from bot.history import Entry, entries
from bot.model import Base, Branch, File
from bot.ports import Added, Heads, Lasting, Lost, Refused, Trouble, Undone

NAME, EMAIL = "codemod", "codemod@users.noreply.github.com"
LARGEST_BLOB = "1m"
MOST_FILES = 50_000
CONFIGS = (
    "pyproject.toml",
    ".codemod.toml",
    ".pre-commit-config.yaml",
    "ruff.toml",
    ".ruff.toml",
)
PLAIN = ("100644", "100755")
# Its own, or where it has commits made by the API, GitHub. People who edit a branch in
# the browser also are GitHub there, but their messages have no trailer.
COMMITTER = re.compile(
    rf"^committer (.* <{re.escape(EMAIL)}>|GitHub( Enterprise)? <noreply@[^>]*>) ",
    re.MULTILINE,
)
TRAILER = re.compile(r"^Codemod-Result: ([0-9a-f]{32})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mirror:
    """A bare, shallow and partial copy of a remote; see ports.Checkout."""

    path: str
    url: str
    git: Git

    def prepare(self) -> None:
        if not os.path.exists(os.path.join(self.path, "HEAD")):
            shutil.rmtree(self.path, ignore_errors=True)
            self.git.run("init", "--quiet", "--bare", "--template=", self.path)
        self.git.run("config", "remote.origin.url", self.url)
        os.utime(self.path)

    def beside(self) -> Mirror:
        """A mirror for tips that are only looked at.

        Where a commit is known to be shallow it cannot be pushed any more, and one of
        these may be the next that is pushed.
        """
        path = self.path.removesuffix(".git") + ".tips.git"
        git = replace(self.git, env={**self.git.env, "GIT_DIR": path})
        opened = replace(self, path=path, git=git)
        opened.prepare()
        return opened

    def looked_at(self, commit: str, filter: str = "blob:none") -> Mirror:
        tips = self.beside()
        tips.fetch(commit, filter)
        return tips

    def heads(self) -> Heads:
        out = self.git.run("ls-remote", "--symref", "origin", "HEAD", "refs/heads/*")
        default, tips = "", {}
        for line in out.decode("utf-8", "replace").splitlines():
            left, _, name = line.partition("\t")
            if left.startswith("ref: ") and name == "HEAD":
                default = left.removeprefix("ref: refs/heads/")
            elif name.startswith("refs/heads/"):
                tips[name.removeprefix("refs/heads/")] = left
        return Heads(default if default in tips else "", tips)

    def base(self, branch: str, commit: str) -> Base:
        self.fetch(commit, f"blob:limit={LARGEST_BLOB}")
        time = self.git.run("show", "-s", "--format=%ct", commit).decode().strip()
        return Base(branch, commit, int(time))

    def branch(self, name: str, head: str) -> Branch:
        tips = self.looked_at(head, "tree:0")
        commit = text(tips.git.run("cat-file", "commit", head))
        fields, _, message = commit.partition("\n\n")
        ours = COMMITTER.search(fields)
        result = TRAILER.search(message)
        if ours and result and len(re.findall("^parent ", fields, re.MULTILINE)) == 1:
            return Branch(name, head, ours=True, result=result[1])
        return Branch(name, head, ours=False)

    def fetch(self, commit: str, filter: str) -> None:
        kept = f"refs/codemod/{filter.partition(':')[0]}/{commit}"
        if self.git.run("for-each-ref", kept):
            return
        self.git.run(
            "fetch",
            "--quiet",
            "--depth=1",
            f"--filter={filter}",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "origin",
            f"{commit}:{kept}",
        )

    def export(self, commit: str, folder: str) -> tuple[str, ...]:
        found = list(entries(self.git, commit))
        tree = f"{commit}^{{tree}}"
        out = self.git.run("rev-list", "--objects", "--missing=print", tree)
        missing = {line[1:] for line in out.decode().split("\n") if line[:1] == "?"}
        wanted = [e for e in found if exported(e) and e.blob not in missing]
        if len(wanted) > MOST_FILES:
            raise Lasting(f"more than {MOST_FILES} Python files")
        with self.git.asked("\n".join(entry.blob for entry in wanted)) as names:
            data = self.git.run("cat-file", "--batch", stdin=names)
        # A config is looked for up to the root of a repository: this is one.
        write(os.path.join(folder, ".git"), b"")
        at = 0
        for entry in wanted:
            head, _, _ = data[at : at + 100].partition(b"\n")
            start = at + len(head) + 1
            at = start + int(head.split()[2]) + 1
            write(os.path.join(folder, entry.path), data[start : at - 1])
        return tuple(entry.path for entry in found)

    def file(self, commit: str, path: str) -> bytes | None:
        try:
            return self.git.run("cat-file", "blob", f"{commit}:{path}")
        except Trouble:
            return None

    def commit(self, base: Base, files: Sequence[File], message: str) -> str:
        modes = {entry.path: entry.mode for entry in entries(self.git, base.commit)}
        lines = []
        for file in files:
            with self.git.asked(file.data) as data:
                out = self.git.run(
                    "hash-object", "-w", "--no-filters", "--stdin", stdin=data
                )
            line = f"{modes[file.path]} {out.decode().strip()}\t{file.path}\0"
            lines.append(os.fsencode(line))
        index = {"GIT_INDEX_FILE": os.path.join(self.git.folder, "index")}
        self.git.run("read-tree", base.commit, env=index)
        with self.git.asked(b"".join(lines)) as info:
            self.git.run("update-index", "-z", "--index-info", stdin=info, env=index)
        tree = self.git.run("write-tree", "--missing-ok", env=index).decode().strip()
        with self.git.asked(message) as words:
            commit = ("commit-tree", tree, "-p", base.commit)
            out = self.git.run(*commit, stdin=words, env=signature(base.time))
        return out.decode().strip()

    def added(self, base: str, commit: str) -> tuple[Added, ...]:
        return history.added(self.git, base, commit)

    def tree(self, commit: str) -> str:
        return self.git.run("rev-parse", f"{commit}^{{tree}}").decode().strip()

    def parents(self, commit: str) -> tuple[str, ...]:
        return history.parents(self.looked_at(commit).git, commit)

    def differing(self, ours: str, theirs: str) -> tuple[str, ...]:
        there = entries(self.looked_at(theirs).git, theirs)
        return history.differing(entries(self.git, ours), there)

    def undone(self, base: Base, commit: str) -> Undone:
        before = self.parents(commit)[0]
        for each in (before, commit):
            self.fetch(each, f"blob:limit={LARGEST_BLOB}")
        return history.undone(self.git, base.commit, before, commit)

    def push(self, branch: str, commit: str, lease: str | None) -> None:
        ref = f"refs/heads/{branch}"
        self.send(f"--force-with-lease={ref}:{lease or ''}", f"{commit}:{ref}")

    def delete(self, branch: str, lease: str) -> None:
        ref = f"refs/heads/{branch}"
        self.send(f"--force-with-lease={ref}:{lease}", f":{ref}")

    def send(self, lease: str, refspec: str) -> None:
        try:
            self.git.run(
                "push",
                "--quiet",
                "--porcelain",
                "--no-verify",
                lease,
                "origin",
                refspec,
            )
        except Trouble as error:
            if "stale info" in str(error) or "cannot lock ref" in str(error):
                raise Lost("someone else pushed meanwhile") from error
            if "[remote rejected]" in str(error):
                raise Refused(str(error)) from error
            raise


def exported(entry: Entry) -> bool:
    parts = entry.path.split("/")
    odd = {"", ".", ".."} & set(parts) or any(p.lower() == ".git" for p in parts)
    looked_at = parts[-1].endswith(".py") or parts[-1] in CONFIGS
    return entry.mode in PLAIN and looked_at and not odd


def write(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "xb") as stream:
        stream.write(data)


def signature(time: int) -> Mapping[str, str]:
    """Author and committer; the time is the base's, so that commits can be compared."""
    fields = {"NAME": NAME, "EMAIL": EMAIL, "DATE": f"{time} +0000"}
    return {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in fields.items()
    }
