"""The server under pytest-lsp's client, which was written by others against the same protocol."""

import sys

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[sys.executable, "-m", "strongroom_lsp"]))
async def client(lsp_client: LanguageClient, request):
    editor = getattr(request, "param", "visual_studio_code")
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=client_capabilities(editor), root_uri=None)
    )
    yield
    await lsp_client.shutdown_session()


@pytest.mark.parametrize("client", ["visual_studio_code", "neovim", "emacs"], indirect=True)
async def test_findings_and_fixes_reach_the_editors(client: LanguageClient, registry, folder):
    uri = (folder / "connectors_registry.json").as_uri()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            types.TextDocumentItem(uri, "json", 1, registry('{{ get_secret("api_key") }}'))
        )
    )
    await client.wait_for_notification("textDocument/publishDiagnostics")
    (diagnostic,) = client.diagnostics[uri]
    assert diagnostic.code == "secret-quotes"
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri), diagnostic.range, types.CodeActionContext([diagnostic])
        )
    )
    assert {action.kind for action in actions} >= {"quickfix"}
