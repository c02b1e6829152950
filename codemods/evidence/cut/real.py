"""What of Python may be run as it is: the facts of `real.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def _read() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("real.toml").read_text("utf-8")
    return {
        key: frozenset(value.split() if isinstance(value, str) else value)
        for key, value in tomllib.loads(text).items()
    }


def is_real(qualified: str) -> bool:
    """Whether a name of the standard library is run as it is."""
    return _is_among(_read()["names"], qualified)


def is_real_in_bodies(qualified: str) -> bool:
    """The same for what the body of a `try` may call."""
    return is_real(qualified) or _is_among(_read()["bodies"], qualified)


def is_body_method(name: str) -> bool:
    """Whether a method of that name is run on what a body holds."""
    return is_method(name) or name in _read()["body_methods"]


def _is_among(names: frozenset[str], qualified: str) -> bool:
    parts = qualified.split(".")
    above = (".".join(parts[:count]) + "." for count in range(1, len(parts)))
    return qualified in names or any(each in names for each in above)


def is_real_builtin(name: str) -> bool:
    return name in _read()["builtins"]


def is_method(name: str) -> bool:
    """Whether a method of that name is run on a made-up value."""
    return name in _read()["methods"]


def receiver_kind(method: str) -> str:
    """What a made-up value must be for a method to be called on it."""
    if method in _read()["texts"]:
        return "text"
    return "mapping" if method in _read()["mappings"] else "any"
