"""The command line of `codemod`."""

from __future__ import annotations

from codemods import __version__
from codemods.usage import AUDIT, COMPLETION, DESCRIPTION, PROVE, RUN, Parser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, _ArgumentGroup, _SubParsersAction
    from collections.abc import Sequence
    from typing import Any

FORMATS = ("text", "json", "github", "sarif", "codetf", "gitlab", "junit", "html")
AUDIT_FORMATS = ("text", "json", "markdown", "html")
SHELLS = ("bash", "zsh", "fish")


def parser(names: Sequence[str] | None = None, file: Any = None) -> Parser:
    """The command line. `names` and `file` are for shell completion alone."""
    top = Parser(prog="codemod", description=DESCRIPTION)
    top.add_argument("--version", action="version", version=f"codemod {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_run(commands, names, file)
    add_audit(commands, file)
    add_prove(commands, names)
    add = commands.add_parser
    lister = add("list", help="list the codemods")
    add_codemods(lister)
    lister.set_defaults(command="list")
    page = add("explain", help="print a codemod's page: examples, tiers, options")
    page.add_argument("name", metavar="NAME", choices=names)
    add_codemods(page)
    page.set_defaults(command="explain")
    tester = add("test", help="test codemods of your own by their fixtures")
    tester.add_argument(
        "folders",
        metavar="DIR",
        nargs="+",
        help="of fixtures, CODEMOD/CASE.py",
    )
    add_codemods(tester)
    tester.set_defaults(command="test")
    maker = add("new", help="start a codemod of your own")
    maker.add_argument(
        "name", metavar="NAME", help="named for what it finds, such as print-call"
    )
    maker.add_argument("--into", metavar="DIR", default=".", help="where (default: .)")
    maker.set_defaults(command="new")
    editor = add(
        "server", help="a language server for editors, on standard input and output"
    )
    trusted = "load the codemods that a project's config names"
    editor.add_argument("--trust", action="store_true", help=trusted)
    editor.set_defaults(command="server")
    shell = add("completion", help="print a completion script", epilog=COMPLETION)
    shell.add_argument("shell", choices=SHELLS)
    shell.set_defaults(command="completion")
    return top


def add_run(
    commands: _SubParsersAction[Parser], names: Sequence[str] | None, file: Any
) -> None:
    parser = commands.add_parser(
        "run",
        help="rewrite files, or show what would change",
        epilog=RUN,
    )
    parser.set_defaults(command="run")
    add = parser.add_argument
    add(
        "names",
        metavar="NAMES",
        choices=names,
        help="a name, several with commas, or all; see codemod list",
    )
    paths = add(
        "paths",
        metavar="PATHS",
        nargs="*",
        default=[],
        help="files and directories (default: .), or - for standard input",
    )
    what = parser.add_argument_group("what to do")
    add = what.add_argument
    add("--dry-run", action="store_true", help="write nothing, print a diff")
    add("--check", action="store_true", help="write nothing, exit 1 if there are fixes")
    add(
        "--fail-on",
        metavar="KINDS",
        help="exit 1 for these findings: safe,unsafe,urgent,left",
    )
    add("--diff", action="store_true", help="write, and print the diff too")
    add("--unsafe-fixes", action="store_true", help="make fixes with a caveat too")
    add("-i", "--interactive", action="store_true", help="ask about each fix")
    add("--since", metavar="REV", help="only on lines changed since this git revision")
    add("--include-sql", action="store_true", help="report on .sql files too")
    add_evidence(parser)
    told = parser.add_argument_group("output")
    add = told.add_argument
    add(
        "--output-format",
        metavar="FORMAT",
        choices=FORMATS,
        default="text",
        help=f"{', '.join(FORMATS)}",
    )
    output = add("-o", "--output", metavar="FILE", help="write the report to this file")
    add(
        "-v",
        "--verbose",
        action="store_true",
        help="list every place, not only the worst files",
    )
    how = parser.add_argument_group("settings")
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
        help="a value for the config (unbounded-query.limit=10000)",
    )
    add("--stdin-filename", metavar="FILE", help="the name of standard input")
    add("--jobs", metavar="N", type=int, help="processes (default: 2 for many files)")
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
        help="add a codemod: FILE.py, or a class for libcst, or a Bowler query",
    )


def add_audit(commands: _SubParsersAction[Parser], file: Any) -> None:
    parser = commands.add_parser(
        "audit",
        help="count what there is to do, and change nothing",
        epilog=AUDIT,
    )
    parser.set_defaults(command="audit")
    add_codemods(parser)
    add = parser.add_argument
    help = "files and directories (default: .)"
    paths = add("paths", metavar="PATHS", nargs="*", default=[], help=help)
    baseline = add(
        "--baseline", metavar="FILE", help="only what is new since this audit (JSON)"
    )
    add("--check", action="store_true", help="exit 1 if there is anything")
    add(
        "--output-format",
        metavar="FORMAT",
        choices=AUDIT_FORMATS,
        default="text",
        help=", ".join(AUDIT_FORMATS),
    )
    output = add("-o", "--output", metavar="FILE", help="write the report to this file")
    config = add("--config", metavar="FILE", help="as for run")
    add("--set", metavar="KEY=VALUE", action="append", default=[], help="as for run")
    add("--jobs", metavar="N", type=int, help="processes (default: 2 for many files)")
    if file is not None:
        for each in (paths, baseline, output, config):
            each.complete = file  # type: ignore[attr-defined]


def add_evidence(parser: ArgumentParser) -> None:
    run = parser.add_argument_group("evidence (runs the code in a sandbox)")
    add = run.add_argument
    add(
        "--evidence", action="store_true", help="run the code before and after each fix"
    )
    add_interpreter(run)


def add_interpreter(parser: _ArgumentGroup) -> None:
    add = parser.add_argument
    add(
        "--python",
        metavar="PATH",
        help="the interpreter to run it with (default: ours)",
    )
    add("--unsandboxed", action="store_true", help="run it without a sandbox")


def add_prove(commands: _SubParsersAction[Parser], names: Sequence[str] | None) -> None:
    parser = commands.add_parser(
        "prove",
        help="run code before and after its fixes, and tell what differs",
        epilog=PROVE,
    )
    parser.set_defaults(command="prove")
    add = parser.add_argument
    add("places", metavar="PATH[:LINE]", nargs="+", help="a file, or a line of it")
    add(
        "--codemod",
        metavar="NAMES",
        default="all",
        choices=names,
        help="names with commas (default: all)",
    )
    add("--seed", metavar="N", type=int, help="that of a receipt, to repeat it")
    add(
        "--trials",
        metavar="N",
        type=int,
        default=200,
        help="inputs to run on (default: 200)",
    )
    add(
        "--seconds",
        metavar="N",
        type=float,
        default=30.0,
        help="for timing, about (default: 30)",
    )
    add("--output-format", choices=("text", "json"), default="text")
    add("--config", metavar="FILE", help="instead of the nearest pyproject.toml")
    add("--set", metavar="KEY=VALUE", action="append", default=[], help="as for run")
    add_interpreter(parser.add_argument_group("where it runs"))
