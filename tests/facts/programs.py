"""Small programs that report, while they run, which binding each read found.

`D(n)` makes the value of binding n, `R(k, x)` is read k of a name, `C()` a decision.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

NAMES = ("x", "y")


@dataclass
class Writer:
    """Writes one random program, a block at a time."""

    random: random.Random
    budget: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    functions: list[str] = field(default_factory=list)
    kept: list[tuple[int, str]] = field(default_factory=list)

    def number(self) -> int:
        return next(self.numbers)

    def name(self) -> str:
        return self.random.choice(NAMES)

    def program(self) -> str:
        return "\n".join(self.block(0, in_loop=False, kind="module")) + "\n"

    def block(self, depth: int, *, in_loop: bool, kind: str) -> list[str]:
        lines: list[str] = []
        for _ in range(self.random.randint(1, 4)):
            self.budget -= 1
            lines += self.statement(depth, in_loop=in_loop, kind=kind)
        return lines or ["pass"]

    def statement(self, depth: int, *, in_loop: bool, kind: str) -> list[str]:
        simple = [self.bind, self.read, self.read, self.expression, self.may_raise]
        if depth > 4 or self.budget < 0 or self.random.random() < 0.45:
            if self.random.random() < 0.2:
                return [self.leave(in_loop, kind)]
            return self.random.choice(simple)()
        compound = [
            self.if_, self.for_, self.while_, self.try_, self.with_, self.match,
            self.function, self.class_,
        ]  # fmt: skip
        return self.random.choice(compound)(depth, in_loop, kind)

    def inner(
        self, depth: int, in_loop: bool, kind: str, head: list[str] | None = None
    ) -> list[str]:
        body = [*(head or []), *self.block(depth + 1, in_loop=in_loop, kind=kind)]
        return [f"    {line}" for line in body]

    # -- simple statements

    def bind(self) -> list[str]:
        name, number = self.name(), self.number()
        return [
            self.random.choice(
                (
                    f"{name} = D({number})",
                    f"{name} = D({number})",
                    f"{name}, _ = D({number}), 0",
                    f"{name} += D({number})",
                    f"{name}: int = D({number})",
                    f"del {name}",
                    f"(_ := {name}); {name} = D({number})",
                )
            )
        ]

    def read(self) -> list[str]:
        return [f"R({self.number()}, {self.name()})"]

    def may_raise(self) -> list[str]:
        choice = self.random.random()
        if choice < 0.3 and self.functions:
            return [f"{self.random.choice(self.functions)}()"]
        if choice < 0.5:
            name, number = self.name(), self.number()
            self.kept.append((number, name))
            return [f"T({number}, {name})"]
        if choice < 0.7 and self.kept:
            number, name = self.random.choice(self.kept)
            return [f"U({self.number()}, {number}, {name})"]
        return ["M()"]

    def expression(self) -> list[str]:
        name, other = self.name(), self.name()
        a, b, c = self.number(), self.number(), self.number()
        function = f"l{a}"
        forms = (
            f"C() and ({name} := D({a}))",
            f"({name} := D({a})) if C() else R({b}, {other})",
            f"[R({b}, {name}) for _ in L(0) if ({other} := D({a}))]",
            f"[R({b}, {name}) for {name} in L({a})]",
            f"{{R({b}, {name}): ({name} := D({a})), R({c}, {name}): 0}}",
            f"g{a} = (R({b}, {name}) for _ in L(0)); {name} = D({a}); list(g{a})",
            f"g{a} = (({name} := D({a})) for _ in L(0)); G(g{a}); R({b}, {name}); G()",
            f"1 < N() < ({name} := D({a})).n",
            f"assert N() < 2, ({name} := D({a}))",
            f"[(C() and R({b}, {name}), {name} := D({a})) for _ in L(0)]",
            f"C() and [0 for _ in (({name} := D({a})), 1)]",
            f'f"{{R({b}, {name})}} {{({name} := D({a}))}}"',
        )
        if self.random.random() < 0.2:
            self.functions.append(function)
            return [f"{function} = lambda: R({b}, {name})"]
        return [self.random.choice(forms)]

    def leave(self, in_loop: bool, kind: str) -> str:
        ways = ["raise E()"]
        if in_loop:
            ways += ["break", "continue"] * 2
        if kind == "function":
            ways += ["return"]
        return self.random.choice(ways)

    # -- compound statements

    def if_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        lines = ["if C():", *self.inner(depth, in_loop, kind)]
        if self.random.random() < 0.3:
            lines += ["elif C():", *self.inner(depth, in_loop, kind)]
        if self.random.random() < 0.5:
            lines += ["else:", *self.inner(depth, in_loop, kind)]
        return lines

    def for_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        head = f"for {self.name()} in L({self.number()}):"
        lines = [head, *self.inner(depth, True, kind)]
        if self.random.random() < 0.3:
            lines += ["else:", *self.inner(depth, in_loop, kind)]
        return lines

    def while_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        test = self.random.choice(
            ("C()", "True", f"C() and ({self.name()} := D({self.number()}))")
        )
        lines = [f"while {test}:", *self.inner(depth, True, kind, ["C()"])]
        if self.random.random() < 0.3:
            lines += ["else:", *self.inner(depth, in_loop, kind)]
        return lines

    def try_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        lines = ["try:", *self.inner(depth, in_loop, kind)]
        handled = self.random.random() < 0.8
        if handled:
            head = self.random.choice(
                ("except Exception:", f"except E as {self.name()}:", "except:")
            )
            head = "except BaseException:" if head == "except:" else head
            lines += [head, *self.inner(depth, in_loop, kind)]
            if self.random.random() < 0.4:
                lines += ["else:", *self.inner(depth, in_loop, kind)]
        if not handled or self.random.random() < 0.5:
            lines += ["finally:", *self.inner(depth, in_loop, kind)]
        return lines

    def with_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        a, b = self.number(), self.number()
        head = self.random.choice(
            (
                f"with W({a}) as {self.name()}:",
                f"with W({a}):",
                f"with W({a}), W({b}) as {self.name()}:",
                f"with W({a}) as {self.name()}, M():",
            )
        )
        return [head, *self.inner(depth, in_loop, kind)]

    def match(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        name, other = self.name(), self.name()
        body = [
            f"case V() as {name} if C():",
            *self.inner(depth, in_loop, kind),
            self.random.choice(
                (f"case {other}:", "case _:", f"case V(n=0 as {other}):")
            ),
            *self.inner(depth, in_loop, kind),
        ]
        return [f"match D({self.number()}):", *(f"    {line}" for line in body)]

    def function(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        number, name = self.number(), self.name()
        function = f"f{number}"
        head = [self.random.choice(("pass", f"global {self.name()}", f"global {name}"))]
        given = ""
        if self.random.random() < 0.3 and "global" not in head[0]:
            given = f"{name}=D({number})"
        elif kind == "function" and self.random.random() < 0.5:
            # A nonlocal name needs a function around that binds it.
            number = self.number()
            kept, self.kept = self.kept, []
            inner = self.inner(depth, False, "function", [f"nonlocal {name}"])
            self.kept = kept
            return [
                f"def {function}():",
                f"    {name} = D({number})",
                f"    def g{number}():",
                *(f"    {line}" for line in inner),
                f"    g{number}()",
                f"    R({self.number()}, {name})",
                f"    g{number}()",
                f"    R({self.number()}, {name})",
                f"{function}()",
            ]
        kept, self.kept = self.kept, []
        outer, self.functions = self.functions, list(self.functions)
        inner = self.inner(depth, False, "function", head)
        self.kept, self.functions = kept, outer
        self.functions.append(function)
        lines = [f"def {function}({given}):", *inner]
        if self.random.random() < 0.3:
            lines[:0] = [f"@F({self.number()})"]
            lines[1] = f"def {name}({given}):"
            self.functions.remove(function)
        return lines

    def class_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        kept, self.kept = self.kept, []
        inner = self.inner(depth, False, "class")
        self.kept = kept
        return [f"class K{self.number()}:", *inner]


class Stop(BaseException):
    """No decisions are left."""


class E(Exception):
    pass


class V:
    """The value of binding `n`."""

    def __init__(self, n: int, trace: Trace) -> None:
        self.n = n
        self.trace = trace

    def __iadd__(self, other: V) -> V:
        self.trace.augmented.append((other.n, self.n))
        return other

    def __iter__(self) -> Iterator[V]:
        return iter((self, self))


class Trace:
    """One run of a program with given decisions, and what it read."""

    def __init__(self, decisions: list[bool]) -> None:
        self.decisions = iter(decisions)
        self.steps = 0
        self.reads: list[tuple[int, object]] = []
        self.augmented: list[tuple[int, int]] = []
        self.last: dict[int, object] = {}
        # (place, expression, whether its name holds the same object as it did there)
        self.held: list[tuple[int, int, bool]] = []
        self.pending: Iterator[object] = iter(())

    def run(self, code: str) -> None:
        namespace = {
            name: getattr(self, name) for name in ("C", "R", "L", "W", "M", "N", "G")
        }
        namespace |= {"D": self.d, "F": self.f, "T": self.t, "U": self.u}
        namespace |= {"V": V, "E": E}
        with suppress(Exception, Stop):
            exec(compile(code, "program", "exec"), namespace)

    def C(self) -> bool:
        self.steps += 1
        decision = next(self.decisions, None)
        if decision is None or self.steps > 300:
            raise Stop
        return decision

    def d(self, n: int) -> V:
        return V(n, self)

    def R(self, k: int, value: object) -> object:
        self.reads.append((k, value.n if isinstance(value, V) else value))
        return value

    def L(self, n: int) -> Iterator[V]:
        while self.C():
            yield V(n, self)

    def f(self, n: int) -> object:
        return lambda function: V(n, self)

    def t(self, n: int, value: object) -> None:
        self.last[n] = value

    def u(self, k: int, n: int, value: object) -> None:
        self.held.append((k, n, n not in self.last or self.last[n] is value))

    def N(self) -> int:
        return 5 if self.C() else 0

    def G(self, generator: Iterator[object] | None = None) -> None:
        """Keeps a generator, or runs the one that is kept a step further."""
        if generator is not None:
            self.pending = generator
        else:
            next(self.pending, None)

    def M(self) -> Trace:
        if self.C():
            raise E
        return self

    def __enter__(self) -> Trace:
        return self

    def __exit__(self, *raised: object) -> None:
        pass

    def W(self, n: int) -> Manager:
        return Manager(n, self)


class Manager:
    def __init__(self, n: int, trace: Trace) -> None:
        self.n = n
        self.trace = trace

    def __enter__(self) -> V:
        return V(self.n, self.trace)

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> bool:
        return kind is not None and issubclass(kind, Exception) and self.trace.C()
