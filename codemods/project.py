"""A run over the files of a project: which are looked at, judged, and changed."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from codemods import files, notebooks
from codemods.discovery import TEXTS, may_be_script, suffix_of
from codemods.workers import NO_WISHES, Task, in_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol

    from codemods.config import Config
    from codemods.discovery import Found
    from codemods.files import Stamp
    from codemods.outcome import Outcome, Patch
    from codemods.registry import Entry

    class Cache(Protocol):
        """What is known of files, and what a run learns of them."""

        def is_clean(self, path: str) -> bool: ...
        def is_foreign(self, path: str) -> bool: ...
        def unchanged(self, path: str) -> Outcome | None: ...
        def same(self, path: str, stamp: Stamp, data: bytes) -> Outcome | None: ...
        def keep_clean(self, path: str, stamp: Stamp) -> None: ...
        def keep_foreign(self, path: str, stamp: Stamp) -> None: ...
        def expect(self, path: str, stamp: Stamp) -> None: ...
        def keep(self, outcome: Outcome) -> None: ...


SUPPRESSION = b"codemod: ignore"
NO_REQUESTS: Mapping[str, Mapping[str, bool]] = {}


class Request(NamedTuple):
    """What a run is asked for.

    `lines` by path are the only ones on which findings count; None: all there are.
    `asked` says of single fixes, by path and fingerprint, whether to apply them;
    `details` is as in Settings.
    """

    entries: tuple[Entry, ...]
    config: Config
    jobs: int = 1
    lines: Mapping[str, frozenset[int] | None] | None = None
    asked: Mapping[str, Mapping[str, bool]] = NO_REQUESTS
    details: bool = False


class Change(NamedTuple):
    """A file as it is and as it is to be."""

    path: str
    before: bytes
    after: bytes
    stamp: Stamp


def outcomes(request: Request, found: Found, cache: Cache) -> Iterator[Outcome | None]:
    """What became of every Python file in order, None where nothing was found."""
    work = partial(worked, request.entries)
    ready = partial(prepare, request.entries)
    items = examined(request, found, cache)
    for outcome in in_order(items, work, request.jobs, ready):
        if outcome is not None:
            cache.keep(outcome)
        yield outcome


def examined(
    request: Request, found: Found, cache: Cache
) -> Iterator[Task | Outcome | None]:
    """Every file as it is known, or as what is to be done about it."""
    for path in found.paths:
        if path in found.named:
            yield from looked_at(request, cache, path, named=True)
        elif cache.is_clean(path):
            yield None
        elif cache.is_foreign(path):
            continue
        else:
            known = cache.unchanged(path)
            yield from [known] if known else looked_at(request, cache, path)


def looked_at(
    request: Request, cache: Cache, path: str, *, named: bool = False
) -> Iterator[Task | Outcome | None]:
    """A file's bytes decide what it is worth; nothing comes of what is no Python.

    What was `named` by a person is meant, whatever it looks like.
    """
    try:
        content = files.read(path, follow=named)
    except FileNotFoundError:
        return  # listed, and gone since
    except OSError as error:
        yield failed(path, f"cannot be read: {error.strerror}")
        return
    if content is None:
        if named:
            yield failed(path, "is not a regular file")
        return
    data, stamp = content
    if not named and may_be_script(path) and not files.SHEBANG.match(data):
        cache.keep_foreign(path, stamp)
    elif not (names := wanted(request, path, data, stamp)):
        cache.keep_clean(path, stamp)
        yield None
    elif named:
        yield task(request, path, names, stamp, follow=True)
    else:
        cache.expect(path, stamp)
        yield (
            cache.same(path, stamp, data)
            or refused(path, data)
            or task(request, path, names, stamp)
        )


def wanted(request: Request, path: str, data: bytes, stamp: Stamp) -> tuple[str, ...]:
    """The codemods that may find something in a file and are selected for it."""
    suffix = suffix_of(path)
    if suffix in TEXTS:
        names = [e.name for e in request.entries if e.reads_text(suffix, data)]
    elif stamp[0] > files.LARGEST:
        words = [word for entry in request.entries for word in entry.every_word]
        names = [entry.name for entry in request.entries if files.holds(path, words)]
    else:
        told = SUPPRESSION in data  # to be judged, or it cannot be known to be stale
        if path.endswith(notebooks.SUFFIX):
            data = code_in(data, request)
        names = [
            entry.name
            for entry in request.entries
            if told or entry.wants(data, request.config.ever_set(entry.name))
        ]
    if not names:
        return ()
    selected = request.config.of(path).select
    return tuple(name for name in names if selected is None or name in selected)


def code_in(notebook: bytes, request: Request) -> bytes:
    """The code of a notebook; nothing where no codemod has a word in it."""
    words = (word for entry in request.entries for word in entry.every_word)
    if not any(word in notebook for word in words):
        return b""
    from codemods.notebooks.run import code_of

    return code_of(notebook)


def refused(path: str, data: bytes) -> Outcome | None:
    """The outcome for a candidate that is not to be touched."""
    if files.GENERATED.search(data, 0, files.HEADER):
        from codemods.outcome import skipped

        return skipped(path, data, "generated file")
    return None


def task(
    request: Request,
    path: str,
    names: tuple[str, ...],
    stamp: Stamp,
    *,
    follow: bool = False,
) -> Task | Outcome:
    if stamp[0] > files.LARGEST:
        from codemods.outcome import skipped

        return skipped(path, b"", f"larger than {files.LARGEST // 1_000_000} MB")
    effective = request.config.of(path)
    lines = None if request.lines is None else request.lines.get(path)
    options = effective.options
    asked = request.asked.get(path, NO_WISHES)
    return Task(
        path=path,
        size=stamp[0],
        follow=follow,
        names=names,
        unsafe=effective.unsafe,
        options=options,
        lines=lines,
        asked=asked,
        details=request.details,
    )


def failed(path: str, message: str) -> Outcome:
    from codemods import outcome

    return outcome.failed(path, message)


def worked(entries: tuple[Entry, ...], task: Task) -> Outcome:
    from codemods.work import judged

    return judged(entries, task)


def prepare(entries: tuple[Entry, ...]) -> None:
    from codemods.work import load

    load(entries, [entry.name for entry in entries])


def change_of(outcome: Outcome, patch: Patch) -> Change:
    """What a patch does to a file.

    Raises Refused where the file is no longer what was judged, and OSError.
    """
    from codemods.outcome import digest

    content = files.read(outcome.path, follow=True)
    if content is None or digest(content[0]) != outcome.digest:
        raise files.Refused("the file changed since it was read")
    before, stamp = content
    return Change(outcome.path, before, patch.applied(before), stamp)
