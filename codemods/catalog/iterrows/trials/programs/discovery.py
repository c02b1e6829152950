"""What an exception says that a frame lacks."""

from __future__ import annotations

import re

OF_PANDAS = re.compile("'(Series|DataFrame)' object has no attribute")
LENGTH = re.compile(r"^Length of values \((\d{1,4})\) does not match")
LISTED = re.compile(r"^(?:None of )?\['([^']*)'")


def column_lacking(error: BaseException | None) -> str | None:
    """The column that an exception says is not there."""
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        inside = LISTED.search(error.args[0])
        return inside[1] if inside else error.args[0]
    if isinstance(error, AttributeError) and OF_PANDAS.match(str(error)):
        return error.name
    if type(error).__name__ == "UndefinedVariableError":
        named = re.search(r"'(.*)'", str(error))
        return named[1] if named else None
    return None


def length_lacking(error: BaseException | None) -> int | None:
    """The number of rows that an exception says a frame should have."""
    found = LENGTH.search(str(error))
    return int(found[1]) if found else None
