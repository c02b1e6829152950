"""The nouns: what is read, what a judge answers, what a run reports."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from codemods.names import name_of

if TYPE_CHECKING:
    import libcst as cst

    from codemods.context import Context
    from codemods.receipt import Receipt

BOM = b"\xef\xbb\xbf"
OptionValue = bool | int | str | tuple[str, ...]
Tier = Literal["safe", "unsafe", "declined"]


class SourceError(Exception):
    """A file whose bytes are no Python text that we can read.

    `line` counts from 1; 0 where no line is known.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path (relative, with `/`) and its bytes, exactly as on disk."""

    path: str
    data: bytes

    @property
    def bom(self) -> bytes:
        return BOM if self.data.startswith(BOM) else b""

    @property
    def encoding(self) -> str:
        """The codec by byte order mark or declaration (PEP 263).

        Raises SourceError for a declaration that names no codec.
        """
        if b"coding" not in self.data[:512]:
            return "utf-8"
        try:
            name, _ = tokenize.detect_encoding(io.BytesIO(self.data).readline)
        except SyntaxError as error:
            raise SourceError(str(error), 1) from error
        return "utf-8" if name == "utf-8-sig" else name

    @property
    def code(self) -> bytes:
        """The text as UTF-8 without a byte order mark: what all offsets refer to.

        Raises SourceError where the bytes are not of the declared encoding, or
        would not come out the same when written back.
        """
        body = self.data[len(self.bom) :]
        if b"\0" in body:
            line = body.count(b"\n", 0, body.index(b"\0")) + 1
            raise SourceError("holds a NUL byte: not a Python source file", line)
        encoding = self.encoding
        try:
            text = body.decode(encoding)
            if encoding == "utf-8":
                return body
            if text.encode(encoding) != body:
                raise SourceError(f"does not survive a round trip through {encoding}")
        except UnicodeDecodeError as error:
            line = body.count(b"\n", 0, error.start) + 1
            raise SourceError(
                f"byte 0x{body[error.start]:02x} is not {encoding}; "
                "declare the file's encoding or save it as UTF-8",
                line,
            ) from error
        return text.encode("utf-8")

    def with_code(self, code: bytes) -> Source:
        """The same file with other text: same mark, same encoding.

        Raises SourceError where the new text cannot be written in the encoding.
        """
        encoding = self.encoding
        if encoding == "utf-8":
            return Source(self.path, self.bom + code)
        try:
            return Source(self.path, self.bom + code.decode("utf-8").encode(encoding))
        except UnicodeEncodeError as error:
            raise SourceError(f"the rewrite cannot be written in {encoding}") from error


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes `start` to `end` of `Source.code` (UTF-8 offsets) become `code`."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A rewrite. A caveat is what makes it unsafe.

    `replacement` takes the place of the node that was judged, or lists edits made
    by `Context.replace`, `.insert_before`, `.delete` where several places change.
    `imports` are modules ("subprocess") or names ("os.path:join") to be importable;
    `orphans` are names whose assignment or import goes if this fix was what used
    them last.
    """

    replacement: cst.CSTNode | tuple[Edit, ...]
    caveat: str | None = None
    message: str | None = None
    imports: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decline:
    """The pattern is there and stays, for a reason a maintainer can read.

    `urgent` marks a site a reviewer should look at first. `message` overrides the
    codemod's own.
    """

    reason: str
    urgent: bool = False
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of characters `start` to `end` of a file that is no Python."""

    start: int
    end: int
    message: str
    reason: str
    urgent: bool = False


Verdict = Fix | Decline | None
Judge = Callable[[Any, "Context"], Verdict]
# From a file's path and text to its new text; None: it stays as it is.
Transform = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands between two places of a file as it was read becomes `text`.

    Lines and columns count from 1, columns in characters.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A fix made for itself, with its imports: its edits in order, and their diff."""

    edits: tuple[Replacement, ...]
    diff: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place, its verdict and its text before and after.

    Lines and columns count from 1, columns in characters, and refer to the file as
    it was read. `cell` is the number, from 1, of a notebook's cell. `evidence` is there
    where the fix was run, `rewrite` where it was asked for and the file as read allows
    the fix without another one.
    """

    codemod: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    verdict: Tier
    applied: bool
    message: str
    caveat: str | None
    reason: str | None
    fingerprint: str
    before: str
    after: str | None
    urgent: bool = False
    cell: int | None = None
    evidence: Receipt | None = None
    rewrite: Rewrite | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be done: a file (codemod None), or one codemod on one file."""

    path: str
    codemod: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a run made of one file; `silenced` are findings that comments suppress."""

    source: Source
    after: Source
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: str | None = None
    suppressed: int = 0
    silenced: tuple[Finding, ...] = ()

    @property
    def changed(self) -> bool:
        return self.after.data != self.source.data


@dataclass(frozen=True, slots=True)
class Codemod:
    """A page that runs.

    `module` is the defining module's `__name__` (the name derives from it) and
    `page` its `__doc__`. A file is looked at only where one of `words` occurs in it
    (and one of `beside`, where there are any) and `pattern` matches, by default any of
    the words; or where a word and the pattern of one of the pairs in `also` do. Places
    are judged only where one of these patterns matches. All four must be literals: the
    registry reads them without importing.
    `options` are the config keys with their defaults, whose types are enforced.
    `only_with` are patterns, by option, of what is looked at only where it is set.
    `reads` are the options that list files, by paths that start at the config's folder.
    `readers` are functions by the suffix of files that are no Python (".sql" to
    "package.module:function"): each takes a file's text and the options, and yields
    Remarks; such files too are read only where one of `words` occurs in them.
    `ignored_by` are other tools' codes for the same matter ("E722", "B602",
    "bare-except"), whose suppressions are honoured. `trial` is where the function is
    that runs a fix ("package.module:function", see codemods.evidence.trials); it is
    imported only where evidence is asked for. A `transform` takes the place of judges:
    it rewrites files as a whole, once a run, which is a fix with that `caveat`.
    """

    module: str
    page: str
    message: str
    words: tuple[bytes, ...]
    pattern: bytes | None = None
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    ignored_by: tuple[str, ...] = ()
    trial: str | None = None
    only_with: Mapping[str, bytes] = field(default_factory=dict)
    beside: tuple[bytes, ...] = ()
    also: tuple[tuple[tuple[bytes, ...], bytes], ...] = ()
    reads: tuple[str, ...] = ()
    readers: Mapping[str, str] = field(default_factory=dict)
    transform: Transform | None = None
    caveat: str | None = None
    judges: list[tuple[type, Judge]] = field(default_factory=list, repr=False)

    @property
    def name(self) -> str:
        return name_of(self.module)

    @property
    def title(self) -> str:
        return self.page.strip().partition("\n")[0]

    @property
    def triggers(self) -> re.Pattern[bytes]:
        return re.compile(b"|".join(self.patterns({})))

    def patterns(self, options: Mapping[str, OptionValue]) -> list[bytes]:
        """What the codemod's places are around, as its options stand."""
        usual = self.pattern or b"|".join(map(re.escape, self.words))
        more = [self.only_with[name] for name in self.only_with if options.get(name)]
        return [usual, *(pattern for _, pattern in self.also), *more]

    def matches(self, code: bytes, options: Mapping[str, OptionValue]) -> set[int]:
        """The offsets at which a pattern matches."""
        # One by one: a choice of patterns that begin in many ways is searched slowly.
        return {
            match.start()
            for pattern in self.patterns(options)
            for match in re.finditer(pattern, code)
        }

    def on(self, kind: type) -> Callable[[Judge], Judge]:
        """Register a judge for nodes of `kind`, a class of `ast` or of `libcst`.

        The judge is handed each node of that kind around a trigger, up to the
        smallest enclosing statement.
        """

        def register(judge: Judge) -> Judge:
            self.judges.append((kind, judge))
            return judge

        return register
