"""Random functions around a bare except, made of the table's operations."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from codemods.catalog.bare_except.kinds import Kinds, parse_kinds
from codemods.catalog.bare_except.library import FOLDER, read_library
from codemods.catalog.bare_except.matching import accepts
from codemods.catalog.bare_except.signatures import parse_signature
from codemods.catalog.bare_except.table import Knowledge
from tests.bare_except.hostile import literal_kinds_of
from tests.bare_except.receivers import SLOW

ANNOTATIONS = (
    "str", "str", "int", "float", "bytes", "bool", "str | None", "int | float",
    "list[str]", "list[int]", "list[float]", "dict[str, int]", "dict[str, list[str]]",
    "tuple[int, ...]", "set[str]", "datetime.datetime", "datetime.date",
    "datetime.timedelta", "pathlib.Path", "decimal.Decimal", "list", "dict",
)  # fmt: skip
LITERALS = ("0", "1", "-1", "2.5", "''", "'a'", "'5'", "','", "b'a'", "None", "True",
            "[1, 'a']", "{'a': 1}", "('a', 2)", "[]", "'utf-8'", "'%Y'")  # fmt: skip
LIBRARIES = ("datetime", "json", "math", "re", "os", "struct", "base64", "decimal",
             "binascii", "statistics", "html", "textwrap", "calendar", "uuid",
             "unicodedata", "fractions", "shlex", "bisect")  # fmt: skip
ENDLESS = ("range", "slice", "memoryview", "random", "object", "type", "itertools")
OPERATORS = ("+", "-", "/", "//", "%", "&", "|")
COMPARED = (" < ", " >= ", " == ", " in ", " is ", " != ")
SPECS = (">5", ".2f", "d", ",", "s", "x")
FORMATS = ("%s", "%d", "%.1f %s", "%x", "%s %d")
HANDLED = ("ValueError", "(KeyError, TypeError)", "LookupError", "OverflowError")
UNFIT = (*ENDLESS, "shlex.split", "json.dumps", "textwrap.shorten", "next", "iter")


Typed: TypeAlias = "Mapping[str, Kinds | None]"
KNOWN = Knowledge()


def _names() -> tuple[list[str], dict[str, list[str]]]:
    """The functions of the table, and the methods of each type, that can be called."""
    functions: list[str] = []
    methods: dict[str, list[str]] = {}
    for library in ("builtins", *LIBRARIES, "pathlib"):
        read = read_library(FOLDER / f"{library}.toml")
        for name, lines in read.lines.items():
            signature = parse_signature(lines[0])
            owner, _, attribute = name.rpartition(".")
            if name in (*SLOW, *UNFIT) or name in read.effects or "__" in attribute:
                continue
            if signature.is_method:
                methods.setdefault(owner, []).append(attribute)
            elif signature.parameters is not None:
                functions.append(name)
    return functions, methods


FUNCTIONS, METHODS = _names()
EVERY_METHOD = sorted({name for several in METHODS.values() for name in several})


@dataclass(frozen=True, slots=True)
class Program:
    """A module whose `tried` takes arguments of these annotations ("": none)."""

    code: str
    annotations: tuple[str, ...]


def program(chance: random.Random) -> Program:
    count = chance.randint(1, 3)
    annotations = tuple(
        "" if chance.random() < 0.08 else chance.choice(ANNOTATIONS)
        for _ in range(count)
    )
    typed: dict[str, Kinds | None] = {
        f"a{index}": parse_kinds(one) if one else None
        for index, one in enumerate(annotations)
    }
    given = ", ".join(
        f"{name}: {annotation}" if annotation else name
        for name, annotation in zip(typed, annotations, strict=True)
    )
    body: list[str] = []
    for index in range(chance.choice((1, 1, 2, 3))):
        body += Maker(chance, dict(typed)).statement(f"v{index}")
        typed[f"v{index}"] = None
    lines = [*(f"import {one}" for one in (*LIBRARIES, "pathlib")), "", ""]
    lines += ["def identity(value):", "    return value", "", ""]
    lines += [f"def tried({given}):", "    try:", *(f"        {one}" for one in body)]
    lines += [f"        return {list(typed)[-1]}", "    except:"]
    lines += ["        return CAUGHT", "", "", "CAUGHT = object()"]
    return Program("\n".join(lines) + "\n", annotations)


@dataclass(frozen=True, slots=True)
class Maker:
    """Statements and expressions over names, some of them of a known type."""

    chance: random.Random
    typed: Typed

    def statement(self, target: str) -> list[str]:
        one = self.expression
        match self.chance.randrange(9):
            case 0:
                return [f"{target}, *rest = {one()}"]
            case 1:
                return [f"{target} = None", f"for {target} in {one()}:", f"    {one()}"]
            case 2:
                return [f"{target} = {one()}", f"{target} += {one()}"]
            case 3:
                inner = Maker(self.chance, {**self.typed, "each": None})
                return [f"{target} = [{inner.expression(1)} for each in {one()}]"]
            case 4:
                handled = self.chance.choice(HANDLED)
                return ["try:", f"    {target} = {one()}",
                        f"except {handled}:", f"    {target} = {one()}"]  # fmt: skip
        return [f"{target} = {one()}"]

    def expression(self, depth: int = 2) -> str:
        chance = self.chance
        if depth == 0 or chance.random() < 0.1:
            return self.name() if chance.random() < 0.75 else chance.choice(LITERALS)
        match chance.randrange(6):
            case 0 | 1:
                name = chance.choice(FUNCTIONS)
                return f"{name}({self.arguments(name, depth)})"
            case 2 | 3:
                return self.method(depth)
            case 4:
                name = chance.choice(
                    ("int", "float", "str", "len", "list", "json.loads")
                )
                return f"{name}({self.expression(depth - 1)})"
        return self.operation(depth - 1)

    def name(self) -> str:
        return self.chance.choice(list(self.typed))

    def method(self, depth: int) -> str:
        name = self.name()
        kinds = self.typed[name]
        owner = next(iter(kinds)).name if kinds else ""
        own = METHODS.get({"pathlib.Path": "pathlib.PurePath"}.get(owner, owner))
        method = self.chance.choice(own or EVERY_METHOD)
        receiver = name if own else f"({self.expression(depth - 1)})"
        return f"{receiver}.{method}({self.arguments(f'{owner}.{method}', depth)})"

    def arguments(self, name: str, depth: int) -> str:
        """Arguments by the first line of the table, mostly of the types it asks for."""
        lines = KNOWN.entry(name)
        if not lines or self.chance.random() < 0.1:
            several = range(self.chance.choice((0, 1, 1, 2)))
            return ", ".join(self.expression(depth - 1) for _ in several)
        line = self.chance.choice(lines)
        wanted = (line.parameters or ())[1 if line.is_method else 0 :]
        given = [one for one in wanted if not one.optional and not one.by_name_only]
        return ", ".join(self.fitting(one.kinds, depth - 1) for one in given)

    def fitting(self, wanted: Kinds, depth: int) -> str:
        names = [
            name
            for name, kinds in self.typed.items()
            if kinds is not None and accepts(KNOWN, wanted, kinds)
        ]
        literals = [text for text in LITERALS if accepts(KNOWN, wanted, _kinds(text))]
        choices = [*names, *names, *literals]
        if not choices or self.chance.random() < 0.2:
            return self.expression(depth)
        return self.chance.choice(choices)

    def operation(self, depth: int) -> str:
        chance, one = self.chance, self.expression
        forms: tuple[Callable[[], str], ...] = (
            lambda: f"({one(depth)} {chance.choice(OPERATORS)} {one(depth)})",
            lambda: f"({one(depth)}{chance.choice(COMPARED)}{one(depth)})",
            lambda: f"({one(depth)})[{one(depth)}]",
            lambda: f"({one(depth)})[{chance.choice(('0', '-1', ':2', '::2', '1:'))}]",
            lambda: f"f'{{{self.name()}}}'",
            lambda: f"f'{{{self.name()}:{chance.choice(SPECS)}}}'",
            lambda: f"({chance.choice(FORMATS)!r} % ({one(depth)}, {one(depth)}))",
            lambda: f"(-{one(depth)})",
            lambda: f"({one(depth)} if {one(depth)} else {one(depth)})",
            lambda: f"identity({one(depth)})",
            lambda: f"({one(depth)}, {one(depth)})",
            lambda: f"{{{one(depth)}: {one(depth)}}}",
        )
        return chance.choice(forms)()


def _kinds(text: str) -> Kinds:
    return literal_kinds_of(ast.literal_eval(text))
