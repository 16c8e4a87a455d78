"""Report the diagnostics of one document to a client that asks.

A report is made when no message is queued, as a pushed one is. So each request of a burst of edits and requests gets
the diagnostics of the last edit, and the texts between are not checked.
"""

from lsprotocol import types

from strongroom_lsp.diagnostics.kept_texts import diagnostics_text
from strongroom_lsp.features.request_targets import document_of
from strongroom_lsp.protocol.encoded import Encoded
from strongroom_lsp.services import Services

Report = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport | Encoded


async def diagnostic(services: Services, params: types.DocumentDiagnosticParams) -> Report:
    """Answer `textDocument/diagnostic` with the document as it is now.

    A document that is not open has no diagnostics. A coroutine begins when no message is queued.
    """
    opened = document_of(services, params)
    if opened is None or not services.contexts.options.diagnostics:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    context = services.context_of(opened)
    # An equal text under equal names and settings has equal findings.
    text = opened.document.text
    result = f"{hash(text):x}.{len(text)}.{context.number}"
    if params.previous_result_id == result:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result)
    items = diagnostics_text(opened, context, services.client)
    return Encoded(f'{{"kind":"full","resultId":"{result}","items":{items.text}}}')
