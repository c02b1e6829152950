"""Who the bot is: the credentials in its environment."""

from __future__ import annotations

import os

from bot.github import App, installation_token
from bot.settings import SettingsError

REMOTE_TOKEN = "CODEMOD_REMOTE_TOKEN"
KEY_FILE = "CODEMOD_PRIVATE_KEY_FILE"


def token_for(name: str, api: str) -> str:
    """A token: the given one, or an App's for the repository `name`.

    Raises SettingsError where there is none, Trouble where GitHub gives none.
    """
    app = app_given()
    if app is not None:
        return installation_token(app, name, api)
    if os.environ.get("GITHUB_TOKEN"):
        return os.environ["GITHUB_TOKEN"]
    raise SettingsError(
        f"set GITHUB_TOKEN, or CODEMOD_APP_ID and CODEMOD_PRIVATE_KEY or {KEY_FILE}"
    )


def app_given() -> App | None:
    number = os.environ.get("CODEMOD_APP_ID", "")
    if not number.isdecimal():
        return None
    key = os.environ.get("CODEMOD_PRIVATE_KEY")
    return App(int(number), key or key_in(os.environ.get(KEY_FILE, "")))


def key_in(path: str) -> str:
    try:
        with open(path, encoding="ascii") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{KEY_FILE}: cannot be read") from error
