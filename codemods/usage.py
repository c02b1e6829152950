"""How the command line is laid out, and what it says to a mistake."""

from __future__ import annotations

import sys
from argparse import ArgumentError, ArgumentParser, RawDescriptionHelpFormatter

from codemods.names import did_you_mean
from codemods.terminal import width_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Action, Namespace
    from collections.abc import Sequence
    from typing import Any, NoReturn

DEFAULT_WIDTH, MOST_WIDTH = 80, 100  # columns
MISTAKE = 2  # the exit code
NEAR = 0.6  # how much of a word must be as it was meant, or "xml" means "html"

DESCRIPTION = """\
Find code by what it means, rewrite it where that is safe, and say why where it is not.

  codemod run iterrows --dry-run     show what would change, change nothing
  codemod run iterrows               change it
"""
RUN = """\
Exit codes:
  0  done
  1  with --check, a fix would be applied; with --fail-on, there is such a finding
  2  a wrong command line or config
  3  a file could not be read or written, or a codemod crashed; the others are done
"""
PROVE = """\
Nothing is written. Exit codes:
  0  done
  1  a difference was found where a fix is called safe
  2  a wrong command line or config
  3  a file could not be read
"""
AUDIT = """\
Exit codes:
  0  done
  1  with --check, there is something; with --baseline too, something new
  2  a wrong command line, config or baseline
  3  a file could not be read; the others are done
"""
COMPLETION = """\
For the shell that runs:
  bash  eval "$(codemod completion bash)"
  zsh   eval "$(codemod completion zsh)", after compinit
  fish  codemod completion fish | source
"""


class Layout(RawDescriptionHelpFormatter):
    """Descriptions as they are written, with room for our longest option."""

    def __init__(self, prog: str) -> None:
        # Left to itself, argparse imports shutil to find out how wide to write.
        width = width_of(sys.stdout) or DEFAULT_WIDTH
        super().__init__(prog, max_help_position=28, width=min(width, MOST_WIDTH) - 2)


class Parser(ArgumentParser):
    """Says in a line what is wrong, what was meant, and where the help is."""

    def __init__(self, **given: Any) -> None:
        # Abbreviations are off, or a misread word makes unsafe fixes.
        super().__init__(formatter_class=Layout, allow_abbrev=False, **given)

    def error(self, message: str) -> NoReturn:
        self.exit(MISTAKE, f"{self.prog}: {message}\nTry: {self.prog} --help\n")

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Namespace | None = None
    ) -> tuple[Namespace, list[str]]:
        """What is left over are paths: no option that is not ours gets through."""
        given, rest = super().parse_known_args(args, namespace)
        unknown = [each for each in rest if each.startswith("-") and each != "-"]
        if unknown:
            self.unrecognized(unknown)
        return given, rest

    def unrecognized(self, arguments: Sequence[str]) -> NoReturn:
        ours = self._option_string_actions
        meant = did_you_mean(arguments[0].partition("=")[0], ours, NEAR)
        self.error(f"unrecognized arguments: {' '.join(arguments)}{meant}")

    def _check_value(self, action: Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = list(map(str, action.choices))
        meant = (
            did_you_mean(str(value), known, NEAR) or f"; there are {', '.join(known)}"
        )
        raise ArgumentError(action, f"{value!r} is unknown{meant}")
