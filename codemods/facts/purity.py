"""Whether evaluating an expression can be left out, repeated or moved."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from codemods.facts.types import STR, Type

# Builtins that only compute, given values of builtin types.
# Source: the library reference, "Built-in Functions".
PURE_BUILTINS = frozenset(
    "abs all any ascii bin bool bytes chr complex dict divmod enumerate filter float "
    "format frozenset getattr hasattr hash hex id int isinstance issubclass len list "
    "map max min oct ord pow range repr reversed round set sorted str sum tuple "
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
# What takes its arguments one by one, and so moves an iterator on.
_ITERATE = frozenset(
    "all any bytes dict enumerate filter frozenset list map max min set sorted "
    "sum tuple zip shlex.join json.dumps".split()
)
# What may be iterated again and again.
_LASTING = frozenset(
    "str bytes list tuple set frozenset dict range pandas.DataFrame pandas.Series "
    "int float bool None".split()
)
_EFFECTS = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


def is_pure(
    node: ast.expr,
    qualified: Callable[[ast.expr], str | None],
    type_of: Callable[[ast.expr], Type | None],
) -> bool:
    """True where evaluation has no effect beyond an exception it may raise.

    To move an iterator on, that others may hold, is an effect. Attributes, subscripts
    and operators are taken to have none (a property that writes, or an operator that
    prints, breaks its own contract); calls only where the callee is known to have
    none.
    """
    for part in ast.walk(node):
        if isinstance(part, _EFFECTS):
            return False
        if isinstance(part, ast.Call) and not _pure_call(part, qualified, type_of):
            return False
        if any(_may_run_out(each, type_of) for each in _iterated(part, qualified)):
            return False
    return True


def _iterated(
    node: ast.AST, qualified: Callable[[ast.expr], str | None]
) -> Iterable[ast.expr]:
    """What evaluating a node itself iterates over."""
    match node:
        case ast.comprehension(iter=it):
            return [it]
        case ast.Starred(value=value):
            return [value]
        case ast.Compare(ops=ops, comparators=comparators):
            pairs = zip(ops, comparators, strict=True)
            return [each for op, each in pairs if isinstance(op, ast.In | ast.NotIn)]
        case ast.Call(func=func, args=args):
            joins = isinstance(func, ast.Attribute) and func.attr == "join"
            return args if joins or qualified(func) in _ITERATE else ()
    return ()


def _may_run_out(node: ast.expr, type_of: Callable[[ast.expr], Type | None]) -> bool:
    """Whether an expression gives what may be an iterator that others hold.

    What is of an unknown type is taken to last: judges that care ask for its type.
    """
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return False
    kind = type_of(node)
    return kind is not None and any(m.name not in _LASTING for m in kind.members)


def _pure_call(
    call: ast.Call,
    qualified: Callable[[ast.expr], str | None],
    type_of: Callable[[ast.expr], Type | None],
) -> bool:
    name = qualified(call.func)
    if name in PURE_BUILTINS or name in PURE_FUNCTIONS:
        return all(_pure_callable(each, qualified) for each in _handed(call, name))
    match call.func:
        case ast.Attribute(value=value, attr=attr):
            return attr in PURE_STR_METHODS and type_of(value) == STR
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
