"""Code actions: quick fixes with and without the diagnostics' data, and fixing everything that is safe."""

import json

import pytest
from lsprotocol import converters, types

from strongroom.validator import apply_fixes, validate
from strongroom_lsp.capabilities import Client
from strongroom_lsp.code_actions import fix_all, quick_fixes, wants
from strongroom_lsp.diagnostics import diagnostic

CLIENT = Client(diagnostic_data=True, document_changes=True, preferred_actions=True)
CONVERTER = converters.get_converter()
MISTAKES = '{{ get_secret("a") }} é {{ get_secret( \'b\' ) }} {{ get_secret( "c" ) }}'


def as_sent(findings, opened, client=CLIENT):
    """The diagnostics as they come back from a client."""
    return [json.loads(json.dumps(diagnostic(finding, opened, client))) for finding in findings]


def fixes(*given):
    """The quick fixes as the protocol's types."""
    return CONVERTER.structure(quick_fixes(*given), list[types.CodeAction])


def all_fixed(*given):
    return CONVERTER.structure(fix_all(*given), types.CodeAction | None)


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


def test_a_fix_travels_with_its_diagnostic(mistaken):
    findings = validate(mistaken.document)
    assert findings
    for sent, finding in zip(as_sent(findings, mistaken), findings, strict=True):
        # No finding is given: what is offered can come from the data only.
        actions = fixes(mistaken, [sent], [], CLIENT)
        assert [action.title for action in actions] == [fix.title for fix in finding.fixes]
        for action, fix in zip(actions, finding.fixes, strict=True):
            assert applied(mistaken, edits_of(action)) == apply_fixes(
                mistaken.document.text, [finding._replace(fixes=(fix._replace(is_safe=True),))]
            )


@pytest.mark.parametrize("spoil", [None, 7, {"generation": 99}, {"generation": 0, "fixes": [{"title": "x"}]}])
def test_without_usable_data_the_fixes_are_found_afresh(mistaken, spoil):
    findings = validate(mistaken.document)
    expected = fixes(mistaken, as_sent(findings, mistaken), findings, CLIENT)
    bare = as_sent(findings, mistaken)
    for one in bare:
        one["data"] = spoil
    actions = fixes(mistaken, bare, findings, CLIENT)
    assert [(action.title, action.edit) for action in actions] == [
        (action.title, action.edit) for action in expected
    ]


def test_a_fix_made_for_an_older_text_is_not_used(mistaken):
    from strongroom_lsp.open_documents import Change

    old = as_sent(validate(mistaken.document), mistaken)
    mistaken.change(2, [Change("\n", (0, 0), (0, 0))])
    assert quick_fixes(mistaken, old, validate(mistaken.document), CLIENT) == []


def test_other_servers_diagnostics_are_left_alone(mistaken):
    foreign = as_sent(validate(mistaken.document), mistaken)
    for one in foreign:
        one["source"] = "json"
    assert quick_fixes(mistaken, foreign, validate(mistaken.document), CLIENT) == []


def test_fixing_all_gives_what_the_command_line_gives(mistaken):
    findings = validate(mistaken.document)
    action = all_fixed(mistaken, findings, CLIENT)
    assert action.kind == "source.fixAll.strongroom"
    text = applied(mistaken, edits_of(action))
    assert text == apply_fixes(mistaken.document.text, findings)
    assert "get_secret('a')" in text
    assert "get_secret('b')" in text


def test_nothing_is_offered_where_nothing_can_be_fixed(open_at, registry):
    opened, _ = open_at(registry("{{ get_secret('a') }}"))
    assert fix_all(opened, validate(opened.document), CLIENT) is None


def test_a_client_without_document_changes_gets_the_plain_form(mistaken):
    client = CLIENT._replace(document_changes=False)
    action = all_fixed(mistaken, validate(mistaken.document), client)
    assert action.edit.document_changes is None
    assert list(action.edit.changes) == [mistaken.uri]


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
