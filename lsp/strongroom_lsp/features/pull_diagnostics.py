"""Report the diagnostics of one document to a client that asks.

A report is made when no message is queued, as a pushed one is. So each request of a burst of edits and requests gets
the diagnostics of the last edit, and the texts between are not checked.
"""

from typing import Any

from strongroom_lsp.diagnostics.json_targets import document_of
from strongroom_lsp.diagnostics.kept_texts import diagnostics_text
from strongroom_lsp.protocol.capabilities import look_up
from strongroom_lsp.protocol.later import Later
from strongroom_lsp.protocol.messages import text_at
from strongroom_lsp.services import Services

Report = dict[str, Any]


def answer(services: Services, params: Any) -> Later:
    """Answer `textDocument/diagnostic` when no message is queued."""
    text_at(params, "textDocument", "uri")  # wrong parameters are refused now, not when the report is made
    later = Later()
    services.loop.call_later(0.0, lambda: later.attempt(lambda: later.give(report(services, params))))
    return later


def report(services: Services, params: Any) -> Report:
    """Return the diagnostics of a document as it is now.

    A document that is not open has none.
    """
    opened = document_of(services, params)
    if opened is None or not services.contexts.options.diagnostics:
        return {"kind": "full", "items": []}
    context = services.context_of(opened)
    # An equal text under equal names and settings has equal findings.
    text = opened.document.text
    result = f"{hash(text):x}.{len(text)}.{context.number}"
    if look_up(params, "previousResultId") == result:
        return {"kind": "unchanged", "resultId": result}
    return {
        "kind": "full",
        "resultId": result,
        "items": diagnostics_text(opened, context, services.client),
    }
