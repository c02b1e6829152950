"""What IPython understands besides Python, in a form that Python understands."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

MAGIC = re.compile(r"\s*(?:[%!?]|,|;(?=\w))|[^#'\"]*\?{1,2}\s*$")
ASSIGNED = re.compile(r"(\s*[\w.,\s\[\]'\"*()]+?=\s*)([%!].*)$", re.DOTALL)
# Cells that are Python below their first line.
PYTHON = frozenset(("capture", "time", "timeit", "prun", "memit", "mprun", "lprun"))
# What reads no name of the program, if it has no `{` and no `$`.
BLIND = frozenset(
    "alias automagic autoreload bash bookmark cd colors conda config dhist dirs "
    "doctest_mode env file gui html javascript js latex load_ext ls man markdown "
    "matplotlib mkdir notebook perl pip popd precision pushd pwd pycat pylab quickref "
    "reload_ext rehashx rm rmdir ruby script set_env sh svg sx system tb unload_ext uv "
    "who whos writefile xmode".split()
)
WORD = re.compile(r"%{0,2}(\w+)")


@dataclass(frozen=True, slots=True)
class Standing:
    """A cell as Python: its code, line for line, and the lines that stand for others.

    `closed` is a cell of which nothing is looked at or changed; `error` says why it is
    no Python, where it should be.
    """

    code: str
    instead: dict[str, str]
    closed: bool = False
    error: str | None = None


def standing(code: str, key: str) -> Standing:
    """The Python of a cell; `key` makes what stands for other lines unique."""
    if parses(code) is None:
        return Standing(code, {})
    lines = code.splitlines()
    instead: dict[str, str] = {}
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines and lines[first].startswith("%%"):
        name, _, rest = lines[first][2:].partition(" ")
        if name not in PYTHON or (rest.strip() and not rest.strip().startswith("-")):
            return closed(lines, key, seen=blind(lines[first], lines[first]))
        lines[first] = kept(lines[first], "", f"{key}.{first}", instead)
    at = 0
    while at < len(lines):
        end = at + 1
        text = lines[at]
        if text not in instead and is_magic(text):
            while text.endswith("\\") and end < len(lines):
                text += "\n" + lines[end]
                end += 1
            stand = python_for(text)
            lines[at] = kept(lines[at], stand, f"{key}.{at}", instead)
            for more in range(at + 1, end):
                lines[more] = kept(lines[more], "", f"{key}.{more}", instead)
        at = end
    whole = "\n".join(lines) + ("\n" if code.endswith("\n") else "")
    error = parses(whole)
    if error is not None:
        return closed(code.splitlines(), key, seen=False, error=error)
    return Standing(whole, instead)


def parses(code: str) -> str | None:
    """Why a text is no Python, if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return None


def is_magic(line: str) -> bool:
    return MAGIC.match(line) is not None or ASSIGNED.match(line) is not None


def python_for(magic: str) -> str:
    """A statement that reads what a magic may read, and binds what it binds."""
    assigned = ASSIGNED.match(magic)
    if assigned is not None and not magic.lstrip().startswith(("%", "!")):
        value = "get_ipython()" if blind(assigned[2], magic) else 'eval("")'
        return assigned[1].strip() + " " + value
    return "pass" if blind(magic, magic) else 'exec("")'


def blind(magic: str, text: str) -> bool:
    """Whether a magic reads no name of the program."""
    if "{" in text or "$" in text:
        return False
    magic = magic.strip()
    if magic.startswith(("!", "?")) or magic.endswith("?"):
        return True
    word = WORD.match(magic)
    return word is not None and word[1] in BLIND


def kept(line: str, stand: str, key: str, instead: dict[str, str]) -> str:
    """The line that stands for another, which is remembered."""
    indent = line[: len(line) - len(line.lstrip())]
    comment = f"# notebook line {key}"
    made = f"{stand}  {comment}" if stand else comment
    instead[made] = line.lstrip()
    return indent + made


def closed(
    lines: list[str], key: str, seen: bool, error: str | None = None
) -> Standing:
    """A cell whose lines are all kept as they are; it may read any name."""
    stands = ["" if i or seen else 'exec("")' for i in range(len(lines))]
    made = [
        f"{stand}  # notebook line {key}.{at}".lstrip()
        for at, stand in enumerate(stands)
    ]
    instead = dict(zip(made, lines, strict=True))
    return Standing("\n".join(made), instead, closed=True, error=error)
