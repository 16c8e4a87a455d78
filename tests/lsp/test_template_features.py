"""Colours, signature help, hints, lenses and links of templates."""

import datetime
import json

import pytest
from lsprotocol import converters, types

from strongroom.names import Kind, Knowledge, Name, Names
from strongroom_lsp.features.inlay_hints import hint
from strongroom_lsp.protocol.capabilities import TOKEN_TYPES

CONVERTER = converters.get_converter()


# -- semantic tokens -------------------------------------------------------------------------------------------


@pytest.fixture
def coloured(ready, uri, registry):
    """(text, type) of each token of a template in a header."""

    def coloured(template, method="full", **more):
        text = registry(template)
        ready.open(uri, text)
        params = {"textDocument": {"uri": uri}, **more}
        data = ready.request(f"textDocument/semanticTokens/{method}", params)["result"]["data"]
        lines = [line.encode("utf-16-le") for line in text.split("\n")]
        found, line, column = [], 0, 0
        for at in range(0, len(data), 5):
            step, start, length, kind, _ = data[at : at + 5]
            line, column = (line + step, start) if step else (line, column + start)
            part = lines[line][column * 2 : (column + length) * 2].decode("utf-16-le")
            found.append((part, TOKEN_TYPES[kind]))
        return found

    return coloured


def test_a_call_is_coloured_by_its_parts(coloured):
    assert coloured("é🙂 {{- get_secret('token') | upper -}}") == [
        ("{{-", "macro"), ("get_secret", "function"), ("(", "operator"), ("'", "string"),
        ("token", "parameter"), ("'", "string"), (")", "operator"), ("|", "operator"), ("upper", "function"),
        ("-}}", "macro"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "after", ["{{ now() }}", "{{ now() }} {{ user.id }}", "{{ user.id }} {{ now() }}", "", "{{ later() }}"]
)
def test_only_the_colours_that_changed_are_sent_again(ready, uri, registry, after):
    def ask(method, **more):
        params = {"textDocument": {"uri": uri}, **more}
        answer = ready.request(f"textDocument/semanticTokens/{method}", params)["result"]
        kind = types.SemanticTokensDelta if "edits" in answer else types.SemanticTokens
        CONVERTER.structure(answer, kind)
        return answer

    text = registry("{{ now() }} {{ get_secret('a') }} {{ now() }}")
    ready.open(uri, text)
    first = ask("full")
    ready.change(uri, {"text": text.replace("{{ get_secret('a') }}", after)})
    changed = ask("full/delta", previousResultId=first["resultId"])
    data = first["data"]
    for edit in changed["edits"]:
        data[edit["start"] : edit["start"] + edit["deleteCount"]] = edit["data"]
    assert data == ask("full")["data"]
    assert sum(len(edit["data"]) for edit in changed["edits"]) < len(data)
    # Of a state that the server does not have the client gets everything.
    assert ask("full/delta", previousResultId="another")["data"] == data
    assert ask("full/delta", previousResultId=changed["resultId"])["edits"] == []


def test_statements_comments_and_members_have_colours(coloured):
    found = coloured("{# note #}{% if user.email is defined %}{{ 1 + x }}{% endif %}")
    assert ("{# note #}", "comment") in found
    assert ("if", "keyword") in found
    assert ("email", "property") in found
    assert ("1", "number") in found
    assert ("x", "variable") in found


def test_only_what_is_asked_for_is_coloured(coloured):
    nowhere = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
    everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    assert coloured("{{ now() }}", "range", range=nowhere) == []
    assert coloured("{{ now() }}", "range", range=everywhere) == coloured("{{ now() }}")


# -- signature help --------------------------------------------------------------------------------------------


@pytest.fixture
def signature(ready, uri, registry):
    """(label, active parameter) where the cursor is marked."""

    def signature(marked):
        text = registry(marked)
        at = text.index("‸")
        text = text.replace("‸", "")
        ready.open(uri, text)
        line = text.count("\n", 0, at)
        position = {"line": line, "character": at - text.rfind("\n", 0, at) - 1}
        answer = ready.request(
            "textDocument/signatureHelp", {"textDocument": {"uri": uri}, "position": position}
        )["result"]
        if answer is None:
            return None
        found = CONVERTER.structure(answer, types.SignatureHelp).signatures[0]
        start, end = found.parameters[answer["activeParameter"]].label if found.parameters else (0, 0)
        return found.label, found.label[start:end]

    return signature


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("{{ get_secret(‸", ("get_secret('name')", "'name'")),
        (
            "{{ jwt_encode({'a': 1, 'b': (1, 2)}, ‸) }}",
            ("jwt_encode(payload, key, algorithm='HS256', headers=None)", "key"),
        ),
        ("{{ jwt_encode(now(‸), 'k') }}", ("now(offset=0)", "offset=0")),
        ("{{ x | replace('a', ‸) }}", ("text | replace(old, new, count=None)", "new")),
        ("{{ get_secret('‸", ("get_secret('name')", "'name'")),
        ("{{ get_secret('my‸_key') }}", None),
        ("{{ get_secret('a') ‸", None),
        ("{{ other(‸", None),
        ("get_secret(‸", None),
    ],
)
def test_the_parameter_being_written_is_shown(signature, marked, expected):
    assert signature(marked) == expected


# -- inlay hints -----------------------------------------------------------------------------------------------

TODAY = datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("webhook_secret", Kind.SECRET, "✓"),
        ("base_url", Kind.VARIABLE, "= https://api.example.com/```/v1"),
        ("base_url", Kind.SECRET, "✗ is a variable"),
        ("staging_key", Kind.SECRET, "✗ only in staging"),
        ("nope", Kind.SECRET, "✗ unknown"),
    ],
)
def test_a_hint_tells_the_state_of_a_name(names, name, kind, expected):
    assert hint(name, kind, names, TODAY) == expected


def test_a_name_that_may_miss_has_its_default(names):
    assert hint("nope", Kind.VARIABLE, names, TODAY, may_miss=True) == "→ default"
    assert hint("base_url", Kind.VARIABLE, names, TODAY, may_miss=True).startswith("= https")


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        ("2026-11-22", "✗ expired 2026-11-22"),
        ("2026-12-01", "! expires 2026-12-01"),
        ("2027-12-01", "✓"),
        ("soon", "✓"),
    ],
)
def test_a_hint_warns_of_an_expiry(expires, expected):
    known = Names(Knowledge.COMPLETE, {"a": Name("a", Kind.SECRET, "", expires)}, "production")
    assert hint("a", Kind.SECRET, known, TODAY) == expected


def test_an_incomplete_list_has_no_hint_for_what_it_lacks(names):
    assert hint("nope", Kind.SECRET, names._replace(knowledge=Knowledge.PARTIAL), TODAY) == ""


def test_hints_stand_behind_the_quotes_and_hold_no_part_of_a_secret(ready, uri, registry, make_vault):
    make_vault({"production": {"token": "canary-value", "BASE": "https://a.example"}})
    text = registry("{{ get_secret('token') }}{{ get_variable('BASE') }}")
    ready.open(uri, text)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    found = ready.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": whole})["result"]
    hints = CONVERTER.structure(found, list[types.InlayHint])
    assert [one.label for one in hints] == ["✓", "= https://a.example"]
    line = text.split("\n")[hints[0].position.line]
    assert line[: hints[0].position.character].endswith("'token'")
    assert "canary" not in json.dumps(found)
    ready.notify("workspace/didChangeConfiguration", {"settings": {"strongroom": {"inlayHints": False}}})
    off = ready.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": whole})
    assert off["result"] is None


# -- code lenses -----------------------------------------------------------------------------------------------


@pytest.fixture
def lenses(ready, uri, registry):
    def lenses():
        ready.open(uri, registry("{{ get_secret('token') }}{{ get_secret('token') }}"))
        ready.request("workspace/symbol", {"query": ""})  # the index is there from then on
        found = ready.request("textDocument/codeLens", {"textDocument": {"uri": uri}})["result"]
        return CONVERTER.structure(found, list[types.CodeLens])

    return lenses


def test_a_connector_can_be_tested_and_tells_how_often_its_names_are_used(lenses, uri):
    test, used = lenses()
    assert test.command.title == "Test connection"
    assert test.command.command == "strongroom.testConnection"
    assert list(test.command.arguments) == [{"uri": uri, "connector": "Orders"}]
    assert used.command.title == "token: used 2 times"
    assert used.command.command == ""


def test_a_client_that_shows_references_gets_them(talk, folder, lenses, uri):
    talk.session.client = talk.session.client._replace(commands=frozenset({"strongroom.showReferences"}))
    used = lenses()[1]
    assert used.command.command == "strongroom.showReferences"
    assert used.command.arguments[0] == uri
    assert len(used.command.arguments[2]) == 2


# -- links -----------------------------------------------------------------------------------------------------


def test_addresses_and_silenced_rules_are_links(ready, uri, registry):
    text = registry("https://docs.example.com/page?x=1. {# strongroom: ignore[none-text] #}")
    ready.open(uri, text)
    found = ready.request("textDocument/documentLink", {"textDocument": {"uri": uri}})["result"]
    targets = [link["target"] for link in found]
    assert "https://docs.example.com/page?x=1" in targets
    assert any(target.endswith("none-text.md") for target in targets)
