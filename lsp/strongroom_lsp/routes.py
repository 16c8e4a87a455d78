"""Find the function that answers a request.

Its module is imported by the first request for it. The function takes the services and the parameters of the request,
and returns the result, or a coroutine of it. It may raise `InvalidParams`, and `StrongroomError` with a sentence for
the person.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from strongroom_lsp.documents.case_files import is_case_file
from strongroom_lsp.documents.code_files import is_code_file
from strongroom_lsp.services import CommandServices

Feature = Callable[[CommandServices, Any], object]

FEATURES: Final[Mapping[str, str]] = {
    "textDocument/completion": "features.completing.completion.completion",
    "completionItem/resolve": "features.completing.completion.resolve",
    "textDocument/hover": "features.hover.hover",
    "textDocument/signatureHelp": "features.signature_help.signature_help",
    "textDocument/codeAction": "features.code_actions.code_action",
    "textDocument/diagnostic": "features.pull_diagnostics.diagnostic",
    "workspace/diagnostic": "features.workspace_diagnostics.workspace_diagnostic",
    "textDocument/definition": "features.navigation.definition",
    "textDocument/references": "features.navigation.references",
    "textDocument/documentHighlight": "features.navigation.document_highlight",
    "textDocument/prepareRename": "commands.rename.prepare_rename",
    "textDocument/rename": "commands.rename.rename",
    "textDocument/documentSymbol": "features.document_symbols.document_symbol",
    "workspace/symbol": "features.workspace_symbols.workspace_symbol",
    "textDocument/foldingRange": "features.folding.folding_range",
    "textDocument/selectionRange": "features.selection.selection_range",
    "textDocument/semanticTokens/full": "features.semantic_tokens.semantic_tokens_full",
    "textDocument/semanticTokens/full/delta": "features.semantic_tokens.semantic_tokens_delta",
    "textDocument/semanticTokens/range": "features.semantic_tokens.semantic_tokens_range",
    "textDocument/inlayHint": "features.inlay_hints.inlay_hint",
    "textDocument/codeLens": "features.code_lenses.code_lens",
    "textDocument/documentLink": "features.document_links.document_link",
    "strongroom/documentText": "features.document_text.document_text",
}
"""Method -> module.function in this package."""

COMMANDS: Final[Mapping[str, str]] = {
    "strongroom.testConnection": "commands.execute.test_connection",
    "strongroom.createSecret": "commands.execute.create_secret",
    "strongroom.storeLiteral": "commands.execute.store_literal",
    "strongroom.renameInFiles": "commands.execute.rename_in_files",
}
"""Command -> module.function in this package. It takes the services, an argument and a token for its progress."""

CASE_FEATURES: Final[Mapping[str, str]] = {
    "textDocument/completion": "features.case_features.completion",
    "textDocument/hover": "features.case_features.hover",
    "textDocument/definition": "features.case_features.definition",
    "textDocument/references": "features.case_features.references",
    "textDocument/documentSymbol": "features.case_features.document_symbol",
    "textDocument/codeLens": "features.case_features.code_lens",
    "textDocument/diagnostic": "features.case_diagnostics.diagnostic",
}
"""The same for files of test cases. Every other method answers them as it answers a file without connectors."""


CODE_FEATURES: Final[Mapping[str, str]] = {
    "textDocument/completion": "features.widgets.answers.completion",
    "textDocument/hover": "features.widgets.answers.hover",
    "textDocument/definition": "features.widgets.answers.definition",
    "textDocument/references": "features.widgets.answers.references",
    "textDocument/documentHighlight": "features.widgets.answers.document_highlight",
    "textDocument/codeAction": "features.widgets.actions.code_action",
    "textDocument/diagnostic": "features.widgets.diagnostics.diagnostic",
}
"""The same for the code of widgets."""


def feature(method: str, uri: str = "") -> Feature:
    """Return the function that answers `method` for this uri's kind of file."""
    of_kind = CASE_FEATURES if is_case_file(uri) else CODE_FEATURES if is_code_file(uri) else {}
    found: Feature = function_of(of_kind.get(method, FEATURES[method]))
    return found


def function_of(name: str) -> Any:
    """Return the function of this name in this package."""
    module, _, function = name.rpartition(".")
    return getattr(import_module(f"{__package__}.{module}"), function)
