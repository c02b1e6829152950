"""One walk over a module that finds its scopes and everything that binds a name."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from codemods.facts.children import children
from codemods.facts.scopes import (
    Comprehension,
    Definition,
    Function,
    Kind,
    Scope,
    ScopeNode,
    Scopes,
)
from codemods.facts.stars import may_bind

_SEES_NAMES = {"exec", "eval", "locals", "vars", "globals", "dir"}
_SEES_MODULE = {"exec", "eval", "globals"}
# What only looks at the dict that globals() returns.
_LOOKS = {"get", "keys", "items", "values", "copy"}


_TYPE_ALIAS: tuple[type[ast.AST], ...] = (
    (getattr(ast, "TypeAlias"),) if sys.version_info >= (3, 12) else ()  # noqa: B009
)


def build(root: ast.Module) -> Scopes:
    """The scopes of a module, in one walk."""
    builder = _Builder()
    module = Scope(root, None)
    builder.of_node[root] = module
    builder.statements(root.body, module)
    builder.settle(module)
    return Scopes(module, builder.of_name, builder.of_node, builder.bound_by)


# Nodes that bind nothing themselves and hide nothing that does: most of them all.
_PLAIN = {
    ast.Expr, ast.Return, ast.If, ast.While, ast.BinOp, ast.BoolOp, ast.UnaryOp,
    ast.Tuple, ast.List, ast.Dict, ast.Set, ast.keyword, ast.IfExp, ast.JoinedStr,
    ast.FormattedValue, ast.Starred, ast.Slice, ast.Raise, ast.Assert, ast.Try,
    ast.With, ast.Constant,
}  # fmt: skip


class _Builder:
    def __init__(self) -> None:
        self.of_name: dict[ast.Name, Scope] = {}
        # Calls of globals() or locals() whose result is only looked at.
        self.looking: set[ast.expr] = set()
        self.of_node: dict[ast.AST, Scope] = {}
        self.bound_by: dict[ast.AST, Definition] = {}
        self.stars: list[tuple[str, ast.alias]] = []

    def bind(self, scope: Scope, definition: Definition) -> None:
        self.bound_by[definition.node] = definition
        scope.definitions.setdefault(definition.name, []).append(definition)

    def open(self, node: ScopeNode, parent: Scope) -> Scope:
        scope = Scope(node, parent)
        parent.children.append(scope)
        self.of_node[node] = scope
        return scope

    def statements(self, body: list[ast.stmt], scope: Scope) -> None:
        for statement in body:
            self.visit(statement, scope)

    def visit(self, node: ast.AST, scope: Scope) -> None:
        if type(node) in _PLAIN:
            self.children(node, scope)
            return
        match node:
            case ast.Name():
                self.of_name[node] = scope
                scope.names.append(node)
                if node.id in _SEES_NAMES:
                    scope.frame.dynamic = True
                    scope.module.dynamic |= node.id in _SEES_MODULE
                if isinstance(node.ctx, ast.Del):
                    self.bind(scope, Definition(node.id, "delete", node))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self.function(node, scope)
            case ast.ClassDef():
                self.class_(node, scope)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self.comprehension(node, scope)
            case ast.Global():
                scope.globals.update(node.names)
            case ast.Nonlocal():
                scope.nonlocals.update(node.names)
            case ast.Import() | ast.ImportFrom():
                self.imports(node, scope)
            case ast.Call():
                self.call(node, scope)
            case _:
                self.simple(node, scope)

    def call(self, node: ast.Call, scope: Scope) -> None:
        match node.func:
            case ast.Name(id="exec") if len(node.args) < 2:
                scope.frame.unseen = scope.module.unseen = True
            case ast.Name(id="globals") if node not in self.looking:
                scope.module.unseen = True
            case ast.Name(id="locals" | "vars") if node not in self.looking:
                # A function's own names are out of reach of what locals() returns.
                if not node.args and not isinstance(scope.frame.node, Function):
                    scope.frame.unseen = True
        self.children(node, scope)

    def children(self, node: ast.AST, scope: Scope) -> None:
        for child in children(node):
            if type(child) is not ast.Constant:
                self.visit(child, scope)

    def simple(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Assign():
                for target in node.targets:
                    self.target(target, "assign", node.value, scope)
            case ast.AnnAssign():
                self.target(node.target, "assign", node.value, scope, node.annotation)
            case ast.AugAssign(target=ast.Name() as target):
                self.bind(
                    scope,
                    Definition(target.id, "augment", target, node.value, op=node.op),
                )
            case ast.For() | ast.AsyncFor():
                self.target(node.target, "for", node.iter, scope)
            case ast.withitem():
                if node.optional_vars is not None:
                    self.target(node.optional_vars, "with", node.context_expr, scope)
            case ast.NamedExpr():
                home = scope.frame
                definition = Definition(
                    node.target.id, "walrus", node.target, node.value
                )
                self.bind(home, definition)
                if scope.in_generator:
                    home.shared.add(node.target.id)
            case ast.ExceptHandler() if node.name:
                self.bind(scope, Definition(node.name, "except", node))
            case ast.MatchAs() | ast.MatchStar() if node.name:
                self.bind(scope, Definition(node.name, "match", node))
            case ast.MatchMapping() if node.rest:
                self.bind(scope, Definition(node.rest, "match", node))
            case ast.Subscript(value=ast.Call() as looked, ctx=ast.Load()):
                self.looking.add(looked)
            case ast.Attribute(value=ast.Call() as looked, attr=attr):
                if attr in _LOOKS:
                    self.looking.add(looked)
            case ast.Compare(comparators=[ast.Call() as looked]):
                self.looking.add(looked)
            case _ if isinstance(node, _TYPE_ALIAS):
                self.type_alias(node, scope)
                return
        self.children(node, scope)

    def type_alias(self, node: ast.AST, scope: Scope) -> None:
        """`type X[T] = ...`, on interpreters that know it: the value runs later."""
        name, value = getattr(node, "name"), getattr(node, "value")  # noqa: B009
        self.bind(scope, Definition(name.id, "type", name))
        self.of_name[name] = scope
        inner = self.type_parameters(node, scope)
        self.visit(value, inner)

    def type_parameters(self, node: ast.AST, scope: Scope) -> Scope:
        """The scope between a generic definition and what is around it."""
        parameters: list[ast.AST] = getattr(node, "type_params", [])
        if not parameters:
            return scope
        inner = self.open(parameters[0], scope)
        for parameter in parameters:
            name = getattr(parameter, "name")  # noqa: B009
            self.bind(inner, Definition(name, "type", parameter))
            self.children(parameter, inner)
        return inner

    def target(
        self,
        target: ast.expr,
        kind: Kind,
        value: ast.expr | None,
        scope: Scope,
        annotation: ast.expr | None = None,
    ) -> None:
        match target:
            case ast.Name():
                self.bind(scope, Definition(target.id, kind, target, value, annotation))
            case ast.Tuple() | ast.List():
                inner: Kind = "unpack" if kind == "assign" else kind
                for element in target.elts:
                    self.unpacked(element, inner, value, scope)
            case _:
                pass

    def unpacked(
        self, target: ast.expr, kind: Kind, value: ast.expr | None, scope: Scope
    ) -> None:
        if isinstance(target, ast.Starred):
            target = target.value
        if isinstance(target, ast.Name):
            # A part of the value: which one, only the target's place tells.
            self.bind(scope, Definition(target.id, "unpack", target, value))
        else:
            self.target(target, "unpack" if kind == "assign" else kind, value, scope)

    def imports(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if alias.name == "*":
                assert isinstance(node, ast.ImportFrom)
                source = "." * node.level + (node.module or "")
                scope.module.stars.append(source)
                self.stars.append((source, alias))
                continue
            name = alias.asname or alias.name.partition(".")[0]
            self.bind(scope, Definition(name, "import", alias))

    def function(self, node: Function, scope: Scope) -> None:
        generic = self.type_parameters(node, scope)
        inner = self.open(node, generic)
        arguments = node.args
        for default in [*arguments.defaults, *arguments.kw_defaults]:
            if default is not None:
                self.visit(default, scope)
        for argument, default in _parameters(arguments):
            if argument.annotation is not None:
                self.visit(argument.annotation, generic)
            # `*args: str` says what the tuple holds, and not what `args` is.
            several = argument in (arguments.vararg, arguments.kwarg)
            annotation = None if several else argument.annotation
            definition = Definition(
                argument.arg, "param", argument, default, annotation
            )
            self.bind(inner, definition)
        if isinstance(node, ast.Lambda):
            self.visit(node.body, inner)
            return
        for decorator in node.decorator_list:
            self.visit(decorator, scope)
        if node.returns is not None:
            self.visit(node.returns, generic)
        self.bind(scope, Definition(node.name, "def", node))
        self.statements(node.body, inner)

    def class_(self, node: ast.ClassDef, scope: Scope) -> None:
        generic = self.type_parameters(node, scope)
        inner = self.open(node, generic)
        for decorator in node.decorator_list:
            self.visit(decorator, scope)
        for part in [*node.bases, *node.keywords]:
            self.visit(part, generic)
        self.bind(scope, Definition(node.name, "class", node))
        self.statements(node.body, inner)

    def comprehension(self, node: Comprehension, scope: Scope) -> None:
        inner = self.open(node, scope)
        for index, generator in enumerate(node.generators):
            self.visit(generator.iter, scope if index == 0 else inner)
            self.target(generator.target, "for", generator.iter, inner)
            self.visit(generator.target, inner)
            for condition in generator.ifs:
                self.visit(condition, inner)
        if isinstance(node, ast.DictComp):
            self.visit(node.key, inner)
            if node.value is not None:
                self.visit(node.value, inner)
        else:
            self.visit(node.elt, inner)

    def settle(self, module: Scope) -> None:
        """Move what global and nonlocal rebind to the scope that owns it."""
        for scope in module.walk():
            for name in scope.globals | scope.nonlocals:
                foreign = scope.definitions.pop(name, [])
                owner = module if name in scope.globals else _outer(scope, name)
                if owner is not None and foreign:
                    owner.definitions.setdefault(name, []).extend(foreign)
                    owner.shared.add(name)
        for source, alias in self.stars:
            for name, definitions in module.definitions.items():
                if may_bind(source, name):
                    definitions.append(Definition(name, "unknown", alias))


def _outer(scope: Scope, name: str) -> Scope | None:
    """The function around `scope` whose variable `nonlocal name` means."""
    up = scope.parent
    while up is not None and isinstance(up.node, ast.ClassDef):
        up = up.parent
    return up.find_owner(name) if up is not None else None


def _parameters(
    arguments: ast.arguments,
) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    plain = [*arguments.posonlyargs, *arguments.args]
    missing = len(plain) - len(arguments.defaults)
    yield from zip(plain, [*[None] * missing, *arguments.defaults], strict=True)
    yield from zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    for extra in (arguments.vararg, arguments.kwarg):
        if extra is not None:
            yield extra, None
