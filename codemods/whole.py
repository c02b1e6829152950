"""Codemods that rewrite a file as a whole, told as one fix."""

from __future__ import annotations

from difflib import SequenceMatcher

from codemods.facts import Facts
from codemods.judging import Judged
from codemods.model import Codemod, Edit, Fix, Source
from codemods.places import Place


def transformed(source: Source, facts: Facts, codemod: Codemod) -> Judged | None:
    """The one fix that a codemod's transform makes of a file; None for no change.

    Raises what the transform raises, and TypeError for what is no text.
    """
    assert codemod.transform is not None
    code = facts.tree.code
    after = codemod.transform(source.path, code.decode("utf-8"))
    if after is not None and not isinstance(after, str):
        raise TypeError(f"it returned {type(after).__name__}, where text was wanted")
    if after is None or not facts.tree.root.body:
        return None
    edits = between(code, after.encode("utf-8"))
    if not edits:
        return None
    span = edits[0].start, edits[-1].end
    first = (edits[0].start, max(edits[0].end, edits[0].start + 1))
    root = facts.tree.root
    place = Place(codemod, _unjudged, root, root.body[0], span, first, span)
    return Judged(place, Fix(edits, caveat=codemod.caveat), edits)


def between(before: bytes, after: bytes) -> tuple[Edit, ...]:
    """The lines that differ between two texts, as edits of the first."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return tuple(
        Edit(starts[i], starts[j], b"".join(new[k:n]).decode("utf-8"))
        for tag, i, j, k, n in SequenceMatcher(None, old, new, False).get_opcodes()
        if tag != "equal"
    )


def _unjudged(node: object, context: object) -> None:
    """A place needs a judge; that of a whole file has spoken."""
