"""What stands in for the world that a loop knows: functions and objects of others.

A stand-in answers from what it is asked and from nothing else: the same question has
the same answer before and after. So what is compared is what code asks of the world,
value by value, in order; what the world would do with it is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

LONGEST = 60  # characters of a name
Seeing = Callable[[Any], Any]
Telling = Callable[[Any], str]


class World:
    """What was asked, in order, and how often each truth was asked for.

    `see` makes something of a value that stays, `tell` a text that is the same for
    values that are equal, of whatever types. `absent` are the names stood in for.
    """

    def __init__(self, seed: int, see: Seeing, tell: Telling) -> None:
        self.seed = seed
        self.see = see
        self.tell = tell
        self.absent: dict[str, None] = {}
        self.log: list[tuple[str, Any]] = []
        self.asked: Counter[str] = Counter()
        self.listens = True

    def note(self, what: str, *values: Any) -> None:
        if self.listens:
            self.log.append((what, self.see(values)))

    def stand_in(self, name: str) -> Any:
        self.absent[name] = None
        return StandIn(self, name)

    def bar(self, name: str) -> Any:
        """A progress bar that is not there: it gives what it is given."""
        self.absent[name] = None
        return Bar()

    def number(self, name: str, below: int) -> int:
        """A number that follows from the question, and from how often it was asked."""
        self.asked[name] += 1
        return checksum(f"{self.seed}:{name}:{self.asked[name]}") % below


def checksum(text: str) -> int:
    return crc32(text.encode("utf-8", "backslashreplace"))


class Bar:
    """A progress bar's module, class and object in one."""

    def __call__(self, given: Any = None, *_: object, **__: object) -> Any:
        return self if given is None else given

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class StandIn:
    """Something of which nothing is known but its name."""

    _world: World
    _name: str
    _items: dict[str, Any]

    def __init__(self, world: World, name: str) -> None:
        if len(name) > LONGEST:
            name = f"{name[: LONGEST - 10]}…{checksum(name):08x}"
        self.__dict__.update(_world=world, _name=name, _items={})

    def _asked(self, how: str, *values: Any) -> StandIn:
        self._world.note(f"{self._name} {how}", *values)
        told = ", ".join(map(self._world.tell, values))
        return StandIn(self._world, f"{self._name} {how} {told}")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(self._world, f"{self._name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        self._world.note(f"{self._name}.{name} =", value)
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        self._world.note(f"del {self._name}.{name}")
        self.__dict__.pop(name, None)

    def __call__(self, *values: Any, **named: Any) -> Any:
        given = [*values, *named.values()]
        self._world.note(f"{self._name}({', '.join(named)})", *given)
        told = ", ".join(map(self._world.tell, given))
        return StandIn(self._world, f"{self._name}({told})")

    def __getitem__(self, key: Any) -> Any:
        self._world.note(f"{self._name}[]", key)
        known = f"{self._name}[{self._world.tell(key)}]"
        return self._items.get(known) or StandIn(self._world, known)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._world.note(f"{self._name}[] =", key, value)
        self._items[f"{self._name}[{self._world.tell(key)}]"] = value

    def __delitem__(self, key: Any) -> None:
        self._world.note(f"del {self._name}[]", key)

    def __array_ufunc__(self, function: Any, how: str, *values: Any, **_: Any) -> Any:
        """What numpy's functions and numbers make of it."""
        others = [each for each in values if each is not self]
        return self._asked(function.__name__, *others)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """One object: numpy would else look for a sequence of sequences in it."""
        import numpy as np

        if dtype is not None and np.dtype(dtype).kind != "O":
            return np.asarray(float(self), dtype=dtype)
        found = np.empty((), dtype=object)
        found[()] = self
        return found

    def __fspath__(self) -> str:
        return str(self)

    def __contains__(self, key: Any) -> bool:
        return bool(self._asked("contains", key))

    def __bool__(self) -> bool:
        return self._world.number(self._name, 2) == 1

    def __len__(self) -> int:
        return 2

    def __iter__(self) -> Iterator[Any]:
        return iter([self[0], self[1]])

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __int__(self) -> int:
        return self._world.number(f"int {self._name}", 5)

    __index__ = __int__

    def __float__(self) -> float:
        return self._world.number(f"float {self._name}", 9) / 2

    def __str__(self) -> str:
        return f"<{self._name}>"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return str(self)

    def __hash__(self) -> int:
        return checksum(self._name)

    def __eq__(self, other: object) -> Any:
        if isinstance(other, StandIn) and other._name == self._name:
            return True
        return self._asked("==", other)

    def __ne__(self, other: object) -> Any:
        if isinstance(other, StandIn) and other._name == self._name:
            return False
        return self._asked("!=", other)

    def __lt__(self, other: object) -> Any:
        return self._asked("<", other)

    def __le__(self, other: object) -> Any:
        return self._asked("<=", other)

    def __gt__(self, other: object) -> Any:
        return self._asked(">", other)

    def __ge__(self, other: object) -> Any:
        return self._asked(">=", other)

    def __neg__(self) -> Any:
        return self._asked("negated")

    def __abs__(self) -> Any:
        return self._asked("absolute")

    def __invert__(self) -> Any:
        return self._asked("inverted")

    def __round__(self, digits: int | None = None) -> Any:
        return self._asked("rounded", digits)


def _forward(sign: str) -> Callable[[StandIn, Any], Any]:
    return lambda self, other: self._asked(sign, other)


def _backward(sign: str) -> Callable[[StandIn, Any], Any]:
    return lambda self, other: self._asked(f"{sign} behind", other)


for _name, _sign in (
    *(("add", "+"), ("sub", "-"), ("mul", "*"), ("truediv", "/")),
    *(("floordiv", "//"), ("mod", "%"), ("pow", "**"), ("matmul", "@")),
    *(("and", "&"), ("or", "|"), ("xor", "^"), ("lshift", "<<"), ("rshift", ">>")),
):
    setattr(StandIn, f"__{_name}__", _forward(_sign))
    setattr(StandIn, f"__r{_name}__", _backward(_sign))
