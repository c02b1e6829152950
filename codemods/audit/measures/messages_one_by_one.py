"""Messages sent one by one in a loop where the client has a batch."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

from codemods.audit.measures import Measure, Spot, holds
from codemods.audit.nodes import calls
from codemods.audit.origins import maker
from codemods.audit.repeats import Loop, repeating, told
from codemods.context import Context


class Sender(NamedTuple):
    """A client: see messages.toml."""

    makers: tuple[str, ...]
    method: str
    batch: str
    waits: tuple[str, ...] = ()


@cache
def senders() -> tuple[Sender, ...]:
    data = resources.files(__package__).joinpath("messages.toml").read_text("utf-8")
    return tuple(
        Sender(
            makers=tuple(row["makers"]),
            method=row["method"],
            batch=row["batch"],
            waits=tuple(row.get("waits", ())),
        )
        for row in tomllib.loads(data)["client"]
    )


def find(context: Context) -> Iterator[Spot]:
    methods = {each.method for each in senders()}
    for node in calls(context):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if (
                attr in methods
            ):
                sender = sender_of(maker(context, value), attr)
                loop = repeating(context, node) if sender else None
                if sender is None or loop is None:
                    continue
                if not sender.waits or waited(context, node, loop, sender):
                    what = f"`{attr}()` in {told(context, loop)}: {sender.batch}"
                    yield Spot(node, what, 1)


def sender_of(made: str | None, method: str) -> Sender | None:
    for each in senders():
        if made is not None and method == each.method and made_by(each, made):
            return each
    return None


def made_by(sender: Sender, made: str) -> bool:
    plain = made.partition(":")[0]
    return any(name in (made, plain) for name in sender.makers)


def waited(context: Context, call: ast.Call, loop: Loop, sender: Sender) -> bool:
    """Whether a round of the loop, or the function it calls, waits for the message."""
    up = context.parent(call)
    if isinstance(up, ast.Attribute) and up.attr in sender.waits:
        return True
    inside = list(ast.walk(loop))
    if not any(each is call for each in inside):
        function = context.enclosing(call, ast.FunctionDef)
        inside = list(ast.walk(function)) if function is not None else []
    target = context.statement(call)
    names = {
        each.id for each in getattr(target, "targets", ()) if isinstance(each, ast.Name)
    }
    assert isinstance(call.func, ast.Attribute)
    receivers = {*names, ast.unparse(call.func.value)}
    return any(
        isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr in sender.waits
        and ast.unparse(each.func.value) in receivers
        for each in inside
    )


MEASURE = Measure(
    name="messages-one-by-one",
    title="Messages sent one by one",
    advice="the batch that the client has",
    wants=holds(b"pubsub", b"boto3", b"kafka"),
    search=r"\.publish\(|\.send_message\(|\.put_record\(|\.send\(|\.produce\(",
    find=find,
)
