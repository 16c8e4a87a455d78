"""The server under pytest-lsp's client, which was written by others against the same protocol."""

import sys

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities


def say_yes(client):
    """Answer what pytest-lsp's client says it can and has no answer for."""
    for method in ("client/registerCapability", "workspace/codeLens/refresh", "workspace/inlayHint/refresh"):
        client.feature(method)(lambda *_: None)


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[sys.executable, "-m", "strongroom_lsp"]))
async def client(lsp_client: LanguageClient, request):
    say_yes(lsp_client)
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


TEXT = """{
  "connectors": [
    {
      "name": "Orders",
      "permalink": "orders",
      "url": "https://api.example.com/{{ pathParams.id }}",
      "path_parameters": [{"key": "id"}],
      "headers": [{"key": "A", "value": "Bearer {{ get_secret('token') }}"}]
    }
  ]
}
"""


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[sys.executable, "-m", "strongroom_lsp"]))
async def editor(lsp_client: LanguageClient, folder):
    """A session on a workspace of two files, one of which is open."""
    say_yes(lsp_client)
    (folder / "widget").mkdir()
    (folder / "widget" / "connectors.json").write_text(TEXT, "utf-8")
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities("visual_studio_code"),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "work")],
        )
    )
    uri = (folder / "connectors_registry.json").as_uri()
    lsp_client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "json", 1, TEXT))
    )
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def identity(folder):
    return types.TextDocumentIdentifier((folder / "connectors_registry.json").as_uri())


def place(part, skip=0):
    at = TEXT.index(part) + skip
    return types.Position(TEXT.count("\n", 0, at), at - TEXT.rfind("\n", 0, at) - 1)


async def test_names_are_found_and_renamed_across_files(editor: LanguageClient, identity):
    token = place("'token'", 2)
    found = await editor.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(include_declaration=True), identity, token)
    )
    assert len({location.uri for location in found}) == 2
    prepared = await editor.text_document_prepare_rename_async(types.PrepareRenameParams(identity, token))
    assert prepared.placeholder == "token"
    edit = await editor.text_document_rename_async(types.RenameParams(identity, token, "fresh"))
    assert len(edit.document_changes) == 2
    (row,) = await editor.text_document_definition_async(
        types.DefinitionParams(identity, place("pathParams.id", 11))
    )
    assert (row.target_range if isinstance(row, types.LocationLink) else row.range).start == place('"id"', 1)


async def test_the_document_is_drawn(editor: LanguageClient, identity):
    whole = types.Range(types.Position(0, 0), types.Position(99, 0))
    (symbol,) = await editor.text_document_document_symbol_async(types.DocumentSymbolParams(identity))
    assert symbol.name == "Orders"
    tokens = await editor.text_document_semantic_tokens_full_async(types.SemanticTokensParams(identity))
    assert len(tokens.data) % 5 == 0
    assert tokens.data
    assert await editor.text_document_folding_range_async(types.FoldingRangeParams(identity))
    assert await editor.text_document_selection_range_async(
        types.SelectionRangeParams(identity, [place("'token'", 2)])
    )
    hints = await editor.text_document_inlay_hint_async(types.InlayHintParams(identity, whole))
    assert list(hints) == []  # no list of names is known
    lenses = await editor.text_document_code_lens_async(types.CodeLensParams(identity))
    assert lenses[0].command.title == "Test connection"
    assert await editor.text_document_document_link_async(types.DocumentLinkParams(identity))


async def test_help_is_there_while_writing(editor: LanguageClient, identity):
    at = place("get_secret(", len("get_secret("))
    help_ = await editor.text_document_signature_help_async(types.SignatureHelpParams(identity, at))
    assert help_.signatures[0].label == "get_secret('name')"
    listed = await editor.text_document_completion_async(types.CompletionParams(identity, place("{{ get", 3)))
    item = next(item for item in listed.items if item.label == "jwt_encode")
    resolved = await editor.completion_item_resolve_async(item)
    assert "signed JWT" in resolved.documentation.value
    (found,) = await editor.workspace_symbol_async(types.WorkspaceSymbolParams("tok"))
    assert found.name == "token"


async def test_diagnostics_can_be_asked_for(editor: LanguageClient, identity):
    report = await editor.text_document_diagnostic_async(types.DocumentDiagnosticParams(identity))
    assert report.kind == "full"
    again = await editor.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(identity, previous_result_id=report.result_id)
    )
    assert again.kind == "unchanged"
    workspace = await editor.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
    assert len(workspace.items) == 2
