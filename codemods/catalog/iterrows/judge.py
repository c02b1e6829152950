"""Which form a loop takes, and with what caveat."""

from __future__ import annotations

import ast

from codemods.catalog.iterrows import CODEMOD, caveats
from codemods.catalog.iterrows.conditions import can_zip
from codemods.catalog.iterrows.evidence import weigh
from codemods.catalog.iterrows.index import index_only
from codemods.catalog.iterrows.loop import Loop, find, other_library
from codemods.catalog.iterrows.mapped import mapped
from codemods.catalog.iterrows.names import NoForm
from codemods.catalog.iterrows.refusals import (
    refused,
    shadowed,
    unreadable,
)
from codemods.catalog.iterrows.row import Row
from codemods.catalog.iterrows.uses import Use
from codemods.catalog.iterrows.vectorised import filled
from codemods.catalog.iterrows.writers import writes
from codemods.catalog.iterrows.zipped import zipped
from codemods.context import Context
from codemods.model import Decline, Fix, Verdict


@CODEMOD.on(ast.Call)
def loop_over_rows(node: ast.Call, context: Context) -> Verdict:
    loop = find(node, context)
    match loop:
        case None:
            return None
        case str():
            return Decline(loop)
    reason = (
        other_library(loop, context)
        or unreadable(loop, context)
        or shadowed(loop, context)
    )
    if reason is not None:
        return Decline(reason)
    try:
        return rewrite(loop, context)
    except NoForm as why:
        return Decline(str(why))


def rewrite(loop: Loop, context: Context) -> Verdict:
    definition = context.facts.scopes.bound_by[loop.row]
    assert isinstance(loop.row, ast.Name)
    row = Row(context, loop.row.id)
    uses = row.uses(definition)
    reason = refused(loop, uses, row, context)
    if reason is not None:
        return Decline(reason)
    alone = row.bound == {definition}
    if not uses and alone:
        return Fix(index_only(loop, context), message="the row is not used")
    return form(loop, uses, context, alone=alone)


def form(loop: Loop, uses: list[Use], context: Context, *, alone: bool) -> Fix:
    """The shortest form that changes nothing, or else the one with the array.

    `alone` where no other name holds the row. Raises NoForm.
    """
    evidence = weigh(loop, uses, context)
    written = writes(loop, context)
    seen = written.reach(uses)
    array = caveats.of_array(evidence, uses, context, written=seen)
    if alone and not (seen or written.open) and can_zip(loop, uses, context):
        lists = caveats.of_columns(evidence)
        filling = filled(loop, uses, context)
        if filling is not None and (array is not None or not evidence.numbers_differ):
            return Fix(filling, caveat=lists)
        made = None if evidence.numbers_differ else zipped(loop, uses, context)
        if made is not None:
            return Fix(made, caveat=lists)
    return Fix(
        mapped(loop, uses, context, copied=seen or written.open),
        caveat=array,
        message="each row is built as a Series: build a dict from the frame's array",
    )
