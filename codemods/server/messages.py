"""Findings in the terms of the Language Server Protocol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types
from pygls.workspace import PositionCodec

from codemods.model import Finding, Replacement
from codemods.server.analysis import Analysis

SOURCE = "codemod"
EXPLAIN = "codemod.explain"
FIX_ALL = "source.fixAll.codemod"
SEVERITY = {
    "safe": types.DiagnosticSeverity.Warning,
    "unsafe": types.DiagnosticSeverity.Warning,
    "declined": types.DiagnosticSeverity.Information,
}


class Converter:
    """Places of one text, from lines and characters to what the client counts in."""

    def __init__(self, analysis: Analysis, codec: PositionCodec) -> None:
        self.lines = analysis.lines
        self.codec = codec

    def position(self, line: int, column: int) -> types.Position:
        """The position of a line and a column, both from 1."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        units = self.codec.client_num_units(text[: column - 1])
        return types.Position(line - 1, units)

    def range(self, place: Finding | Replacement) -> types.Range:
        return types.Range(
            self.position(place.line, place.column),
            self.position(place.end_line, place.end_column),
        )

    def edits(self, finding: Finding) -> list[types.TextEdit]:
        """The edits that make a fix alone; none where it cannot be made alone."""
        made = finding.rewrite.edits if finding.rewrite else ()
        return [types.TextEdit(self.range(each), each.text) for each in made]


def diagnostics(analysis: Analysis, codec: PositionCodec) -> list[types.Diagnostic]:
    converter = Converter(analysis, codec)
    return [diagnostic(each, converter) for each in analysis.findings]


def diagnostic(finding: Finding, converter: Converter) -> types.Diagnostic:
    urgent = finding.urgent
    return types.Diagnostic(
        range=converter.range(finding),
        message=told(finding),
        severity=(
            types.DiagnosticSeverity.Error if urgent else SEVERITY[finding.verdict]
        ),
        code=finding.codemod,
        source=SOURCE,
        data={"fingerprint": finding.fingerprint},
    )


def told(finding: Finding) -> str:
    match finding.verdict:
        case "declined":
            return f"{finding.message}; left alone: {finding.reason}"
        case "unsafe":
            return f"{finding.message}; unsafe to fix: {finding.caveat}"
    return finding.message


def actions(
    analysis: Analysis, codec: PositionCodec, uri: str, asked: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    """What can be done about the findings in a range, and about all safe ones."""
    converter = Converter(analysis, codec)
    here = [each for each in analysis.findings if touches(converter.range(each), asked)]
    found: list[types.CodeAction | types.Command] = [
        action
        for finding in here
        for action in about(finding, converter, uri)
        if wanted(action.kind, asked)
    ]
    if asked.context.only is None:
        names = dict.fromkeys(each.codemod for each in here)
        found += [types.Command(f"Explain {n}", EXPLAIN, arguments=[n]) for n in names]
    safe = [each for each in analysis.findings if each.verdict == "safe"]
    if safe and wanted(FIX_ALL, asked):
        found += fix_all(safe, converter, uri)
    return found


def touches(place: types.Range, asked: types.CodeActionParams) -> bool:
    first, last = asked.range.start.line, asked.range.end.line
    return place.start.line <= last and first <= place.end.line


def wanted(
    kind: types.CodeActionKind | str | None, asked: types.CodeActionParams
) -> bool:
    only = asked.context.only
    if only is None:
        return True
    name = kind.value if isinstance(kind, types.CodeActionKind) else kind or ""
    wishes = [w.value if isinstance(w, types.CodeActionKind) else w for w in only]
    return any(name == wish or name.startswith(f"{wish}.") for wish in wishes)


def about(
    finding: Finding, converter: Converter, uri: str
) -> Iterator[types.CodeAction]:
    edits = converter.edits(finding)
    told = diagnostic(finding, converter)
    if edits:
        unsafe = f" (unsafe: {finding.caveat})" if finding.caveat else ""
        yield types.CodeAction(
            title=f"Fix {finding.codemod}{unsafe}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[told],
            is_preferred=finding.verdict == "safe",
            edit=types.WorkspaceEdit({uri: edits}),
        )
    yield types.CodeAction(
        title=f"Ignore {finding.codemod} here",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[told],
        edit=types.WorkspaceEdit({uri: [ignoring(finding, converter)]}),
    )


def ignoring(finding: Finding, converter: Converter) -> types.TextEdit:
    """A suppression at the end of the finding's first line."""
    line = converter.lines[finding.line - 1].rstrip("\r\n")
    at = converter.position(finding.line, len(line) + 1)
    comment = f"  # codemod: ignore[{finding.codemod}]"
    return types.TextEdit(types.Range(at, at), comment)


def fix_all(
    safe: Sequence[Finding], converter: Converter, uri: str
) -> Iterator[types.CodeAction]:
    """All safe fixes that can be made together, in one action."""
    edits: list[types.TextEdit] = []
    for finding in safe:
        own = converter.edits(finding)
        if own and not any(clash(one, other) for one in own for other in edits):
            edits += own
    if edits:
        yield types.CodeAction(
            title="Fix all that is safe (codemod)",
            kind=FIX_ALL,
            edit=types.WorkspaceEdit({uri: edits}),
        )


def clash(one: types.TextEdit, other: types.TextEdit) -> bool:
    return spot(one.range.start) <= spot(other.range.end) and spot(
        other.range.start
    ) <= spot(one.range.end)


def spot(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
