"""Answers to what a judge asks, computed from a file's ast and nothing else."""

from __future__ import annotations

import ast
import builtins
from functools import cached_property

from codemods.facts import binding, calls, patches, purity
from codemods.facts.flow import Flow
from codemods.facts.inference import Types
from codemods.facts.scopes import Definition, Scopes
from codemods.facts.stars import source_of
from codemods.facts.tree import Tree
from codemods.facts.types import NONE, Type, union


class Facts:
    """All that is known of one file, each part built when first asked for."""

    def __init__(self, code: bytes) -> None:
        self.tree = Tree(code)

    @cached_property
    def scopes(self) -> Scopes:
        return binding.build(self.tree.root)

    @cached_property
    def flow(self) -> Flow:
        return Flow(self.scopes)

    @cached_property
    def types(self) -> Types:
        return Types(
            self.qualified_name, self.flow.reaching, self._local_return, self.unchanged
        )

    def qualified_name(self, node: ast.expr) -> str | None:
        """`subprocess.run` for any spelling of it; a builtin's bare name.

        A class of the file is `.Name`; None for what is not known to be one thing.
        """
        return self._qualified(node, frozenset())

    def _qualified(self, node: ast.expr, seen: frozenset[ast.AST]) -> str | None:
        match node:
            case ast.Attribute(value=value, attr=attr):
                held = self._qualified(value, seen)
                return f"{held}.{attr}" if held else None
            case ast.Name():
                return self._name(node, seen)
        return None

    def _name(self, node: ast.Name, seen: frozenset[ast.AST]) -> str | None:
        scope = self.scopes.of_name.get(node)
        if scope is None:
            return None
        if scope.owner(node.id) is None:
            return self._builtin(node.id)
        definitions = [d for d in self.flow.reaching(node) if d.kind != "unbound"]
        if isinstance(self.tree.parent(node), ast.Attribute):
            # None has no attributes: `except ImportError: json = None` is not meant.
            definitions = [d for d in definitions if not _is_none(d)] or definitions
        found = {self._defined(each, seen) for each in definitions}
        return found.pop() if len(found) == 1 else None

    def _builtin(self, name: str) -> str | None:
        module = self.scopes.module
        if module.unseen:
            return None
        match source_of(module.stars, name):
            case None:
                return name if hasattr(builtins, name) else None
            case "":
                return None
            case source:
                return f"{source}.{name}"

    def _defined(self, definition: Definition, seen: frozenset[ast.AST]) -> str | None:
        node = definition.node
        if node in seen:
            return None
        match node:
            case ast.alias():
                return self.imported(node)
            case ast.ClassDef():
                return f".{node.name}"
        if definition.kind == "assign":
            match definition.value:
                case ast.Name() | ast.Attribute() as value:
                    return self._qualified(value, seen | {node})
        return None

    def imported(self, alias: ast.alias) -> str:
        """The qualified name that an import binds; relative ones start with a dot."""
        statement = self.tree.parent(alias)
        if isinstance(statement, ast.ImportFrom):
            base = "." * statement.level + (statement.module or "")
            return f"{base}.{alias.name}" if statement.module else base + alias.name
        return alias.name if alias.asname else alias.name.partition(".")[0]

    def function_called(self, call: ast.Call) -> calls.Defined | None:
        return calls.function_called(self.tree, self.flow, call)

    def is_pure(self, node: ast.expr) -> bool:
        return purity.is_pure(node, self.qualified_name, self.types.of)

    @cached_property
    def patched(self) -> frozenset[str]:
        """The names of libraries that the file gives another meaning."""
        return patches.patched(self.tree, self.qualified_name)

    def is_patched(self, qualified: str) -> bool:
        """Whether the file puts something else in the place of a library's name."""
        return patches.is_patched(self.patched, qualified)

    def unchanged(self, definition: Definition) -> bool:
        """Whether every reader of a binding only looks at the object it holds."""
        return all(self.only_looks(name) for name in self.flow.readers(definition))

    def only_looks(self, name: ast.Name) -> bool:
        """Whether a read of a name neither alters nor hands on the object it holds."""
        up = self.tree.parent(name)
        match up:
            case ast.For(iter=it) | ast.comprehension(iter=it):
                return it is name
            case ast.Subscript(value=value, ctx=ast.Load()):
                return value is name or up.slice is name
            case ast.Attribute(attr="items" | "keys" | "values" | "get") as method:
                call = self.tree.parent(method)
                return isinstance(call, ast.Call) and call.func is method
            case ast.Compare() | ast.Starred() | ast.FormattedValue() | ast.BinOp():
                return True
            case ast.If() | ast.While() | ast.Assert() | ast.UnaryOp():
                return True
            case ast.Call(args=[*given]) if name in given:
                joins = isinstance(up.func, ast.Attribute) and up.func.attr == "join"
                called = self.qualified_name(up.func)
                return joins or called in purity.PURE_BUILTINS | purity.PURE_FUNCTIONS
        return False

    def _local_return(self, call: ast.Call) -> Type | None:
        """The type that a function of this file returns, by annotation or by sight."""
        function = self.function_called(call)
        if function is None or isinstance(function, ast.AsyncFunctionDef):
            return None
        if function.returns is not None:
            return self.types.annotated(function.returns)
        own = list(_own_nodes(function))
        if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own):
            return None
        returned = [
            self.types.of(node.value) if node.value is not None else NONE
            for node in own
            if isinstance(node, ast.Return)
        ]
        ends = isinstance(function.body[-1], ast.Return | ast.Raise)
        return union(returned if ends else [*returned, NONE])


def _is_none(definition: Definition) -> bool:
    value = definition.value
    none = isinstance(value, ast.Constant) and value.value is None
    return none and definition.kind == "assign"


def _own_nodes(function: calls.Defined) -> list[ast.AST]:
    """The nodes that run when `function` runs: none of nested definitions."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(
            node,
            ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda,
        ):
            stack.extend(ast.iter_child_nodes(node))
    return found
