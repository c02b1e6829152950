"""A function that hands its parameter on, and who calls it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.elements import numbered
from codemods.catalog.shell_true.layout import Frame, listed
from codemods.catalog.shell_true.logged import LOGGED, is_canonical
from codemods.catalog.shell_true.quoting import quote_of
from codemods.catalog.shell_true.script import read
from codemods.catalog.shell_true.stages import Workshop
from codemods.catalog.shell_true.template import parts
from codemods.catalog.shell_true.values import Unreadable
from codemods.catalog.shell_true.writing import in_file
from codemods.model import Edit

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context
    from codemods.facts.scopes import Definition


@dataclass(frozen=True, slots=True)
class Wrapper:
    """The function around a call, its parameter that is the command, its callers."""

    function: ast.FunctionDef
    parameter: Definition
    sites: tuple[ast.Call, ...]

    def text(self, site: ast.Call) -> ast.expr | None:
        """The command that a caller passes."""
        name = self.parameter.name
        given = [*self.function.args.posonlyargs, *self.function.args.args]
        # A method is called with what stands before its dot.
        given = given[isinstance(site.func, ast.Attribute) :]
        index = [each.arg for each in given].index(name)
        if index < len(site.args):
            return site.args[index]
        found = (each.value for each in site.keywords if each.arg == name)
        return next(found, None)


def wrapper_of(call: ShellCall, context: Context) -> Wrapper | None:
    if not isinstance(call.command, ast.Name):
        return None
    bound = list(context.definitions(call.command))
    function = context.enclosing(call.node, ast.FunctionDef)
    if function is None or len(bound) != 1 or bound[0].kind != "param":
        return None
    given = [*function.args.posonlyargs, *function.args.args]
    if bound[0].node not in given:
        return None
    sites = tuple(
        node
        for node in context.every(ast.Call)
        if context.function_called(node) is function
    )
    return Wrapper(function, bound[0], sites)


def check_closed(wrapper: Wrapper, context: Context) -> None:
    """Refuse a function that is used in other ways than by calling it."""
    function = wrapper.function
    home = context.parent(function)
    if isinstance(home, ast.ClassDef):
        home = context.parent(home)
    if not isinstance(home, ast.Module):
        raise Unreadable("it is not a function of the module")
    if not wrapper.sites:
        raise Unreadable("its callers are not in view")
    called = {site.func for site in wrapper.sites}
    if any(name not in called for name in mentions(function, context)):
        raise Unreadable(f"`{function.name}` is also passed on")
    if wrapper.parameter.value is not None:
        raise Unreadable(f"`{wrapper.parameter.name}` has a default")
    if any(function in context.ancestors(site) for site in wrapper.sites):
        raise Unreadable("it calls itself")


def mentions(function: ast.FunctionDef, context: Context) -> list[ast.expr]:
    """What may mean a function: its name, or an attribute of a method's name."""
    found: list[ast.expr] = [
        *context.uses(context.facts.scopes.bound_by[function]),
    ]
    if isinstance(context.parent(function), ast.ClassDef):
        found += [
            node
            for node in ast.walk(context.tree)
            if isinstance(node, ast.Attribute) and node.attr == function.name
        ]
    return found


def site_edit(
    site: ast.Call, call: ShellCall, wrapper: Wrapper, context: Context, *, shown: bool
) -> tuple[Edit, list[str]]:
    """The list in the place of a caller's text, and what differs.

    `shown` says that the wrapper shows the text as well.
    """
    text = wrapper.text(site)
    if text is None or any(isinstance(each, ast.Starred) for each in site.args):
        raise Unreadable("a caller passes the command by `*` or `**`")
    found = parts(text, context, context.statement(site))
    template, values = numbered(found)
    if len(found) == 1 and values and values[0].kind in ("raw", "items"):
        raise Unreadable(f"`{context.text(text)}` is made elsewhere")
    script = read(template)
    if script.joins or script.directory or not script.commands[0].plain:
        raise Unreadable("a caller's command has redirections or is several commands")
    if any(value.unquoted is not None for value in values):
        raise Unreadable("a caller quotes a value elsewhere")
    workshop = Workshop(call, context, values, quote_of(text, context))
    stage = workshop.stage(script.commands[0], None, alone=False)
    caveats = [*stage.caveats]
    if shown and not is_canonical(found, added=False):
        caveats.append(LOGGED)
    frame = Frame.of(text, context)
    return context.replace(text, in_file(listed(stage.items, frame), context)), caveats


def annotation_edits(wrapper: Wrapper, context: Context) -> list[Edit]:
    annotation = wrapper.parameter.annotation
    match annotation:
        case None:
            return []
        case ast.Name(id="str"):
            return [context.replace(annotation, "list[str]")]
    raise Unreadable(f"`{wrapper.parameter.name}` is annotated")
