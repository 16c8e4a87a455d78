"""Check the calls of connectors in the code of widgets."""

from typing import Final

from lsprotocol import types

from strongroom.validator import Finding, Severity
from strongroom_lsp.diagnostics.conversion import SOURCE
from strongroom_lsp.diagnostics.rule_pages import page_uri
from strongroom_lsp.documents.code_files import code_of
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.request_targets import any_document_of
from strongroom_lsp.services import Services

_SEVERITY: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


async def diagnostic(
    services: Services, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport:
    """Answer `textDocument/diagnostic` for code."""
    opened = any_document_of(services, params)
    found = code_diagnostics(services, opened) if opened is not None else None
    return types.RelatedFullDocumentDiagnosticReport(found or [])


def code_diagnostics(services: Services, opened: OpenDocument) -> list[types.Diagnostic] | None:
    """Return the diagnostics of code, or None outside of a project with connectors."""
    if opened.path is None:
        return None
    if services.contexts.connectors_of(opened.path) is None:
        return None
    if not services.contexts.options.diagnostics:
        return []
    found = services.context_of(opened).findings_in_code(code_of(opened))
    return [_diagnostic(services, opened, one) for one in found]


def _diagnostic(services: Services, opened: OpenDocument, finding: Finding) -> types.Diagnostic:
    page = page_uri(finding.rule) if services.client.code_description else None
    return types.Diagnostic(
        range=opened.range(finding.start, finding.end),
        severity=_SEVERITY[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        message=finding.message,
    )
