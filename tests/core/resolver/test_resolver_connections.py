"""Kept connections: a server may close one at any moment, and nobody sees that as a failed run."""

import asyncio
import socket
import threading

import pytest

from strongroom.resolver import Inputs, MappingValues, Policy, Runner
from strongroom.resolver.network.connections import Network
from strongroom.resolver.network.decoding import SUPPORTED

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """A plain HTTP server whose connections do, one after another, what a script says: answers, then an end."""

    def __init__(self, *scripts, at_once=1):
        self.requests = []
        self._scripts = list(scripts)
        self._at_once = at_once
        self._all_connected = threading.Barrier(at_once)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        for number, script in enumerate(self._scripts):
            connection, _address = self._listening.accept()
            args = (connection, script, number < self._at_once)
            threading.Thread(target=self._speak, args=args, daemon=True).start()

    def _speak(self, connection, script, is_first):
        if is_first:
            self._all_connected.wait(60)
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
        """The reports of runs on the connections of one batch: the first ones at once, then one after the other."""

        async def all_of_them():
            policy = Policy(allowed_hosts=(f"localhost:{self.port}",))
            async with Runner(policy) as runner:

                def run(method):
                    connector = {"name": "n", "url": f"http://localhost:{self.port}/x", "method": method}
                    return runner.run(connector, MappingValues({}), Inputs())

                reports = await asyncio.gather(*map(run, methods[: self._at_once]))
                return [*reports, *[await run(method) for method in methods[self._at_once :]]]

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


def test_a_closed_connection_is_not_replaced_by_another_kept_one():
    server = Server([OK, b""], [OK, b""], [OK], at_once=2)
    assert [report.status for report in server.runs("GET", "GET", "GET")] == [200, 200, 200]
    assert len(server.requests) == 4


def test_runs_that_begin_together_share_their_connections():
    async def clients():
        network = Network(Policy())
        first, second = await asyncio.gather(network.client(), network.client())
        await network.aclose()
        return first, second

    first, second = asyncio.run(clients())
    assert first is second


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
