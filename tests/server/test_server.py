"""The language server, asked by a real client over its pipes."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from tests.command import environment

BARE = """\
# é𝄞
def f(text):
    try:
        return int("1")
    except:
        return "𝄞"
"""
PLENTY = "\n".join(
    f"def f{i}(text):\n    try:\n        return int('1')\n    except ValueError:\n"
    f"        return {i}\n"
    for i in range(600)
)


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    config=ClientServerConfig(
        server_command=[sys.executable, "-m", "codemods", "server"],
        server_env=environment(),
    )
)
async def client(lsp_client: LanguageClient):  # type: ignore[no-untyped-def]
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=types.ClientCapabilities(
                general=types.GeneralClientCapabilities(
                    position_encodings=[types.PositionEncodingKind.Utf16]
                )
            )
        )
    )
    yield
    await lsp_client.shutdown_session()


@dataclass(frozen=True)
class Offers:
    actions: list[types.CodeAction]
    commands: list[types.Command]


def opened(client: LanguageClient, path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    uri = path.as_uri()
    item = types.TextDocumentItem(uri, "python", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    return uri


async def told(client: LanguageClient, uri: str) -> list[types.Diagnostic]:
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(client.diagnostics[uri])


async def offered(
    client: LanguageClient, uri: str, line: int, only: list[str] | None = None
) -> Offers:
    here = types.Range(types.Position(line, 0), types.Position(line, 0))
    context = types.CodeActionContext([], only=only)
    document = types.TextDocumentIdentifier(uri)
    asked = types.CodeActionParams(document, here, context)
    found = list(await client.text_document_code_action_async(asked) or ())
    fixes = [each for each in found if isinstance(each, types.CodeAction)]
    return Offers(fixes, [e for e in found if isinstance(e, types.Command)])


def applied(text: str, action: types.CodeAction, uri: str) -> str:
    """The text after an action's edits, whose columns are in UTF-16 units."""
    assert action.edit
    assert action.edit.changes
    rows = text.split("\n")

    def at(position: types.Position) -> int:
        head = rows[position.line].encode("utf-16-le")[: 2 * position.character]
        before = sum(len(row) + 1 for row in rows[: position.line])
        return before + len(head.decode("utf-16-le"))

    edits = [
        (at(e.range.start), at(e.range.end), e.new_text)
        for e in action.edit.changes[uri]
    ]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


@pytest.mark.asyncio(loop_scope="function")
async def test_a_finding_is_shown_and_fixed(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = opened(client, tmp_path / "a.py", BARE)
    (found,) = await told(client, uri)
    assert (found.source, found.code) == ("codemod", "bare-except")
    assert found.range.start == types.Position(4, 4)
    offers = await offered(client, uri, 4)
    fix, ignore, every = offers.actions
    (explain,) = offers.commands
    assert fix.title == "Fix bare-except"
    assert fix.is_preferred
    assert applied(BARE, fix, uri) == BARE.replace("except:", "except ValueError:")
    assert ignore.title == "Ignore bare-except here"
    quiet = applied(BARE, ignore, uri)
    assert quiet == BARE.replace("except:", "except:  # codemod: ignore[bare-except]")
    assert every.kind == "source.fixAll.codemod"
    assert applied(BARE, every, uri) == applied(BARE, fix, uri)
    assert explain.title == "Explain bare-except"
    asked = types.ExecuteCommandParams(explain.command, explain.arguments)
    page = await client.workspace_execute_command_async(asked)
    assert str(page).startswith("# bare-except")


@pytest.mark.asyncio(loop_scope="function")
async def test_unsafe_fixes_say_so_and_declines_say_why(
    client: LanguageClient, tmp_path: Path
) -> None:
    text = (
        "import subprocess\n"
        "from house import fetch\n"
        "def f(row, name):\n"
        "    try:\n        fetch(row)\n    except:\n        pass\n"
        "    subprocess.run(f'{name} | sort > $HOME', shell=True)\n"
    )
    uri = opened(client, tmp_path / "a.py", text)
    unsafe, declined = sorted(
        await told(client, uri), key=lambda each: each.range.start.line
    )
    assert "; unsafe to fix: " in unsafe.message
    assert "; left alone: " in declined.message
    assert declined.severity == types.DiagnosticSeverity.Error  # outside text
    fix = (await offered(client, uri, 5)).actions[0]
    assert fix.title.startswith("Fix bare-except (unsafe: ")
    assert not fix.is_preferred
    titles = [each.title for each in (await offered(client, uri, 7)).actions]
    assert titles == ["Ignore shell-true here"]
    where = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(7, 6))
    hover = await client.text_document_hover_async(where)
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert hover.contents.value.startswith("**shell-true**: ")


@pytest.mark.asyncio(loop_scope="function")
async def test_each_key_is_seen_and_only_its_kind_is_offered(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = opened(client, tmp_path / "a.py", BARE)
    assert len(await told(client, uri)) == 1
    place = types.Range(types.Position(4, 10), types.Position(4, 10))
    change = types.TextDocumentContentChangePartial(text=" ValueError", range=place)
    document = types.VersionedTextDocumentIdentifier(2, uri)
    given = types.DidChangeTextDocumentParams(document, [change])
    client.text_document_did_change(given)
    assert await told(client, uri) == []
    back = types.TextDocumentContentChangeWholeDocument(text=BARE)
    document = types.VersionedTextDocumentIdentifier(3, uri)
    client.text_document_did_change(types.DidChangeTextDocumentParams(document, [back]))
    assert len(await told(client, uri)) == 1
    only = await offered(client, uri, 0, ["source.fixAll"])
    assert [each.kind for each in only.actions] == ["source.fixAll.codemod"]
    assert only.commands == []
    client.text_document_did_close(
        types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
    )
    assert await told(client, uri) == []


@pytest.mark.asyncio(loop_scope="function")
async def test_what_is_wrong_is_told_and_the_server_lives(
    client: LanguageClient, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.codemod]\nselekt = []\n")
    uri = opened(client, tmp_path / "a.py", BARE)
    (error,) = await told(client, uri)
    assert "has no key 'selekt'; did you mean 'select'?" in error.message
    (tmp_path / "pyproject.toml").write_text("")
    saved = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
    client.text_document_did_save(saved)
    assert [each.code for each in await told(client, uri)] == ["bare-except"]
    half = opened(client, tmp_path / "b.py", "def f(:\n    except:\n")
    assert await told(client, half) == []


@pytest.mark.asyncio(loop_scope="function")
async def test_a_folder_that_is_opened_is_not_run(
    client: LanguageClient, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.codemod]\ncodemods = ["own"]\n')
    (tmp_path / "own").mkdir()
    mark = tmp_path / "ran"
    (tmp_path / "own" / "evil.py").write_text(
        f"open({str(mark)!r}, 'w')\nCODEMOD = 1\n"
    )
    uri = opened(client, tmp_path / "a.py", BARE)
    assert len(await told(client, uri)) == 1
    assert not mark.exists()


@pytest.mark.asyncio(loop_scope="function")
async def test_three_thousand_lines_are_answered_at_once(
    client: LanguageClient, tmp_path: Path
) -> None:
    text = PLENTY + BARE
    assert text.count("\n") > 3000
    uri = opened(client, tmp_path / "a.py", text)
    assert len(await told(client, uri)) == 1
    line = text.count("\n") - 2
    asked = []
    for _ in range(5):
        began = time.perf_counter()
        assert len((await offered(client, uri, line)).actions) == 3
        asked.append(time.perf_counter() - began)
        await asyncio.sleep(0)
    # The bar is 100 ms; what is known of the text is not worked out again.
    assert min(asked) < 0.1
