"""Which module answers which request. A feature is imported by the first request for it.

A feature's function takes the session and the parameters of the request, and gives the result as plain JSON, or a
`Later`. It may raise `InvalidParams`, and `StrongroomError` with a sentence for the person.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .session import Session

Feature = Callable[["Session", Any], object]

FEATURES: Final[Mapping[str, str]] = {
    "textDocument/completion": "completion.answer",
    "completionItem/resolve": "completion.resolve",
    "textDocument/hover": "hover.answer",
    "textDocument/signatureHelp": "signature_help.answer",
    "textDocument/codeAction": "code_actions.answer",
    "textDocument/diagnostic": "pull_diagnostics.answer",
    "workspace/diagnostic": "workspace_diagnostics.answer",
    "textDocument/definition": "navigation.definition",
    "textDocument/references": "navigation.references",
    "textDocument/documentHighlight": "navigation.highlights",
    "textDocument/prepareRename": "rename.prepare",
    "textDocument/rename": "rename.answer",
    "textDocument/documentSymbol": "document_symbols.answer",
    "workspace/symbol": "workspace_symbols.answer",
    "textDocument/foldingRange": "folding.answer",
    "textDocument/selectionRange": "selection.answer",
    "textDocument/semanticTokens/full": "semantic_tokens.answer",
    "textDocument/semanticTokens/full/delta": "semantic_tokens.answer_delta",
    "textDocument/semanticTokens/range": "semantic_tokens.answer_range",
    "textDocument/inlayHint": "inlay_hints.answer",
    "textDocument/codeLens": "code_lenses.answer",
    "textDocument/documentLink": "document_links.answer",
    "workspace/executeCommand": "commands.answer",
    "strongroom/documentText": "document_text.answer",
}
"""Method -> module.function in this package."""


CASE_FEATURES: Final[Mapping[str, str]] = {
    "textDocument/completion": "case_features.completion",
    "textDocument/hover": "case_features.hover",
    "textDocument/definition": "case_features.definition",
    "textDocument/references": "case_features.references",
    "textDocument/documentSymbol": "case_features.symbols",
    "textDocument/codeLens": "case_features.lenses",
    "textDocument/diagnostic": "case_diagnostics.answer",
}
"""The same for files of test cases; what is not here has nothing to say about them."""


def feature(method: str, *, is_case_file: bool = False) -> Feature:
    """The function that answers `method`, for a connector file or for a file of test cases."""
    name = CASE_FEATURES.get(method, FEATURES[method]) if is_case_file else FEATURES[method]
    module, _, function = name.partition(".")
    found: Feature = getattr(import_module(f"{__package__}.{module}"), function)
    return found
