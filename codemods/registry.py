"""The catalog, and other people's codemods by entry point.

Nothing of a codemod is imported until a file needs it: name, page, words, pattern and
options are literals in its module's source, and are read from there.

What is imported on every run, this module and those beside it, has named tuples where
the rest has dataclasses: `dataclasses` alone costs as much as a bare interpreter.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from importlib.util import find_spec
from itertools import chain
from typing import NamedTuple

from codemods import catalog
from codemods.names import UsageError, did_you_mean, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from importlib.metadata import EntryPoint

    from codemods.model import Codemod, OptionValue

GROUP = "codemods"
ATTRIBUTE = "CODEMOD"
EVERY = "all"
NOTHING: Mapping[str, bytes] = {}
NO_READERS: Mapping[str, str] = {}
STATED = frozenset(
    (
        *("words", "pattern", "options", "only_with", "beside", "also"),
        *("reads", "readers"),
    )
)


class Entry(NamedTuple):
    """A codemod as its source states it: what a run needs before a file needs it."""

    name: str
    module: str
    words: tuple[bytes, ...]
    pattern: bytes | None
    page: str
    options: Mapping[str, OptionValue]
    attribute: str = ATTRIBUTE
    only_with: Mapping[str, bytes] = NOTHING
    beside: tuple[bytes, ...] = ()
    also: tuple[tuple[tuple[bytes, ...], bytes], ...] = ()
    reads: tuple[str, ...] = ()
    readers: Mapping[str, str] = NO_READERS

    @property
    def title(self) -> str:
        return self.page.strip().partition("\n")[0]

    def wants(self, data: bytes, options: Sequence[str] = ()) -> bool:
        """Whether a file of these bytes may hold a place to judge.

        `options` are those that are set, be it for some files only.
        """
        if any(word in data for word in self.words) and self._is_beside(data):
            if self.pattern is None or re.search(self.pattern, data) is not None:
                return True
        for words, pattern in self.also:
            if any(word in data for word in words) and re.search(pattern, data):
                return True
        return any(
            re.search(self.only_with[name], data) is not None
            for name in options
            if name in self.only_with
        )

    def reads_text(self, suffix: str, data: bytes) -> bool:
        """Whether there may be something to say of a file that is no Python."""
        return suffix in self.readers and any(word in data for word in self.words)

    def _is_beside(self, data: bytes) -> bool:
        return not self.beside or any(word in data for word in self.beside)

    @property
    def every_word(self) -> tuple[bytes, ...]:
        """The words of which a file holds one, if it holds anything."""
        return (*self.words, *(word for words, _ in self.also for word in words))

    def load(self) -> Codemod:
        """The codemod itself; imports its module.

        Raises UsageError where the module cannot be imported.
        """
        from importlib import import_module

        from codemods.foreign import adapted

        try:
            found = getattr(import_module(self.module), self.attribute)
            codemod = adapted(found, self.module, self.attribute)
        except Exception as error:
            raise UsageError(
                f"codemod {self.name!r} cannot be loaded from {self.module}: {error}"
            ) from error
        return codemod


def entries() -> tuple[Entry, ...]:
    """Every codemod there is, by name.

    Raises UsageError where two have one name or an entry point cannot be read.
    """
    return together((*cataloged(), *plugged_in()))


def together(given: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries by name; the same one twice is one.

    Raises UsageError where two have one name.
    """
    found: dict[str, Entry] = {}
    for entry in given:
        other = found.setdefault(entry.name, entry)
        if (other.module, other.attribute) != (entry.module, entry.attribute):
            raise UsageError(
                f"two codemods are called {entry.name!r}: "
                f"{other.module} and {entry.module}"
            )
    return tuple(found[name] for name in sorted(found))


def chosen(names: str, known: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The codemods that `names` (one, several with commas, `all`) stands for.

    Raises UsageError for a name that no codemod has.
    """
    by_name = {entry.name: entry for entry in known}
    asked = [name.strip() for name in names.split(",") if name.strip()]
    for name in asked:
        if name != EVERY and name not in by_name:
            near = did_you_mean(name, (*by_name, EVERY))
            raise UsageError(
                f"no codemod is called {name!r}{near or '; see `codemod list`'}"
            )
    if not asked:
        raise UsageError("no codemod is named; see `codemod list`")
    if EVERY in asked:
        return known
    return tuple(by_name[name] for name in sorted(set(asked)))


def cataloged() -> Iterator[Entry]:
    for name in sorted(set(chain.from_iterable(map(modules_in, catalog.__path__)))):
        if not name.startswith("_"):
            module = f"{catalog.__name__}.{name}"
            yield described(module, ATTRIBUTE, find_spec(module))


def modules_in(folder: str) -> Iterator[str]:
    if not os.path.isdir(folder):  # in an archive
        import pkgutil

        yield from (info.name for info in pkgutil.iter_modules([folder]))
        return
    # As pkgutil does, without its import of inspect.
    with os.scandir(folder) as items:
        for item in items:
            if item.name.endswith(".py"):
                yield item.name.removesuffix(".py")
            elif os.path.isfile(os.path.join(item.path, "__init__.py")):
                yield item.name


def plugged_in() -> Iterator[Entry]:
    if not any(declares_group(folder) for folder in sys.path):
        return
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group=GROUP)):
        yield pointed_at(point)


def declares_group(folder: str) -> bool:
    """Whether a distribution in `folder` has entry points of ours.

    Asked of the files, because importlib.metadata takes longer to import than most
    runs take altogether.
    """
    try:
        with os.scandir(folder or ".") as items:
            infos = [item.path for item in items if item.name.endswith("-info")]
    except OSError:
        return os.path.isfile(folder)  # an archive, whose names we do not read
    return any(names_group(os.path.join(info, "entry_points.txt")) for info in infos)


def names_group(path: str) -> bool:
    try:
        with open(path, "rb") as stream:
            return f"[{GROUP}]".encode() in stream.read()
    except OSError:
        return False


def pointed_at(point: EntryPoint) -> Entry:
    """The entry behind an entry point; its package is imported to find its source."""
    try:
        return entry_at(point.module, point.attr or ATTRIBUTE)
    except Exception as error:
        raise UsageError(
            f"entry point {point.name!r} = {point.value!r} cannot be loaded: {error}"
        ) from error


def entry_at(module: str, attribute: str) -> Entry:
    """The entry of a codemod that a module has; raises what importing it may raise."""
    spec = find_spec(module)
    if spec is None:
        raise ModuleNotFoundError(f"there is no module {module!r}")
    return described(module, attribute, spec)


def described(module: str, attribute: str, spec: ModuleSpec | None) -> Entry:
    """The entry of a codemod by its source, or by import where that is not enough."""
    # Not by `get_source`, which imports tokenize to decode what ast can decode.
    get_data = getattr(spec and spec.loader, "get_data", None)
    source = get_data(spec.origin) if get_data and spec and spec.origin else b""
    return stated(module, attribute, source) or imported(module, attribute)


def stated(module: str, attribute: str, source: bytes) -> Entry | None:
    """The entry that a module's source states in literals, or None."""
    tree = ast.parse(source)
    call = next(calls_bound_to(attribute, tree), None)
    if call is None:
        return None
    try:
        fields = {
            word.arg: ast.literal_eval(word.value)
            for word in call.keywords
            if word.arg in STATED
        }
        words = tuple(fields["words"])
    except (ValueError, KeyError):
        return None
    return Entry(
        name=name_of(module),
        module=module,
        words=words,
        pattern=fields.get("pattern"),
        page=ast.get_docstring(tree, clean=False) or "",  # cleaning imports inspect
        options=fields.get("options", {}),
        attribute=attribute,
        only_with=fields.get("only_with", NOTHING),
        beside=fields.get("beside", ()),
        also=fields.get("also", ()),
        reads=fields.get("reads", ()),
        readers=fields.get("readers", NO_READERS),
    )


def calls_bound_to(name: str, tree: ast.Module) -> Iterator[ast.Call]:
    for statement in tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=bound)], value=ast.Call() as call)
                | ast.AnnAssign(target=ast.Name(id=bound), value=ast.Call() as call)
            ) if bound == name:
                yield call


def imported(module: str, attribute: str) -> Entry:
    from importlib import import_module

    from codemods.foreign import adapted

    found = getattr(import_module(module), attribute)
    codemod = adapted(found, module, attribute)
    return Entry(
        name=codemod.name,
        module=module,
        words=codemod.words,
        pattern=codemod.pattern,
        page=codemod.page,
        options=codemod.options,
        attribute=attribute,
        only_with=codemod.only_with,
        beside=codemod.beside,
        also=codemod.also,
        reads=codemod.reads,
        readers=codemod.readers,
    )
