"""`python -m bench`: real code, and what codemod makes of it.

build                 fetch the corpora and install the peers
run                   the table of ratios against the peers, by alternating runs
coverage CODEMOD      what is fixed and left in the dense packages, and checks of it
evidence CODEMOD      how many of these fixes carry a receipt, and what it says
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from pathlib import Path

from bench import corpora


def main(arguments: list[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    code: int = given.command(given)
    return code


def build(given: Namespace) -> int:
    from bench import peers

    corpora.build(given.home, given.corpus or corpora.CORPORA)
    peers.install(given.home)
    return 0


def run(given: Namespace) -> int:
    from bench import ratios

    rows = []
    for row in ratios.rows(given.home, given.corpus or corpora.CORPORA, given.rounds):
        rows.append(row)
        print(" | ".join(row), file=sys.stderr, flush=True)
    print(ratios.document(rows))
    return 0


def coverage(given: Namespace) -> int:
    from bench.coverage import covered, document

    packages = given.packages or corpora.packages(given.home, "dense")
    settings = tuple(given.set)
    coverages = []
    for package in packages:
        print(package.name, file=sys.stderr, flush=True)
        coverages.append(covered(given.name, package, settings))
    print(document(coverages))
    return 1 if any(each.troubles for each in coverages) else 0


def evidence(given: Namespace) -> int:
    from bench.receipts import document, receipts

    packages = given.packages or corpora.packages(given.home, "dense")
    print(document(receipts(given.name, packages, given.python, given.set)))
    return 0


def parser() -> ArgumentParser:
    top = ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    top.add_argument(
        "--home",
        type=Path,
        default=corpora.default_home(),
        help="where corpora and peers are kept (default: $BENCH_HOME or %(default)s)",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("build", help="fetch the corpora and install the peers")
    add.add_argument("--corpus", action="append", choices=corpora.CORPORA)
    add.set_defaults(command=build)
    add = commands.add_parser("run", help="the table of ratios against the peers")
    add.add_argument("--corpus", action="append", choices=corpora.CORPORA)
    add.add_argument("--rounds", type=int, default=3, help="default: 3")
    add.set_defaults(command=run)
    add = commands.add_parser("coverage", help="what is fixed and left, and checks")
    add.add_argument("name", metavar="CODEMOD")
    add.add_argument("packages", metavar="DIRECTORY", nargs="*", type=Path)
    add.add_argument("--set", metavar="KEY=VALUE", action="append", default=[])
    add.set_defaults(command=coverage)
    add = commands.add_parser("evidence", help="the fixes that carry a receipt")
    add.add_argument("name", metavar="CODEMOD")
    add.add_argument("packages", metavar="DIRECTORY", nargs="*", type=Path)
    add.add_argument("--python", metavar="PATH", default=sys.executable)
    add.add_argument("--set", metavar="KEY=VALUE", action="append", default=[])
    add.set_defaults(command=evidence)
    return top


if __name__ == "__main__":
    sys.exit(main())
