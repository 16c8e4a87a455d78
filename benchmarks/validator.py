"""Documents and rules in this process, without starting one: processor milliseconds, the best of some rounds.

    python benchmarks/validator.py [--connectors FOLDER] [--beside CHECKOUT]

`--connectors` names a folder with connector files of people: they are checked as they are, and their connectors go
into the realistic files. `--beside` names another checkout of the project, whose times are printed beside those of
this one, as ratios.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from check import connectors_file
from realistic_files import known_connectors, realistic_file

from strongroom.document import Document
from strongroom.validator import Validator

_ROUNDS = 5
_KEYS = 30
"""Keys typed into one document, one edit each."""


def cases(folder: Path | None) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the name of each case, and what is measured."""
    connectors = known_connectors(folder)
    if folder is not None:
        texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.rglob("*.json"))]
        yield f"{len(texts)} files of people", lambda: check(texts)
    realistic = [realistic_file(connectors, 10_000, seed) for seed in range(300)]
    yield "300 realistic files of 10 KB", lambda: check(realistic)
    generated = [connectors_file(10_000, seed) for seed in range(300)]
    yield "300 generated files of 10 KB", lambda: check(generated)
    yield "one generated file of 10 KB", lambda: check(generated[:1])
    large = connectors_file(1_000_000)
    yield "one generated file of 1 MB", lambda: check([large])
    yield f"{_KEYS} edits of 10 KB", lambda: typing(generated[0])
    yield f"{_KEYS} edits of 1 MB", lambda: typing(large)


def check(texts: Sequence[str]) -> None:
    """Check texts one after the other, as one run does."""
    validator = Validator()
    for text in texts:
        validator.findings(Document.parse(text))


def typing(text: str) -> None:
    """Type into the middle of a text, and check it after each key."""
    validator, document = Validator(), Document.parse(text)
    validator.findings(document)
    at = text.index('"name"', len(text) // 2) + len('"name": "')
    for _ in range(_KEYS):
        document = document.edit(at, at, "x")
        validator.findings(document)


def measured(folder: Path | None) -> dict[str, float]:
    """Return the milliseconds of each case."""
    found: dict[str, float] = {}
    for name, work in cases(folder):
        best = float("inf")
        for _ in range(_ROUNDS):
            gc.collect()
            begin = time.process_time()
            work()
            best = min(best, time.process_time() - begin)
        found[name] = best * 1000
    return found


def measured_in(checkout: Path, arguments: Sequence[str]) -> dict[str, float]:
    """Return the milliseconds of each case with the code of another checkout."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "core")}
    command = [sys.executable, str(checkout / "benchmarks" / "validator.py"), "--json", *arguments]
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    times: dict[str, float] = json.loads(done.stdout)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connectors", type=Path, help="a folder with connector files")
    parser.add_argument("--beside", type=Path, help="another checkout to compare with")
    parser.add_argument("--json", action="store_true", help="the times as JSON, for --beside")
    options = parser.parse_args()
    times = measured(options.connectors)
    if options.json:
        print(json.dumps(times))
        return
    arguments = ["--connectors", str(options.connectors)] if options.connectors else []
    others = measured_in(options.beside, arguments) if options.beside else {}
    for name, milliseconds in times.items():
        ratio = f"{milliseconds / others[name]:8.2f} of the other" if name in others else ""
        print(f"{name:32}{milliseconds:9.1f} ms{ratio}")


if __name__ == "__main__":
    main()
