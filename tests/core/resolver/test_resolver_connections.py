"""Kept connections: a server may close one at any moment, and nobody sees that as a failed run."""

import asyncio
import socket
import threading

import pytest

from strongroom.resolver import Inputs, MappingValues, Policy, Runner
from strongroom.resolver.network.decoding import SUPPORTED

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """A plain HTTP server whose connections do, one after another, what a script says: answers, then an end."""

    def __init__(self, *scripts):
        self.requests = []
        self._scripts = list(scripts)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while self._scripts:
            connection, _address = self._listening.accept()
            script = self._scripts.pop(0)
            threading.Thread(target=self._speak, args=(connection, script), daemon=True).start()

    def _speak(self, connection, script):
        for answer in script:
            request = b""
            while b"\r\n\r\n" not in request:
                got = connection.recv(65536)
                if not got:
                    return
                request += got
            self.requests.append(request.decode())
            connection.sendall(answer)
        connection.close()

    def runs(self, *methods):
        """The reports of runs, one after the other, on the connections of one batch."""

        async def all_of_them():
            policy = Policy(allowed_hosts=(f"localhost:{self.port}",))
            reports = []
            async with Runner(policy) as runner:
                for method in methods:
                    connector = {"name": "n", "url": f"http://localhost:{self.port}/x", "method": method}
                    reports.append(await runner.run(connector, MappingValues({}), Inputs()))
            return reports

        return asyncio.run(all_of_them())


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_kept_connection_that_the_server_closed_is_replaced_once(method):
    server = Server([OK, b""], [OK])
    reports = server.runs(method, method)
    assert [report.status for report in reports] == [200, 200]
    assert len(server.requests) == 3


def test_many_closed_connections_in_a_row_fail_no_run():
    server = Server(*[[OK, b""]] * 12)
    assert {report.status for report in server.runs(*["POST"] * 12)} == {200}


def test_a_new_connection_that_ends_without_an_answer_is_a_failure():
    server = Server([b""], [OK])
    (report,) = server.runs("GET")
    assert (report.status, len(server.requests)) == (502, 1)
    assert "closed the connection without an answer" in report.explanation[-1]


def test_what_may_change_something_is_not_sent_again_after_an_answer_of_any_kind():
    server = Server([OK, b"HTP 200 OK\r\n\r\n"], [OK])
    reports = server.runs("POST", "POST")
    assert [report.status for report in reports] == [200, 502]
    assert len(server.requests) == 2


def test_a_request_is_not_sent_again_once_its_answer_has_begun():
    server = Server([OK, OK[:-1]], [OK])
    reports = server.runs("GET", "GET")
    assert [report.status for report in reports] == [200, 502]
    assert len(server.requests) == 2


def test_what_is_asked_for_as_compression_is_what_can_be_undone():
    server = Server([OK])
    server.runs("GET")
    (line,) = [line for line in server.requests[0].splitlines() if line.lower().startswith("accept-encoding")]
    assert line == f"Accept-Encoding: {', '.join(SUPPORTED)}"
