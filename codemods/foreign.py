"""Codemods written for other tools: libcst's commands and Bowler's queries.

They rewrite whole files and know nothing of tiers, so what they do is unsafe unless
their author says otherwise, by an attribute `safe = True`.
"""

from __future__ import annotations

import re
from functools import partial
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, TypeGuard

from codemods.model import Codemod

if TYPE_CHECKING:
    from collections.abc import Callable

    from libcst.codemod import Codemod as Command

CAVEAT = "{what} rewrote the file as a whole; nobody declared it safe"
EVERY_FILE = (b"",)  # in every file


def adapted(target: object, module: str, attribute: str) -> Codemod:
    """The codemod behind an attribute of a module: ours, libcst's or Bowler's.

    Raises TypeError for anything else.
    """
    if isinstance(target, Codemod):
        return target
    if is_command(target):
        return whole(target, module, attribute, partial(by_command, target), "libcst")
    if is_query(target):
        return whole(target, module, attribute, partial(by_query, target), "Bowler")
    raise TypeError(
        f"{attribute} is {type(target).__name__}; wanted is a Codemod, a subclass of "
        "libcst.codemod.Codemod or a bowler.Query"
    )


def is_command(target: object) -> TypeGuard[type[Command]]:
    if not isinstance(target, type) or not in_module(target, "libcst"):
        return False
    from libcst.codemod import Codemod as Command

    return issubclass(target, Command)


def is_query(target: object) -> bool:
    return in_module(type(target), "bowler")


def in_module(kind: type, package: str) -> bool:
    """Whether a class derives from one of a package, which then is imported already."""
    return any(base.__module__.partition(".")[0] == package for base in kind.__mro__)


def whole(
    target: Any,
    module: str,
    attribute: str,
    transform: Callable[[str, str], str | None],
    what: str,
) -> Codemod:
    name = spelled(attribute)
    described = getattr(target, "DESCRIPTION", None)
    own = target.__doc__ if isinstance(target, type) else None
    page = described or own or f"What {attribute} of {module} does."
    return Codemod(
        module=f"{module}.{name}",
        page=cleandoc(page),
        message=cleandoc(page).partition("\n")[0],
        words=tuple(getattr(target, "words", EVERY_FILE)),
        transform=transform,
        caveat=None if getattr(target, "safe", False) else CAVEAT.format(what=what),
    )


def spelled(attribute: str) -> str:
    """`RenameOld` and `RENAME_OLD` as the command line has it: `rename-old`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", attribute)
    return words.strip("_").lower().replace("_", "-")


def by_command(command: type[Command], path: str, code: str) -> str | None:
    """What a libcst codemod makes of a file; None where it skips it.

    Raises what the codemod raises.
    """
    from libcst.codemod import (
        CodemodContext,
        TransformFailure,
        TransformSuccess,
        transform_module,
    )

    made = transform_module(command(CodemodContext(filename=path)), code)
    match made:
        case TransformSuccess(code=after):
            return after
        case TransformFailure(error=error):
            raise error
    return None


def by_query(query: Any, path: str, code: str) -> str | None:
    """What a Bowler query makes of a file.

    Raises ValueError where its grammar, which is that of 2020, does not know the code.
    """
    from bowler import BowlerTool

    options = {"print_function": True}
    tool = BowlerTool(
        query.compile(),
        write=False,
        silent=True,
        in_process=True,
        interactive=False,
        options=options,
    )
    tree = tool.refactor_string(code if code.endswith("\n") else code + "\n", path)
    if tree is None:
        raise ValueError("Bowler cannot parse the file: its grammar is that of 2020")
    after = str(tree)
    return after if code.endswith("\n") else after.removesuffix("\n")
