"""One command of a script: the list, the keywords, the files and what differs."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import differences, statuses, telling, widening
from codemods.catalog.shell_true.elements import elements, one_word, split_caveat
from codemods.catalog.shell_true.environment import variables
from codemods.catalog.shell_true.program import word_list
from codemods.catalog.shell_true.streams import GIVEN, Opened, Streams, directed
from codemods.catalog.shell_true.values import Unreadable

if TYPE_CHECKING:
    from codemods.catalog.shell_true.calls import ShellCall
    from codemods.catalog.shell_true.script import Command
    from codemods.catalog.shell_true.tokens import Word
    from codemods.catalog.shell_true.values import Value
    from codemods.context import Context
    from codemods.model import Edit

NO_DIRECTORY = (
    "a missing directory raises FileNotFoundError, where the shell reported a status"
)


NO_PATH = (
    "`env=` has no PATH: Python and the shell then look in directories of their own"
)
# What holds for the child process alone, and so for the files that a shell opens.
CHILD_ONLY = ("umask", "user", "group", "extra_groups", "preexec_fn")


@dataclass(frozen=True, slots=True)
class Stage:
    """A command ready to be written. `keywords` are its variables and directory."""

    items: tuple[str, ...]
    streams: Streams
    keywords: dict[str, str]
    caveats: tuple[str, ...]
    program: str | None
    # The handler around that is to catch a missing program, too.
    widening: Edit | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every command of a call is made with."""

    call: ShellCall
    context: Context
    values: list[Value]
    quote: str

    def stage(
        self, command: Command, directory: Word | None, *, alone: bool = True
    ) -> Stage:
        """Raises Unreadable where the command has no list."""
        made = elements(command.words, self.values, self.quote)
        streams = directed(command, self.values, self.quote)
        env = variables(command, self.values, self.quote, self.call, self.context)
        keywords = {name: value for name, value in env.keywords.items() if value}
        everything = [*made, *streams.elements, *env.elements]
        if command.assignments or directory is not None:
            self.check_order()
        caveats: list[str | None] = [
            *differences.said(command, self.values, self.call, self.context)
        ]
        if directory is not None:
            where = one_word(directory, self.values, self.quote)
            everything.append(where)
            if self.call.keywords.get("cwd") is not None:
                raise Unreadable("`cd` stands beside a `cwd=`")
            keywords["cwd"] = where.source
            caveats.append(NO_DIRECTORY)
        caveats.append(self.path_caveat(command))
        caveats.append(split_caveat([s for each in everything for s in each.split]))
        caveats += [c for each in everything for c in each.caveats]
        simple = alone and directory is None and not streams.files
        widening = self.widening(command) if simple else None
        handled = widening is not None
        caveats += self.result_caveats(command, streams, handled=handled)
        for file in streams.files:
            self.check_place(file, moved="cwd" in keywords)
        items = tuple(each.source for each in made)
        plain = tuple(dict.fromkeys(c for c in caveats if c))
        program = command.words[0].text
        return Stage(items, streams, keywords, plain, program, widening)

    def check_order(self) -> None:
        """Refuse several values with effects, where words become keywords."""
        call = self.call
        given = [*call.node.args, *(each.value for each in call.node.keywords)]
        nodes = [each for each in given if each is not call.command]
        nodes += [value.node for value in self.values]
        if sum(not self.context.is_pure(each) for each in nodes) > 1:
            raise Unreadable("its values would be evaluated in another order")

    def widening(self, command: Command) -> Edit | None:
        known = command.words[0].text in word_list("utilities")
        told = telling.misses_missing(self.call, self.context)
        if known or not self.call.checks or not told:
            return None
        return widening.widening(self.call, self.context)

    def path_caveat(self, command: Command) -> str | None:
        """What is said where the program's environment has no PATH."""
        match self.call.keywords.get("env"):
            case ast.Dict(keys=keys) if all(isinstance(k, ast.Constant) for k in keys):
                given = {k.value for k in keys if isinstance(k, ast.Constant)}
                name = command.words[0].text or ""
                if "PATH" in given or "/" in name or name in word_list("utilities"):
                    return None
                return NO_PATH
        return None

    def check_place(self, file: Opened, *, moved: bool) -> None:
        for name in CHILD_ONLY:
            if name in self.call.keywords:
                raise Unreadable(f"the file would be opened without `{name}=`")
        if b"mkfifo" in self.context.facts.tree.code:
            raise Unreadable("the file may be a named pipe, which would be waited for")
        absolute = file.path.lstrip("frb").startswith(('"/', "'/"))
        if not absolute and (moved or "cwd" in self.call.keywords):
            raise Unreadable("a redirection names a file in another directory")

    def result_caveats(
        self, command: Command, streams: Streams, *, handled: bool
    ) -> list[str | None]:
        """What is said about a program, or a file, that may be missing."""
        found: list[str | None] = []
        shows = streams.ends[2] == GIVEN
        reads = statuses.reads_status(self.call, self.context, shows=shows)
        misses = not handled and telling.misses_missing(self.call, self.context)
        if command.words[0].text not in word_list("utilities"):
            found += [statuses.MISSING] if reads else []
            found += [statuses.UNCAUGHT] if misses else []
        if streams.files:
            found += [statuses.UNOPENED] if reads else []
            found += [statuses.UNOPENED_UNCAUGHT] if misses else []
        return found
