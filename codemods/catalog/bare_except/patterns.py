"""Constant regular expressions, which can be tried before the program runs."""

from __future__ import annotations

import ast
import re
import warnings

from codemods.catalog.bare_except.arguments import Arguments
from codemods.catalog.bare_except.kinds import kind

LONGEST = 2000


def sound(node: ast.Call, given: Arguments) -> Arguments:
    """The arguments, with a first one that is a pattern known to compile marked so."""
    match node.args[:1]:
        case [ast.Constant(value=str() as pattern)] if compiles(pattern):
            return Arguments(
                (kind("re.Sound"), *given.places[1:]), given.names, given.complete
            )
    return given


def compiles(pattern: str) -> bool:
    if len(pattern) > LONGEST:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, ValueError, RecursionError):
        return False
    return True
