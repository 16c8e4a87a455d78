"""Code actions: quick fixes of what is found here, and fixing everything that is safe."""

import json

import attrs
import pytest
from jinja2 import Environment
from lsprotocol import converters, types

from strongroom.document import Document
from strongroom.names import NO_NAMES
from strongroom.settings.loading import settings_from
from strongroom.text.edits import apply_edits
from strongroom.validator import Edit, Fix, validate
from strongroom.validator.fixing import fix_all as everything_fixed
from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.diagnostics.conversion import diagnostic
from strongroom_lsp.features.code_actions import SentDiagnostics, fix_all, quick_fixes, wants
from strongroom_lsp.features.ignoring import comment_edit
from strongroom_lsp.protocol.capabilities import Client

CLIENT = Client(document_changes=True, preferred_actions=True)
CONVERTER = converters.get_converter()
MISTAKES = '{{ get_secret("a") }} é {{ get_secret( \'b\' ) }} {{ get_secret( "c" ) }}'


def as_sent(findings, opened, client=CLIENT):
    """The diagnostics as they come back from a client."""
    sent = json.loads(json.dumps([diagnostic(one, opened, client) for one in findings]))
    return SentDiagnostics(opened, CONVERTER.structure(sent, list[types.Diagnostic]))


def fixes(opened, findings, sent=None):
    return quick_fixes(opened, findings, sent or SentDiagnostics(opened, []), CLIENT)


def all_fixed(opened, client=CLIENT):
    context = FileContext(settings_from(None, "/"), NO_NAMES)
    return fix_all(opened, context.findings(opened.document, opened.path), context, client)


def applied(opened, edits):
    text = opened.document.text
    offset = opened.positions.offset
    for edit in sorted(
        edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True
    ):
        start, end = edit.range.start, edit.range.end
        text = (
            text[: offset(start.line, start.character)]
            + edit.new_text
            + text[offset(end.line, end.character) :]
        )
    return text


def edits_of(action):
    (change,) = action.edit.document_changes
    return change.edits


@pytest.fixture
def mistaken(open_at, registry):
    opened, _ = open_at(registry(MISTAKES))
    return opened


def test_each_fix_of_a_finding_is_offered_whether_or_not_its_diagnostic_came_back(mistaken):
    findings = validate(mistaken.document)
    assert findings
    for sent in (None, as_sent(findings, mistaken)):
        actions = fixes(mistaken, findings, sent)
        offered = [fix for finding in findings for fix in finding.fixes]
        assert [action.title for action in actions] == [fix.title for fix in offered]
        for action, fix in zip(actions, offered, strict=True):
            assert applied(mistaken, edits_of(action)) == apply_edits(
                mistaken.document.text, sorted(fix.edits)
            )
            assert len(action.diagnostics) == bool(sent)


def test_a_diagnostic_of_another_server_or_of_an_older_text_belongs_to_no_finding(mistaken):
    (finding, *_) = validate(mistaken.document)
    (mine,) = as_sent([finding], mistaken).of(finding)
    assert SentDiagnostics(mistaken, [mine]).of(finding) == [mine]
    assert SentDiagnostics(mistaken, [attrs.evolve(mine, source="json")]).of(finding) == []
    moved = attrs.evolve(mine, range=types.Range(types.Position(0, 0), types.Position(0, 1)))
    assert SentDiagnostics(mistaken, [moved]).of(finding) == []


def test_a_fix_that_would_break_the_text_is_not_offered(mistaken):
    (finding, *_) = validate(mistaken.document)
    wrong = Fix("Break it", (Edit(finding.start, finding.start, "}}"),), True)
    assert fixes(mistaken, [finding._replace(fixes=(wrong,))]) == []


def test_fixing_all_gives_what_the_command_line_gives(open_at, registry):
    # The second mistake is there only when the first is mended, and the third is inside of another.
    opened, _ = open_at(registry(f'{MISTAKES} get_secret("d") {{{{ default(default(a, (b))) }}}}'))
    action = all_fixed(opened)
    assert action.kind == "source.fixAll.strongroom"
    text = applied(opened, edits_of(action))
    assert text == everything_fixed(opened.document, validate).document.text
    for fixed in (
        "get_secret('a')",
        "get_secret('b')",
        "{{ get_secret('d') }}",
        "{{ (a | default((b))) | default }}",
    ):
        assert fixed in text


def test_nothing_is_offered_where_nothing_can_be_fixed(open_at, registry):
    opened, _ = open_at(registry("{{ get_secret('a') }}"))
    assert all_fixed(opened) is None


def test_a_client_without_document_changes_gets_the_plain_form(mistaken):
    action = all_fixed(mistaken, CLIENT._replace(document_changes=False))
    assert action.edit.document_changes is None
    assert list(action.edit.changes) == [mistaken.uri]


@pytest.mark.parametrize("template", ["a{", "a\\n", "a\\r\\n", "{{ a -}} \\n", "{"])
def test_a_comment_that_ignores_a_rule_changes_no_output(open_at, registry, template):
    opened, _ = open_at(registry(field=f'"request_body": "{template}"'))
    (before,) = [one for one in opened.document.templates if one.field.label == "request_body"]
    text = apply_edits(opened.document.text, [comment_edit(before, "dict-method")])
    (after,) = [one for one in Document.parse(text).templates if one.field.label == "request_body"]
    assert "{# strongroom: ignore[dict-method] #}" in after.text
    assert Environment().from_string(after.text).render(a=1) == Environment().from_string(before.text).render(
        a=1
    )


@pytest.mark.parametrize(
    ("only", "kind", "answer"),
    [
        (None, "quickfix", True),
        ([], "quickfix", True),
        ([""], "quickfix", True),
        (["quickfix"], "quickfix", True),
        (["source"], "source.fixAll.strongroom", True),
        (["source.fixAll"], "source.fixAll.strongroom", True),
        (["source.fixAll.strongroom"], "source.fixAll.strongroom", True),
        (["source.fixAll.eslint"], "source.fixAll.strongroom", False),
        (["source.fix"], "source.fixAll.strongroom", False),
        (["refactor"], "quickfix", False),
    ],
)
def test_only_the_kinds_that_were_asked_for(only, kind, answer):
    assert wants(only, kind) is answer
