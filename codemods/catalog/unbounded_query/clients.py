"""Which database client a value belongs to, by how it came to be, never by its name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from codemods.catalog.unbounded_query.tables import Thing, tables
from codemods.context import Context
from codemods.facts.calls import Defined
from codemods.facts.scopes import Definition

_SQL = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_JOBS = {"result", "to_dataframe"}
_SAME = {"contextlib.closing", "contextlib.nullcontext", "typing.cast"}


class Clients:
    """The client values of one file."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._known: dict[ast.expr, Thing | None] = {}

    def thing(self, node: ast.expr) -> Thing | None:
        """What `node` holds, None where it is not known to be one thing."""
        if node not in self._known:
            # A value that depends on itself learns nothing new there.
            self._known[node] = None
            self._known[node] = self._resolve(node)
        return self._known[node]

    def _resolve(self, node: ast.expr) -> Thing | None:
        match node:
            case ast.Name():
                found = self.context.definitions(node)
                bound = [each for each in found if each.kind != "unbound"]
                return agreed(self._bound(each) for each in bound if not _is_none(each))
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.thing(value)
            case ast.IfExp(body=one, orelse=other):
                return agreed([self.thing(one), self.thing(other)])
            case ast.BoolOp(values=values):
                return agreed(self.thing(each) for each in values if not _empty(each))
        return None

    def _bound(self, definition: Definition) -> Thing | None:
        if definition.annotation is not None:
            return self.annotated(definition.annotation)
        match definition.kind:
            case "assign" | "walrus" | "with" if definition.value is not None:
                return self.thing(definition.value)
            case "param":
                return self._given(definition)
        return None

    def annotated(self, annotation: ast.expr) -> Thing | None:
        match annotation:
            case ast.Constant(value=str() as text):
                name = self._spelled(text)
            case ast.BinOp(left=left, right=ast.Constant(value=None)):
                return self.annotated(left)
            case ast.Subscript(value=base, slice=inner):
                name = self.context.qualified_name(base)
                return self.annotated(inner) if name == "typing.Optional" else None
            case _:
                name = self.context.qualified_name(annotation)
        return tables().made.get(name or "")

    def _spelled(self, text: str) -> str | None:
        """The qualified name of an annotation in quotes, by the file's imports."""
        head, _, rest = text.partition(".")
        for definition in self.context.facts.scopes.module.definitions.get(head, ()):
            if isinstance(definition.node, ast.alias):
                imported = self.context.facts.imported(definition.node)
                return f"{imported}.{rest}" if rest else imported
        return None

    def _given(self, definition: Definition) -> Thing | None:
        """What every call in the file passes for a parameter without annotation."""
        function = self.context.parent(
            self.context.parent(definition.node) or self.context.tree
        )
        if not isinstance(function, Defined):
            return None
        given = [
            argument_for(call, function, definition.name)
            for call in self.context_calls(function)
        ]
        if not given or any(each is None for each in given):
            return None
        return agreed(self.thing(each) for each in given if each is not None)

    def context_calls(self, function: Defined) -> list[ast.Call]:
        """Every call in the file that reaches a function of it."""
        return calls_to(self.context, function)

    def _attribute(self, node: ast.Attribute) -> Thing | None:
        held = self.thing(node.value)
        if held is not None:
            role = tables().gives(held, node.attr)
            return held.as_role(role) if role else None
        owner = owner_of(self.context, node)
        if owner is None:
            return None
        stored = list(stores(self.context, owner, node.attr))
        if stored:
            return self._all_stored(stored, node.attr)
        return self._property(owner, node.attr)

    def _all_stored(self, stored: list[ast.expr], name: str) -> Thing | None:
        """What all stores agree on; `self.x = self.x or make()` stores what it makes."""
        values: list[ast.expr] = []
        for each in stored:
            parts = each.values if isinstance(each, ast.BoolOp) else [each]
            values += [part for part in parts if not _is_attribute(part, name)]
        return agreed(self._stored(each) for each in values if not _empty(each))

    def _stored(self, value: ast.expr) -> Thing | None:
        return self.thing(value) or self.annotated(value)

    def _property(self, owner: ast.ClassDef, name: str) -> Thing | None:
        for function in owner.body:
            if isinstance(function, Defined) and function.name == name:
                kinds = [
                    self.context.qualified_name(d) for d in function.decorator_list
                ]
                if kinds in (["property"], ["functools.cached_property"]):
                    return self.returned(function)
        return None

    def _call(self, node: ast.Call) -> Thing | None:
        name = self.context.qualified_name(node.func)
        made = tables().made.get(name or "")
        if made is not None:
            return self._with_dialect(made, node)
        if name in _SAME and node.args:
            return self.thing(node.args[-1])
        if name in tables().functions:
            return self._function(node, name or "")
        if isinstance(node.func, ast.Attribute):
            found = self._method(node, node.func)
            if found is not None:
                return found
        function = self.context.function_called(node)
        if function is not None:
            return self.returned(function)
        maker = self.thing(node.func) if isinstance(node.func, ast.Name) else None
        return maker.as_role("connection") if maker and maker.role == "maker" else None

    def _method(self, node: ast.Call, func: ast.Attribute) -> Thing | None:
        held = self.thing(func.value)
        if held is None:
            return self._configured(node, func) or self._by_use(node, func)
        role = tables().gives(held, func.attr)
        return held.as_role(role) if role else None

    def _configured(self, node: ast.Call, func: ast.Attribute) -> Thing | None:
        """`x.query(sql, job_config=bigquery.QueryJobConfig(...))` gives a query job."""
        for keyword in node.keywords:
            if keyword.arg == "job_config" and func.attr == "query":
                value = keyword.value
                if isinstance(value, ast.Name):
                    value = self.context.value_of(value) or value
                if isinstance(value, ast.Call):
                    made = self.context.qualified_name(value.func) or ""
                    if made.startswith("google.cloud.bigquery.") and made.endswith(
                        ".QueryJobConfig"
                    ):
                        return Thing("bigquery", "job", "bigquery")
        return None

    def _by_use(self, node: ast.Call, func: ast.Attribute) -> Thing | None:
        """`x.query("SELECT ...")` whose value is asked for a `result()` is a job."""
        if func.attr != "query" or not node.args:
            return None
        if not _SQL.match(leading_text(self.context, node.args[0])):
            return None
        up = self.context.parent(node)
        uses: list[ast.expr] = [node]
        if isinstance(up, ast.Assign) and isinstance(up.targets[0], ast.Name):
            definition = self.context.facts.scopes.bound_by[up.targets[0]]
            uses = list(self.context.uses(definition))
        asked = (self.context.parent(use) for use in uses)
        if any(
            isinstance(each, ast.Attribute) and each.attr in _JOBS for each in asked
        ):
            return Thing("bigquery", "job", "bigquery", sure=False)
        return None

    def _function(self, node: ast.Call, name: str) -> Thing:
        known = tables().functions[name]
        dialect, family = known.dialect, "pandas"
        if known.client is not None:
            client = next(
                (k.value for k in node.keywords if k.arg == known.client), None
            )
            if client is None and len(node.args) > 1:
                client = node.args[1]
            held = self.thing(client) if client is not None else None
            dialect = held.dialect if held else self._of_url(client)
        if known.gives == "connection":
            family = "duckdb"
        return Thing(family, known.gives, dialect)

    def returned(self, function: Defined) -> Thing | None:
        """What a function of the file returns or yields to a `with`."""
        if function.returns is not None:
            found = self.annotated(function.returns)
            if found is not None:
                return found
        values = [
            each.value
            for each in ast.walk(function)
            if isinstance(each, ast.Return | ast.Yield) and each.value is not None
        ]
        return agreed(map(self.thing, values)) if values else None

    def _with_dialect(self, made: Thing, node: ast.Call) -> Thing:
        """An engine's dialect by its URL, pyodbc's by its driver, where in view."""
        if made.dialect is not None:
            return made
        first = node.args[0] if node.args else None
        if made.role == "maker" or (
            made.role == "connection" and made.family == "sqlalchemy"
        ):
            binds = [k.value for k in node.keywords if k.arg == "bind"]
            bind = binds[0] if binds else first
            held = self.thing(bind) if bind is not None else None
            return Thing(made.family, made.role, held.dialect if held else None)
        return Thing(made.family, made.role, self._of_url(first))

    def _of_url(self, node: ast.expr | None) -> str | None:
        text = leading_text(self.context, node)
        scheme, found, _ = text.partition(":")
        if found:
            dialect = tables().urls.get(scheme.partition("+")[0].lower())
            if dialect:
                return dialect
        return "tsql" if "sql server" in text.lower() else None

    def only_dialect(self) -> str | None:
        """The dialect of the one database family that the file imports."""
        found: set[str | None] = set()
        for scope in self.context.facts.scopes.module.walk():
            for definitions in scope.definitions.values():
                for each in definitions:
                    if isinstance(each.node, ast.alias):
                        found |= set(_families(self.context.facts.imported(each.node)))
        return found.pop() if len(found) == 1 else None


def leading_text(context: Context, node: ast.expr | None, depth: int = 0) -> str:
    """How a text begins, as far as literals and names with one value tell."""
    if depth > 8:
        return ""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=[first, *_]) | ast.BinOp(left=first):
            return leading_text(context, first, depth + 1)
        case ast.Call(func=ast.Attribute(value=inner, attr="format" | "strip")):
            return leading_text(context, inner, depth + 1)
        case ast.Call(args=[first]):
            return leading_text(context, first, depth + 1)
        case ast.Name():
            return leading_text(context, context.value_of(node), depth + 1)
    return ""


@lru_cache(maxsize=1)
def clients(context: Context) -> Clients:
    """The clients of the file that is being judged, resolved once."""
    return Clients(context)


def _families(module: str) -> Iterator[str | None]:
    for root, family in tables().roots.items():
        if module == root or module.startswith(root + "."):
            made = [each for each in tables().made.values() if each.family == family]
            yield made[0].dialect


def _is_none(definition: Definition) -> bool:
    value = definition.value
    return value is not None and definition.kind == "assign" and _empty(value)


def _empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_attribute(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name


def agreed(things: Iterable[Thing | None]) -> Thing | None:
    """The one thing that all are; None where one is unknown or they differ."""
    found = set(things)
    return found.pop() if len(found) == 1 else None


def owner_of(context: Context, node: ast.Attribute) -> ast.ClassDef | None:
    """The class of the file whose instance or self `node` is an attribute of."""
    if not isinstance(node.value, ast.Name):
        return None
    for up in context.ancestors(node):
        if isinstance(up, Defined):
            given = [*up.args.posonlyargs, *up.args.args]
            home = context.parent(up)
            if (
                given
                and given[0].arg == node.value.id
                and isinstance(home, ast.ClassDef)
            ):
                return home
    name = context.qualified_name(node.value)
    for each in ast.walk(context.tree):
        if isinstance(each, ast.ClassDef) and name == f".{each.name}":
            return each
    return None


def stores(context: Context, owner: ast.ClassDef, name: str) -> Iterator[ast.expr]:
    """Every value that a class gives an attribute: annotations where no value is."""
    for node in ast.walk(owner):
        match node:
            case ast.Assign(targets=targets, value=value):
                if any(_is_store(owner, context, target, name) for target in targets):
                    yield value
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                if _is_store(owner, context, target, name):
                    plain = value is None or isinstance(value, ast.Constant)
                    yield annotation if plain or value is None else value
            case ast.withitem(
                context_expr=value, optional_vars=ast.Attribute() as target
            ):
                if _is_store(owner, context, target, name):
                    yield value


def _is_store(
    owner: ast.ClassDef, context: Context, target: ast.expr, name: str
) -> bool:
    match target:
        case ast.Attribute(attr=attr):
            return attr == name and owner_of(context, target) is owner
        case ast.Name(id=bound):
            home = context.parent(context.statement(target))
            return bound == name and home is owner
    return False


def calls_to(context: Context, function: Defined) -> list[ast.Call]:
    """Every call in the file that reaches one of its functions."""
    return [
        node
        for node in ast.walk(context.tree)
        if isinstance(node, ast.Call)
        and _last_name(node.func) == function.name
        and context.function_called(node) is function
    ]


def _last_name(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def parameters(function: Defined) -> list[str]:
    return [each.arg for each in [*function.args.posonlyargs, *function.args.args]]


def argument_for(call: ast.Call, function: Defined, name: str) -> ast.expr | None:
    """What a call passes for a parameter, by name or by place."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = parameters(function)
    if name not in names:
        return None
    index = names.index(name) - isinstance(call.func, ast.Attribute)
    plain = not any(isinstance(each, ast.Starred) for each in call.args)
    return call.args[index] if plain and 0 <= index < len(call.args) else None


def parameter_for(call: ast.Call, function: Defined, given: ast.expr) -> str | None:
    """The parameter that receives an argument of a call."""
    for keyword in call.keywords:
        if keyword.value is given:
            return keyword.arg
    if given not in call.args or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    index = call.args.index(given) + isinstance(call.func, ast.Attribute)
    names = parameters(function)
    return names[index] if index < len(names) else None
