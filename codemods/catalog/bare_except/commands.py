"""Commands for `subprocess`, as far as they are written out."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.arguments import Arguments
from codemods.catalog.bare_except.kinds import UNKNOWN


def has_word(node: ast.Call, given: Arguments) -> bool:
    """Whether a command is seen to have a first word: an empty list has none."""
    named = [each.value for each in node.keywords if each.arg == "args"]
    match [*node.args[:1], *named]:
        case [ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_])]:
            return not isinstance(first, ast.Starred)
    kinds = given.places[0] if given.places else given.keywords.get("args", UNKNOWN)
    return all(one.name in ("str", "bytes") for one in kinds)
