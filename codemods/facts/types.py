"""What is known of a value: a class by name, with what it holds.

`Type("list", (STR,))`, `Type("pandas.DataFrame")`. A type is a claim that holds
whenever an expression has a value at all; where nothing is known it is None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """A class by qualified name (builtins bare), and what it holds, where known.

    `list`, `set`, `frozenset`, `Iterator`, `tuple` (any length): one item, the
    element. `dict`: key and value. `union`: the members. `module`: none.
    """

    name: str
    items: tuple[Type, ...] = ()

    @property
    def members(self) -> tuple[Type, ...]:
        return self.items if self.name == "union" else (self,)

    @property
    def element(self) -> Type | None:
        """What iterating yields, where known."""
        match self.name:
            case "str" | "bytes" as name:
                return STR if name == "str" else INT
            case "range":
                return INT
            case _ if self.name in _HOLDERS and self.items:
                return self.items[0]
        return None


_HOLDERS = {"list", "set", "frozenset", "tuple", "Iterator", "dict"}
STR, INT, FLOAT, BOOL = Type("str"), Type("int"), Type("float"), Type("bool")
BYTES, NONE = Type("bytes"), Type("None")
FRAME, SERIES = Type("pandas.DataFrame"), Type("pandas.Series")


def union(types: Iterable[Type | None]) -> Type | None:
    """One type for what may be any of these; None where one is not known."""
    members: list[Type] = []
    for each in types:
        if each is None:
            return None
        members += [member for member in each.members if member not in members]
    if not members:
        return None
    if len(members) == 1:
        return members[0]
    return Type("union", tuple(sorted(members, key=repr)))


def without_none(kind: Type | None) -> Type | None:
    """A type but for None, where that is one of its members."""
    if kind is None or kind.name != "union":
        return kind
    return union(member for member in kind.members if member != NONE)
