"""What the tests of the language server share: marked texts, a client without a wire, and one over a real pipe."""

import asyncio
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time

import pytest

from strongroom.names import Kind, Knowledge, Name, Names

CURSOR = "‸"
DEADLINE = 120.0


@pytest.fixture(autouse=True)
def nothing_of_this_machine(tmp_path, monkeypatch):
    """Hide the vault, settings and community of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith("STRONGROOM_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STRONGROOM_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    (tmp_path / "work" / ".git").mkdir(parents=True)  # the search for settings ends here
    return tmp_path


@pytest.fixture
def folder(tmp_path):
    """The workspace."""
    return tmp_path / "work"


@pytest.fixture
def uri(folder):
    """The registry of the workspace."""
    return (folder / "connectors_registry.json").as_uri()


def in_header(template):
    """A registry with one connector that has `template` in a header, written as JSON."""
    return in_field('"headers": [{"key": "Authorization", "value": ' + json_string(template) + "}]")


def in_field(field):
    """A registry with one connector that has `field`, which is JSON already."""
    return (
        '{\n  "connectors": [\n    {\n      "name": "Orders",\n      "url": "https://api.example.com/orders",\n      '
        + field
        + "\n    }\n  ]\n}\n"
    )


def json_string(text):
    return json.dumps(text, ensure_ascii=False)


@pytest.fixture
def registry():
    """Makes registry texts: registry(template) has it in a header, registry(field=...) takes a field as JSON."""
    return lambda template="", field="": in_field(field) if field else in_header(template)


@pytest.fixture
def names():
    """A complete list for production; staging knows a name that production does not."""
    production = {
        "api_key": Name("api_key", Kind.SECRET, "For the *orders* API", "2027-01-31"),
        "webhook_secret": Name("webhook_secret", Kind.SECRET),
        "base_url": Name("base_url", Kind.VARIABLE, "", "", "https://api.example.com/```/v1"),
    }
    staging = Names(
        Knowledge.COMPLETE, {"staging_key": Name("staging_key", Kind.SECRET)}, "staging", "the vault"
    )
    return Names(Knowledge.COMPLETE, production, "production", "the vault", others=(staging,))


@pytest.fixture
def open_at():
    """open_at(text with a cursor mark) -> (open document, offset of the mark)."""
    from strongroom_lsp.documents.open_documents import OpenDocument

    def open_at(marked, encoding="utf-16", uri="file:///site/connectors_registry.json"):
        offset = marked.index(CURSOR) if CURSOR in marked else 0
        return OpenDocument(uri, 1, marked.replace(CURSOR, "", 1), encoding), offset

    return open_at


class TalkLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock is turned by hand."""

    def __init__(self):
        self.now = 0.0
        super().__init__()

    def time(self):
        return self.now

    def settle(self):
        """Run what is ready and every timer that is due, until there is nothing more."""
        while True:
            self.call_soon(self.stop)
            self.run_forever()
            if not self._ready and not (self._scheduled and self._scheduled[0].when() <= self.now):
                return


class Talk:
    """A client of a server in this process: the whole of pygls, no wire, no threads, no waiting."""

    def __init__(self):
        from pygls.io_ import run_async

        from strongroom_lsp.registration import create_server

        self.sent = []
        self.loop = TalkLoop()
        self.session = create_server(self.loop)
        self.session.protocol.set_writer(self, include_headers=False)
        self._running = self.loop.create_task(
            run_async(
                self.session.stopped,
                self.session.inbox,
                self.session.protocol,
                error_handler=self.session.report_server_error,
            )
        )
        self._id = 0

    # What the server writes to.
    def write(self, data):
        self.sent.append(json.loads(data))

    def close(self):
        """End the session, and the work that it left."""
        self.session.stop(1)
        self.session.end()
        self.settle()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.settle()
        self.loop.close()

    def feed(self, message):
        """Queue a message, whatever it is: its turn comes when the loop runs."""
        self.session.inbox.put(json.dumps(message).encode())

    def notify(self, method, params=None):
        self.feed({"jsonrpc": "2.0", "method": method, "params": params})

    def cancel(self, number):
        """Cancel a request: the message is ahead of those that are queued."""
        self.notify("$/cancelRequest", {"id": number})

    def queue(self, method, params=None, number="mine"):
        """Queue a request without waiting for its answer."""
        self.feed({"jsonrpc": "2.0", "id": number, "method": method, "params": params})

    def request(self, method, params=None):
        """The whole answer: it has a result or an error."""
        self._id += 1
        self.queue(method, params, self._id)
        self.settle()
        return next(message for message in self.sent if message.get("id") == self._id)

    def request_until(self, method, params=None):
        """The same for an answer that a child process or thread brings."""
        self._id += 1
        mine = self._id
        self.queue(method, params, mine)
        return self.until(lambda message: message.get("id") == mine and "method" not in message)

    def until(self, wanted):
        """The first message that `wanted` accepts, waiting for it where need be."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            for message in self.sent:
                if wanted(message):
                    return message
            self.settle()
            self.loop.now += 0.01
            time.sleep(0.005)
        raise AssertionError(f"nothing came: {self.sent}")

    def answer(self, request, result):
        """Answer a request of the server's."""
        self.feed({"jsonrpc": "2.0", "id": request["id"], "result": result})
        self.settle()

    def asked(self, method):
        """The requests and notifications of this method that the server sent."""
        return [message for message in self.sent if message.get("method") == method]

    def settle(self):
        """Run what is queued and every timer that is due."""
        self.loop.settle()

    def wait(self, seconds):
        """Let time pass on the loop's clock."""
        end = self.loop.now + seconds
        while self.loop.now < end:
            self.loop.now += 0.05
            self.settle()

    def initialize(self, root=None, options=None, capabilities=None):
        params = {
            "processId": None,
            "rootUri": root.as_uri() if root else None,
            "capabilities": FULL if capabilities is None else capabilities,
            "initializationOptions": options,
        }
        return self.request("initialize", params)

    def open(self, uri, text, language="json", version=1):
        document = {"uri": str(uri), "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        self.settle()

    def change(self, uri, *changes, version=2):
        document = {"uri": str(uri), "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def published(self, uri=None):
        """Every publishDiagnostics so far, of one document or of all."""
        return [
            message["params"]
            for message in self.sent
            if message.get("method") == "textDocument/publishDiagnostics"
            and uri in (None, message["params"]["uri"])
        ]

    def rules(self, uri):
        """The rules in the last publication."""
        return [diagnostic["code"] for diagnostic in self.published(str(uri))[-1]["diagnostics"]]


FULL = {
    "textDocument": {
        "publishDiagnostics": {
            "relatedInformation": True,
            "versionSupport": True,
            "codeDescriptionSupport": True,
            "dataSupport": True,
            "tagSupport": {"valueSet": [1, 2]},
        },
        "completion": {"completionItem": {"labelDetailsSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeAction": {
            "isPreferredSupport": True,
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
        },
    },
    "workspace": {"workspaceEdit": {"documentChanges": True}},
}


@pytest.fixture
def full():
    """The capabilities of a well-equipped client."""
    return json.loads(json.dumps(FULL))


@pytest.fixture
def talk():
    """A session that is not initialized yet."""
    talk = Talk()
    yield talk
    talk.close()  # no child outlives its test


@pytest.fixture
def ready(talk, folder):
    """A session whose client is ready."""
    talk.initialize(folder)
    talk.notify("initialized", {})
    talk.settle()
    return talk


@pytest.fixture
def make_vault(tmp_path):
    """make_vault({community: {name: value}}) -> the vault's path; a name in capitals is a variable."""

    def make(communities, path=None):
        from strongroom.store.keys.ways import KeyFile
        from strongroom.store.vault import Vault
        from strongroom.values.secret_value import SecretValue

        place = path or tmp_path / "vault.db"
        vault = Vault.create(place, [KeyFile(tmp_path / "vault.key")])
        for community, entries in communities.items():
            for name, value in entries.items():
                kind = Kind.VARIABLE if name.isupper() else Kind.SECRET
                vault.add(community, name, kind, SecretValue(value))
        vault.close()
        return place

    return make


ADD = """
import sys
from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue
from strongroom.store.vault import Vault
from strongroom.store.keys.ways import KeyFile
vault = Vault.unlock(sys.argv[1], [KeyFile(sys.argv[2])])
vault.add(sys.argv[3], sys.argv[4], Kind.SECRET, SecretValue("canary-value"))
vault.close()
"""


@pytest.fixture
def add_elsewhere(tmp_path):
    """add_elsewhere(community, name) adds a secret to the vault in another process."""

    def add(community, name):
        vault, key = tmp_path / "vault.db", tmp_path / "vault.key"
        subprocess.run([sys.executable, "-c", ADD, vault, key, community, name], check=True, timeout=DEADLINE)

    return add


class Wire:
    """A client over a real pipe, written against the protocol alone: it shares no code with the server."""

    def __init__(self, folder, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "strongroom_lsp", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
        )
        self.log = b""
        self.received = queue.Queue()
        self.seen = []
        self._id = 0
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._read_log, daemon=True).start()

    def _read_log(self):
        for line in self.process.stderr:
            self.log += line

    def _read(self):
        stream = self.process.stdout
        while True:
            length = None
            while (line := stream.readline()) not in (b"", b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if line == b"" or length is None:
                self.received.put(None)
                return
            self.received.put(json.loads(stream.read(length)))

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        self.raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method, params=None):
        self.send({"method": method, "params": params})

    def until(self, wanted):
        """The first message that `wanted` accepts; what came before it stays in `seen`."""
        end = time.monotonic() + DEADLINE
        while True:
            message = self.received.get(timeout=max(0.01, end - time.monotonic()))
            assert message is not None, f"the server ended: {self.log.decode()}"
            self.seen.append(message)
            if wanted(message):
                return message

    def request(self, method, params=None):
        """The whole answer to a request."""
        self._id += 1
        mine = self._id
        self.send({"id": mine, "method": method, "params": params})
        return self.until(lambda message: message.get("id") == mine and "method" not in message)

    def initialize(self, folder, encodings=("utf-16",), options=None, process=None):
        capabilities = {**FULL, "general": {"positionEncodings": list(encodings)}}
        answer = self.request(
            "initialize",
            {
                "processId": process,
                "rootUri": folder.as_uri(),
                "capabilities": capabilities,
                "initializationOptions": options,
            },
        )
        self.notify("initialized", {})
        return answer["result"]

    def open(self, uri, text, version=1):
        document = {"uri": uri, "languageId": "json", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def diagnostics(self, uri, version=None):
        """The next diagnostics of a document (of exactly this version, where one is given)."""
        message = self.until(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
                and version in (None, message["params"].get("version"))
            )
        )
        return message["params"]["diagnostics"]

    def end(self):
        """Say goodbye properly; gives the exit status."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(DEADLINE)


@pytest.fixture
def wire(folder):
    """wire() starts a server; all are ended with the test."""
    started = []

    def start(*arguments):
        started.append(Wire(folder, *arguments))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        for stream in (one.process.stdin, one.process.stdout, one.process.stderr):
            with contextlib.suppress(OSError):
                stream.close()
