"""A piece of a file as a program of its own: what it needs comes along.

Imports, functions, classes and constants of the file are taken over; a name that only
a caller or another package could fill becomes an input (see `guesses`).
"""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from codemods.context import Context
from codemods.evidence.guesses import Guess, guess, may_be_none
from codemods.facts.scopes import Definition

MOST_INCLUDED = 60
OWN_DECORATORS = {"staticmethod", "classmethod", "property"}
Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Needs:
    """What a piece needs: statements of the module, of its function, and inputs.

    `piece` has all its nodes in the order of `ast.walk`, so that what is made of them
    is the same each time. `optional` are the inputs that may be None, `replaced`
    expressions by their text that are inputs as a whole.
    """

    context: Context
    piece: Mapping[ast.AST, None]
    replaced: Mapping[str, str] = field(default_factory=dict)
    module: dict[ast.stmt, None] = field(default_factory=dict)
    local: dict[ast.stmt, None] = field(default_factory=dict)
    inputs: dict[str, Guess] = field(default_factory=dict)
    methods: dict[str, dict[ast.stmt, None]] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    taken: set[ast.AST] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    optional: set[str] = field(default_factory=set)

    # -- finding out

    def need(self, node: ast.AST) -> None:
        """Whatever `node` reads that is not of the piece itself."""
        for each in self.walk(node):
            if isinstance(each, ast.Name):
                self.name(each)
            elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
                self.method(each.value, each.attr)

    def walk(self, node: ast.AST) -> Iterator[ast.AST]:
        """Like ast.walk, but not into what is replaced, nor into annotations."""
        if isinstance(node, ast.expr) and ast.unparse(node) in self.replaced:
            return
        yield node
        for name, child in ast.iter_fields(node):
            if name in ("annotation", "returns"):
                continue
            for each in child if isinstance(child, list) else [child]:
                if isinstance(each, ast.AST):
                    yield from self.walk(each)

    def name(self, name: ast.Name) -> None:
        written = isinstance(name.ctx, ast.Store)
        augments = isinstance(self.context.parent(name), ast.AugAssign)
        if isinstance(name.ctx, ast.Del) or (written and not augments):
            return
        if name.id in self.inputs:
            return
        outside = self.outside(name)
        if outside is None:
            if not hasattr(builtins, name.id):
                self.unknown[name.id] = None
        elif outside:
            self.bound(name, outside)

    def outside(self, name: ast.Name) -> list[Definition] | None:
        """The bindings behind a name that are not of the piece; None for a builtin."""
        context = self.context
        if isinstance(name.ctx, ast.Store):
            found = context.definitions_at(context.statement(name), name.id)
        else:
            found = context.definitions(name)
        if not found:
            return None
        real = [each for each in found if each.kind not in ("unbound", "unknown")]
        if not real:
            return None
        return [
            each
            for each in real
            if each.node not in self.piece
            and (each.kind == "import" or each.node not in self.taken)
        ]

    def bound(self, name: ast.Name, outside: Sequence[Definition]) -> None:
        """Take the one statement that binds a name along, or make it an input."""
        only = outside[0] if len(outside) == 1 else None
        owner = self.context.scope(name).owner(name.id)
        in_module = owner is not None and owner.parent is None
        if only is not None and self.takes(only, in_module=in_module):
            return
        if in_module:
            self.unknown[name.id] = None
            return
        self.input(name)

    def takes(self, only: Definition, *, in_module: bool) -> bool:
        statement = self.context.statement(only.node)
        if self.context.parent(statement) is self.context.tree and not in_module:
            in_module = True
        match only.kind:
            case "import":
                self.imported.add(only.name)
            case "def" | "class" if isinstance(only.node, ast.stmt):
                statement = only.node
            case "assign" if self.is_plain(statement) and only.value is not None:
                if not in_module and self.is_unknown(only.value):
                    return False
            case _:
                return False
        place = self.module if in_module else self.local
        if len(self.module) + len(self.local) > MOST_INCLUDED:
            return False
        self.take(statement, place)
        return True

    def take(self, statement: ast.stmt, place: dict[ast.stmt, None]) -> None:
        """Add a statement to those of a place, and what it needs in turn."""
        if statement in place:
            return
        place[statement] = None
        self.taken.update(ast.walk(statement))
        if not _is_import(statement):
            self.need(statement)

    def is_plain(self, statement: ast.stmt) -> bool:
        waits = (ast.Await, ast.Yield, ast.YieldFrom)
        return isinstance(statement, ast.Assign | ast.AnnAssign) and not any(
            isinstance(each, waits) for each in ast.walk(statement)
        )

    def is_unknown(self, value: ast.expr) -> bool:
        """Whether a value comes from what cannot be seen: a guess may fit better."""
        while isinstance(value, ast.Call | ast.Attribute | ast.Subscript):
            value = value.func if isinstance(value, ast.Call) else value.value
        if not isinstance(value, ast.Name):
            return False
        found = self.context.definitions(value)
        return any(each.kind in ("param", "for", "with", "unpack") for each in found)

    def input(self, name: ast.Name) -> None:
        reads = [
            each
            for each in self.context.facts.scopes.named.get(name.id, ())
            if each in self.piece
        ]
        self.inputs[name.id] = guess(name.id, reads or [name], self.context)
        if any(may_be_none(each, self.context) for each in reads or [name]):
            self.optional.add(name.id)

    def method(self, receiver: ast.Name, attr: str) -> None:
        """Take a method of the receiver's own class along, where it has just one."""
        found = _own_class(self.context, receiver)
        if found is None:
            return
        for statement in found.body:
            fits = isinstance(statement, Functions) and statement.name == attr
            if fits or _is_constant(statement, attr):
                held = self.methods.setdefault(receiver.id, {})
                known = statement in held
                if known or (
                    isinstance(statement, Functions) and _decorated(statement)
                ):
                    return
                self.take(statement, held)

    # -- writing

    def program(self, piece: Iterable[ast.stmt]) -> str:
        """`_trial(inputs)` around a piece, with all that it needs before it."""
        lines = ["from __future__ import annotations"]
        for name in self.unknown:
            lines.append(f"{name} = _stand_in({name!r})")
        ordered = sorted(self.module, key=lambda each: each.lineno)
        imports = [each for each in ordered if _is_import(each)]
        for statement in imports:
            lines += self._import(statement)
        for name, methods in self.methods.items():
            lines += self._class(name, methods)
        for statement in ordered:
            if statement not in imports:
                lines.append(self._text(statement))
        lines.append(f"def _trial({', '.join(self.inputs)}):")
        for statement in sorted(self.local, key=lambda each: each.lineno):
            text = self._import(statement) if _is_import(statement) else None
            lines += _moved("\n".join(text or [self._text(statement)]), 1)
        lines += ["    _begin()", "    try:"]
        for statement in piece:
            lines += _moved(self._text(statement), 2)
        lines += ["    finally:", "        _observe(locals())"]
        return "\n".join(lines) + "\n"

    def _text(self, statement: ast.stmt) -> str:
        plain = _Replacing(self.replaced).visit(copy.deepcopy(statement))
        return ast.unparse(ast.fix_missing_locations(plain))

    def _import(self, statement: ast.stmt) -> list[str]:
        """An import; what is not there is stood in for."""
        assert isinstance(statement, ast.Import | ast.ImportFrom)
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            return []
        lines: list[str] = []
        for alias in statement.names:
            bound = alias.asname or alias.name.partition(".")[0]
            if bound not in self.imported:
                continue
            one = copy.copy(statement)
            one.names = [alias]
            lines += ["try:", f"    {ast.unparse(one)}", "except Exception:"]
            instead = "_bar" if _is_bar(one) else "_stand_in"
            lines.append(f"    {bound} = {instead}({bound!r})")
        return lines

    def _class(self, name: str, methods: Iterable[ast.stmt]) -> list[str]:
        lines = [f"class _Of_{name}(_StandIn):"]
        for each in methods:
            lines += _moved(self._text(each), 1)
        return lines

    @property
    def names(self) -> list[str]:
        """The names that are there before the piece runs."""
        made = {
            node.id
            for statement in (*self.local, *self.module)
            if isinstance(statement, ast.Assign | ast.AnnAssign)
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        return sorted(made)


class _Replacing(ast.NodeTransformer):
    def __init__(self, replaced: Mapping[str, str]) -> None:
        self.replaced = replaced

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and isinstance(
            getattr(node, "ctx", ast.Load()), ast.Load
        ):
            name = self.replaced.get(ast.unparse(node))
            if name is not None:
                return ast.Name(name, ast.Load())
        found: ast.AST = self.generic_visit(node)
        return found


def _moved(text: str, levels: int) -> list[str]:
    """Lines moved right; the inside of a string literal stays where it is."""
    margin = "    " * levels
    tree = ast.parse(text)
    held = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
    return [
        line if number in held else margin + line
        for number, line in enumerate(text.splitlines(), 1)
    ]


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _is_bar(statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import is of a progress bar, which yields what it is given."""
    name = statement.names[0].name
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").startswith(("tqdm", "rich.progress"))
    return name.partition(".")[0] == "tqdm"


def _own_class(context: Context, receiver: ast.Name) -> ast.ClassDef | None:
    """The class of which `receiver` is the first parameter of a method."""
    for up in context.ancestors(receiver):
        if isinstance(up, Functions):
            home = context.parent(up)
            given = [*up.args.posonlyargs, *up.args.args]
            if isinstance(home, ast.ClassDef) and given and given[0].arg == receiver.id:
                return home
    return None


def _is_constant(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=bound)], value=value):
            try:
                ast.literal_eval(value)
            except ValueError:
                return False
            return bound == name
    return False


def _decorated(function: Functions) -> bool:
    """Whether a decorator makes something else of it."""
    return any(
        not (isinstance(each, ast.Name) and each.id in OWN_DECORATORS)
        for each in function.decorator_list
    )
