"""Which parameter of a function of the same file takes an argument."""

from __future__ import annotations

import ast

from codemods.context import Context
from codemods.facts.calls import Defined
from codemods.facts.scopes import Definition


def parameter(
    call: ast.Call, argument: ast.expr, context: Context
) -> Definition | None:
    """The parameter that `argument` of a call becomes; None where it is not in view.

    A call or a function with `*`, `**` or `eval` in the way is not followed.
    """
    function = context.function_called(call)
    if function is None or any(isinstance(each, ast.Starred) for each in call.args):
        return None
    if context.facts.scopes.of_node[function].dynamic:
        # `eval` and `locals` read parameters unseen.
        return None
    found = _taker(call, argument, function)
    return context.facts.scopes.bound_by[found] if found is not None else None


def _taker(call: ast.Call, argument: ast.expr, function: Defined) -> ast.arg | None:
    plain = [*function.args.posonlyargs, *function.args.args]
    if argument in call.args:
        # `self.f(x)`: the instance takes the first place.
        shift = 1 if isinstance(call.func, ast.Attribute) else 0
        position = call.args.index(argument) + shift
        return plain[position] if position < len(plain) else None
    for given in call.keywords:
        if given.value is argument:
            for each in [*function.args.args, *function.args.kwonlyargs]:
                if each.arg == given.arg:
                    return each
    return None
