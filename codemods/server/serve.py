"""`codemod server`: the server itself, on standard input and output."""

from __future__ import annotations

import asyncio

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.workspace import PositionCodec, TextDocument

from codemods import __version__
from codemods.server.analysis import Analysis, analysed, page_of
from codemods.server.messages import EXPLAIN, FIX_ALL, actions, diagnostics, told

Offers = list[types.CodeAction | types.Command]
PAUSE = 0.1  # seconds without a key before a text is looked at


class Server(LanguageServer):
    """The server and what it knows of the open texts, by URI."""

    def __init__(self, trusting: bool = False) -> None:
        super().__init__(
            "codemod",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
        )
        self.trusting = trusting
        self.known: dict[str, Analysis] = {}

    @property
    def codec(self) -> PositionCodec:
        return self.workspace.position_codec

    def analysis(self, document: TextDocument) -> Analysis:
        """What is known of a text as it stands now."""
        known = self.known.get(document.uri)
        if known is None or known.text != document.source:
            path = document.path or document.uri
            known = analysed(path, document.source, trusting=self.trusting)
            self.known[document.uri] = known
        return known

    def publish(self, document: TextDocument) -> None:
        analysis = self.analysis(document)
        found = diagnostics(analysis, self.codec)
        if analysis.error is not None:
            start = types.Range(types.Position(0, 0), types.Position(0, 0))
            found.append(types.Diagnostic(start, analysis.error, source="codemod"))
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(document.uri, found, document.version)
        )


def made(trusting: bool = False) -> Server:
    """A server with its features."""
    server = Server(trusting)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: Server, given: types.DidOpenTextDocumentParams) -> None:
        ls.publish(ls.workspace.get_text_document(given.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: Server, given: types.DidSaveTextDocumentParams) -> None:
        ls.known.pop(given.text_document.uri, None)  # the config may have changed
        ls.publish(ls.workspace.get_text_document(given.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(ls: Server, given: types.DidChangeTextDocumentParams) -> None:
        document = ls.workspace.get_text_document(given.text_document.uri)
        version = document.version
        await asyncio.sleep(PAUSE)
        if document.version == version:
            ls.publish(document)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: Server, given: types.DidCloseTextDocumentParams) -> None:
        ls.known.pop(given.text_document.uri, None)
        nothing = types.PublishDiagnosticsParams(given.text_document.uri, [])
        ls.text_document_publish_diagnostics(nothing)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([types.CodeActionKind.QuickFix, FIX_ALL]),
    )
    def act(ls: Server, given: types.CodeActionParams) -> Offers:
        document = ls.workspace.get_text_document(given.text_document.uri)
        return actions(ls.analysis(document), ls.codec, document.uri, given)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(ls: Server, given: types.HoverParams) -> types.Hover | None:
        document = ls.workspace.get_text_document(given.text_document.uri)
        line = given.position.line + 1
        found = ls.analysis(document).findings
        here = [each for each in found if each.line <= line <= each.end_line]
        if not here:
            return None
        text = "\n\n".join(f"**{each.codemod}**: {told(each)}" for each in here)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text))

    @server.command(EXPLAIN)
    def explain(ls: Server, name: str) -> str | None:
        """The page of a codemod; also shown, for clients that drop the answer."""
        page = page_of(name)
        if page is not None:
            shown = types.ShowMessageParams(types.MessageType.Info, page)
            ls.window_show_message(shown)
        return page

    return server


def serve(trusting: bool = False) -> None:
    made(trusting).start_io()
