"""Where an import goes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from itertools import pairwise

from codemods.facts import Facts
from codemods.facts.tree import Tree
from codemods.model import Edit


def additions(facts: Facts, wanted: Iterable[str]) -> list[Edit]:
    """Edits that make modules ("subprocess") or names ("os.path:join") importable.

    Each goes behind the imports at the head of the file, or into their alphabetical
    order where they are in order; nothing is added that is there already.
    """
    missing = [each for each in sorted(set(wanted)) if not _present(facts, each)]
    if not missing:
        return []
    newline = facts.tree.newline
    if _head(facts.tree):
        return [_into_head(facts.tree, each, newline) for each in missing]
    return [_first(facts.tree, missing, newline)]


def _statement(wanted: str) -> str:
    module, _, name = wanted.partition(":")
    return f"from {module} import {name}" if name else f"import {module}"


def _present(facts: Facts, wanted: str) -> bool:
    module, _, name = wanted.partition(":")
    bound = name or module.partition(".")[0]
    return any(
        isinstance(each.node, ast.alias)
        and facts.tree.parent(each.node) in facts.tree.root.body
        and each.node.asname is None
        and _imports(facts, each.node, module, name)
        for each in facts.scopes.module.definitions.get(bound, ())
    )


def _imports(facts: Facts, alias: ast.alias, module: str, name: str) -> bool:
    if name:
        return facts.imported(alias) == f"{module}.{name}"
    return isinstance(facts.tree.parent(alias), ast.Import) and alias.name == module


def _head(tree: Tree) -> list[ast.Import | ast.ImportFrom]:
    """The imports at the top of the file, `from __future__` left out.

    Only those that have their lines for themselves.
    """
    found: list[ast.Import | ast.ImportFrom] = []
    for index, statement in enumerate(tree.root.body):
        match statement:
            case ast.ImportFrom(module="__future__"):
                pass
            case ast.Import() | ast.ImportFrom() if _alone(tree, statement):
                found.append(statement)
            case _ if index > 0 or not _is_docstring(statement):
                break
    return found


def _is_docstring(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def _alone(tree: Tree, statement: ast.stmt) -> bool:
    """Whether a statement's lines hold no other one."""
    start, end = tree.span(statement)
    before = tree.code[tree.line_starts[tree.line(start) - 1] : start]
    behind = tree.code[end : _line_after(tree, end)].strip()
    return not before.strip() and (not behind or behind.startswith(b"#"))


def _line_after(tree: Tree, offset: int) -> int:
    line = tree.line(offset)
    return tree.line_starts[line] if line < len(tree.line_starts) else len(tree.code)


def _into_head(tree: Tree, wanted: str, newline: str) -> Edit:
    """Before the first import of its kind that sorts behind it, else after the last.

    Plain imports go before `from` imports where a block has none of their kind.
    """
    module, _, name = wanted.partition(":")
    block = _block(tree, module)
    like = [each for each in block if isinstance(each, ast.Import) != bool(name)]
    names = [_module_of(each) for each in like]
    if names == sorted(names):
        for each, other in zip(like, names, strict=True):
            if module.lower() < other:
                start = tree.span(each)[0]
                return Edit(start, start, _statement(wanted) + newline)
    if not like and not name:
        start = tree.span(block[0])[0]
        return Edit(start, start, _statement(wanted) + newline)
    last = like[-1] if like else block[-1]
    at = _line_after(tree, tree.span(last)[1])
    if tree.code[:at].endswith((b"\n", b"\r")):
        return Edit(at, at, _statement(wanted) + newline)
    return Edit(at, at, newline + _statement(wanted))


def _block(tree: Tree, module: str) -> list[ast.Import | ast.ImportFrom]:
    """The imports, up to a blank line, among which an import of `module` belongs."""
    blocks: list[list[ast.Import | ast.ImportFrom]] = []
    end = 0
    for statement in _head(tree):
        start = tree.span(statement)[0]
        between = tree.code[end:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not blocks or b"\n\n" in between:
            blocks.append([])
        blocks[-1].append(statement)
        end = tree.span(statement)[1]
    if _standard(module):
        for block in blocks:
            if any(_standard(_module_of(each)) for each in block):
                return block
        return blocks[0]
    return blocks[-1]


def _standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _module_of(statement: ast.Import | ast.ImportFrom) -> str:
    if isinstance(statement, ast.Import):
        return statement.names[0].name.lower()
    return (statement.module or "").lower()


def _first(tree: Tree, missing: list[str], newline: str) -> Edit:
    """The first imports of a file: after its comments, docstring and `__future__`."""
    statements = [_statement(each) for each in missing]
    lines = "".join(f"{each}{newline}" for each in statements)
    last: ast.stmt | None = None
    for index, statement in enumerate(tree.root.body):
        future = (
            isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        )
        if not future and (index > 0 or not _is_docstring(statement)):
            break
        last = statement
    if last is None:
        at = _behind_comments(tree)
        return Edit(at, at, lines + newline * _blank_lines(tree, at))
    end = tree.span(last)[1]
    at = _line_after(tree, end)
    behind = tree.code[end:at].strip()
    if behind and not behind.startswith(b"#"):
        # The line goes on with code that may need the import.
        return Edit(end, end, "".join(f"; {each}" for each in statements))
    if tree.code[:at].endswith((b"\n", b"\r")):
        blank = not tree.code[at : _line_after(tree, at)].strip()
        return Edit(at, at, newline + lines + ("" if blank else newline))
    return Edit(at, at, newline * 2 + lines.removesuffix(newline))


def _blank_lines(tree: Tree, at: int) -> int:
    """How many belong between an import and what stands there: two before a `def`."""
    if not tree.root.body:
        return 0
    definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    first = tree.root.body[0]
    return 2 if isinstance(first, definition) and tree.span(first)[0] == at else 1


def _behind_comments(tree: Tree) -> int:
    """Where the first statement's own lines begin, a licence or `#!` left out.

    Comments that touch the first statement are its own if a blank line is before.
    """
    if not tree.root.body:
        return len(tree.code)
    first = tree.line(tree.span(tree.root.body[0])[0]) - 1
    lines = [
        tree.code[start:end].strip()
        for start, end in pairwise(tree.line_starts[: first + 1])
    ]
    while lines and lines[-1]:
        lines.pop()
    return tree.line_starts[len(lines) if lines else first]
