"""What is known of a frame, from what is done with its rows and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from codemods.catalog.iterrows import origins, readers
from codemods.catalog.iterrows.loop import Loop
from codemods.catalog.iterrows.order import goes_with, is_caught
from codemods.catalog.iterrows.tells import ALL, Tells, Trait
from codemods.catalog.iterrows.uses import Column, Mapped, Use
from codemods.catalog.iterrows.values import Values
from codemods.context import Context


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which differences a loop can tell that nothing known of its frame rules out."""

    numbers_differ: bool
    missing_differs: bool
    dates_differ: bool
    levels_differ: bool


def weigh(loop: Loop, uses: list[Use], context: Context) -> Evidence:
    """Look for a use that tells a difference and for the proof that rules it out.

    A proof counts for a use if it runs before the use, in every round in which the
    use does: were the frame another than the proof says, it would have raised.
    """
    columns = [use.node for use in uses if isinstance(use, Column)]
    traits = Values(context).traits(columns)
    for use in uses:
        if isinstance(use, Mapped) and use.values:
            traits.append(Trait(use.node, ALL))
    traits = [_where_caught(each, loop, context) for each in traits]
    filtered = origins.proofs(loop.frame, context)
    plain = readers.plain(loop.frame, context)
    assumed = context.options.get("assume-mixed-dtypes") is True
    flat = readers.flat(loop.frame, context)
    keys = {use.node: _key(use, context) for use in uses if isinstance(use, Column)}

    def ruled_out(use: Trait, proof: Tells) -> bool:
        caught = is_caught(use.node, loop, context)
        return proof in filtered or any(
            proof in each.tells
            and not (caught and each.node is use.node)
            and goes_with(each.node, use.node, loop, context)
            for each in traits
        )

    def present(use: Trait) -> bool:
        """Whether the value cannot be missing where it is used."""
        return use.column is not None and any(
            Tells.PRESENT in each.tells
            and each.column is not None
            and keys[each.column] == keys[use.column]
            and goes_with(each.node, use.node, loop, context)
            for each in traits
        )

    def open_to(difference: Tells, *proofs: Tells) -> bool:
        return any(
            not all(ruled_out(use, proof) for proof in proofs)
            and not (difference is Tells.MISSING and present(use))
            for use in traits
            if difference in use.tells
        )

    return Evidence(
        numbers_differ=not assumed and open_to(Tells.NUMBER, Tells.NOT_NUMBER),
        missing_differs=not (assumed or plain)
        and open_to(Tells.MISSING, Tells.NOT_TEXT, Tells.NOT_DATE),
        dates_differ=not (assumed or plain) and open_to(Tells.DATE, Tells.NOT_DATE),
        levels_differ=not flat and open_to(Tells.LEVEL, Tells.ONE),
    )


def _where_caught(use: Trait, loop: Loop, context: Context) -> Trait:
    """What a use tells besides where code goes on after an error.

    Arithmetic raises for None, not for nan; for Timestamps, not for numpy's dates.
    """
    tells = use.tells
    if Tells.NOT_TEXT in tells and Tells.PRESENT not in tells:
        if is_caught(use.node, loop, context):
            return replace(use, tells=tells | Tells.MISSING | Tells.DATE)
    return use


def _key(use: Column, context: Context) -> str:
    return use.literal or context.text(use.node)
