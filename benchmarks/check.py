"""Whole-process time of `strongroom check` beside peers on files of the same size.

Each command is run in turn, round after round, so that a busy moment of the machine touches all of them; the best
and the median of the rounds are printed, with the ratio to a bare Python start.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SCHEMA = {
    "type": "object",
    "required": ["connectors"],
    "properties": {
        "connectors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "url"],
                "properties": {"url": {"pattern": "^https:"}},
            },
        }
    },
}


def connectors_file(size: int) -> str:
    """A registry of about `size` bytes with no mistake in it."""
    rows = []
    while sum(map(len, rows)) < size:
        n = len(rows)
        rows.append(
            json.dumps(
                {
                    "name": f"Orders {n}",
                    "permalink": f"orders-{n}",
                    "url": "https://api.example.com/v1/orders/{{ pathParams.id }}",
                    "path_parameters": [{"key": "id"}],
                    "headers": [{"key": "Authorization", "value": "Bearer {{ get_secret('orders_token') }}"}],
                    "response_body": "{% set rows = response.body | from_json %}{{ rows['items'] | tojson }}",
                },
                indent=2,
            )
        )
    return '{"connectors": [\n' + ",\n".join(rows) + "\n]}\n"


def peers(folder: Path, size: int) -> Iterator[tuple[str, list[str]]]:
    """(label, command) for each program that is installed."""
    registry = folder / "connectors_registry.json"
    registry.write_text(connectors_file(size), encoding="utf-8")
    source = folder / "same_size.py"
    source.write_text(
        "def total(rows: list[int]) -> int:\n    return sum(rows)\n\n\n" * (size // 62), encoding="utf-8"
    )
    schema = folder / "schema.json"
    schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
    yield "python -c pass", [sys.executable, "-c", "pass"]
    beside = Path(sys.executable).parent
    found = {name: shutil.which(name, path=str(beside)) or shutil.which(name) for name in PEERS}
    for name, arguments in PEERS.items():
        if found[name] is None:
            print(f"{name}: not installed, left out", file=sys.stderr)
            continue
        places = {"registry": registry, "source": source, "schema": schema}
        yield f"{name} {arguments[0]}", [str(found[name]), *(a.format(**places) for a in arguments)]


PEERS = {
    "strongroom": ["check", "{registry}"],
    "ruff": ["check", "--no-cache", "--isolated", "{source}"],
    "check-jsonschema": ["--schemafile", "{schema}", "{registry}"],
    "djlint": ["--quiet", "{registry}"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="bytes in the file (default 10,000)")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        commands = list(peers(Path(name), options.size))
        times: dict[str, list[float]] = {label: [] for label, _ in commands}
        for _ in range(options.rounds):
            for label, command in commands:
                begin = time.perf_counter()
                subprocess.run(command, capture_output=True, check=False, cwd=name)
                times[label].append((time.perf_counter() - begin) * 1000)
    bare = min(times["python -c pass"])
    print(f"{'command':32}{'best ms':>10}{'median ms':>11}{'x bare python':>15}")
    for label, row in times.items():
        print(f"{label:32}{min(row):10.1f}{statistics.median(row):11.1f}{min(row) / bare:15.1f}")


if __name__ == "__main__":
    main()
