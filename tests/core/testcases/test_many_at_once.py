"""A hundred tests against an API that wants to see many of them at once."""

import asyncio
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from strongroom.resolver import MappingValues, Policy
from strongroom.testcases.connectors import Connectors, Target
from strongroom.testcases.loading import load_text
from strongroom.testcases.running import AT_ONCE, BatchOptions, prepare, run_cases

BODY = b'{"ok": true}'


class Api:
    """Answers nobody before as many calls wait as may be under way at the same time."""

    def __init__(self) -> None:
        self.calls = 0
        self.enough = asyncio.Event()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                self.calls += 1
                if self.calls == AT_ONCE:
                    self.enough.set()
                await self.enough.wait()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@pytest.fixture
def api(tmp_path) -> Iterator[tuple[str, str, Api]]:
    """The URL of an HTTPS server in a thread of its own, the file of its authority, and what it counts."""
    counts = Api()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        asyncio.start_server(counts.answer, "127.0.0.1", 0, ssl=context, backlog=200)
    )
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{server.sockets[0].getsockname()[1]}", str(tmp_path / "ca.pem"), counts
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def test_a_hundred_tests_run_many_at_once(api) -> None:
    url, ca_file, counts = api
    connector = {
        "name": "A",
        "url": url + "/x/{{ pathParams.id }}",
        "path_parameters": [{"key": "id"}],
        "headers": [{"key": "X-Key", "value": "{{ get_secret('k') }}"}],
        "response_body": '{% set d = response.body | from_json %}{"n": {{ d.ok | tojson }}}',
    }
    text = "".join(
        f'[[test]]\nname = "t{i}"\nconnector = "a"\npath_parameters = {{ id = {i} }}\n'
        'expect.body = [{ path = "$.n", equals = true }]\n'
        for i in range(100)
    )
    cases = load_text("/w/connectors.tests.toml", text).cases
    targets = Connectors([Target("/w/connectors.json", "A", "a", connector, False)])
    prepared = prepare(cases, targets, lambda _c: ("", MappingValues({"k": "a value"})))
    results = asyncio.run(run_cases(prepared, BatchOptions(Policy(("localhost",), ca_file, timeout=120.0))))
    assert all(result.passed for result in results), results[0].mismatches
    assert len(results) == 100
    assert counts.calls == 100  # how long that takes is benchmarks/concurrent_runs.py's
