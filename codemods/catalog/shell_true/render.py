"""The replaced call, built from the old one so that comments and order stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import layout
from codemods.catalog.shell_true.newcall import SHELL_ONLY, NewCall
from codemods.catalog.shell_true.rebuild import rebuilt
from codemods.catalog.shell_true.writing import deeper

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.context import Context


def rendered(
    call: ShellCall,
    new: NewCall,
    context: Context,
    frame: layout.Frame,
    depth: int = 0,
) -> str:
    """The text of the new call in its frame, `depth` blocks further in than the old."""

    def arguments(listed: str) -> list[str]:
        return argument_texts(call, new, listed, context)

    old = context.text(call.node)
    if new.spread and not new.held:
        words = [*new.items, *argument_texts(call, new, "", context)]
        return layout.spread(new.function, [each for each in words if each], frame)
    if "\n" not in old:
        if new.held:
            return f"{new.function}({', '.join(arguments(new.held))})"
        return layout.call(new.function, new.items, arguments, frame)
    kept = rebuilt(call, new, context, frame.shallower(depth))
    opens_on_first_line = kept.partition("\n")[0].endswith("[")
    if opens_on_first_line and not new.held and "#" not in old:
        return layout.call(new.function, new.items, arguments, frame)
    return deeper(kept, depth, frame.margin)


def written_call(
    function: str,
    items: layout.Items,
    keywords: Mapping[str, str | None],
    frame: layout.Frame,
) -> str:
    """A call that has no forerunner."""

    def arguments(listed: str) -> list[str]:
        given = (f"{name}={value}" for name, value in keywords.items() if value)
        return [listed, *given]

    return layout.call(function, items, arguments, frame)


def argument_texts(
    call: ShellCall, new: NewCall, listed: str, context: Context
) -> list[str]:
    """The arguments in their old order, the new ones last."""
    texts: list[str] = []
    for each in call.node.args:
        texts.append(listed if each is call.command else context.text(each))
    added = dict(new.keywords)
    for keyword in call.node.keywords:
        name = keyword.arg or "**"
        if name in SHELL_ONLY:
            continue
        value: str | None = context.text(keyword.value)
        if keyword.value is call.command:
            value = listed
        elif name in added:
            value = added.pop(name)
        if value is not None:
            texts.append(f"{name}={value}" if keyword.arg else f"**{value}")
    return texts + [f"{name}={value}" for name, value in added.items() if value]
