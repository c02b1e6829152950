"""black and ruff, asked to format some lines of a text."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import black

    Ranges = Sequence[tuple[int, int]]  # lines from 1, both ends inclusive

SECONDS = 60  # after which ruff is taken to hang
EXCLUDES = ("exclude", "extend_exclude", "force_exclude")


class FormatError(Exception):
    """The formatter could not be run, or would not have the text."""


def by_black(text: str, ranges: Ranges, pyproject: str | None, path: str) -> str:
    """The text with some lines formatted by the config of `pyproject`, if any.

    Raises FormatError.
    """
    import black
    from black.files import parse_pyproject_toml

    try:
        config = parse_pyproject_toml(pyproject) if pyproject else {}
        if pyproject and is_excluded(config, os.path.dirname(pyproject), path):
            return text
        return black.format_str(text, mode=mode_of(config), lines=ranges)
    except Exception as error:  # black raises whatever its parser and config do
        first = str(error).strip().partition("\n")[0]
        raise FormatError(f"black: {first}") from error


def is_excluded(config: dict[str, Any], root: str, path: str) -> bool:
    inside = "/" + os.path.relpath(path, root).replace(os.sep, "/")
    patterns = [config[key] for key in EXCLUDES if config.get(key)]
    return any(
        re.search(pattern, inside, re.VERBOSE if "\n" in pattern else 0)
        for pattern in patterns
    )


def mode_of(config: dict[str, Any]) -> black.Mode:
    from black.const import DEFAULT_LINE_LENGTH
    from black.mode import Mode, Preview, TargetVersion

    versions = config.get("target_version", [])
    versions = [versions] if isinstance(versions, str) else versions
    return Mode(
        target_versions={TargetVersion[name.upper()] for name in versions},
        line_length=int(config.get("line_length", DEFAULT_LINE_LENGTH)),
        string_normalization=not config.get("skip_string_normalization", False),
        magic_trailing_comma=not config.get("skip_magic_trailing_comma", False),
        preview=bool(config.get("preview", False)),
        unstable=bool(config.get("unstable", False)),
        enabled_features={
            Preview[name] for name in config.get("enable_unstable_feature", [])
        },
    )


def by_ruff(text: str, ranges: Ranges, path: str) -> str:
    """The text with some lines formatted as ruff finds it configured for `path`.

    ruff takes one range at a time; from the last to the first, so that the line
    numbers of those to come stay right. Raises FormatError.
    """
    program = ruff()
    if program is None:
        raise FormatError("the project uses ruff, which is not installed here")
    for first, last in sorted(ranges, reverse=True):
        command = [program, "format", "--quiet", "--force-exclude", "--no-cache"]
        command += ["--stdin-filename", path, "--range", f"{first}-{last + 1}", "-"]
        text = piped(command, text)
    return text


@cache
def ruff() -> str | None:
    beside = os.path.join(os.path.dirname(sys.executable), "ruff")
    return shutil.which("ruff") or shutil.which(beside)


def piped(command: list[str], text: str) -> str:
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FormatError(f"ruff: {error}") from error
    if done.returncode:
        first = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise FormatError(f"ruff: {first}")
    return done.stdout.decode()
