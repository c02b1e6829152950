"""Where a bare `except:` stays, and why."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except import handlers
from codemods.catalog.bare_except.raising import handled_names
from codemods.catalog.bare_except.scene import Scene
from codemods.catalog.bare_except.seen import Seen

# Calls that wait for a person, a clock, a process or a peer.
WAITS = ("input", "raw_input", "getpass.getpass", "time.sleep", "os.wait", "os.waitpid",
         "select.select", "signal.pause", "subprocess.call", "subprocess.run",
         "subprocess.check_call", "subprocess.check_output")  # fmt: skip
WAITING = ("wait", "join", "communicate", "accept", "recv", "recvfrom", "poll",
           "acquire", "serve_forever", "run_forever", "mainloop", "start_polling",
           "readline")  # fmt: skip
PROMPTS = ("input", "raw_input", "getpass.getpass", "click.prompt", "click.confirm")
EXITS = ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException")
BROAD = ("Exception", "BaseException")


def reason_to_stay(
    scene: Scene, node: ast.Try | ast.TryStar, handler: ast.ExceptHandler
) -> str | None:
    """Why a handler is left alone, by what surrounds it; None where it may change."""
    if handlers.reraises(handler.body):
        return "the handler re-raises on every path: it swallows nothing"
    if _ends_process(scene, handler):
        return "the handler ends the process at once: nothing may get past it"
    function = handlers.function_around(scene.context, node)
    if function is not None and function.name == "__del__":
        return "in `__del__` whatever gets out is only printed, at any time"
    if any(
        isinstance(one, ast.Yield | ast.YieldFrom) for one in handlers.inside(node.body)
    ):
        return "the body yields: the handler also sees GeneratorExit"
    if any(
        isinstance(one, ast.Await | ast.AsyncFor | ast.AsyncWith)
        or (isinstance(one, ast.comprehension) and one.is_async)
        for one in handlers.inside(node.body)
    ):
        return "the body awaits: the handler also sees CancelledError"
    after = _broad_sibling(scene, node, handler)
    if after is not None:
        return f"after `except {after}` this handler is there for exits and interrupts"
    return _waiting(scene, node, handler)


def _ends_process(scene: Scene, handler: ast.ExceptHandler) -> bool:
    """Whether a handler calls `os._exit`, as a forked child must."""
    return any(
        isinstance(one, ast.Call)
        and scene.context.qualified_name(one.func) == "os._exit"
        for one in handlers.inside(handler.body)
    )


def _broad_sibling(
    scene: Scene, node: ast.Try | ast.TryStar, handler: ast.ExceptHandler
) -> str | None:
    for other in node.handlers:
        if other is handler:
            return None
        named = [name for name in handled_names(scene, other) or () if name in BROAD]
        if named:
            return named[0]
    return None


def _waiting(
    scene: Scene, node: ast.Try | ast.TryStar, handler: ast.ExceptHandler
) -> str | None:
    """Reasons that come of a wait in the body, which Ctrl-C breaks off."""
    waits = _first_call(scene, node, WAITS, WAITING)
    prompts = _first_call(scene, node, PROMPTS, ())
    if prompts is not None:
        return f"Ctrl-C at the prompt of `{prompts}()` comes here"
    if waits is not None and handlers.cleans(handler.body):
        return f"the handler cleans up when Ctrl-C breaks off `{waits}()`"
    loop = handlers.endless_loop(scene.context, node)
    if loop is not None and waits is not None and not handlers.leaves(handler.body):
        return f"an endless loop around `{waits}()` that survives Ctrl-C"
    return None


def _first_call(
    scene: Scene,
    node: ast.Try | ast.TryStar,
    names: tuple[str, ...],
    methods: tuple[str, ...],
) -> str | None:
    found = [
        one
        for one in handlers.inside(node.body)
        if isinstance(one, ast.Call) and _is_call_of(scene, one, names, methods)
    ]
    if not found:
        return None
    return scene.named(min(found, key=lambda one: (one.lineno, one.col_offset)).func)


def _is_call_of(
    scene: Scene, call: ast.Call, names: tuple[str, ...], methods: tuple[str, ...]
) -> bool:
    qualified = scene.context.qualified_name(call.func)
    if qualified in names or (
        isinstance(call.func, ast.Name) and call.func.id in names
    ):
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in methods:
        return False
    if call.func.attr == "join" and (call.args or qualified is not None):
        return False
    return not _is_text(scene, call.func.value)


def _is_text(scene: Scene, receiver: ast.expr) -> bool:
    return all(one.name in ("str", "bytes") for one in scene.kinds(receiver))


def reason_by_raises(seen: Seen) -> str | None:
    """Why a handler is left alone, by what its body raises."""
    if "SystemExit" in seen.raises:
        return "the body may exit, which the handler now prevents"
    if any(name in seen.raises for name in EXITS):
        named = next(name for name in EXITS if name in seen.raises)
        return f"the body may raise {named}, which the handler now catches"
    return None
