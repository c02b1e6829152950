"""The command line of `codemod`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from functools import partial

from codemods import __version__
from codemods.terminal import width_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import _ArgumentGroup, _SubParsersAction
    from collections.abc import Sequence
    from typing import Any

FORMATS = ("text", "json", "github", "sarif", "codetf", "gitlab", "junit", "html")
DEFAULT_WIDTH, MOST_WIDTH = 80, 100  # columns
AUDIT_FORMATS = ("text", "json", "markdown", "html")
SHELLS = ("bash", "zsh", "fish")

DESCRIPTION = """\
Find code by what it means, rewrite it where that is safe, and say why where it is not.

  codemod run iterrows --dry-run     show what would change, change nothing
  codemod run iterrows               change it
"""
RUN = """\
Exit codes: 0 done; 1 with --check, a fix would be applied (with --fail-on: a finding is
of a kind); 2 a wrong command line or config; 3 a codemod crashed or a file could not be
read or written (others are done).
"""
PROVE = """\
Nothing is written. Exit codes: 0 done; 1 a difference was found where a fix is called
safe; 2 a wrong command line or config; 3 a file could not be read.
"""


AUDIT = """\
Exit codes: 0 done; 1 with --check, there is something (new, with --baseline); 2 a wrong
command line, config or baseline; 3 a file could not be read (others are done).
"""


class Layout(RawDescriptionHelpFormatter):
    """Descriptions as they are written, with room for our longest option."""

    def __init__(self, prog: str) -> None:
        # Left to itself, argparse imports shutil to find out how wide to write.
        width = width_of(sys.stdout) or DEFAULT_WIDTH
        super().__init__(prog, max_help_position=28, width=min(width, MOST_WIDTH) - 2)


def parser(names: Sequence[str] | None = None, file: Any = None) -> ArgumentParser:
    """The command line. `names` and `file` are for shell completion alone."""
    top = ArgumentParser(
        prog="codemod",
        description=DESCRIPTION,
        formatter_class=Layout,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"codemod {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_run(commands, names, file)
    add_audit(commands, file)
    add_prove(commands, names)
    add = partial(commands.add_parser, formatter_class=Layout)
    lister = add("list", help="the codemods there are")
    add_codemods(lister)
    lister.set_defaults(command="list")
    page = add("explain", help="a codemod's page")
    page.add_argument("name", metavar="NAME", choices=names)
    add_codemods(page)
    page.set_defaults(command="explain")
    tester = add("test", help="check folders of fixtures, for codemods of your own")
    tester.add_argument(
        "folders", metavar="DIR", nargs="+", help="CODEMOD/CASE.py in it"
    )
    add_codemods(tester)
    tester.set_defaults(command="test")
    maker = add("new", help="write a codemod of your own, to begin with")
    maker.add_argument("name", metavar="NAME", help="what it finds: print-call, say")
    maker.add_argument("--into", metavar="DIR", default=".", help="default: .")
    maker.set_defaults(command="new")
    editor = add("server", help="a language server for editors, on standard input")
    trusted = "load the codemods that a project's config names"
    editor.add_argument("--trust", action="store_true", help=trusted)
    editor.set_defaults(command="server")
    shell = add("completion", help="a script that completes in a shell")
    shell.add_argument("shell", choices=SHELLS)
    shell.set_defaults(command="completion")
    return top


def add_run(
    commands: _SubParsersAction[ArgumentParser], names: Sequence[str] | None, file: Any
) -> None:
    parser = commands.add_parser(
        "run",
        help="rewrite files, or show what would change",
        epilog=RUN,
        formatter_class=Layout,
        allow_abbrev=False,  # or a misread word makes unsafe fixes
    )
    parser.set_defaults(command="run")
    add = parser.add_argument
    add("names", metavar="NAMES", choices=names, help="a name, several (a,b) or all")
    paths = add(
        "paths",
        metavar="PATHS",
        nargs="*",
        default=[],
        help="files and directories (default: .), or - for standard input",
    )
    what = parser.add_argument_group("what is done")
    add = what.add_argument
    add("--dry-run", action="store_true", help="print a diff for git apply, no more")
    add("--check", action="store_true", help="write nothing, exit 1 if there are fixes")
    add(
        "--fail-on",
        metavar="KINDS",
        help="exit 1 instead for any of safe,unsafe,urgent,left (with commas)",
    )
    add("--diff", action="store_true", help="write, and print the diff too")
    add("--unsafe-fixes", action="store_true", help="make those with a caveat too")
    add("-i", "--interactive", action="store_true", help="ask about each fix")
    add("--since", metavar="REV", help="only on lines changed since a git revision")
    add("--include-sql", action="store_true", help="report on .sql files too")
    add_evidence(parser)
    told = parser.add_argument_group("what is told")
    add = told.add_argument
    add(
        "--output-format",
        metavar="FORMAT",
        choices=FORMATS,
        default="text",
        help=f"{', '.join(FORMATS)}",
    )
    output = add("-o", "--output", metavar="FILE", help="where the report goes")
    add("-v", "--verbose", action="store_true", help="every place, not the worst files")
    how = parser.add_argument_group("how")
    add = how.add_argument
    add_codemods(how)
    config = add(
        "--config", metavar="FILE", help="instead of the nearest pyproject.toml"
    )
    add(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="instead of a value of the config (unbounded-query.limit=10000)",
    )
    add("--stdin-filename", metavar="FILE", help="what standard input is called")
    add("--jobs", metavar="N", type=int, help="processes (default: 2 where it pays)")
    add("--no-cache", action="store_true", help="look at every file again")
    if file is not None:
        paths.complete = config.complete = output.complete = file  # type: ignore[attr-defined]


def add_codemods(parser: ArgumentParser | _ArgumentGroup) -> None:
    parser.add_argument(
        "--codemod",
        metavar="MODULE[:NAME]",
        dest="plugged",
        action="append",
        default=[],
        help="one more codemod: yours, libcst's or a Bowler query (or a FILE.py)",
    )


def add_audit(commands: _SubParsersAction[ArgumentParser], file: Any) -> None:
    parser = commands.add_parser(
        "audit",
        help="count what there is to do, and change nothing",
        epilog=AUDIT,
        formatter_class=Layout,
        allow_abbrev=False,
    )
    parser.set_defaults(command="audit")
    add_codemods(parser)
    add = parser.add_argument
    help = "files and directories (default: .)"
    paths = add("paths", metavar="PATHS", nargs="*", default=[], help=help)
    baseline = add("--baseline", metavar="FILE", help="tell what is new since an audit")
    add("--check", action="store_true", help="exit 1 if there is anything (new)")
    add(
        "--output-format",
        metavar="FORMAT",
        choices=AUDIT_FORMATS,
        default="text",
        help=", ".join(AUDIT_FORMATS),
    )
    output = add("-o", "--output", metavar="FILE", help="where the report goes")
    config = add("--config", metavar="FILE", help="as for run")
    add("--set", metavar="KEY=VALUE", action="append", default=[], help="as for run")
    add("--jobs", metavar="N", type=int, help="processes (default: 2 where it pays)")
    if file is not None:
        for each in (paths, baseline, output, config):
            each.complete = file  # type: ignore[attr-defined]


def add_evidence(parser: ArgumentParser) -> None:
    run = parser.add_argument_group("evidence: code is run, in a sandbox")
    add = run.add_argument
    add("--evidence", action="store_true", help="run each fix before and after")
    add_interpreter(run)


def add_interpreter(parser: _ArgumentGroup) -> None:
    add = parser.add_argument
    add("--python", metavar="PATH", help="whose packages the code has (default: ours)")
    add("--unsandboxed", action="store_true", help="run it unprotected")


def add_prove(
    commands: _SubParsersAction[ArgumentParser], names: Sequence[str] | None
) -> None:
    parser = commands.add_parser(
        "prove",
        help="run the fixes of a place before and after, and tell what differs",
        epilog=PROVE,
        formatter_class=Layout,
        allow_abbrev=False,
    )
    parser.set_defaults(command="prove")
    add = parser.add_argument
    add("places", metavar="PATH[:LINE]", nargs="+", help="a file, or a line of it")
    add("--codemod", metavar="NAMES", default="all", choices=names, help="default: all")
    add("--seed", metavar="N", type=int, help="of a receipt, to make it again")
    add("--trials", metavar="N", type=int, default=200, help="default: 200")
    add("--seconds", metavar="N", type=float, default=30.0, help="of timing, about")
    add("--output-format", choices=("text", "json"), default="text")
    add("--config", metavar="FILE", help="instead of the nearest pyproject.toml")
    add("--set", metavar="KEY=VALUE", action="append", default=[], help="as for run")
    add_interpreter(parser.add_argument_group("where"))
