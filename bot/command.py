"""One call of git, by GitPython, in an environment that is ours."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

from bot.hardening import ASKED, USER
from bot.ports import Trouble

SECONDS = 300  # for one call of git


@dataclass(frozen=True, slots=True)
class Git:
    """git for one repository, with a private folder for what it reads."""

    env: Mapping[str, str]
    folder: str

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
        sent = b64encode(f"{USER}:{token}".encode()).decode()
        for secret in (token, sent, sent.rstrip("=")) if token else ():
            words = words.replace(secret, "***")
        return " ".join(words.split())[:500]


def text(told: bytes | str) -> str:
    return told if isinstance(told, str) else told.decode("utf-8", "replace")
