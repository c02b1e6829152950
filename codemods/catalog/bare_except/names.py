"""What names hold: through definitions, annotations, loops and unpacking."""

from __future__ import annotations

import ast
import builtins

from codemods.catalog.bare_except.kinds import (
    GENERATOR,
    NEVER,
    UNKNOWN,
    Kind,
    Kinds,
    kind,
    parse_kinds,
    union,
)
from codemods.catalog.bare_except.matching import elements, methods
from codemods.catalog.bare_except.mutation import settled
from codemods.catalog.bare_except.order import may_be_early
from codemods.catalog.bare_except.outcomes import Arguments, method_outcome
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen
from codemods.facts.scopes import Definition
from codemods.facts.types import Type

MODULE_NAMES = {"__name__": "str", "__doc__": "str | None", "__file__": "str"}
# Functions whose iterator runs no code but that of what they are given.
WALKERS = ("iter", "reversed", "enumerate", "zip")
# Collections that an iterator does not mind to see changed, or that cannot be.
UNCHANGING = ("list", "tuple", "record", "str", "bytes", "range")
LATER = ("Iterator", "Iterable", "Generator")


def name(scene: Scene, node: ast.Name) -> Seen:
    """A name that is read: its types, and NameError where it may be unbound."""
    context = scene.context
    owner = context.scope(node).owner(node.id)
    if owner is None:
        return _unowned(scene, node)
    found = context.definitions(node)
    bound = [one for one in found if one.kind not in ("unbound", "delete")]
    seen = Seen(union(_held(scene, one) for one in bound) if bound else UNKNOWN)
    missing = len(bound) < len(found) or not found
    if missing or may_be_early(scene, node, owner, bound):
        return seen.raising("NameError")
    return seen


def _unowned(scene: Scene, node: ast.Name) -> Seen:
    seen = _builtin(node.id)
    module = scene.context.facts.scopes.module
    if module.stars or module.unseen:
        return from_a_star(scene, node, seen)
    return seen


def from_a_star(scene: Scene, node: ast.Name, seen: Seen) -> Seen:
    """A name that may be bound out of sight, taken for the builtin if there is one."""
    if "NameError" in seen.raises:
        text = f"`{node.id}` is bound somewhere out of sight"
        return Seen(UNKNOWN).doubting(scene.doubt("assumed", text, node))
    text = f"`{node.id}` is the builtin"
    return seen.doubting(scene.doubt("assumed", text, node))


def _builtin(identifier: str) -> Seen:
    if identifier in MODULE_NAMES:
        seen = Seen(parse_kinds(MODULE_NAMES[identifier]))
        return seen.raising("NameError") if identifier == "__file__" else seen
    if identifier.startswith("__") and identifier != "__import__":
        return Seen(UNKNOWN).raising("NameError")
    value = getattr(builtins, identifier, None)
    if value is None:
        return Seen(NEVER).raising("NameError")
    return Seen(kind("Class") if isinstance(value, type) else kind("Function"))


def _held(scene: Scene, definition: Definition) -> Kinds:
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
            return from_type(scene, scene.context.facts.types.bound(definition))
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
    return kind(found.name, *(from_type(scene, one) for one in found.items))


def has(scene: Scene, one: Kind, attribute: str) -> bool | None:
    """Whether a kind has an attribute; None where the table does not say."""
    if methods(scene.known, one, attribute) is not None:
        return True
    if one.name == "None":
        return False
    builtin = getattr(
        builtins, {"size": "int", "record": "tuple"}.get(one.name, one.name), None
    )
    if isinstance(builtin, type):
        return None if hasattr(builtin, attribute) else False
    return None
