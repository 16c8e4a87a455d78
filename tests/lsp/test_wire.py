"""The server as a process, spoken to by a client that shares no code with it."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from strongroom_lsp.routes import FEATURES

MISTAKES = {
    "secret-quotes": 'Bearer {{ get_secret("api_key") }}',
    "secret-spacing": "Bearer {{ get_secret( 'api_key' ) }}",
    "unknown-secret": "Bearer {{ get_secret('missing') }}",
    "invalid-secret-name": "Bearer {{ get_secret('api-key') }}",
}
WRONG = {"secret-quotes": '\\"api_key\\"', "unknown-secret": "missing", "invalid-secret-name": "api-key"}
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def cut(text, place, encoding):
    """What a client that counts in `encoding` sees at a range."""
    codec, width = CODECS[encoding]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def index(point):
        line = lines[point["line"]].encode(codec)[: point["character"] * width].decode(codec)
        return sum(len(line) + 1 for line in lines[: point["line"]]) + len(line)

    return "\n".join(lines)[index(place["start"]) : index(place["end"])]


@pytest.fixture
def vault(make_vault):
    return make_vault(
        {"production": {"api_key": "canary-value-1"}, "staging": {"staging_key": "canary-value-2"}}
    )


@pytest.fixture
def production(folder):
    (folder / "strongroom.toml").write_text('community = "production"\n')


@pytest.mark.parametrize("encoding", list(CODECS))
def test_each_mistake_is_found_at_its_exact_text(wire, folder, registry, uri, vault, production, encoding):
    server = wire()
    assert server.initialize(folder, [encoding, "utf-16"])["capabilities"]["positionEncoding"] == encoding
    for version, (rule, template) in enumerate(MISTAKES.items()):
        text = "\r\n".join(registry("é🙂\u2028 " + template).split("\n"))
        server.open(uri, text, version)
        (found,) = server.diagnostics(uri, version)
        assert found["code"] == rule
        assert found["source"] == "strongroom"
        if rule in WRONG:
            assert WRONG[rule] in cut(text, found["range"], encoding)
            assert len(cut(text, found["range"], encoding)) <= len(WRONG[rule]) + 2
    assert server.end() == 0


@pytest.mark.parametrize("field", ["url", "request_body", "response_body"])
def test_a_secret_in_a_field_without_secrets_is_found(wire, folder, registry, uri, vault, production, field):
    server = wire()
    server.initialize(folder)
    text = registry(
        field=f'"method": "POST", "{field}": "https://a.example/{{{{ get_secret(\'api_key\') }}}}"'
    )
    server.open(uri, text)
    found = [one for one in server.diagnostics(uri) if one["code"] == "misplaced-secret"]
    assert len(found) == 1
    assert "get_secret" in cut(text, found[0]["range"], "utf-16")


def test_type_complete_fix_and_close(wire, folder, registry, uri, vault, production):
    server = wire()
    server.initialize(folder)
    text = registry('Bearer {{ get_secret("mis") }}')
    server.open(uri, text)
    rules = {one["code"] for one in server.diagnostics(uri, 1)}
    assert rules == {"secret-quotes", "unknown-secret"}

    # Complete the name inside its quotes.
    line = next(number for number, line in enumerate(text.split("\n")) if "mis" in line)
    column = text.split("\n")[line].index("mis") + 3
    answer = server.request(
        "textDocument/completion",
        {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}},
    )["result"]
    (item,) = answer["items"]
    assert (item["label"], item["detail"]) == ("api_key", "Secret · production")
    edit = item["textEdit"]
    change = {"range": edit["range"], "text": edit["newText"]}
    server.notify(
        "textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]}
    )
    (quotes,) = server.diagnostics(uri, 2)
    assert quotes["code"] == "secret-quotes"

    # Apply its fix.
    actions = server.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": uri},
            "range": quotes["range"],
            "context": {"diagnostics": [quotes], "only": ["quickfix"]},
        },
    )["result"]
    edits = actions[0]["edit"]["documentChanges"][0]["edits"]
    edits.sort(
        key=lambda one: (one["range"]["start"]["line"], one["range"]["start"]["character"]), reverse=True
    )
    changes = [{"range": one["range"], "text": one["newText"]} for one in edits]
    server.notify(
        "textDocument/didChange", {"textDocument": {"uri": uri, "version": 3}, "contentChanges": changes}
    )
    assert server.diagnostics(uri, 3) == []

    # Hover over it.
    hover = server.request(
        "textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
    )["result"]
    assert "Secret · production" in hover["contents"]["value"]
    assert "canary" not in json.dumps(server.seen)
    assert server.end() == 0


def test_a_secret_that_another_process_adds_clears_its_squiggle(
    wire, folder, registry, uri, vault, production, add_elsewhere
):
    server = wire()
    server.initialize(folder)
    server.open(uri, registry(MISTAKES["unknown-secret"]))
    assert [one["code"] for one in server.diagnostics(uri)] == ["unknown-secret"]
    add_elsewhere("production", "missing")
    assert server.diagnostics(uri) == []
    server.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert server.diagnostics(uri) == []
    assert server.end() == 0


def test_malformed_input_is_survived(wire, folder, registry, uri):
    server = wire()
    server.initialize(folder)
    server.raw(b"Content-Length: 3\r\n\r\n{{{")
    assert server.until(lambda message: "error" in message)["error"]["code"] == -32700
    server.raw(b"X: y\r\n\r\nContent-Length: nothing\r\n\r\n")
    server.raw(b"Content-Length: 2\r\n\r\n[]")
    assert server.until(lambda message: "error" in message)["error"]["code"] == -32600
    server.raw(b"Content-Length: 100000\r\n\r\n" + b"[" * 100000)
    assert server.until(lambda message: "error" in message)["error"]["code"] == -32700
    server.open(uri, registry(MISTAKES["secret-quotes"]))
    assert [one["code"] for one in server.diagnostics(uri)] == ["secret-quotes"]
    assert server.end() == 0


def test_exit_without_shutdown_is_status_1(wire, folder):
    server = wire()
    server.initialize(folder)
    server.notify("exit")
    assert server.process.wait(20) == 1


def test_the_end_of_input_ends_the_server(wire, folder):
    server = wire()
    server.initialize(folder)
    server.process.stdin.close()
    assert server.process.wait(20) == 1


def test_a_client_that_stops_reading_ends_the_server_without_a_traceback(folder):
    server = subprocess.Popen(
        [sys.executable, "-m", "strongroom_lsp"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
    )  # fmt: skip
    server.stdout.close()
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}'
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    server.stdin.flush()
    assert server.wait(20) == 1
    assert b"Traceback" not in server.stderr.read()
    server.stdin.close()
    server.stderr.close()


def test_the_server_ends_when_its_editor_dies_although_the_pipe_stays_open(wire, folder):
    editor = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    server = wire()
    server.initialize(folder, process=editor.pid)
    editor.communicate(b"\n")
    assert server.process.wait(20) == 1


PROBE = """
import json, sys, time
from strongroom_lsp.serving import Connection, serve

class Writer:
    def __init__(self): self.sent = []
    def write(self, data): self.sent.append(json.loads(data))
    def answers(self): return [one for one in self.sent if "id" in one and "method" not in one]

messages, writer = json.load(sys.stdin), Writer()

def bodies():
    for message in messages:
        yield json.dumps(message).encode()
    while len(writer.answers()) < len([one for one in messages if "id" in one]):
        time.sleep(0.01)

serve(Connection(bodies(), writer, has_headers=False))
json.dump({"modules": sorted(sys.modules), "answers": writer.answers(), "sent": writer.sent}, sys.stdout)
"""


def test_no_feature_imports_a_key_the_cryptography_or_another_face(folder, registry, uri, vault, production):
    lines = registry(MISTAKES["unknown-secret"]).split("\n")
    line = next(number for number, line in enumerate(lines) if "missing" in line)
    position = {"line": line, "character": lines[line].index("missing")}
    place = {"textDocument": {"uri": uri}, "position": position}
    messages = [
        {"id": 1, "method": "initialize", "params": {"capabilities": {}, "rootUri": folder.as_uri()}},
        {
            "method": "textDocument/didOpen",
            "params": {
                "textDocument": {
                    "uri": uri,
                    "languageId": "json",
                    "version": 1,
                    "text": registry(MISTAKES["unknown-secret"]),
                }
            },
        },
    ]
    more = {
        "range": {"start": {"line": 0, "character": 0}, "end": place["position"]},
        "positions": [place["position"]],
        "context": {"diagnostics": [], "triggerKind": 1, "isRetrigger": False, "includeDeclaration": True},
        "query": "",
        "newName": "other",
        "command": "strongroom.createSecret",
        "arguments": [{"name": "x"}],
        "previousResultId": "x",
        "previousResultIds": [],
    }
    for number, method in enumerate(FEATURES, 2):
        params = {"label": "x"} if method == "completionItem/resolve" else {**place, **more}
        messages.append({"id": number, "method": method, "params": params})
    done = subprocess.run(
        [sys.executable, "-c", PROBE], input=json.dumps(messages), capture_output=True, text=True, check=True,
        timeout=120, env=os.environ,
    )  # fmt: skip
    result = json.loads(done.stdout)
    assert "unknown-secret" in json.dumps(result["sent"])
    forbidden = {"cryptography", "keyring", "textual", "click", "jinja2", "httpx2", "strongroom.store.vault"}
    forbidden |= {"strongroom.resolver", "strongroom.values.secret_value", "strongroom.store.format.crypto"}
    # A module that moved would always be absent: each name must still be one.
    assert all(find_spec(name) for name in forbidden)
    assert not forbidden & set(result["modules"])
    assert [answer for answer in result["answers"] if "error" in answer] == []
    assert len(result["answers"]) == 1 + len(FEATURES)


def test_a_secret_is_renamed_in_the_vault_and_its_squiggle_stays_away(
    wire, folder, registry, uri, vault, production, tmp_path, monkeypatch
):
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(tmp_path / "vault.key"))
    text = registry("Bearer {{ get_secret('api_key') }}")
    (folder / "connectors_registry.json").write_text(text, "utf-8")
    server = wire()
    server.initialize(folder)
    server.open(uri, text)
    assert server.diagnostics(uri, 1) == []
    line = next(number for number, line in enumerate(text.split("\n")) if "api_key" in line)
    position = {"line": line, "character": text.split("\n")[line].index("api_key") + 1}
    params = {"textDocument": {"uri": uri}, "position": position, "newName": "orders_key"}
    answer = server.request("textDocument/rename", params)
    (change,) = answer["result"]["documentChanges"]
    (edit,) = change["edits"]
    assert cut(text, edit["range"], "utf-16") == "api_key"
    changes = [{"range": edit["range"], "text": edit["newText"]}]
    server.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": uri, "version": 2}, "contentChanges": changes},
    )
    assert server.diagnostics(uri, 2) == []
    assert server.end() == 0
    published = [m for m in server.seen if m.get("method") == "textDocument/publishDiagnostics"]
    assert [m["params"]["diagnostics"] for m in published if m["params"]["diagnostics"]] == []
    assert "canary" not in json.dumps(server.seen)
