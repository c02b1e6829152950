"""What may raise at any time, by what a file sets up."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen

# Calls after which an exception may come at any time, and what brings it.
ANY_TIME = {
    "signal.signal": "a signal handler of this file",
    "warnings.simplefilter": "a warning, which this file makes an error",
    "warnings.filterwarnings": "a warning, which this file makes an error",
}


def with_signals(scene: Scene, node: ast.AST, seen: Seen) -> Seen:
    """What a body raises, where a signal handler of the file may raise as well."""
    for call in scene.context.every(ast.Call):
        qualified = scene.context.qualified_name(call.func)
        text = ANY_TIME.get(qualified or "")
        if text is not None and _matters(call, qualified):
            return seen.doubting(scene.doubt("unknown", text, call))
    return seen


def _matters(call: ast.Call, qualified: str | None) -> bool:
    """Whether a filter of warnings makes errors of them."""
    return qualified == "signal.signal" or any(
        isinstance(one, ast.Constant) and one.value == "error" for one in call.args
    )
