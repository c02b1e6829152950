"""Reading fixtures: one case a file, the promise in its name.

The first line says what the case shows; header lines may follow:
`# declines: REASON`, `# caveat: TEXT`, `# option: KEY = VALUE` (TOML).

The promises: `keep_` unchanged and silent; `decline_` unchanged, with that reason;
`unsafe_` only with unsafe fixes, with that caveat; `runs_` both halves are executed and
print and write the same; any other name: rewritten exactly so.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from codemods.engine import Settings, run
from codemods.model import Codemod, OptionValue, Result, Source

SEPARATOR = "# ---- after ----\n"
PREFIXES = ("keep", "decline", "unsafe", "runs")


@dataclass(frozen=True, slots=True)
class Case:
    """One fixture: its codemod's name, promise, headers, and code before and after."""

    path: Path
    codemod: str
    promise: str
    before: str
    after: str
    declines: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    options: dict[str, OptionValue] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.codemod}/{self.path.stem}"

    @property
    def unsafe(self) -> bool:
        return bool(self.caveats)

    def run(
        self, codemod: Codemod, code: str | None = None, *, unsafe: bool | None = None
    ) -> Result:
        """What the codemod makes of the case, or of other code under its terms."""
        source = Source("case.py", (self.before if code is None else code).encode())
        settings = Settings(
            unsafe=self.unsafe if unsafe is None else unsafe,
            options={codemod.name: self.options},
        )
        return run(source, [codemod], settings)


def read(path: Path) -> Case:
    """The case in a file.

    Raises ValueError, naming it, where name or headers break the rules or it is no
    UTF-8, and OSError.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8: {error}") from error
    if not text.startswith("# "):
        raise ValueError(f"{path}: line 1 must say what the case shows")
    before, found, after = text.partition(SEPARATOR)
    promise = path.stem.partition("_")[0]
    promise = promise if promise in PREFIXES else "rewrite"
    headers = [line for line in before.splitlines() if line.startswith("# ")]
    case = Case(
        path=path,
        codemod=path.parent.name,
        promise=promise,
        before=before,
        after=(_lead(before) + after) if found else before,
        declines=_values(headers, "declines"),
        caveats=_values(headers, "caveat"),
        options=_options(path, headers),
    )
    if promise == "decline" and not case.declines:
        raise ValueError(f"{path}: a decline names its reason: `# declines: REASON`")
    if promise == "unsafe" and not case.caveats:
        raise ValueError(f"{path}: an unsafe case names its caveat: `# caveat: TEXT`")
    if promise in ("keep", "decline") and found:
        raise ValueError(f"{path}: {promise}_ cases have no `after`")
    return case


def _lead(before: str) -> str:
    """The comment lines at the head of a case, which both halves share."""
    lead = ""
    for line in before.splitlines(keepends=True):
        if not line.startswith("#"):
            break
        lead += line
    return lead


def _options(path: Path, headers: list[str]) -> dict[str, OptionValue]:
    try:
        return {
            key: tuple(value) if isinstance(value, list) else value
            for line in _values(headers, "option")
            for key, value in tomllib.loads(line).items()
        }
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: option: write KEY = VALUE: {error}") from error


def _values(headers: list[str], key: str) -> tuple[str, ...]:
    start = f"# {key}: "
    return tuple(
        line.removeprefix(start).strip() for line in headers if line.startswith(start)
    )
