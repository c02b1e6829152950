"""The loop itself: which call, which frame, which names take index and row."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codemods.context import Context

# Progress bars that yield what they are given.
_BARS = {("tqdm", "tqdm"), ("tqdm", "tqdm_notebook"), ("rich", "track")}
NOT_PANDAS = (
    "dask", "pyspark", "databricks", "modin", "cudf", "polars", "koalas", "vaex",
)  # fmt: skip
Holder = ast.For | ast.comprehension


@dataclass(frozen=True, slots=True)
class Loop:
    """`for index, row in frame.iterrows()`, plain, wrapped, or in a comprehension.

    `pair` is the target that takes index and row together; `body` what runs for each
    row: the statements of a loop, or the rest of a comprehension.
    """

    call: ast.Call
    frame: ast.expr
    holder: Holder
    statement: ast.stmt
    pair: ast.expr
    index: ast.expr
    row: ast.expr
    body: tuple[ast.AST, ...]

    @property
    def in_comprehension(self) -> bool:
        return isinstance(self.holder, ast.comprehension)


def find(call: ast.Call, context: Context) -> Loop | str | None:
    """The loop over `call`; a reason where it is one of no known form; None if none."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "iterrows"):
        return None
    if call.args or call.keywords:
        return None
    path = _path(call, context)
    if path is None:
        return "its result is not looped over at once"
    holder, targets = path
    if isinstance(holder, ast.For):
        body: tuple[ast.AST, ...] = (*holder.body, *holder.orelse)
    else:
        body = _rest(holder, context)
    pair = _target(holder.target, targets)
    if not (isinstance(pair, ast.Tuple | ast.List) and len(pair.elts) == 2):
        return "index and row are taken as one value"
    if any(isinstance(each, ast.Starred) for each in pair.elts):
        return "index and row are taken as one value"
    return Loop(
        call=call,
        frame=call.func.value,
        holder=holder,
        statement=context.statement(call),
        pair=pair,
        index=pair.elts[0],
        row=pair.elts[1],
        body=body,
    )


def _path(call: ast.Call, context: Context) -> tuple[Holder, list[int]] | None:
    """What loops over the call, and where in its target the pair is."""
    node: ast.AST = call
    steps: list[int] = []
    while True:
        up = context.parent(node)
        match up:
            case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
                return (up, steps[::-1]) if iterated is node else None
            case ast.Call(args=[first, *_]) if first is node:
                name = context.qualified_name(up.func)
                if name == "enumerate":
                    steps.append(1)
                elif name == "zip":
                    steps.append(0)
                elif not _is_bar(name):
                    return None
            case ast.Call(args=args) if node in args:
                if context.qualified_name(up.func) != "zip":
                    return None
                if any(isinstance(each, ast.Starred) for each in args):
                    return None
                steps.append(args.index(node))
            case _:
                return None
        node = up


def _is_bar(name: str | None) -> bool:
    parts = (name or "").split(".")
    return (parts[0], parts[-1]) in _BARS


def _target(target: ast.expr, steps: list[int]) -> ast.expr | None:
    for step in steps:
        if not isinstance(target, ast.Tuple | ast.List) or len(target.elts) <= step:
            return None
        target = target.elts[step]
    return target


def _rest(holder: ast.comprehension, context: Context) -> tuple[ast.AST, ...]:
    """What a comprehension evaluates for each element that `holder` yields."""
    whole = context.parent(holder)
    assert isinstance(
        whole, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    )
    at = whole.generators.index(holder)
    if isinstance(whole, ast.DictComp):
        results: tuple[ast.AST, ...] = (whole.key, whole.value)
    else:
        results = (whole.elt,)
    return (*holder.ifs, *whole.generators[at + 1 :], *results)


def other_library(loop: Loop, context: Context) -> str | None:
    """The reason why the frame may not be one of pandas, if it may not."""
    known = context.type_of(loop.frame)
    if known is not None:
        for kind in known.members:
            if kind.name not in ("pandas.DataFrame", "None"):
                frame = context.text(loop.frame)
                return f"`{frame}` is a `{kind.name}`, not a pandas frame"
        return None
    if any(node.name == "iterrows" for node in context.every(ast.FunctionDef)):
        return "this file defines an `iterrows` of its own"
    for alias in context.every(ast.alias):
        root = context.facts.imported(alias).lstrip(".").partition(".")[0]
        if root in NOT_PANDAS:
            return f"the frame may be one of {root}, which this file imports"
    return None
