"""Who the bot is: the credentials in its environment, and where they reach."""

from __future__ import annotations

import os
import time
import tomllib
from dataclasses import dataclass, field
from typing import Protocol

from bot.apps import App, installation, installed, token_of
from bot.settings import SettingsError

REMOTE_TOKEN = "CODEMOD_REMOTE_TOKEN"
KEY_FILE = "CODEMOD_PRIVATE_KEY_FILE"
FRESH = 3_000  # seconds for which an installation's token, good for 3,600, is used


class Access(Protocol):
    def token(self, name: str) -> str:
        """A token for the repository `name`. Raises Trouble."""
        ...

    def everywhere(self) -> tuple[str, ...]:
        """The repositories it was given for. Raises SettingsError and Trouble."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """A token that someone made."""

    secret: str = field(repr=False)

    def token(self, name: str) -> str:
        return self.secret

    def everywhere(self) -> tuple[str, ...]:
        raise SettingsError("a token does not say which: give --repositories FILE")


@dataclass(slots=True)
class Installed:
    """An App; what it was told is kept for as long as it holds."""

    app: App
    api: str
    places: dict[str, int] = field(default_factory=dict)
    tokens: dict[int, tuple[float, str]] = field(default_factory=dict, repr=False)

    def token(self, name: str) -> str:
        if name not in self.places:
            self.places[name] = installation(self.app, name, self.api)
        place = self.places[name]
        made, token = self.tokens.get(place, (0.0, ""))
        if not token or time.monotonic() - made > FRESH:
            token = token_of(self.app, place, self.api)
            self.tokens[place] = time.monotonic(), token
        return token

    def everywhere(self) -> tuple[str, ...]:
        self.places.update(installed(self.app, self.api))
        return tuple(sorted(self.places))


def access(api: str) -> Access:
    """What the environment gives. Raises SettingsError where that is nothing."""
    environ = os.environ
    number = environ.get("CODEMOD_APP_ID", "")
    if number.isdecimal():
        key = environ.get("CODEMOD_PRIVATE_KEY") or key_in(environ.get(KEY_FILE, ""))
        return Installed(App(int(number), key), api)
    if environ.get("GITHUB_TOKEN"):
        return Given(environ["GITHUB_TOKEN"])
    raise SettingsError(
        f"set GITHUB_TOKEN, or CODEMOD_APP_ID and CODEMOD_PRIVATE_KEY or {KEY_FILE}"
    )


def key_in(path: str) -> str:
    try:
        with open(path, encoding="ascii") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{KEY_FILE}: cannot be read") from error


def listed(path: str) -> tuple[str, ...]:
    """The `repositories` of a TOML file, each OWNER/REPO. Raises SettingsError."""
    try:
        with open(path, "rb") as stream:
            found = tomllib.load(stream).get("repositories")
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    if not isinstance(found, list) or not found:
        raise SettingsError(f"{path}: has no list `repositories`")
    for each in found:
        if not isinstance(each, str) or each.count("/") != 1:
            raise SettingsError(f"{path}: write OWNER/REPO, not {each!r}")
    return tuple(dict.fromkeys(found))
