"""The changes of a pull request, made in a checkout of one's own."""

from __future__ import annotations

import os
from collections.abc import Collection

from bot.ports import Trouble
from bot.survey import derived


def reproduce(folder: str, codemod: str, keys: Collection[str]) -> tuple[str, ...]:
    """Make the changes with these keys, and no others; the paths that were written.

    Raises UsageError for a config that is not as it should be, Trouble where there is
    nothing to change or a file cannot be written.
    """
    files = derived(folder, codemod, frozenset(keys))
    if not files:
        raise Trouble("none of these changes can be made here; the right commit?")
    try:
        for file in files:
            with open(os.path.join(folder, file.path), "wb") as stream:
                stream.write(file.data)
    except OSError as error:
        raise Trouble(f"{error.filename}: {error.strerror}") from error
    return tuple(file.path for file in files)
