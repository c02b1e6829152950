"""Whether evaluating an expression can be left out, repeated or moved."""

from __future__ import annotations

import ast
from collections.abc import Callable

# Builtins that only compute, given values of builtin types.
# Source: the library reference, "Built-in Functions".
PURE_BUILTINS = frozenset(
    "abs all any ascii bin bool bytes chr complex dict divmod enumerate filter float "
    "format frozenset getattr hasattr hash hex id int isinstance issubclass len list "
    "map max min oct ord pow range repr reversed round set slice sorted str sum tuple "
    "type zip".split()
)
PURE_FUNCTIONS = frozenset(
    "shlex.quote shlex.join shlex.split pipes.quote os.path.join os.path.basename "
    "os.path.dirname os.path.splitext os.path.normpath os.fspath pathlib.Path "
    "pathlib.PurePath json.dumps re.escape copy.copy copy.deepcopy math.sqrt "
    "math.floor math.ceil textwrap.dedent".split()
)
PURE_STR_METHODS = frozenset(
    "capitalize casefold center count encode endswith expandtabs find format index "
    "isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric "
    "isspace istitle isupper join ljust lower lstrip partition removeprefix "
    "removesuffix replace rfind rindex rjust rpartition rsplit rstrip split "
    "splitlines startswith strip swapcase title translate upper zfill".split()
)
_EFFECTS = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


def is_pure(
    node: ast.expr,
    qualified: Callable[[ast.expr], str | None],
    is_text: Callable[[ast.expr], bool],
) -> bool:
    """True where evaluation has no effect beyond an exception it may raise.

    Attributes, subscripts and operators are taken to have none (a property that
    writes, or an operator that prints, breaks its own contract); calls only where
    the callee is known to have none.
    """
    for part in ast.walk(node):
        if isinstance(part, _EFFECTS):
            return False
        if isinstance(part, ast.Call) and not _pure_call(part, qualified, is_text):
            return False
    return True


def _pure_call(
    call: ast.Call,
    qualified: Callable[[ast.expr], str | None],
    is_text: Callable[[ast.expr], bool],
) -> bool:
    name = qualified(call.func)
    if name in PURE_BUILTINS or name in PURE_FUNCTIONS:
        return all(_pure_callable(each, qualified) for each in _handed(call, name))
    match call.func:
        case ast.Attribute(value=value, attr=attr):
            return attr in PURE_STR_METHODS and is_text(value)
    return False


def _handed(call: ast.Call, name: str | None) -> list[ast.expr]:
    """The functions that a builtin is given to call."""
    keys = [each.value for each in call.keywords if each.arg in ("key", None)]
    first = call.args[:1] if name in ("map", "filter") else []
    return [*first, *keys]


def _pure_callable(node: ast.expr, qualified: Callable[[ast.expr], str | None]) -> bool:
    match node:
        case ast.Constant(value=None) | ast.Lambda():
            # What a lambda calls is among the calls that are looked at anyway.
            return True
        case ast.Attribute(value=ast.Name(id="str"), attr=attr):
            return attr in PURE_STR_METHODS and qualified(node) == f"str.{attr}"
    name = qualified(node)
    return name in PURE_BUILTINS or name in PURE_FUNCTIONS
