"""What may hold at one point of a program: for each variable, its bindings."""

from __future__ import annotations

from codemods.facts.scopes import Definition, Scope

Key = tuple[Scope, str]
Held = frozenset[Definition]
Collected = dict[Key, set[Definition]]
NOTHING: Held = frozenset()


class State:
    """Bindings by variable; a fork shares them until one side binds."""

    __slots__ = ("_held", "_lent")

    def __init__(self, held: dict[Key, Held] | None = None) -> None:
        self._held: dict[Key, Held] = {} if held is None else held
        self._lent = False

    def get(self, key: Key) -> Held:
        return self._held.get(key, NOTHING)

    def put(self, key: Key, held: Held) -> None:
        if self._lent:
            self._held = dict(self._held)
            self._lent = False
        self._held[key] = held

    def fork(self) -> State:
        self._lent = True
        other = State(self._held)
        other._lent = True
        return other

    def same(self, other: State) -> bool:
        return self._held is other._held or self._held == other._held

    def joined(self, other: State) -> State:
        """What may hold where two paths meet."""
        if self._held is other._held:
            return self.fork()
        both = dict(self._held)
        for key, held in other._held.items():
            mine = both.get(key)
            if mine is not held:
                both[key] = held if mine is None else mine | held
        return State(both)

    def interrupted(self, collected: Collected) -> State:
        """What may hold after a block, entered with this, was left at any point."""
        after = self.fork()
        for key, definitions in collected.items():
            after.put(key, after.get(key) | definitions)
        return after

    def narrowed(self, to: State, bound: Held) -> State:
        """Only what `to` allows or what is among `bound`, where that leaves any."""
        kept = {
            key: (held & (to.get(key) | bound)) or held
            for key, held in self._held.items()
        }
        return State(kept)


def merge(*states: State | None) -> State | None:
    """What may hold where paths meet; None where no path arrives."""
    merged: State | None = None
    for state in states:
        if merged is None:
            merged = state
        elif state is not None:
            merged = merged.joined(state)
    return merged.fork() if merged is not None else None


# The states that leave a loop, by break and by continue.
Exits = tuple[list[State], list[State]]
