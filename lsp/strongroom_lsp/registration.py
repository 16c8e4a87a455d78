"""Register the features and commands of a server with pygls.

The module of a feature is imported by the first request for it (`routes`).
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from lsprotocol import types

from strongroom_lsp import session
from strongroom_lsp.protocol.capabilities import FIX_ALL, QUICK_FIX, TOKEN_MODIFIERS, TOKEN_TYPES
from strongroom_lsp.routes import COMMANDS, FEATURES, feature, function_of
from strongroom_lsp.server import StrongroomServer

OPTIONS: Final[Mapping[str, Any]] = {
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(
        trigger_characters=["'", '"', "(", ".", "|", "{"],
        resolve_provider=True,
        completion_item=types.ServerCompletionItemOptions(label_details_support=True),
    ),
    types.TEXT_DOCUMENT_SIGNATURE_HELP: types.SignatureHelpOptions(
        trigger_characters=["(", ","], retrigger_characters=[")"]
    ),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
        code_action_kinds=[QUICK_FIX, FIX_ALL], resolve_provider=False
    ),
    types.TEXT_DOCUMENT_DIAGNOSTIC: types.DiagnosticOptions(
        identifier="strongroom", inter_file_dependencies=False, workspace_diagnostics=True
    ),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: types.SemanticTokensLegend(
        token_types=list(TOKEN_TYPES), token_modifiers=list(TOKEN_MODIFIERS)
    ),
}
"""Method -> what `initialize` announces about it, where that is more than its existence."""


def create_server(loop: asyncio.AbstractEventLoop) -> StrongroomServer:
    """Return a server with everything that it can do."""
    server = StrongroomServer(loop)
    for method, handler in session.HANDLERS.items():
        server.feature(method)(handler)
    for method in FEATURES:
        server.feature(method, OPTIONS.get(method))(_feature(method))
    for name in COMMANDS:
        server.command(name)(_command(name))
    return server


def _feature(method: str) -> Any:
    def answer(ls: StrongroomServer, params: Any) -> Any:
        document = getattr(params, "text_document", None)
        return feature(method, document.uri if document is not None else "")(ls, params)

    return answer


def _command(name: str) -> Any:
    def run(ls: StrongroomServer, argument: Any, token: types.ProgressToken | None) -> Any:
        return function_of(COMMANDS[name])(ls, argument, token)

    return run
