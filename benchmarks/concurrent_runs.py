"""A hundred test runs at a time against a server that takes 50 ms to answer; prints seconds, best of some rounds.

The server is a process of its own on 127.0.0.1, on asyncio streams: it costs as little as a server can. Each run
renders five templates with a secret, sends its request over a connection that was checked, runs a response
template and makes its report. Sent one after the other the waiting alone would take 5 s.

    python benchmarks/concurrent_runs.py [--runs 100] [--rounds 5] [--delay 0.05]
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import time

from strongroom.resolver import Inputs, MappingValues, Policy, Runner

SERVER = """
import asyncio, sys
DELAY = float(sys.argv[1])
BODY = b'{"orders": [' + b", ".join(b'{"id": %d, "total": 9.5}' % n for n in range(20)) + b"]}"
ANSWER = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(BODY) + BODY

async def serve(reader, writer):
    try:
        while True:
            await reader.readuntil(b"\\r\\n\\r\\n")
            await asyncio.sleep(DELAY)
            writer.write(ANSWER)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def connector(port: int) -> dict[str, object]:
    return {
        "name": "Orders",
        "url": f"http://localhost:{port}/orders/{{{{ pathParams.id }}}}",
        "path_parameters": [{"key": "id"}],
        "headers": [
            {"key": "Authorization", "value": "Bearer {{ get_secret('orders_token') }}"},
            {"key": "X-User", "value": "{{ user.email }}"},
        ],
        "query_parameters": [{"key": "page", "value": "{{ get_variable('page') }}"}],
        "response_body": (
            "{% set o = response.body | from_json %}{{ o['orders'] | map(attribute='id') | list | tojson }}"
        ),
    }


async def batch(port: int, runs: int) -> float:
    values = MappingValues({"orders_token": "a-secret-of-some-length"}, {"page": "1"})
    started = time.perf_counter()
    async with Runner(Policy((f"localhost:{port}",))) as runner:
        reports = await asyncio.gather(
            *(
                runner.run(connector(port), values, Inputs(path_parameters={"id": str(number)}))
                for number in range(runs)
            )
        )
    taken = time.perf_counter() - started
    failed = [report for report in reports if not report.passed]
    if failed:
        raise SystemExit(f"{len(failed)} runs failed: {failed[0].reason}")
    return taken


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--delay", type=float, default=0.05, metavar="SECONDS")
    options = parser.parse_args()
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(options.delay)], stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        taken, spent = [], []
        for _ in range(options.rounds):
            before = cpu()
            taken.append(asyncio.run(batch(port, options.runs)))
            spent.append(cpu() - before)
        server.terminate()
    print(
        json.dumps(
            {
                "runs": options.runs,
                "delay_seconds": options.delay,
                "first_round_seconds": round(taken[0], 3),
                "best_seconds": round(min(taken), 3),
                "worst_seconds": round(max(taken), 3),
                "best_cpu_seconds": round(min(spent), 3),
                "load_average": round(__import__("os").getloadavg()[0], 1),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
