"""What is known of a frame, from what is done with its rows and where it comes from."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codemods.catalog.iterrows import origins
from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.tells import ALL, Tells, Trait
from codemods.catalog.iterrows.uses import Column, Mapped, Use
from codemods.catalog.iterrows.values import Values
from codemods.context import Context

# Readers whose missing values are nan and which make no dates unless told to.
_PLAIN_READERS = {
    "pandas.read_csv", "pandas.read_table", "pandas.read_fwf",
}  # fmt: skip
_READER_OPTIONS = {
    "converters",
    "parse_dates",
    "dtype_backend",
    "engine",
    "date_format",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which differences a loop can tell that nothing known of its frame rules out."""

    numbers_differ: bool
    missing_differs: bool
    dates_differ: bool


def weigh(loop: Loop, uses: list[Use], context: Context) -> Evidence:
    """Look for a use that tells a difference and for the proof that rules it out.

    A proof counts for a use if it runs before the use, in every round in which the
    use does: were the frame another than the proof says, it would have raised.
    """
    columns = [use.node for use in uses if isinstance(use, Column)]
    traits = Values(context).traits(columns)
    for use in uses:
        if isinstance(use, Mapped) and use.values:
            traits.append(Trait(use.node, ALL))
    filtered = origins.proofs(loop.frame, context)
    plain = _plain_reader(loop.frame, context)
    assumed = context.options.get("assume-mixed-dtypes") is True
    keys = {use.node: _key(use, context) for use in uses if isinstance(use, Column)}

    def ruled_out(use: Trait, proof: Tells) -> bool:
        return proof in filtered or any(
            proof in each.tells and _goes_with(each.node, use.node, loop, context)
            for each in traits
        )

    def present(use: Trait) -> bool:
        """Whether the value cannot be missing where it is used."""
        return use.column is not None and any(
            Tells.PRESENT in each.tells
            and each.column is not None
            and keys[each.column] == keys[use.column]
            and _goes_with(each.node, use.node, loop, context)
            for each in traits
        )

    def open_to(difference: Tells, *proofs: Tells) -> bool:
        return any(
            not all(ruled_out(use, proof) for proof in proofs)
            and not (difference is Tells.MISSING and present(use))
            for use in traits
            if difference in use.tells
        )

    return Evidence(
        numbers_differ=not assumed and open_to(Tells.NUMBER, Tells.NOT_NUMBER),
        missing_differs=not (assumed or plain)
        and open_to(Tells.MISSING, Tells.NOT_TEXT, Tells.NOT_DATE),
        dates_differ=not (assumed or plain) and open_to(Tells.DATE, Tells.NOT_DATE),
    )


def _key(use: Column, context: Context) -> str:
    return use.literal or context.text(use.node)


def _goes_with(proof: ast.AST, use: ast.AST, loop: Loop, context: Context) -> bool:
    """Whether a round that evaluates `use` evaluates `proof` before it."""
    around = [use, *context.ancestors(use)]
    within = context.parent(loop.holder) if loop.in_comprehension else loop.holder
    if within not in around:
        # After the loop every round's proof has run; in another function, who knows.
        same = context.scope(use).frame is context.scope(proof).frame
        return same and unconditional(proof, loop, context)
    node: ast.AST = proof
    while (up := context.parent(node)) is not None:
        if up in around:
            other = around[around.index(up) - 1] if up is not use else use
            return _with_sibling(up, node, other) or _always_evaluates(up, node)
        if isinstance(up, ast.comprehension):
            whole = context.parent(up)
            if whole in around:
                return _with_sibling(whole, up, around[around.index(whole) - 1])
            if not _begins(up, node, context):
                return False
            node = whole or up
            continue
        if up is loop.holder or not _always_evaluates(up, node):
            return False
        node = up
    return False


def _with_sibling(up: ast.AST, proof: ast.AST, use: ast.AST) -> bool:
    """Of two parts of `up`, whether the first runs whenever the second does."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(up, field, None)
        if isinstance(block, list) and proof in block and use in block:
            return block.index(proof) <= block.index(use)
    match up:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            return proof is test
        case ast.BoolOp(values=values):
            order: list[ast.AST] = list(values)
            return use in order and order.index(proof) <= order.index(use)
        case ast.For():
            return proof is up.iter
        case ast.comprehension(ifs=conditions):
            if proof in conditions and use in conditions:
                return conditions.index(proof) <= conditions.index(use)
            return proof is up.iter
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            if isinstance(up, ast.DictComp) and (proof, use) == (up.key, up.value):
                return True
            return _generated_before(up.generators, proof, use)
    return proof is use


def _generated_before(
    generators: list[ast.comprehension], proof: ast.AST, use: ast.AST
) -> bool:
    """Of two parts of a comprehension: its clauses come before what it makes."""
    order: list[ast.AST] = list(generators)
    if proof in order:
        return use not in order or order.index(proof) < order.index(use)
    return proof is use


def _may_leave(statement: ast.AST) -> bool:
    ways = ast.Continue | ast.Break | ast.Return | ast.Raise
    waits = ast.Yield | ast.YieldFrom | ast.Await
    return any(isinstance(part, ways | waits) for part in ast.walk(statement))


def unconditional(node: ast.AST, loop: Loop, context: Context) -> bool:
    """Whether every round of the loop evaluates `node`, if nothing is raised."""
    while (up := context.parent(node)) is not None:
        if up is loop.holder and isinstance(up, ast.For):
            return _no_way_out_before(node, up)
        if isinstance(loop.holder, ast.comprehension):
            if context.parent(loop.holder) is up and (
                node is loop.body[0]
                or (isinstance(up, ast.DictComp) and loop.body == (up.key, up.value))
            ):
                return True
            if up is loop.holder and node is loop.body[0]:
                return True
        if isinstance(up, ast.comprehension) and _begins(up, node, context):
            node = context.parent(up) or up
            continue
        if not _always_evaluates(up, node):
            return False
        node = up
    return False


def _begins(clause: ast.comprehension, node: ast.AST, context: Context) -> bool:
    """Whether `node` is what a comprehension evaluates first, and always."""
    whole = context.parent(clause)
    generators: list[ast.comprehension] = getattr(whole, "generators", [])
    return node is clause.iter and generators[0] is clause


def _no_way_out_before(statement: ast.AST, loop: ast.For) -> bool:
    """No earlier statement of the body may end the round."""
    for earlier in loop.body:
        if earlier is statement:
            return True
        if _may_leave(earlier):
            return False
    return False


def _always_evaluates(up: ast.AST, node: ast.AST) -> bool:
    """Whether `up`, when it runs, always evaluates its part `node`."""
    match up:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return node is test
        case ast.For(iter=iterated):
            return node is iterated
        case ast.BoolOp(values=[first, *_]):
            return node is first
        case ast.Compare(left=left, comparators=[first, *_]):
            return node is left or node is first
        case ast.With():
            return node in up.items
        case ast.Try() | ast.TryStar() | ast.Match() | ast.Assert():
            return False
        case ast.comprehension() | ast.Lambda() | ast.FunctionDef() | ast.ClassDef():
            return False
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return False
        case ast.AsyncFunctionDef() | ast.AsyncFor() | ast.AsyncWith():
            return False
    return True


def _plain_reader(frame: ast.expr, context: Context) -> bool:
    """Whether the frame is what a text file gave, as it gave it."""
    value: ast.expr | None = frame
    if isinstance(frame, ast.Name):
        value = context.value_of(frame)
        for definition in context.definitions(frame):
            if not all(
                _leaves_alone(name, context) for name in context.uses(definition)
            ):
                return False
    if not isinstance(value, ast.Call):
        return False
    options = {keyword.arg for keyword in value.keywords}
    for given in value.keywords:
        if given.arg == "dtype" and not _plain_types(given.value, context):
            return False
    return context.qualified_name(value.func) in _PLAIN_READERS and not (
        options & (_READER_OPTIONS | {None})
    )


def _plain_types(dtype: ast.expr, context: Context) -> bool:
    """`str`, or a dict with `str`, `int` and `float`: no type that holds `<NA>`."""
    kinds = dtype.values if isinstance(dtype, ast.Dict) else [dtype]
    return all(
        context.qualified_name(each) in ("str", "int", "float") for each in kinds
    )


_READS_ONLY = {
    "iterrows", "columns", "index", "shape", "empty", "head", "tail", "copy", "groupby",
    "sort_values", "dtypes", "to_numpy", "to_dict", "to_csv", "describe", "info",
}  # fmt: skip


def _leaves_alone(name: ast.Name, context: Context) -> bool:
    up = context.parent(name)
    match up:
        case ast.Attribute(attr=attr, ctx=ast.Load()):
            return attr in _READS_ONLY and not _in_place(up, context)
        case ast.Subscript(value=value, ctx=ast.Load()):
            return value is name and not _in_place(up, context)
        case ast.Call():
            return context.is_builtin(up.func, "len")
    return False


def _in_place(node: ast.AST, context: Context) -> bool:
    """Whether what is taken off a frame is stored into, or changed in place."""
    up = context.parent(node)
    while isinstance(up, ast.Attribute | ast.Subscript) and up.value is node:
        if not isinstance(up.ctx, ast.Load):
            return True
        node, up = up, context.parent(up)
    return isinstance(up, ast.Call) and any(
        each.arg in ("inplace", None) for each in up.keywords
    )
