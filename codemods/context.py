"""The questions a judge may ask of the file it looks at, and the edits it may make.

Every question takes a node of `ast` or of `libcst`; answers are computed from the
file's ast.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from codemods.facts import Facts
from codemods.facts.scopes import Definition, Scope
from codemods.facts.types import Type
from codemods.model import Edit, OptionValue

if TYPE_CHECKING:
    import libcst as cst

    from codemods.facts.calls import Defined
    from codemods.facts.tree import Span
    from codemods.fragment import Fragment

    Node = ast.AST | cst.CSTNode

T = TypeVar("T", bound=ast.AST)


class Context:
    """What a judge knows of one file; `options` are its codemod's settings."""

    def __init__(self, facts: Facts, options: Mapping[str, OptionValue]) -> None:
        self.facts = facts
        self.options = options
        self._fragments: dict[ast.stmt, Fragment] = {}

    # -- the tree

    @property
    def tree(self) -> ast.Module:
        return self.facts.tree.root

    def every(self, *kinds: type[T]) -> list[T]:
        """The file's nodes of just these ast classes, in the order they begin."""
        return self.facts.tree.every(*kinds)

    def abstract(self, node: Node) -> ast.AST:
        """The ast node of a libcst node that this context handed out.

        Raises LookupError for a node that it did not, or that has no twin.
        """
        if isinstance(node, ast.AST):
            return node
        from codemods.fragment import ast_twin

        for fragment in self._fragments.values():
            span = fragment.spans.get(node)
            if span is not None:
                twin = ast_twin(self.facts.tree, node, span)
                if twin is not None:
                    return twin
        raise LookupError(f"no ast node stands where this {type(node).__name__} does")

    def expr(self, node: Node) -> ast.expr:
        found = self.abstract(node)
        if not isinstance(found, ast.expr):
            raise TypeError(f"not an expression: {type(found).__name__}")
        return found

    def concrete(self, node: ast.AST) -> cst.CSTNode:
        """A libcst node of an ast expression or statement, to build a rewrite from."""
        from codemods.fragment import concrete_expression

        if isinstance(node, ast.stmt):
            return self.fragment(node).statement
        return concrete_expression(self.text(node))

    def fragment(self, statement: ast.stmt) -> Fragment:
        """The libcst module that holds one statement."""
        from codemods.fragment import Fragment

        if statement not in self._fragments:
            self._fragments[statement] = Fragment.of(self.facts.tree, statement)
        return self._fragments[statement]

    def span(self, node: Node) -> Span:
        """Start and end offsets in the file's UTF-8 text."""
        return self.facts.tree.span(self.abstract(node))

    def text(self, node: Node) -> str:
        return self.facts.tree.text(self.abstract(node))

    def line(self, node: Node) -> int:
        return self.facts.tree.line(self.span(node)[0])

    def parent(self, node: Node) -> ast.AST | None:
        return self.facts.tree.parent(self.abstract(node))

    def ancestors(self, node: Node) -> Iterator[ast.AST]:
        return self.facts.tree.ancestors(self.abstract(node))

    def statement(self, node: Node) -> ast.stmt:
        return self.facts.tree.statement(self.abstract(node))

    def enclosing(self, node: Node, kind: type[T]) -> T | None:
        """The nearest node of a class around `node`, not `node` itself."""
        for up in self.ancestors(node):
            if isinstance(up, kind):
                return up
        return None

    # -- names, types and flow

    def qualified_name(self, node: Node) -> str | None:
        """`subprocess.run` for any spelling of it; a builtin's bare name."""
        return self.facts.qualified_name(self.expr(node))

    def is_builtin(self, node: Node, name: str) -> bool:
        found = self.abstract(node)
        return isinstance(found, ast.Name) and self.qualified_name(found) == name

    def type_of(self, node: Node) -> Type | None:
        return self.facts.types.of(self.expr(node))

    def definitions(self, name: ast.Name) -> tuple[Definition, ...]:
        """The bindings that may hold here, in order; "unbound" where none may."""
        return _in_order(self.facts.flow.reaching(name))

    def definitions_at(self, statement: ast.stmt, name: str) -> tuple[Definition, ...]:
        """The bindings of `name` that may hold just before a statement."""
        return _in_order(self.facts.flow.at(statement, name))

    def value_of(self, name: ast.Name) -> ast.expr | None:
        """The one expression whose value `name` holds here, if there is just one."""
        bound = [d for d in self.definitions(name) if d.kind != "unbound"]
        if len(bound) == 1 and bound[0].kind in ("assign", "walrus"):
            return bound[0].value
        return None

    def still_holds(self, value: ast.expr, at: ast.stmt) -> bool:
        """Whether every name in `value` means before `at` what it meant where it is.

        Nothing is said of ways to `at` that do not come by `value`, and objects that
        names hold may have been changed.
        """
        return self.facts.flow.still_holds(value, at)

    def uses(self, definition: Definition) -> list[ast.Name]:
        """Every place that may read what a binding bound."""
        return self.facts.flow.readers(definition)

    def bindings(self, node: Node) -> list[Definition]:
        """What the code inside `node` binds, in the order it is written."""
        bound_by = self.facts.scopes.bound_by
        inside = [bound_by[e] for e in ast.walk(self.abstract(node)) if e in bound_by]
        return list(_in_order(frozenset(inside)))

    def live_after(self, statement: ast.stmt) -> frozenset[str]:
        """Names bound inside a statement and read, with that value, outside it."""
        if self.scope(statement).frame.dynamic:
            # exec, eval or locals() may read any of them.
            return frozenset(each.name for each in self.bindings(statement))
        inside = set(ast.walk(statement))
        return frozenset(
            definition.name
            for definition in self.bindings(statement)
            if any(name not in inside for name in self.uses(definition))
        )

    def is_pure(self, node: Node) -> bool:
        return self.facts.is_pure(self.expr(node))

    def function_called(self, call: Node) -> Defined | None:
        found = self.abstract(call)
        assert isinstance(found, ast.Call)
        return self.facts.function_called(found)

    def scope(self, node: Node) -> Scope:
        """The scope in which a node's names are looked up."""
        found = self.abstract(node)
        if isinstance(found, ast.Name) and found in self.facts.scopes.of_name:
            return self.facts.scopes.of_name[found]
        for up in self.ancestors(found):
            if up in self.facts.scopes.of_node:
                return self.facts.scopes.of_node[up]
        return self.facts.scopes.module

    def fresh_name(self, node: Node, preferred: str, *more: str) -> str:
        """`preferred`, or what it must become to clash with no name in view there.

        `more` are names that are taken besides.
        """
        from codemods.spelling import fresh_name

        return fresh_name(self.scope(node).frame, preferred, more)

    def spelling(self, qualified: str, at: ast.stmt) -> tuple[str, tuple[str, ...]]:
        """How `subprocess.run` may be written at a statement, and the imports needed.

        Raises LookupError where the module's name means something else there.
        """
        from codemods.spelling import spelling

        return spelling(self.facts, qualified, at)

    # -- edits

    def replace(self, node: ast.AST, new: cst.CSTNode | str) -> Edit:
        """Put `new` where `node` stands; parentheses are added where they are needed.

        For a statement, text is written at the margin and is moved right as needed.
        """
        from codemods import rewriting

        tree = self.facts.tree
        start, end = self.span(node)
        if isinstance(node, ast.stmt):
            return Edit(start, end, self._statement_text(node, new))
        code = new if isinstance(new, str) else _code(new)
        if isinstance(node, ast.expr):
            code = rewriting.fitted(tree, node, code)
        return Edit(start, end, code)

    def insert_before(self, statement: ast.stmt, code: str) -> Edit:
        """Statements, written at the margin, on lines of their own before another.

        Raises ValueError where the statement does not begin a line.
        """
        from codemods import rewriting

        return rewriting.inserted(self.facts.tree, statement, code)

    def margin(self, statement: ast.stmt) -> str:
        """The white space that a statement's line begins with."""
        from codemods.fragment import indentation

        return indentation(self.facts.tree, self.span(statement)[0])

    def begins_line(self, statement: ast.stmt) -> bool:
        from codemods import rewriting

        return rewriting.begins_line(self.facts.tree, statement)

    def delete(self, statement: ast.stmt) -> Edit:
        """Take a statement out with its line; `pass` where its block would be empty."""
        from codemods.deletion import deletion

        return deletion(self.facts.tree, statement)

    def _statement_text(self, statement: ast.stmt, new: cst.CSTNode | str) -> str:
        if isinstance(new, str):
            from codemods import rewriting

            return rewriting.moved(self.facts.tree, statement, new)
        import libcst as cst

        assert isinstance(new, cst.SimpleStatementLine | cst.BaseCompoundStatement)
        return self.fragment(statement).render(new)


def _in_order(found: frozenset[Definition]) -> tuple[Definition, ...]:
    def place(definition: Definition) -> tuple[int, int]:
        node = definition.node
        return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)

    return tuple(sorted(found, key=place))


def _code(node: cst.CSTNode) -> str:
    import libcst as cst

    return cst.Module([]).code_for_node(node)
