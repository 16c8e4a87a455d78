"""Report tests that cannot run and missing connectors in files of test cases."""

from collections.abc import Iterator

from lsprotocol import types

from strongroom.testcases.connectors import KINDS, Reference, SeveralMeant, permalink_of
from strongroom.testcases.outline import CaseOutline
from strongroom.testcases.structure import Problem, read
from strongroom.text.suggest import did_you_mean
from strongroom_lsp.diagnostics.conversion import SOURCE
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.request_targets import any_document_of
from strongroom_lsp.services import Services


def diagnostic(
    services: Services, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport:
    """Answer `textDocument/diagnostic` for a file of test cases."""
    opened = any_document_of(services, params)
    items = case_diagnostics(services, opened) if opened is not None else []
    return types.RelatedFullDocumentDiagnosticReport(items)


def case_diagnostics(services: Services, opened: OpenDocument) -> list[types.Diagnostic]:
    """Return the problems of a file of test cases."""
    if not services.contexts.options.diagnostics:
        return []
    content = read(opened.document.text)
    problems = [*content.problems, *_unknown_connectors(services, content.outline)]
    return [_diagnostic(opened, problem) for problem in problems]


def known_connectors(services: Services) -> dict[str, None]:
    """Return the permalinks that a test can call, as far as they are indexed.

    A connector without a permalink has the one that its name gives. A permalink that both kinds have is there twice,
    with its kind.
    """
    kinds: dict[str, set[str]] = {}
    for _, facts in services.index.fresh().connectors():
        if facts.kind != "step":
            kinds.setdefault(facts.permalink or permalink_of(None, facts.name), set()).add(facts.kind)
    return {
        text: None
        for permalink, of in kinds.items()
        for text in ([permalink] if len(of) == 1 else [f"{kind}:{permalink}" for kind in sorted(of)])
    }


def _unknown_connectors(services: Services, outline: CaseOutline) -> Iterator[Problem]:
    """Yield the connectors that are missing, once every file is indexed.

    Until then a connector may be in a file that was not read yet.
    """
    if not services.index.is_built:
        services.index.start()
        return
    index = services.index.fresh()
    known = known_connectors(services)
    names = {facts.name for _, facts in index.connectors()}
    for text in known:
        names.add(Reference.of(text).name)
    several = {Reference.of(text).name for text in known if Reference.of(text).is_composite is not None}
    for test in outline.tests:
        entry = test.connector
        if entry is None or not entry.text:
            continue
        start, end = entry.value
        if entry.text in several:
            error = SeveralMeant(entry.text, (f"{kind}:{entry.text}" for kind in KINDS))
            yield Problem(start, end, error.message, error.way_out)
        elif entry.text not in names and Reference.of(entry.text).name not in names:
            message = f"This workspace has no connector named `{entry.text}`."
            yield Problem(start, end, message, did_you_mean(entry.text, known) if known else "")


def _diagnostic(opened: OpenDocument, problem: Problem) -> types.Diagnostic:
    return types.Diagnostic(
        range=opened.range(problem.start, problem.end),
        severity=types.DiagnosticSeverity.Error,
        code="test-case",
        source=SOURCE,
        message=f"{problem.message} {problem.way_out}".strip(),
    )
