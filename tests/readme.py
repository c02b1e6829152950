"""What the README shows of the tool, made by the tool: `python -m tests.readme`.

Writes the table of codemods and the worked example anew; `--check` only says whether
they are as they should be.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from codemods.registry import Entry, entries

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
EXAMPLE = "docs/example"
BLOCK = re.compile(r"(<!-- (\w+): [^>]*-->\n).*?(<!-- end -->)", re.DOTALL)


def table() -> str:
    """The codemods of this repository by name, with the first line of their pages."""
    ours = [each for each in entries() if each.module.startswith("codemods.catalog.")]
    lines = ["| codemod | |", "| --- | --- |", *map(row, ours)]
    return "".join(f"{line}\n" for line in lines)


def row(entry: Entry) -> str:
    return f"| `{entry.name}` | {entry.title} |"


def example() -> str:
    """A dry run over the example: its diff, and its summary without the seconds."""
    done = subprocess.run(
        [sys.executable, "-m", "codemods", "run", "iterrows", "--dry-run", EXAMPLE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    summary = re.sub(r", \d+\.\d s\)", ")", done.stderr)
    return f"```diff\n{done.stdout}```\n\n```text\n{summary}```\n"


def renewed(text: str) -> str:
    """The README's text with every generated block as it should be."""
    made = {"table": table, "example": example}
    return BLOCK.sub(lambda block: block[1] + made[block[2]]() + block[3], text)


def main() -> int:
    text = README.read_text("utf-8")
    new = renewed(text)
    if "--check" in sys.argv:
        if new != text:
            print("README.md is out of date: python -m tests.readme", file=sys.stderr)
        return int(new != text)
    README.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
