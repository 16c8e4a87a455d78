"""Creating, moving, ignoring: the actions that are no fixes; and the commands that lenses and actions carry."""

import json
import tomllib

import pytest
from lsprotocol import converters, types

from strongroom.document import Document
from strongroom.text.edits import apply_edits
from strongroom.validator import validate
from strongroom_lsp.commands.run_report import headline_of, report_page, save_page
from strongroom_lsp.features.ignoring import comment_edit, settings_edit
from strongroom_lsp.features.rewrites import rewrites

CONVERTER = converters.get_converter()


@pytest.fixture
def actions(ready, uri):
    """The actions for a whole text."""

    def actions(text):
        ready.open(uri, text)
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}},
            "context": {"diagnostics": ready.published(uri)[-1]["diagnostics"]},
        }
        found = ready.request("textDocument/codeAction", params)["result"]
        CONVERTER.structure(found, list[types.CodeAction])
        return {action["title"]: action for action in found}

    return actions


# -- rewrites --------------------------------------------------------------------------------------------------


def rewritten(field, number=0):
    """The connector after a rewrite of its misplaced secret."""
    text = '{"name": "a", "url": "https://a.example", "method": "POST"}'
    data = json.loads(text) | field
    document = Document.parse(json.dumps(data))
    found = rewrites(document, validate(document))
    return json.loads(apply_edits(document.text, found[number][1])) if found else None


@pytest.mark.parametrize(
    ("url", "after"),
    [
        ("https://a.example/x?key={{ get_secret('k') }}", "https://a.example/x"),
        ("https://a.example/x?key={{ get_secret('k') }}&b=1", "https://a.example/x?b=1"),
        ("https://a.example/x?b=1&key={{ get_secret('k') }}#top", "https://a.example/x?b=1#top"),
    ],
)
def test_a_secret_in_a_query_moves_to_a_query_parameter(url, after):
    moved = rewritten({"url": url})
    assert moved["url"] == after
    assert moved["query_parameters"] == [{"key": "key", "value": "{{ get_secret('k') }}"}]


def test_a_secret_elsewhere_moves_to_a_header_behind_those_that_are_there():
    rows = [{"key": "Accept", "value": "text/plain"}]
    moved = rewritten({"request_body": "token={{ get_secret('k') }}!", "headers": rows})
    assert moved["request_body"] == "token=!"
    assert moved["headers"] == [*rows, {"key": "Authorization", "value": "Bearer {{ get_secret('k') }}"}]


def test_a_value_that_is_not_sensitive_can_be_a_variable():
    assert "get_variable('k')" in rewritten({"url": "https://a.example/{{ get_secret('k') }}"}, 1)["url"]


def test_a_tag_that_does_more_than_call_stays():
    assert rewritten({"request_body": "{{ get_secret('k') | upper }}"}) is None


def test_a_rewrite_is_offered_for_its_finding(actions):
    found = actions('{"name": "a", "url": "https://a.example/?key={{ get_secret(\'k\') }}"}')
    assert "Move it to a query parameter (key)" in found


# -- creating --------------------------------------------------------------------------------------------------


def test_a_missing_name_can_be_created_by_a_command_that_carries_no_value(
    actions, registry, make_vault, ready
):
    make_vault({"production": {"other": "canary-value"}})
    action = actions(registry("{{ get_secret('fresh') }}"))["Create the secret fresh in production"]
    (argument,) = action["command"]["arguments"]
    assert argument == {"name": "fresh", "kind": "secret", "community": "production"}
    assert [diagnostic["code"] for diagnostic in action["diagnostics"]] == ["unknown-secret"]
    params = {"command": action["command"]["command"], "arguments": [argument]}
    assert ready.request("workspace/executeCommand", params)["result"] is None
    (message,) = ready.asked("window/showMessage")
    assert "strongroom secret add fresh --community production" in message["params"]["message"]


def test_without_a_complete_list_nothing_is_created(actions, registry):
    assert not [title for title in actions(registry("{{ get_secret('x') }}")) if title.startswith("Create")]


# -- ignoring --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template", ['{{ get_secret("a") }}', '{{ get_secret("a") }}{# strongroom: ignore[none-text] #}']
)
def test_a_rule_is_silenced_by_a_comment_in_its_template(registry, template):
    document = Document.parse(registry(template))
    template = next(document.templates) if "headers" not in document.text else list(document.templates)[-1]
    edit = comment_edit(template, "secret-quotes")
    after = Document.parse(apply_edits(document.text, [edit]))
    assert "secret-quotes" not in [finding.rule for finding in validate(after)]
    assert after.text.count("{#") == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "community = 'a'",
        "community = 'a'\n",
        "[rules]\nnone-text = 'off'\n",
        "[rules] # mine",
        "[paths]\n[rules]\n",
    ],
)
def test_a_rule_is_turned_off_in_the_settings(text):
    at, line = settings_edit(text, "secret-quotes")
    after = tomllib.loads(text[:at] + line + text[at:])
    assert after["rules"]["secret-quotes"] == "off"
    assert after == tomllib.loads(text) | {
        "rules": {**tomllib.loads(text).get("rules", {}), "secret-quotes": "off"}
    }


def test_a_rule_with_a_level_keeps_it():
    assert settings_edit("[rules]\nsecret-quotes = 'info'\n", "secret-quotes") is None


def test_ignoring_is_offered_for_the_template_and_for_the_settings(actions, registry, folder):
    (folder / "strongroom.toml").write_text('community = "production"\n')
    found = actions(registry('{{ get_secret("a") }}'))
    assert found["Ignore secret-quotes in this template"]["diagnostics"][0]["code"] == "secret-quotes"
    edit = found["Turn secret-quotes off in strongroom.toml"]["edit"]["documentChanges"][0]
    assert edit["textDocument"] == {"uri": (folder / "strongroom.toml").as_uri(), "version": None}


# -- testing a connector ---------------------------------------------------------------------------------------

REPORT = {
    "connector": "Orders",
    "passed": False,
    "status": 401,
    "reason": "Unauthorized",
    "unresolved": ["get_secret('x')"],
    "server_timing": {"total": 12.3},
    "debug": {"url": "https://a.example"},
    "headers": {"a": "b"},
    "body": "```\nno",
    "explanation": ["The name `x` does not exist."],
}


@pytest.fixture
def test_command(ready, folder, uri, registry):
    """Runs `strongroom.testConnection` on a saved connector; gives the whole answer."""

    def run(connector="orders", text=None):
        text = registry(field='"permalink": "orders"') if text is None else text
        (folder / "connectors_registry.json").write_text(text, "utf-8")
        ready.open(uri, text)
        argument = {"uri": uri, "connector": connector}
        params = {"command": "strongroom.testConnection", "arguments": [argument], "workDoneToken": "bar"}
        return ready.request_until("workspace/executeCommand", params)

    return run


def test_a_test_gives_the_reports_and_offers_the_page(test_command, ready, folder, full):
    ready.session.client = ready.session.client._replace(shows_documents=True)
    answer = test_command(
        text=json.dumps({"name": "Orders", "permalink": "orders", "url": "https://127.0.0.1:9/x"})
    )
    (report,) = answer["result"]
    assert report["connector"].lower() == "orders"
    assert report["passed"] is False
    kinds = [message["params"]["value"]["kind"] for message in ready.asked("$/progress")]
    assert kinds == ["begin", "end"]
    (offer,) = ready.asked("window/showMessageRequest")
    assert "failed" in offer["params"]["message"]
    ready.answer(offer, {"title": "Show report"})
    (shown,) = ready.asked("window/showDocument")
    page = folder / ".strongroom" / "reports" / "orders.md"
    assert shown["params"]["uri"] == page.as_uri()
    assert page.read_text("utf-8").startswith("# orders")


def test_a_test_of_the_registry_s_connector_of_the_same_permalink_says_so(test_command, ready, folder):
    (folder / "connectors.json").write_text(
        '[{"name": "Mine", "permalink": "orders", "url": "https://127.0.0.1:9/mine"}]'
    )
    registry = json.dumps({"name": "Orders", "permalink": "orders", "url": "https://127.0.0.1:9/x"})
    test_command(text=registry)
    (of_registry,) = ready.asked("window/showMessage")
    assert "was tested" not in of_registry["params"]["message"]
    uri = (folder / "connectors.json").as_uri()
    ready.open(uri, (folder / "connectors.json").read_text())
    params = {"command": "strongroom.testConnection", "arguments": [{"uri": uri, "connector": "orders"}]}
    assert ready.request_until("workspace/executeCommand", params)["result"]
    message = ready.asked("window/showMessage")[-1]["params"]["message"]
    assert message.endswith("The connector of this name in connectors_registry.json was tested.")


def test_a_test_that_cannot_run_says_why(test_command):
    error = test_command("nowhere")["error"]
    assert error["code"] == -32803
    assert 'No connector here is named "nowhere"' in error["message"]


def test_a_connector_whose_name_looks_like_an_option_is_tested(test_command):
    text = json.dumps({"name": "--help", "url": "https://127.0.0.1:9/x"})
    (report,) = test_command("--help", text)["result"]
    assert report["test"] == "--help"


def test_no_code_of_the_workspace_runs(test_command, folder):
    for module in ("strongroom_cli", "json"):
        (folder / f"{module}.py").write_text("open('ran', 'w').close()")
    assert test_command(text=json.dumps({"name": "Orders", "url": "https://127.0.0.1:9/x"}))["result"]
    assert not (folder / "ran").exists()


def test_a_test_can_be_stopped(ready, folder, uri, registry):
    (folder / "connectors_registry.json").write_text(registry(field='"permalink": "orders"'), "utf-8")
    argument = {"uri": uri, "connector": "orders"}
    params = {"command": "strongroom.testConnection", "arguments": [argument], "workDoneToken": "bar"}
    ready.feed({"id": "mine", "method": "workspace/executeCommand", "params": params})
    ready.settle()
    ready.cancel("mine")
    answer = ready.until(lambda message: message.get("id") == "mine")
    assert answer["error"]["code"] == -32800


def test_the_headline_and_the_page_hold_what_was_found():
    assert headline_of("orders", [REPORT]) == (
        "orders failed: 401 Unauthorized in 12 ms. Not resolved: get_secret('x')."
    )
    page = report_page("orders", [REPORT])
    assert "- The name `x` does not exist." in page
    assert "````text\n```\nno\n````" in page
    assert '"url": "https://a.example"' in page


def test_a_page_is_for_its_owner_and_not_for_git(tmp_path):
    uri = save_page(str(tmp_path), "../or ders", "page")
    assert uri.endswith("/.strongroom/reports/or-ders.md")
    path = tmp_path / ".strongroom" / "reports" / "or-ders.md"
    assert path.stat().st_mode & 0o077 == 0
    assert (path.parent.parent / ".gitignore").read_text() == "*\n"


def test_an_unknown_command_is_refused(ready):
    assert ready.request("workspace/executeCommand", {"command": "rm"})["error"]["code"] == -32602


def test_a_name_can_be_renamed_in_the_files_alone(ready, folder, uri, registry):
    ready.open(uri, registry("{{ get_secret('token') }}"))
    params = {"command": "strongroom.renameInFiles", "arguments": [{"name": "token", "newName": "key"}]}
    ready.request("workspace/executeCommand", params)
    (asked,) = ready.asked("workspace/applyEdit")
    assert [change["textDocument"]["uri"] for change in asked["params"]["edit"]["documentChanges"]] == [uri]


@pytest.mark.parametrize("name", ["connectors_registry.json", "orders.tests.toml"])
def test_what_is_not_saved_is_not_tested(test_command, ready, folder, registry, name):
    text = registry(field='"permalink": "orders"')
    if name.endswith(".toml"):
        (folder / name).write_text("")
        ready.open((folder / name).as_uri(), "# changed", language="toml")
    else:
        (folder / name).write_text(text)
        ready.open((folder / name).as_uri(), text + " ")
        test_command = lambda: ready.request(  # noqa: E731
            "workspace/executeCommand",
            {
                "command": "strongroom.testConnection",
                "arguments": [{"uri": (folder / name).as_uri(), "connector": "orders"}],
            },
        )
    error = test_command()["error"]
    assert error["message"] == f"{name} has changes that are not saved. Save the file, and test again."


def test_a_secret_is_created_in_the_vault_that_the_editor_shows(talk, folder):
    talk.initialize(folder, {"vault": "/my vaults/one.db"})
    argument = {"name": "fresh", "kind": "secret", "community": "a b"}
    talk.request("workspace/executeCommand", {"command": "strongroom.createSecret", "arguments": [argument]})
    (message,) = talk.asked("window/showMessage")
    command = "STRONGROOM_VAULT='/my vaults/one.db' strongroom secret add fresh --community 'a b'"
    assert command in message["params"]["message"]


def test_a_lens_says_which_path_parameters_a_run_needs(ready, uri, registry):
    ready.open(uri, registry(field='"path_parameters": [{"key": "id"}, {"key": "page"}]'))
    lenses = ready.request("textDocument/codeLens", {"textDocument": {"uri": uri}})["result"]
    (test,) = [lens for lens in lenses if lens["command"]["command"] == "strongroom.testConnection"]
    assert test["command"]["arguments"][0]["parameters"] == ["id", "page"]


@pytest.mark.parametrize(
    ("field", "inputs"),
    [
        ('"method": "GET"', None),
        ('"method": "POST"', ["payload"]),
        ('"method": "POST", "request_body": "{{ user.id }}"', ["user"]),
        ('"method": "PUT", "request_body": "{{ body_text | upper }} {{ user.id }}"', ["payload", "user"]),
        ('"method": "POST", "request_body": "user and body_text"', None),
    ],
)
def test_a_lens_says_which_inputs_the_connector_takes(ready, uri, registry, field, inputs):
    ready.open(uri, registry(field=field))
    lenses = ready.request("textDocument/codeLens", {"textDocument": {"uri": uri}})["result"]
    (test,) = [lens for lens in lenses if lens["command"]["command"] == "strongroom.testConnection"]
    assert test["command"]["arguments"][0].get("inputs") == inputs


@pytest.mark.parametrize(
    "payload",
    ["made up\n", "@@made up", "@body.txt", "x" * 200_000, "\ud800"],
    ids=["text", "at", "file", "large", "half"],
)
def test_a_run_takes_the_payload_and_the_user_that_the_client_asked_for(ready, folder, uri, payload):
    connector = {"name": "Orders", "permalink": "orders", "method": "POST", "url": "https://127.0.0.1:9/x"}
    connector |= {"request_body": "{{ body_text }} for {{ user.email }}"}
    (folder / "body.txt").write_text("of a file")
    text = json.dumps(connector)
    (folder / "connectors_registry.json").write_text(text)
    ready.open(uri, text)
    argument = {"uri": uri, "connector": "orders", "payload": payload, "user": "jo@example.com"}
    params = {"command": "strongroom.testConnection", "arguments": [argument]}
    (report,) = ready.request_until("workspace/executeCommand", params)["result"]
    known = {"@@made up": "@made up", "@body.txt": "of a file", "\ud800": "?"}
    sent = json.dumps(report["debug"])
    assert json.dumps(known.get(payload, payload))[1:-1][:100] in sent
    assert "jo@example.com" in sent


@pytest.mark.parametrize("odd", ["\0", "\ud800", "x" * 200_000], ids=["null", "half", "large"])
@pytest.mark.parametrize("key", ["connector", "user", "payload", "pathParameters"])
def test_what_no_program_can_be_given_is_refused_in_a_sentence(ready, folder, uri, registry, key, odd):
    (folder / "connectors_registry.json").write_text(registry())
    ready.open(uri, registry())
    argument = {"uri": uri, "connector": "orders"}
    argument[key] = {"id": odd} if key == "pathParameters" else f"@{odd}" if key == "payload" else odd
    params = {"command": "strongroom.testConnection", "arguments": [argument]}
    error = ready.request("workspace/executeCommand", params)["error"]
    assert error["code"] == -32803
    assert "has changes that are not saved" not in error["message"]


def test_a_client_with_a_view_of_its_own_gets_the_report_as_a_page(ready, folder, uri, registry):
    text = registry(field='"permalink": "orders"').replace("api.example.com", "127.0.0.1:9")
    (folder / "connectors_registry.json").write_text(text)
    ready.open(uri, text)
    argument = {"uri": uri, "connector": "orders", "page": True}
    params = {"command": "strongroom.testConnection", "arguments": [argument]}
    assert ready.request_until("workspace/executeCommand", params)["result"].startswith(
        "# orders\n\norders failed"
    )
