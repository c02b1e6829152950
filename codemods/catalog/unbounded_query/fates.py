"""What may happen to rows, and which builtins do it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from codemods.context import Context

Kind = Literal[
    "iterated", "mapped", "pages", "collected", "frame", "counted", "first", "one",
    "waited", "escapes",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fate:
    """One thing that happens to rows, where, and in a reader's words."""

    kind: Kind
    node: ast.AST
    how: str


# Calls that hand on each element, one at a time.
LAZY = {"enumerate", "zip", "iter", "map", "filter", "itertools.islice",
         "itertools.chain", "tqdm.tqdm", "tqdm.auto.tqdm"}  # fmt: skip


WHOLE = {"list", "tuple", "sorted", "set", "frozenset", "dict", "pandas.DataFrame",
          "pandas.DataFrame.from_records", "collections.deque"}  # fmt: skip


FOLDS = {"sum", "any", "all", "max", "min", "collections.Counter", "str.join"}


LOOKS = {"print", "type", "bool", "isinstance", "repr", "str", "id", "hasattr"}


def of_comprehension(context: Context, generator: ast.comprehension) -> Fate:
    comp = context.parent(generator)
    assert comp is not None
    match comp:
        case ast.ListComp(elt=ast.Name(id=element), generators=[only]):
            target = only.target
            if isinstance(target, ast.Name) and target.id == element and not only.ifs:
                return Fate("collected", comp, "kept in a list, row by row")
            return Fate("mapped", comp, "a list comprehension")
        case ast.ListComp():
            return Fate("mapped", comp, "a list comprehension")
        case ast.GeneratorExp():
            call = context.parent(comp)
            name = (
                context.qualified_name(call.func)
                if isinstance(call, ast.Call)
                else None
            )
            if name in WHOLE:
                return Fate("mapped", comp, f"{name}() over a generator")
            return Fate("iterated", comp, "iterated by a generator")
    return Fate("iterated", comp, "iterated by a comprehension")
