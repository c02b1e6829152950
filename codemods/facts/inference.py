"""Simple types of expressions, from literals, annotations, constructors and methods.

What functions and methods return is data: `returns.toml`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from codemods.facts import operators, returns
from codemods.facts.annotations import annotated
from codemods.facts.scopes import Definition
from codemods.facts.types import BOOL, FLOAT, INT, NONE, STR, Type, union, without_none

_MUTABLE = {"list", "set", "dict"}
_ENTERS_ITSELF = {"io.TextIOWrapper", "io.BufferedReader"}


class Types:
    """Types of the expressions of one module.

    `qualified` resolves a name or attribute to its qualified name; `reaching` gives
    the bindings that may hold at a name; `local_return` what a function of the file
    returns; `unchanged` whether nothing alters the object that a binding holds.
    """

    def __init__(
        self,
        qualified: Callable[[ast.expr], str | None],
        reaching: Callable[[ast.Name], Iterable[Definition]],
        local_return: Callable[[ast.Call], Type | None],
        unchanged: Callable[[Definition], bool],
    ) -> None:
        self._qualified = qualified
        self._reaching = reaching
        self._local_return = local_return
        self._unchanged = unchanged
        self._known: dict[ast.expr, Type | None] = {}

    def of(self, node: ast.expr) -> Type | None:
        """The type of an expression, None where not known."""
        if node not in self._known:
            # A loop (x = x + 1) asks for itself: it learns nothing new there.
            self._known[node] = None
            self._known[node] = self._infer(node)
        return self._known[node]

    def annotated(self, annotation: ast.expr) -> Type | None:
        return annotated(annotation, self._qualified)

    def _infer(self, node: ast.expr) -> Type | None:
        match node:
            case ast.Constant(value=value):
                return Type(type(value).__name__) if value is not None else NONE
            case ast.JoinedStr():
                return STR
            case ast.Name():
                return self._name(node)
            case ast.List() | ast.Set() | ast.Tuple():
                return self._display(type(node).__name__.lower(), node.elts)
            case ast.Dict(keys=keys, values=values):
                return self._dict(keys, values)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                kind = {"ListComp": "list", "SetComp": "set"}.get(
                    type(node).__name__, "Iterator"
                )
                element = self.of(node.elt)
                return Type(kind, (element,) if element else ())
            case ast.DictComp():
                return Type("dict")
            case ast.IfExp():
                return union([self.of(node.body), self.of(node.orelse)])
            case ast.BoolOp(op=ast.Or(), values=[*others, last]):
                # None is never what `or` stops at.
                found = (without_none(self.of(value)) for value in others)
                return union([*found, self.of(last)])
            case ast.BoolOp():
                return union(self.of(value) for value in node.values)
            case ast.NamedExpr():
                return self.of(node.value)
            case ast.UnaryOp(op=ast.Not()):
                return BOOL
            case ast.UnaryOp():
                inner = self.of(node.operand)
                return inner if inner in (INT, FLOAT) else None
            case ast.Compare():
                return self._compare(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
        return None

    def _name(self, node: ast.Name) -> Type | None:
        definitions = [d for d in self._reaching(node) if d.kind != "unbound"]
        return union(self.bound(each) for each in definitions) if definitions else None

    def bound(self, definition: Definition) -> Type | None:
        """The type that a binding gives its name."""
        if definition.annotation is not None:
            return self._declared(definition)
        match definition.kind:
            case "assign" | "walrus" if definition.value is not None:
                held = self.of(definition.value)
                if held is None or held.name not in _MUTABLE or not held.items:
                    return held
                # What a list holds is known only while nobody appends to it.
                return held if self._unchanged(definition) else Type(held.name)
            case "for" if definition.value is not None:
                iterated = self.of(definition.value)
                return iterated.element if iterated else None
            case "with" if definition.value is not None:
                entered = self.of(definition.value)
                return entered if entered and entered.name in _ENTERS_ITSELF else None
            case "augment" if isinstance(definition.op, ast.Add) and definition.value:
                operand = self.of(definition.value)
                return operand if operand == self._grown(definition) else None
        return None

    def _grown(self, definition: Definition) -> Type | None:
        """The type of what `+=` adds to; in a loop, of what it added to first."""
        node = definition.node
        assert isinstance(node, ast.Name)
        if node not in self._known:
            self._known[node] = None
            found = [
                each
                for each in self._reaching(node)
                if each is not definition and each.kind != "unbound"
            ]
            self._known[node] = union(self.bound(each) for each in found)
        return self._known[node]

    def _declared(self, definition: Definition) -> Type | None:
        """What the annotation says, unless what is bound contradicts it."""
        assert definition.annotation is not None
        declared = self.annotated(definition.annotation)
        if declared is None:
            return None
        if definition.kind == "param" and definition.value is not None:
            default = self.of(definition.value)
            if default is None or default not in declared.members:
                return union([declared, default])
        return declared

    def _display(self, kind: str, elements: list[ast.expr]) -> Type | None:
        found: list[Type | None] = []
        for element in elements:
            if isinstance(element, ast.Starred):
                inner = self.of(element.value)
                found.append(inner.element if inner else None)
            else:
                found.append(self.of(element))
        element_type = union(found)
        return Type(kind, (element_type,) if element_type else ())

    def _dict(self, keys: list[ast.expr | None], values: list[ast.expr]) -> Type:
        if any(key is None for key in keys):
            return Type("dict")
        key = union(self.of(each) for each in keys if each is not None)
        value = union(self.of(each) for each in values)
        return Type("dict", (key, value) if key and value else ())

    def _compare(self, node: ast.Compare) -> Type | None:
        operands = [self.of(each) for each in (node.left, *node.comparators)]
        return operators.comparison(node.ops, operands)

    def _binary(self, node: ast.BinOp) -> Type | None:
        return operators.binary(node.op, self.of(node.left), self.of(node.right))

    def _subscript(self, node: ast.Subscript) -> Type | None:
        held = self.of(node.value)
        if held is None:
            return None
        return operators.subscript(held, node.slice, self.of(node.slice))

    def _attribute(self, node: ast.Attribute) -> Type | None:
        held = self.of(node.value)
        return returns.attribute(held, node.attr) if held is not None else None

    def _call(self, node: ast.Call) -> Type | None:
        name = self._qualified(node.func)
        found = returns.function(name, node, self.of) if name is not None else None
        if found is None and isinstance(node.func, ast.Attribute):
            held = self.of(node.func.value)
            if held is not None:
                found = returns.method(held, node.func.attr, node)
        return found if found is not None else self._local_return(node)
