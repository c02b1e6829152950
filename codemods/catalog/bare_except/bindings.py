"""What a binding gives its name: by assignment, annotation, loop or unpacking."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.ancestry import elements
from codemods.catalog.bare_except.arguments import Arguments
from codemods.catalog.bare_except.kinds import (
    GENERATOR,
    NEVER,
    UNKNOWN,
    Kind,
    Kinds,
    kind,
    union,
)
from codemods.catalog.bare_except.mutation import settled
from codemods.catalog.bare_except.outcomes import method_outcome
from codemods.catalog.bare_except.scene import Scene
from codemods.facts.scopes import Definition
from codemods.facts.types import Type

# Functions whose iterator runs no code but that of what they are given.
WALKERS = ("iter", "reversed", "enumerate", "zip")
# Collections that an iterator does not mind to see changed, or that cannot be.
UNCHANGING = ("list", "tuple", "record", "str", "bytes", "range")
FLOAT = kind("float")
NUMBERS = {"float": kind("int"), "complex": kind("int") | kind("float")}
LATER = ("Iterator", "Iterable", "Generator")


def held(scene: Scene, definition: Definition) -> Kinds:
    """The types that one binding gives a name."""
    kinds = settled(scene, definition, _bound(scene, definition))
    if any(map(_runs_later, kinds)) and not _only_walks(scene, definition.value):
        return union(_at_its_time(one) for one in kinds)
    return kinds


def _runs_later(one: Kind) -> bool:
    """Whether a value holds an iterator, which runs when it is walked."""
    return one.name in LATER or any(_runs_later(each) for of in one.of for each in of)


def _only_walks(scene: Scene, value: ast.expr | None) -> bool:
    """Whether an iterator just made walks over plain collections."""
    match value:
        case ast.Call(func=func, args=args, keywords=[]):
            return scene.context.qualified_name(func) in WALKERS and not any(
                one.name not in UNCHANGING or _runs_later(one)
                for argument in args
                for one in scene.kinds(argument)
            )
    return False


def _at_its_time(one: Kind) -> Kinds:
    """A kind whose iterators raise later, under other handlers, whatever they like."""
    if one.name in LATER:
        return GENERATOR
    of = tuple(union(map(_at_its_time, each)) for each in one.of)
    return frozenset({Kind(one.name, of, one.literal)})


def _bound(scene: Scene, definition: Definition) -> Kinds:
    if definition.kind == "param":
        return _parameter(scene, definition)
    if definition.annotation is not None:
        return from_type(scene, scene.context.facts.types.bound(definition))
    if definition.value is None:
        return kind("Class") if definition.kind == "class" else UNKNOWN
    match definition.kind:
        case "assign" | "walrus":
            return scene.kinds(definition.value)
        case "for":
            return iterated(scene, definition.value)
        case "unpack":
            return _unpacked(scene, definition, definition.value)
        case "with":
            return entered(scene, scene.kinds(definition.value))
        case "augment":
            # What is added to is of the same type; with a float it is a float.
            added = scene.kinds(definition.value)
            found = from_type(scene, scene.context.facts.types.bound(definition))
            return added if added == FLOAT and added <= found else found
    return UNKNOWN


def _parameter(scene: Scene, definition: Definition) -> Kinds:
    node = definition.node
    assert isinstance(node, ast.arg)
    if node in scene.given:
        return scene.given[node]
    if definition.annotation is not None:
        return from_type(scene, scene.context.facts.types.bound(definition))
    return _several(scene, node)


def _several(scene: Scene, node: ast.arg) -> Kinds:
    """What `*args` and `**kwargs` are; any other parameter is unknown."""
    around = scene.context.parent(node)
    if not isinstance(around, ast.arguments) or node not in (
        around.vararg,
        around.kwarg,
    ):
        return UNKNOWN
    each = UNKNOWN
    if node.annotation is not None:
        each = from_type(scene, scene.context.facts.types.annotated(node.annotation))
    return (
        kind("tuple", each)
        if node is around.vararg
        else kind("dict", kind("str"), each)
    )


def iterated(scene: Scene, value: ast.expr) -> Kinds:
    """What iterating over an expression gives."""
    return union(elements(scene.known, one) or UNKNOWN for one in scene.kinds(value))


def entered(scene: Scene, managers: Kinds) -> Kinds:
    """What `as` binds for these context managers."""
    found = [
        method_outcome(scene.known, one, "__enter__", Arguments()) for one in managers
    ]
    return union(one.gives if one else UNKNOWN for one in found) if found else UNKNOWN


def _unpacked(scene: Scene, definition: Definition, value: ast.expr) -> Kinds:
    """The types at the place of a name in its target: `b` of `a, b = ...`."""
    up = scene.context.parent(definition.node)
    if not isinstance(up, ast.Tuple | ast.List):
        return UNKNOWN
    if any(isinstance(one, ast.Starred) for one in up.elts):
        return UNKNOWN
    index = next(at for at, one in enumerate(up.elts) if one is definition.node)
    match scene.context.parent(up):
        case ast.For() | ast.comprehension():
            whole = iterated(scene, value)
        case ast.Assign():
            whole = scene.kinds(value)
        case _:
            return UNKNOWN
    return union(_part(scene, one, index) for one in whole)


def _part(scene: Scene, one: Kind, index: int) -> Kinds:
    if one.name == "record":
        return one.of[index] if index < len(one.of) else NEVER
    return elements(scene.known, one) or UNKNOWN


def from_type(scene: Scene, found: Type | None) -> Kinds:
    """Our word for a type that the facts of the file know, and the table too."""
    if found is None:
        return UNKNOWN
    if found.name == "union":
        return union(from_type(scene, one) for one in found.items)
    # An iterator may be anybody's generator, and raise what it likes.
    if found.name in ("module", *LATER) or not scene.known.is_type(found.name):
        return UNKNOWN
    # Where a float is asked for, an int is as good (PEP 484).
    narrower = NUMBERS.get(found.name, NEVER)
    return narrower | kind(found.name, *(from_type(scene, one) for one in found.items))
