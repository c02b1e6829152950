"""Every pure entry of the knowledge base is called; what is seen must be declared."""

from __future__ import annotations

import operator
import random
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from codemods.catalog.bare_except.arguments import Arguments
from codemods.catalog.bare_except.kinds import (
    UNKNOWN,
    Kinds,
    kind,
    parse_kinds,
    text_of,
)
from codemods.catalog.bare_except.library import FOLDER, Library, read_library
from codemods.catalog.bare_except.matching import accepts
from codemods.catalog.bare_except.outcomes import Outcome, method_outcome, outcome
from codemods.catalog.bare_except.signatures import (
    Parameter,
    Signature,
    parse_signature,
)
from codemods.catalog.bare_except.table import Knowledge
from tests.bare_except.hostile import (
    VALUES,
    Foreign,
    Stranger,
    kinds_of,
    literal_kinds_of,
)
from tests.bare_except.receivers import RECEIVERS, SLOW, fresh, values_for

KNOWN = Knowledge()
LIBRARIES = [read_library(path) for path in sorted(FOLDER.glob("*.toml"))]
NOT_COUNTED = (MemoryError, RecursionError)
HUGE = 10**6
ROUNDS = 80

OPERATORS: dict[str, Callable[..., Any]] = {
    "__next__": next,
    "__iter__": lambda value: list(zip(value, range(5), strict=False)),
    "__len__": len,
    "__bool__": bool,
    "__str__": str,
    "__and__": operator.and_,
    "__or__": operator.or_,
}


def _pure(library: Library) -> list[str]:
    return [name for name in library.lines if name not in library.effects]


ENTRIES = [
    pytest.param(name, id=name)
    for library in LIBRARIES
    for name in _pure(library)
    if not library.documented
]


def test_the_table_knows_at_least_600_callables() -> None:
    callables = {
        name
        for library in LIBRARIES
        for name, lines in library.lines.items()
        if parse_signature(lines[0]).parameters is not None
    }
    assert len(callables) >= 600


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda one: one.name)
def test_every_fact_reads_and_has_a_source(library: Library) -> None:
    for name, lines in library.lines.items():
        assert library.source_of(name).strip()
        for line in lines:
            signature = parse_signature(line)
            for raised in signature.raises | signature.otherwise:
                assert KNOWN.is_a(raised, "BaseException"), f"{name}: {raised}"


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_observed_is_declared(name: str) -> None:
    chance = random.Random(name)
    lines = KNOWN.entry(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(ROUNDS):
            _call_once(name, chance.choice(lines), chance)


def _call_once(name: str, line: Signature, chance: random.Random) -> None:
    owner, _, attribute = name.rpartition(".")
    if line.parameters is None or line.is_method:
        receivers = RECEIVERS.get(owner) or values_for(kind(owner))
        if not receivers:
            receivers = (_resolve(owner),)
        chosen = chance.choice(receivers)
        receiver = chosen() if callable(chosen) else fresh(chosen)
    if line.parameters is None:
        return _check(
            name, lambda: getattr(receiver, attribute), Outcome(line.gives, line.raises)
        )
    places, named, given = _arguments(line, chance)
    around = [receiver] if line.is_method else []
    if _is_slow(name, [*around, *places, *named.values()]):
        return None
    if not line.is_method:
        declared = outcome(KNOWN, KNOWN.entry(name), given)
        function = _resolve(name)
        return _check(
            f"{name}({_shown(places, named)})",
            lambda: function(*places, **named),
            declared,
        )
    (itself,) = kinds_of(receiver)
    if owner in RECEIVERS and itself.name != owner:
        (itself,) = kind(owner)
    declared = method_outcome(KNOWN, itself, attribute, given) or Outcome(UNKNOWN)
    method = _bound(receiver, attribute)
    return _check(
        f"{receiver!r}: {name}({_shown(places, named)})",
        lambda: method(*places, **named),
        declared,
    )


def _check(name: str, call: Callable[[], Any], declared: Outcome) -> None:
    result, raised = None, None
    try:
        result = call()
    except NOT_COUNTED:
        return
    except Exception as error:
        raised = error
    if declared.open:
        return
    assert not isinstance(raised, Foreign), f"{name} runs its argument's code"
    if raised is not None:
        classes = tuple(map(_resolve, declared.raises))
        assert isinstance(raised, classes), f"{name}: {raised!r}: {declared.raises}"
        return
    seen = kinds_of(result)
    assert _gives(declared.gives, seen, result), (
        f"{name} gives {text_of(seen)}, not {text_of(declared.gives)}"
    )


def _shown(places: list[Any], named: dict[str, Any]) -> str:
    given = [*places, *named.values()]
    texts = ["Stranger" if type(one) is Stranger else repr(one)[:60] for one in given]
    return ", ".join(texts) + f" {list(named)}"


def _gives(declared: Kinds, seen: Kinds, result: Any) -> bool:
    text = text_of(declared).replace("Unknown", "Any").replace("size", "int")
    if any(word in text for word in ("Iter", "dict_view", "Class", "object")):
        return True
    wanted = parse_kinds(text)
    if accepts(KNOWN, wanted, seen):
        return True
    if isinstance(result, tuple) and accepts(KNOWN, wanted, kinds_of(tuple(result))):
        return True
    return any(_is_instance(result, one.name) for one in wanted if "." in one.name)


def _is_instance(result: Any, name: str) -> bool:
    """Whether a result is of a type; a name of our own for a type is taken on trust."""
    try:
        return isinstance(result, _resolve(name))
    except (LookupError, AttributeError, TypeError):
        return True


def _arguments(
    line: Signature, chance: random.Random
) -> tuple[list[Any], dict[str, Any], Arguments]:
    """Values for a call, by place and by name, with what the analysis knows of them."""
    places: list[tuple[Any, Kinds]] = []
    named: dict[str, tuple[Any, Kinds]] = {}
    by_name = False
    for one in (line.parameters or ())[1 if line.is_method else 0 :]:
        if one.optional and chance.random() < 0.5:
            by_name = True
            continue
        if by_name and not one.name:
            continue
        by_name = (
            by_name or one.by_name_only or (bool(one.name) and chance.random() < 0.2)
        )
        value = _value_for(one, chance)
        if by_name:
            named[one.name] = value
        else:
            places.append(value)
    if line.rest is not None and not by_name:
        places += [_value_for(line.rest, chance) for _ in range(chance.randrange(3))]
    names = {key: kinds for key, (_, kinds) in named.items()}
    given = Arguments(tuple(kinds for _, kinds in places), names)
    return [v for v, _ in places], {key: v for key, (v, _) in named.items()}, given


def _value_for(one: Parameter, chance: random.Random) -> tuple[Any, Kinds]:
    fitting = values_for(one.kinds)
    if chance.random() < 0.1:
        return Stranger(), UNKNOWN
    value = chance.choice(fitting if fitting and chance.random() < 0.75 else VALUES)
    kinds = (literal_kinds_of if chance.random() < 0.5 else kinds_of)(value)
    return fresh(value), kinds


def _is_slow(name: str, given: list[Any]) -> bool:
    """Whether the numbers would make the call run for ages rather than raise."""
    sized = [one for one in given if isinstance(one, int | float)]
    return name in SLOW and any(not abs(one) < HUGE for one in sized)


def _bound(receiver: Any, attribute: str) -> Callable[..., Any]:
    operation = OPERATORS.get(attribute)
    if operation is None and attribute.startswith("__"):
        operation = getattr(operator, attribute.strip("_"), None)
    if operation is None:
        return getattr(receiver, attribute)  # type: ignore[no-any-return]
    return lambda *rest: operation(receiver, *rest)


def _resolve(name: str) -> Any:
    """The object of a qualified name; its module is imported."""
    for module, attributes in _readings(name):
        try:
            found = import_module(module)
        except ModuleNotFoundError:
            continue
        for attribute in attributes:
            found = getattr(found, attribute)
        return found
    raise LookupError(name)


def _readings(name: str) -> Iterator[tuple[str, list[str]]]:
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        yield ".".join(parts[:end]), parts[end:]
    yield "builtins", parts
