"""git, by GitPython: a bare mirror per repository, nothing of it ever checked out.

Without a working tree there are no filters, symbolic links, submodules or hooks to
guard against; what codemods look at is written by us, as plain files.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import IO, Any, BinaryIO, cast
from urllib.parse import urlsplit

from bot.hardening import ASKED, environment
from bot.model import Base, Branch, File
from bot.ports import Heads, Lost, Trouble

NAME, EMAIL = "codemod", "codemod@users.noreply.github.com"
SECONDS = 300  # for one call of git
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
TRAILER = re.compile(r"^Codemod-Result: ([0-9a-f]{32})$", re.MULTILINE)


@contextmanager
def private_folder() -> Iterator[str]:
    """A temporary folder that only we can read and that goes when we do."""
    with tempfile.TemporaryDirectory(prefix="codemod-bot-") as folder:
        yield folder


@contextmanager
def mirror(cache: str, url: str, token: str | None = None) -> Iterator[Mirror]:
    """The mirror of a remote, for one process at a time.

    `token` goes to git by its askpass program and nowhere else. Raises Trouble for a
    URL with credentials in it.
    """
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise Trouble("credentials in a URL end up in logs; give a token instead")
    name = sha256(url.encode()).hexdigest()[:24]
    os.makedirs(cache, mode=0o700, exist_ok=True)
    with open(os.path.join(cache, f"{name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with private_folder() as folder:
            yield prepared(os.path.join(cache, f"{name}.git"), url, token, folder)


def prepared(path: str, url: str, token: str | None, folder: str) -> Mirror:
    env = environment(path, url, token, folder)
    opened = Mirror(path, url, env, folder)
    opened.prepare()
    return opened


def forget_older_than(cache: str, time: int) -> None:
    """Remove mirrors that were last used before `time`, in seconds since 1970."""
    for entry in list(os.scandir(cache)) if os.path.isdir(cache) else ():
        if entry.name.endswith(".git") and entry.stat().st_mtime < time:
            shutil.rmtree(entry.path, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """A blob of a tree."""

    mode: str
    blob: str
    path: str


@dataclass(frozen=True, slots=True)
class Mirror:
    """A bare, shallow and partial copy of a remote; see ports.Checkout."""

    path: str
    url: str
    env: Mapping[str, str]
    folder: str

    def prepare(self) -> None:
        if not os.path.exists(os.path.join(self.path, "HEAD")):
            shutil.rmtree(self.path, ignore_errors=True)
            self.run("init", "--quiet", "--bare", "--template=", self.path)
        self.run("config", "remote.origin.url", self.url)
        os.utime(self.path)

    def beside(self) -> Mirror:
        """A mirror for tips that are only looked at.

        Where a commit is known to be shallow it cannot be pushed any more, and one of
        these may be the next that is pushed.
        """
        path = self.path.removesuffix(".git") + ".tips.git"
        opened = replace(self, path=path, env={**self.env, "GIT_DIR": path})
        opened.prepare()
        return opened

    def heads(self) -> Heads:
        out = self.run("ls-remote", "--symref", "origin", "HEAD", "refs/heads/*")
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
        time = self.run("show", "-s", "--format=%ct", commit).decode().strip()
        return Base(branch, commit, int(time))

    def branch(self, name: str, head: str) -> Branch:
        tips = self.beside()
        tips.fetch(head, "tree:0")
        commit = text(tips.run("cat-file", "commit", head))
        fields, _, message = commit.partition("\n\n")
        ours = re.search(rf"^committer .* <{re.escape(EMAIL)}> ", fields, re.MULTILINE)
        result = TRAILER.search(message)
        if ours and result and len(re.findall("^parent ", fields, re.MULTILINE)) == 1:
            return Branch(name, head, ours=True, result=result[1])
        return Branch(name, head, ours=False)

    def fetch(self, commit: str, filter: str) -> None:
        kept = f"refs/codemod/{filter.partition(':')[0]}/{commit}"
        if self.run("for-each-ref", kept):
            return
        self.run(
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

    def entries(self, commit: str) -> Iterator[Entry]:
        out = self.run("ls-tree", "-r", "-z", "--full-tree", commit)
        for item in out.split(b"\0")[:-1]:
            fields, _, path = item.partition(b"\t")
            mode, _, blob = fields.decode().split()
            yield Entry(mode, blob, os.fsdecode(path))

    def export(self, commit: str, folder: str) -> tuple[str, ...]:
        entries = list(self.entries(commit))
        out = self.run("rev-list", "--objects", "--missing=print", f"{commit}^{{tree}}")
        missing = {line[1:] for line in out.decode().split("\n") if line[:1] == "?"}
        wanted = [e for e in entries if exported(e) and e.blob not in missing]
        if len(wanted) > MOST_FILES:
            raise Trouble(f"more than {MOST_FILES} Python files")
        with self.asked("\n".join(entry.blob for entry in wanted)) as names:
            data = self.run("cat-file", "--batch", stdin=names)
        # A config is looked for up to the root of a repository: this is one.
        write(os.path.join(folder, ".git"), b"")
        at = 0
        for entry in wanted:
            head, _, _ = data[at : at + 100].partition(b"\n")
            start = at + len(head) + 1
            at = start + int(head.split()[2]) + 1
            write(os.path.join(folder, entry.path), data[start : at - 1])
        return tuple(entry.path for entry in entries)

    def commit(self, base: Base, files: Sequence[File], message: str) -> str:
        modes = {entry.path: entry.mode for entry in self.entries(base.commit)}
        lines = []
        for file in files:
            with self.asked(file.data) as data:
                out = self.run(
                    "hash-object", "-w", "--no-filters", "--stdin", stdin=data
                )
            line = f"{modes[file.path]} {out.decode().strip()}\t{file.path}\0"
            lines.append(os.fsencode(line))
        index = {"GIT_INDEX_FILE": os.path.join(self.folder, "index")}
        self.run("read-tree", base.commit, env=index)
        with self.asked(b"".join(lines)) as info:
            self.run("update-index", "-z", "--index-info", stdin=info, env=index)
        tree = self.run("write-tree", "--missing-ok", env=index).decode().strip()
        with self.asked(message) as words:
            commit = ("commit-tree", tree, "-p", base.commit)
            out = self.run(*commit, stdin=words, env=signature(base.time))
        return out.decode().strip()

    def push(self, branch: str, commit: str, lease: str | None) -> None:
        ref = f"refs/heads/{branch}"
        self.send(f"--force-with-lease={ref}:{lease or ''}", f"{commit}:{ref}")

    def delete(self, branch: str, lease: str) -> None:
        ref = f"refs/heads/{branch}"
        self.send(f"--force-with-lease={ref}:{lease}", f":{ref}")

    def send(self, lease: str, refspec: str) -> None:
        try:
            self.run(
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
            raise

    @contextmanager
    def asked(self, data: str | bytes) -> Iterator[IO[bytes]]:
        """A file to be git's standard input."""
        with tempfile.TemporaryFile(dir=self.folder) as stream:
            stream.write(data.encode() if isinstance(data, str) else data)
            stream.seek(0)
            yield stream

    def run(
        self,
        *arguments: str,
        stdin: IO[bytes] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        """What git prints. Raises Trouble with git's words, without our token."""
        try:
            from git import Git, GitCommandError
        except ImportError as error:
            raise Trouble("needs GitPython: pip install 'codemod[bot]'") from error
        try:
            done: Any = Git(self.folder).execute(
                ["git", *arguments],
                istream=cast("BinaryIO | None", stdin),
                env={**self.env, **(env or {})},
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                kill_after_timeout=SECONDS,
            )
        except GitCommandError as error:
            raise Trouble(f"git {arguments[0]} could not be run") from error
        status, out, err = done
        if status:
            words = self.safe(text(err) + (text(out) if arguments[0] == "push" else ""))
            raise Trouble(f"git {arguments[0]}: {words}")
        return bytes(out)

    def safe(self, words: str) -> str:
        token = self.env[ASKED]
        words = words.replace(token, "***") if token else words
        return " ".join(words.split())[:500]


def text(told: bytes | str) -> str:
    return told if isinstance(told, str) else told.decode("utf-8", "replace")


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
