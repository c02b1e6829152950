"""The line of a knowledge file: what a callable takes, gives and raises.

    (self, !sep: str | None = None, maxsplit: int = -1) -> list[str] raises ValueError

A parameter is `[name:] type [= default]`, `*type` or `**`; without a name it is given
by position only, after a `*` by name only. `!` before one says that an argument of any
other type is refused without running any of its code. After `raises` stand the
exceptions for arguments of these types, after `else` those for other types, where
TypeError is not all. A line without parentheses describes an attribute. Several lines
are tried in turn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from codemods.catalog.bare_except.kinds import Kinds, parse_kinds

LINE = re.compile(
    r"""\s*(?:\((?P<takes>.*)\)\s*->\s*)?(?P<gives>.+?)
    (?:\s+raises\s+(?P<raises>[\w., ]+?))?
    (?:\s+else\s+(?P<otherwise>[\w., ]+?))?\s*$""",
    re.VERBOSE,
)
PARAMETER = re.compile(
    r"\s*(?P<stars>\*{0,2})(?P<strict>!?)\s*(?:(?P<name>\w+):)?(?P<type>[^=]*)(?P<optional>=.*)?$"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `name` is empty where it is given by position only."""

    name: str
    kinds: Kinds
    optional: bool
    strict: bool
    by_name_only: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One line: parameters (None: an attribute), what it gives, what it raises.

    `rest` types further positional arguments, `keywords` says whether others than
    the named are taken.
    """

    parameters: tuple[Parameter, ...] | None
    rest: Parameter | None
    keywords: bool
    gives: Kinds
    raises: frozenset[str]
    otherwise: frozenset[str]

    @property
    def is_method(self) -> bool:
        return self.parameters is not None and any(
            one.name == "self" for one in self.parameters[:1]
        )


@lru_cache(maxsize=4096)
def parse_signature(line: str) -> Signature:
    """The meaning of one line. Raises ValueError where it does not read as one."""
    match = LINE.match(line)
    if match is None:
        raise ValueError(f"{line!r} is not a signature")
    gives = parse_kinds(match["gives"])
    raises, otherwise = _names(match["raises"]), _names(match["otherwise"])
    if match["takes"] is None:
        return Signature(None, None, False, gives, raises, otherwise)
    parts = _split(match["takes"])
    stars = [at for at, part in enumerate(parts) if re.match(r"\*(?!\*)", part)]
    star = stars[0] if stars else len(parts)
    plain = tuple(
        _parameter(part, by_name_only=index > star)
        for index, part in enumerate(parts)
        if not part.startswith("*")
    )
    rest = next((_parameter(part) for part in parts if re.match(r"\*[^*]", part)), None)
    return Signature(plain, rest, "**" in parts, gives, raises, otherwise)


def _names(text: str | None) -> frozenset[str]:
    return frozenset(name.strip() for name in (text or "").split(",") if name.strip())


def _split(text: str) -> list[str]:
    """The parameters of a list, at the commas outside all brackets and quotes."""
    parts, depth, start, quoted = [], 0, 0, False
    for index, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif character == "," and not depth and not quoted:
            parts.append(text[start:index].strip())
            start = index + 1
    return [part for part in [*parts, text[start:].strip()] if part]


def _parameter(text: str, *, by_name_only: bool = False) -> Parameter:
    match = PARAMETER.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not a parameter")
    if match["type"].strip() == "self":
        return Parameter("self", parse_kinds("Any"), False, False)
    kinds = parse_kinds(match["type"])
    optional = match["optional"] is not None
    name, strict = match["name"] or "", bool(match["strict"])
    return Parameter(name, kinds, optional, strict, by_name_only)
