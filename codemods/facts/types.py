"""Simple types of expressions, from literals, annotations, constructors and methods.

A type is a name with items: `Type("list", (STR,))`, `Type("pandas.DataFrame")`. An
answer is a claim that holds whenever the expression has a value at all; no answer is
None. What functions and methods return is data: `returns.toml`.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from codemods.facts.scopes import Definition


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
_NUMBERS = {"bool": 0, "int": 1, "float": 2, "complex": 3}


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


def parse_type(text: str) -> Type | None:
    """A type written as in returns.toml: `list[str]`, `str | None`, `pandas.Series`."""
    return _from_annotation(ast.parse(text, mode="eval").body, _spelled)


def _spelled(node: ast.expr) -> str | None:
    return ast.unparse(node)


_ALIASES = {
    "typing.List": "list",
    "typing.Dict": "dict",
    "typing.Set": "set",
    "typing.FrozenSet": "frozenset",
    "typing.Tuple": "tuple",
    "typing.Text": "str",
    "pandas.core.frame.DataFrame": "pandas.DataFrame",
    "pandas.core.series.Series": "pandas.Series",
}
# Any subclass is as good for these: what holds for the class holds for it.
_ITERABLES = {
    "typing.Iterable", "typing.Iterator", "typing.Sequence", "typing.Collection",
    "collections.abc.Iterable", "collections.abc.Iterator",
    "collections.abc.Sequence", "collections.abc.Collection", "Iterator",
}  # fmt: skip


def _from_annotation(
    node: ast.expr, qualified: Callable[[ast.expr], str | None]
) -> Type | None:
    def inner(part: ast.expr) -> Type | None:
        return _from_annotation(part, qualified)

    match node:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=str() as text):
            try:
                return inner(ast.parse(text, mode="eval").body)
            except (SyntaxError, KeyError):
                return None
        case ast.BinOp(op=ast.BitOr()):
            return union([inner(node.left), inner(node.right)])
        case ast.Subscript(value=base, slice=index):
            return _subscripted(qualified(base), index, inner)
        case ast.Name() | ast.Attribute():
            name = qualified(node)
            if name in (None, "typing.Any", "object", "typing.Optional"):
                return None
            return Type(_ALIASES.get(name or "", name or ""))
    return None


def _subscripted(
    base: str | None, index: ast.expr, inner: Callable[[ast.expr], Type | None]
) -> Type | None:
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    base = _ALIASES.get(base or "", base or "")
    match base:
        case "typing.Optional":
            return union([inner(index), NONE])
        case "typing.Union":
            return union(inner(part) for part in parts)
        case "typing.Annotated":
            return inner(parts[0])
        case "list" | "set" | "frozenset" | "dict":
            items = [inner(part) for part in parts]
            known = tuple(item for item in items if item is not None)
            return Type(base, known if len(known) == len(items) else ())
        case "tuple":
            element = union(
                inner(part)
                for part in parts
                if not (isinstance(part, ast.Constant) and part.value is ...)
            )
            return Type("tuple", (element,) if element else ())
        case _ if base in _ITERABLES:
            element = inner(parts[0])
            return Type("Iterator", (element,)) if element else None
    return Type(base) if base else None


@dataclass(frozen=True, slots=True)
class Returns:
    """What callables return: functions by qualified name, methods by class."""

    functions: Mapping[str, Type]
    methods: Mapping[str, Mapping[str, Type]]
    attributes: Mapping[str, Mapping[str, Type]]


@cache
def returns() -> Returns:
    """The table of returns.toml."""
    text = resources.files(__package__).joinpath("returns.toml").read_text("utf-8")
    table = tomllib.loads(text)

    def typed(rows: Mapping[str, str]) -> dict[str, Type]:
        # "a, b" = "type": several names of one type in a row.
        return {
            name.strip(): found
            for names, kind in rows.items()
            for name in names.split(",")
            if (found := parse_type(kind)) is not None
        }

    return Returns(
        functions={
            (f"{module}.{name}" if module != "builtins" else name): kind
            for module, rows in table["functions"].items()
            for name, kind in typed(rows).items()
        },
        methods={cls: typed(rows) for cls, rows in table["methods"].items()},
        attributes={cls: typed(rows) for cls, rows in table["attributes"].items()},
    )


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
        return _from_annotation(annotation, self._qualified)

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
        simple = all(isinstance(op, ast.Is | ast.IsNot) for op in node.ops)
        operands = [node.left, *node.comparators]
        plain = all((t := self.of(each)) and t.name in _PLAIN for each in operands)
        return BOOL if simple or plain else self._mask(operands)

    def _mask(self, operands: list[ast.expr]) -> Type | None:
        for operand in operands:
            kind = self.of(operand)
            if kind is not None and kind.name in ("pandas.Series", "pandas.DataFrame"):
                return kind
        return None

    def _binary(self, node: ast.BinOp) -> Type | None:
        left, right = self.of(node.left), self.of(node.right)
        if isinstance(node.op, ast.Mod) and left in (STR, BYTES):
            return left
        if left is None or right is None:
            return self._mask([node.left, node.right])
        if left.name in _NUMBERS and right.name in _NUMBERS:
            return _arithmetic(node.op, left, right)
        if isinstance(node.op, ast.Add) and left.name == right.name:
            if left.name in ("str", "bytes", "list", "tuple"):
                return left if left == right else Type(left.name)
        if isinstance(node.op, ast.Mult):
            for one, other in ((left, right), (right, left)):
                if one.name in ("str", "list", "tuple", "bytes") and other == INT:
                    return one
        if isinstance(node.op, ast.Div) and left.name.startswith("pathlib."):
            return left
        return self._mask([node.left, node.right])

    def _subscript(self, node: ast.Subscript) -> Type | None:
        held = self.of(node.value)
        if held is None:
            return None
        index = self.of(node.slice)
        if held.name in ("str", "bytes"):
            sliced = isinstance(node.slice, ast.Slice) or held == STR
            return held if sliced else INT
        if held.name in ("list", "tuple"):
            return held if isinstance(node.slice, ast.Slice) else held.element
        if held.name == "dict" and len(held.items) == 2:
            return held.items[1]
        if held.name == "pandas.DataFrame":
            if index is not None and index.name in ("list", "pandas.Series"):
                return FRAME
            return SERIES if index == STR else None
        if held.name == "pandas.Series":
            if index is not None and index.name in ("list", "pandas.Series"):
                return SERIES
        return None

    def _attribute(self, node: ast.Attribute) -> Type | None:
        held = self.of(node.value)
        if held is None:
            return None
        table = returns().attributes
        return union(table.get(each.name, {}).get(node.attr) for each in held.members)

    def _call(self, node: ast.Call) -> Type | None:
        name = self._qualified(node.func)
        if name is not None:
            found = self._function(name, node)
            if found is not None:
                return found
        if isinstance(node.func, ast.Attribute):
            held = self.of(node.func.value)
            if held is not None:
                found = self._method(held, node)
                if found is not None:
                    return found
        return self._local_return(node)

    def _function(self, name: str, node: ast.Call) -> Type | None:
        known = returns().functions.get(name)
        if name.startswith("pandas.read_") and _in_pieces(node):
            return None
        if known == Type("argument"):
            # As os.path.join: bytes of bytes, str of str.
            return self.of(node.args[0]) if node.args else None
        if known is not None and name in ("list", "sorted", "set", "tuple", "iter"):
            given = self.of(node.args[0]) if node.args else None
            element = given.element if given else None
            return Type(known.name, (element,) if element else ())
        return known

    def _method(self, held: Type, node: ast.Call) -> Type | None:
        assert isinstance(node.func, ast.Attribute)
        attr = node.func.attr
        table = returns().methods
        if held.name == "dict" and len(held.items) == 2:
            key, value = held.items
            match attr:
                case "keys":
                    return Type("Iterator", (key,))
                case "values":
                    return Type("Iterator", (value,))
        changes_in_place = any(
            keyword.arg == "inplace"
            and not (
                isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            )
            for keyword in node.keywords
        )
        if changes_in_place or any(keyword.arg is None for keyword in node.keywords):
            return None
        return union(table.get(each.name, {}).get(attr) for each in held.members)


_MUTABLE = {"list", "set", "dict"}
_PLAIN = {"str", "int", "float", "bool", "bytes", "None"}
_ENTERS_ITSELF = {"io.TextIOWrapper", "io.BufferedReader"}


def _in_pieces(node: ast.Call) -> bool:
    """Whether a pandas reader may return an iterator or a dict of frames."""
    for keyword in node.keywords:
        if keyword.arg in (None, "chunksize", "iterator", "squeeze"):
            return True
        if keyword.arg == "sheet_name":
            value = keyword.value
            return not (isinstance(value, ast.Constant) and value.value is not None)
    return any(isinstance(argument, ast.Starred) for argument in node.args)


def _arithmetic(op: ast.operator, left: Type, right: Type) -> Type | None:
    if isinstance(op, ast.Pow):
        return None
    if left == right == BOOL and isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor):
        return BOOL
    wider = max(left, right, key=lambda kind: _NUMBERS[kind.name])
    if isinstance(op, ast.Div):
        return wider if wider.name == "complex" else FLOAT
    return INT if wider == BOOL else wider
