"""The server on a network address: one client over TCP or WebSocket, and nobody's web page."""

import json
import re
import socket
import struct
import subprocess
import sys

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from strongroom.errors import StrongroomError
from strongroom_lsp.listening import Address

DEADLINE = 100


@pytest.fixture
def listening(folder):
    """listening("--tcp") -> the process and its port."""
    started = []

    def start(option):
        command = [sys.executable, "-m", "strongroom_cli", "lsp", option, "127.0.0.1:0"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder)
        started.append(process)
        return process, int(re.search(r"127\.0\.0\.1:(\d+)", process.stderr.readline())[1])

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()


def check_a_session(send, receive, process, text):
    """Initialize, open a document, and leave in good order."""
    send(
        {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None, "rootUri": None}}
    )
    assert receive()["result"]["serverInfo"]["name"] == "strongroom"
    document = {"uri": "untitled:One", "languageId": "json", "version": 1, "text": text}
    send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
    assert [one["code"] for one in receive()["params"]["diagnostics"]] == ["secret-quotes"]
    send({"id": 2, "method": "shutdown"})
    assert receive() == {"jsonrpc": "2.0", "id": 2, "result": None}
    send({"method": "exit"})
    assert process.wait(DEADLINE) == 0


def test_a_client_is_served_over_tcp(listening, registry):
    process, port = listening("--tcp")
    with socket.create_connection(("127.0.0.1", port), DEADLINE) as client, client.makefile("rwb") as stream:

        def send(message):
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            stream.flush()

        def receive():
            length = int(stream.readline().split(b":")[1])
            assert stream.readline() == b"\r\n"
            return json.loads(stream.read(length))

        check_a_session(send, receive, process, registry('{{ get_secret("a") }}'))


def test_a_client_that_leaves_ends_the_server(listening):
    process, port = listening("--tcp")
    socket.create_connection(("127.0.0.1", port), DEADLINE).close()
    assert process.wait(DEADLINE) == 1


@pytest.mark.parametrize(
    "said", [b"", b'Content-Length: 46\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"initialize"}']
)
def test_a_client_that_breaks_off_ends_the_server_in_good_order(listening, said):
    process, port = listening("--tcp")
    client = socket.create_connection(("127.0.0.1", port), DEADLINE)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, as of a crash
    client.sendall(said)
    client.close()
    assert process.wait(DEADLINE) == 1
    assert "internal error" not in process.stderr.read()


def test_a_page_of_this_machine_is_served_over_a_websocket_and_no_other(listening, registry):
    process, port = listening("--ws")
    for origin in ("https://evil.example", "https://localhost.evil.example", "null"):
        with pytest.raises(InvalidStatus), connect(f"ws://127.0.0.1:{port}", origin=origin):
            pass
    with connect(f"ws://127.0.0.1:{port}", origin="http://localhost:3000") as client:
        check_a_session(
            lambda message: client.send(json.dumps({"jsonrpc": "2.0", **message})),
            lambda: json.loads(client.recv(DEADLINE)),
            process,
            registry('{{ get_secret("a") }}'),
        )


@pytest.mark.parametrize(
    ("text", "address"), [("localhost:1", ("localhost", 1)), ("[::1]:2087", ("::1", 2087))]
)
def test_an_address_is_a_host_and_a_port(text, address):
    assert Address.of(text) == address


@pytest.mark.parametrize("text", ["", "x", "2087", ":2087", "x:", "x:-1", "x:99999", "x:²"])
def test_anything_else_is_refused_in_one_sentence(text):
    with pytest.raises(StrongroomError, match="not an address"):
        Address.of(text)
