"""A function of the file that hands its parameter to a shell, and its callers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.bindings import is_read_unseen
from codemods.catalog.shell_true.callers import (
    Wrapper,
    annotation_edits,
    check_closed,
    site_edit,
    wrapper_of,
)
from codemods.catalog.shell_true.forms import (
    form_imports,
    form_of,
    function_text,
    spelled_keywords,
)
from codemods.catalog.shell_true.layout import Frame
from codemods.catalog.shell_true.logged import join_edits, joinable
from codemods.catalog.shell_true.newcall import NewCall
from codemods.catalog.shell_true.render import rendered
from codemods.catalog.shell_true.tokens import Refused
from codemods.catalog.shell_true.values import Unreadable
from codemods.catalog.shell_true.writing import in_file
from codemods.model import Edit, Fix

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context


def fix(call: ShellCall, context: Context) -> Fix | None:
    """Wrapper and callers at once; None where the command is no parameter.

    Raises Unreadable, with the callers, where one of them has no list.
    """
    wrapper = wrapper_of(call, context)
    if wrapper is None:
        return None
    try:
        return together(call, wrapper, context)
    except (Unreadable, Refused) as reason:
        lines = ", ".join(map(str, sorted(map(context.line, wrapper.sites))))
        called = f"called in line {lines}" if lines else "not called in this file"
        raise Unreadable(
            f"the command is the parameter `{wrapper.parameter.name}` of "
            f"`{wrapper.function.name}`, {called}: {reason}"
        ) from reason


def together(call: ShellCall, wrapper: Wrapper, context: Context) -> Fix:
    check_closed(wrapper, context)
    others = [
        name for name in context.uses(wrapper.parameter) if name is not call.command
    ]
    command = call.command
    unseen = isinstance(command, ast.Name) and is_read_unseen(command, context)
    if unseen or not all(joinable(name, context) for name in others):
        raise Unreadable(f"`{wrapper.parameter.name}` is used as text too")
    edits: list[Edit] = []
    caveats = [
        f"`{wrapper.function.name}` takes a list now: callers in other files pass text"
    ]
    imports: list[str] = []
    for site in wrapper.sites:
        made, differs = site_edit(site, call, wrapper, context, shown=bool(others))
        edits.append(made)
        caveats += differs
    for name in others:
        more, needed = join_edits(name, context)
        edits.append(more)
        imports += needed
    edits += annotation_edits(wrapper, context)
    form = form_of(call, context)
    keywords, needed = spelled_keywords(form.given, call, context)
    star = "*" if form.spread else ""
    held = f"{star}{wrapper.parameter.name}"
    new = NewCall(function_text(call, form, context), (), keywords, held)
    text = rendered(call, new, context, Frame.of(form.target, context)) + form.suffix
    edits.append(context.replace(form.target, in_file(text, context)))
    imports += needed
    imports += form_imports(form, call, context)
    names = [n.id for n in ast.walk(call.node.func) if isinstance(n, ast.Name)]
    return Fix(
        tuple(edits),
        caveat="; ".join(dict.fromkeys([*caveats, *form.caveats])),
        imports=tuple(imports),
        orphans=("shlex", *(names if form.function else ())),
    )
