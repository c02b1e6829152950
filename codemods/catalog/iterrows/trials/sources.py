"""Where the frames of a loop come from, as far as that is taken along."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.evidence.extraction import Needs
from codemods.evidence.guesses import Guess
from codemods.evidence.regions import blocks

# What gives a frame of the same rows and columns, or of fewer.
KEEPING = {
    "head", "tail", "sort_values", "sort_index", "reset_index", "set_index", "dropna",
    "fillna", "copy", "query", "sample", "drop_duplicates", "drop", "rename", "astype",
    "assign", "nlargest", "nsmallest", "replace", "round", "where", "mask", "iterrows",
    "infer_objects", "convert_dtypes", "reindex", "filter", "truncate",
}  # fmt: skip
FRAME = Guess("frame", [])
MOST_STEPS = 8
READERS = ("pandas.read_",)


class Sources:
    """The inputs of a loop that are frames; `plain` where a file was read for one."""

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self.context = needs.context
        self.frames: dict[str, None] = {}
        self.plain = False

    def find(self) -> None:
        for node in sorted(
            (each for each in self.needs.piece if isinstance(each, ast.Call)),
            key=lambda call: (call.lineno, call.col_offset),
        ):
            match node.func:
                case ast.Attribute(attr="iterrows", value=receiver) if not node.args:
                    self.source(receiver, MOST_STEPS)

    def source(self, frame: ast.expr, steps: int) -> None:
        """Make an input of what a frame begins with, and take along what is between."""
        root = self.root(frame)
        if not isinstance(root, ast.Name):
            self.whole(root)
            return
        outside = self.needs.outside(root) or []
        only = outside[0] if len(outside) == 1 else None
        if only is None and not outside:
            return  # made by the piece itself
        value = only.value if only is not None and only.kind == "assign" else None
        statement = self.context.statement(only.node) if only is not None else None
        if value is not None and isinstance(statement, ast.Assign) and steps:
            start = self.root(value)
            if start is not value:
                self.source(value, steps - 1)
                self.needs.take(statement, self.needs.local)
                self.written(root.id, after=statement.lineno)
                return
            if self.is_literal(start):
                return  # taken along as it is
            self.plain |= self.is_read(start)
        self.frames[root.id] = None
        self.needs.inputs[root.id] = FRAME
        last = max((getattr(each.node, "lineno", 0) for each in outside), default=0)
        self.written(root.id, after=last)

    def root(self, frame: ast.expr) -> ast.expr:
        """What is left of an expression without what keeps its columns."""
        while True:
            match frame:
                case ast.Call(func=ast.Attribute(attr=attr, value=value) as func) if (
                    attr in KEEPING and not self.is_pandas(func)
                ):
                    frame = value
                case ast.Subscript(
                    value=ast.Attribute(attr="loc" | "iloc", value=value)
                ):
                    frame = value
                case ast.Subscript(value=value, slice=key) if not isinstance(
                    key, ast.Constant | ast.Name | ast.Attribute | ast.JoinedStr
                ) and not _is_text(key):
                    frame = value
                case _:
                    return frame

    def is_pandas(self, func: ast.expr) -> bool:
        return (self.context.qualified_name(func) or "").startswith("pandas.")

    def is_literal(self, call: ast.expr) -> bool:
        """Whether a frame is written out in the code."""
        match call:
            case ast.Call(func=func, args=args, keywords=keywords):
                values = [*args, *(each.value for each in keywords)]
                written_out = bool(values) and all(map(_is_written_out, values))
                return written_out and self.is_pandas(func)
        return False

    def is_read(self, call: ast.expr) -> bool:
        match call:
            case ast.Call(func=func):
                return (self.context.qualified_name(func) or "").startswith(READERS)
        return False

    def whole(self, root: ast.expr) -> None:
        """An expression that is an input as a whole: `self.frames["teams"]`."""
        text = ast.unparse(root)
        known = {**self.needs.replaced}
        if text not in known:
            name = f"_frame{len(known) + 1}"
            self.needs.replaced = {**known, text: name}
            self.frames[name] = None
            self.needs.inputs[name] = FRAME
            self.plain |= self.is_read(root)

    def written(self, name: str, after: int) -> None:
        """Take along what is done to a frame, line by line, before the piece runs."""
        for statement in self.before_piece():
            if statement.lineno > after and _writes(statement, name):
                self.needs.take(statement, self.needs.local)

    def before_piece(self) -> Iterator[ast.stmt]:
        """Statements that run before the piece whenever it runs, in their function."""
        first = min(
            (each for each in self.needs.piece if isinstance(each, ast.stmt)),
            key=lambda each: each.lineno,
        )
        at: ast.AST = first
        for up in self.context.ancestors(first):
            for block in blocks(up):
                if at in block:
                    yield from block[: block.index(at)]
            if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef):
                return
            at = up


def _is_text(key: ast.expr) -> bool:
    """Whether a key is text put together: it names one frame, no rows."""
    match key:
        case ast.BinOp(left=left):
            return isinstance(left, ast.Constant) and isinstance(left.value, str)
        case ast.Call(func=ast.Attribute(attr="format")):
            return True
    return False


def _is_written_out(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return isinstance(value, ast.Dict | ast.List)


def _writes(statement: ast.stmt, name: str) -> bool:
    """Whether a simple statement writes into the frame of that name."""
    match statement:
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute() as target]):
            return _base(target) == name
        case ast.AugAssign(target=ast.Subscript() | ast.Attribute() as target):
            return _base(target) == name
        case ast.Expr(value=ast.Call(func=ast.Attribute() as func, keywords=keywords)):
            in_place = any(each.arg == "inplace" for each in keywords)
            return in_place and _base(func) == name
    return False


def _base(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
