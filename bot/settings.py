"""`[tool.codemod-bot]`: what a repository asks of the bot, on its base branch."""

from __future__ import annotations

import os
import tomllib
from dataclasses import MISSING, fields
from difflib import get_close_matches
from typing import Any

from bot.model import Settings

FILES = (".codemod.toml", "pyproject.toml")  # the first that has the table counts
TABLE = "codemod-bot"
MOST = {"max_files": 300, "max_changes": 300, "max_open": 50, "max_new_a_day": 50}
CHOICES = {"split": ("", "folder", "owner"), "commit_mode": ("push", "api")}
KINDS = {bool: "true or false", int: "a whole number", str: "a string"}


class SettingsError(Exception):
    """A config that is not as it should be; the message names file and key."""


def load(folder: str, codemods: tuple[str, ...]) -> Settings:
    """The settings of the tree in a folder. Raises SettingsError."""
    for name in FILES:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as stream:
                table = table_in(name, stream.read())
            if table is not None:
                return settings_of(name, table, codemods)
    return Settings()


def table_in(name: str, data: bytes) -> Any:
    if TABLE.encode() not in data:  # a broken file that is not about us
        return None
    try:
        tool = tomllib.loads(data.decode()).get("tool")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name}: not TOML: {error}") from error
    return tool.get(TABLE) if isinstance(tool, dict) else None


def settings_of(name: str, table: object, codemods: tuple[str, ...]) -> Settings:
    where = f"{name}: [tool.{TABLE}]"
    if not isinstance(table, dict):
        raise SettingsError(f"{where} must be a table")
    defaults = {
        field.name: field.default
        for field in fields(Settings)
        if field.default is not MISSING
    }
    given: dict[str, Any] = {}
    for key, value in table.items():
        field = key.replace("-", "_")
        if field not in defaults or "_" in key:
            names = [each.replace("_", "-") for each in defaults]
            near = get_close_matches(key, names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise SettingsError(f"{where} has no key {key!r}{hint}")
        given[field] = checked(f"{where} {key}", field, value, defaults[field])
    for key in ("select", "unsafe"):
        for codemod in given.get(key, ()):
            if codemod not in (*codemods, "all"):
                raise SettingsError(f"{where} {key}: no codemod is called {codemod!r}")
    return Settings(**given)


def checked(where: str, field: str, value: object, default: object) -> object:
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        raise SettingsError(f"{where} must be a list of strings, not {value!r}")
    if type(value) is not type(default):
        kind = KINDS[type(default)]
        raise SettingsError(f"{where} must be {kind}, not {value!r}")
    if field in CHOICES and value not in CHOICES[field]:
        names = " or ".join(repr(each) for each in CHOICES[field] if each)
        raise SettingsError(f"{where} must be {names}, not {value!r}")
    if isinstance(value, int) and field in MOST and not 1 <= value <= MOST[field]:
        raise SettingsError(f"{where} must be from 1 to {MOST[field]}, not {value}")
    return value
