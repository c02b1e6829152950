"""What an expression may raise and give, by its form."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.access import attribute, truth
from codemods.catalog.bare_except.calls import call
from codemods.catalog.bare_except.comparisons import comparison
from codemods.catalog.bare_except.displays import comprehension, display
from codemods.catalog.bare_except.formats import formatted
from codemods.catalog.bare_except.items import subscript
from codemods.catalog.bare_except.kinds import NEVER, UNKNOWN, kind, literal
from codemods.catalog.bare_except.names import name
from codemods.catalog.bare_except.operators import binary, unary
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen, joined


def expression(scene: Scene, node: ast.expr) -> Seen:
    match node:
        case ast.Constant(value=value):
            return Seen(_constant(value))
        case ast.Name():
            return name(scene, node)
        case ast.Attribute():
            return attribute(scene, node)
        case ast.Call():
            return call(scene, node)
        case ast.Subscript():
            return subscript(scene, node)
        case ast.BinOp():
            return binary(scene, node)
        case ast.UnaryOp():
            return unary(scene, node)
        case ast.Compare():
            return comparison(scene, node)
        case ast.BoolOp(values=values):
            tested = [truth(scene, value) for value in values[:-1]]
            return joined([*map(scene.see, values)]).after(*tested)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            branches = joined((scene.see(body), scene.see(orelse)))
            return branches.after(truth(scene, test))
        case ast.NamedExpr(value=value):
            return scene.see(value)
        case ast.JoinedStr():
            return formatted(scene, node)
        case ast.List() | ast.Tuple() | ast.Set() | ast.Dict():
            return display(scene, node)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return comprehension(scene, node)
        case ast.Lambda(args=arguments):
            defaults = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
            return Seen(kind("Function")).after(*map(scene.see, defaults))
        case ast.Starred(value=value):
            return scene.see(value)
        case ast.Slice():
            return _slice(scene, node)
    text = f"`{scene.named(node)}` is not understood"
    return Seen(UNKNOWN).doubting(scene.doubt("unknown", text, node))


def _constant(value: object) -> frozenset:  # type: ignore[type-arg]
    if type(value) in (str, bytes, int, float):
        return literal(value)  # type: ignore[arg-type]
    return kind("None" if value is None else type(value).__name__)


def _slice(scene: Scene, node: ast.Slice) -> Seen:
    """A slice: `cut` where its bounds are whole numbers and its step is not zero."""
    bounds = [scene.see(one) for one in (node.lower, node.upper) if one is not None]
    step = [scene.see(node.step)] if node.step is not None else []
    whole = all(
        one.name in ("int", "size", "bool", "None")
        for seen in (*bounds, *step)
        for one in seen.kinds
    )
    walks = all(one.literal and one.literal[0] for seen in step for one in seen.kinds)
    kinds = kind("cut" if walks else "slice") if whole else UNKNOWN
    return joined((Seen(NEVER), *bounds, *step)).giving(kinds)
