"""Whole-process time of `strongroom check` beside peers on files of the same size.

The commands of a case are run in turn, round after round, so that a busy moment of the machine touches all of them. The
best and the median of the rounds are printed, and the processor time of the best round (user and system, of all its
processes), which other work disturbs least. Peers are looked for beside this Python, in `--peers FOLDER` and on the
PATH.
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from realistic_files import known_connectors, realistic_file

ROWS = {
    "type": ["array", "null"],
    "items": {
        "type": "object",
        "required": ["key"],
        "properties": {
            "key": {"type": "string", "minLength": 1, "maxLength": 255},
            "value": {"type": ["string", "number", "boolean", "null"], "maxLength": 1000},
            "overridable": {"type": ["boolean", "null"]},
        },
    },
}
TEXT = {"type": ["string", "null"]}
CONNECTOR = {
    "type": "object",
    "required": ["name", "url"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 255},
        "permalink": {"type": ["string", "null"], "pattern": "^[a-z0-9]+(?:-[a-z0-9]+)*$", "maxLength": 255},
        "url": {"type": "string", "pattern": "^(https://|\\{\\{)", "maxLength": 2048},
        "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", None]},
        "headers": ROWS,
        "query_parameters": ROWS,
        "path_parameters": ROWS,
        "authentication": {"type": ["object", "null"], "properties": {"type": {"type": "string"}}},
        "request_body": TEXT,
        "response_body": TEXT,
        "response_content_type": {"type": ["string", "null"], "maxLength": 255},
    },
}
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "connectors": {"type": "array", "items": CONNECTOR},
        "composite_connectors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "steps"],
                "properties": {"steps": {"type": "array", "minItems": 1, "items": CONNECTOR}},
            },
        },
    },
}
"""The part of the rules that a JSON schema can say: types, limits, choices. It sees no template."""


class Case(NamedTuple):
    """Files of one kind: how many and how large each is.

    Generated files have no mistake and are much alike. Realistic ones are made of real connectors.
    """

    title: str
    files: int
    size: int
    is_one_line: bool = False
    is_realistic: bool = False


CASES = {
    "small": Case("one file of 10 KB", 1, 10_000),
    "large": Case("one file of 1 MB", 1, 1_000_000),
    "line": Case("one file of 1 MB on one line", 1, 1_000_000, is_one_line=True),
    "many": Case("1,000 files of 10 KB", 1000, 10_000),
    "real": Case("1,000 realistic files of 10 KB", 1000, 10_000, is_realistic=True),
}


WORDS = ("orders", "parcels", "topics", "people", "invoices", "weather", "places", "events", "ideas", "files")
SECRET = "{{{{ get_secret('{0}_token') }}}}"
HEADERS = (
    ("Authorization", f"Bearer {SECRET}"),
    ("Accept", "application/json"),
    ("X-Tenant", "{{{{ tenant_id }}}}-{1}"),
    ("X-User", "{{{{ user.id | default('{0}') }}}}"),
)
AUTHENTICATION = (
    None,
    {"type": "none"},
    {"type": "api_key", "config": {"key": "X-Key", "value": SECRET, "in": "header"}},
    {
        "type": "oauth_client_credentials",
        "config": {
            "client_id": SECRET,
            "client_secret": SECRET,
            "token_url": "https://{0}.example.com/token",
        },
    },
    {
        "type": "jwt",
        "config": {"private_key": SECRET, "claims": {"iss": "{0}", "exp": "{{{{ now(3600) }}}}"}},
    },
)
RESPONSES = (
    "",
    "{{% if response.status_code == 200 %}}{{% set {0} = response.body | from_json %}}"
    "{{{{ {0}['items'] | tojson }}}}{{% endif %}}",
    "{{% if response.status_code < 400 %}}{{% set ns = namespace(rows=[]) %}}"
    "{{% for row in (response.body | from_json)['{0}'] %}}{{% set ns.rows = ns.rows + [row.id] %}}{{% endfor %}}"
    "{{{{ ns.rows | json_encode }}}}{{% endif %}}",
    '{{"status": {{{{ response.status_code }}}}, "of": {{{{ response.headers["x-{0}"] | tojson }}}}}}',
)
REQUESTS = (
    "",
    "{{% set form = body_text | from_json %}}{{{{ {{'{0}': form.get('{0}', {1}), 'by': user.id}} | tojson }}}}",
    '{{"{0}": {{{{ (body_text | from_json)["{0}"] | tojson }}}}, "at": {{{{ now() }}}}}}',
)


def connector(dice: random.Random, number: int) -> dict[str, object]:
    """A sound connector; few of many are alike but for names."""
    word, size = dice.choice(WORDS), dice.randint(1, 900)

    def filled(value: object) -> object:
        if isinstance(value, str):
            return value.format(word, size)
        return {key: filled(inner) for key, inner in value.items()} if isinstance(value, dict) else value

    found: dict[str, object] = {"name": f"{word.title()} {number}", "permalink": f"{word}-{number}"}
    has_parameter = dice.random() < 0.5
    found["url"] = f"https://api.example.com/v{size}/{word}" + (
        "/{{ pathParams.id }}" if has_parameter else ""
    )
    if has_parameter:
        found["path_parameters"] = [{"key": "id"}]
    if dice.random() < 0.5:
        found["method"], found["request_body"] = "POST", filled(dice.choice(REQUESTS))
    rows = [{"key": key, "value": filled(value)} for key, value in HEADERS if dice.random() < 0.5]
    found["headers"] = [{**row, "overridable": False} if dice.random() < 0.5 else row for row in rows]
    found["query_parameters"] = [
        {"key": f"{name}_{size}", "value": str(size), "overridable": True}
        for name in WORDS[: dice.randrange(4)]
    ]
    authentication = filled(dice.choice(AUTHENTICATION))
    if authentication is not None:
        found["authentication"] = authentication
    found["response_body"] = filled(dice.choice(RESPONSES))
    return found


def connectors_file(size: int, seed: int = 0, *, is_one_line: bool = False) -> str:
    """A registry of about `size` bytes with no mistake in it; another one for each seed."""
    dice = random.Random(seed)
    rows: list[str] = []
    length = 0
    while length < size:
        row = connector(dice, seed * 10_000 + len(rows))
        rows.append(json.dumps(row) if is_one_line else json.dumps(row, indent=2))
        length += len(rows[-1])
    joint = ", " if is_one_line else ",\n"
    return f'{{"connectors": [{joint.join(rows)}]}}\n'


def python_file(size: int, seed: int) -> str:
    """Python of about `size` bytes, for the linter of Python."""
    function = "def total_{0}(rows: list[int]) -> int:\n    return sum(rows) + {0}\n\n\n"
    return "".join(function.format(seed * 1000 + n) for n in range(size // 62))


def maker_of(case: Case, connectors: Path | None) -> Callable[[int], str]:
    """Return what makes the connector file of each number."""
    if case.is_realistic:
        known = known_connectors(connectors)
        return lambda number: realistic_file(known, case.size, number)
    return lambda number: connectors_file(case.size, number, is_one_line=case.is_one_line)


def commands(
    folder: Path, case: Case, search: str, made: Callable[[int], str]
) -> Iterator[tuple[str, list[str], Callable[[], None]]]:
    """(label, command, what is done before each run) for each program that is installed."""
    registries, sources = folder / "connectors", folder / "python"
    for number in range(case.files):
        for root, name, text in (
            (registries, "connectors.json", made(number)),
            (sources, "source.py", python_file(case.size, number)),
        ):
            file = root / "widgets" / f"w{number}" / name
            file.parent.mkdir(parents=True)
            file.write_text(text, encoding="utf-8")
    schema = folder / "schema.json"
    schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
    files = [str(file) for file in sorted(registries.rglob("*.json"))]

    def nothing() -> None:
        """Leave everything as the last run left it."""

    def forget() -> None:
        """Take the kept results away, as for a first run."""
        shutil.rmtree(folder / "cache", ignore_errors=True)

    yield "python -c pass", [sys.executable, "-c", "pass"], nothing
    peers: tuple[tuple[str, str, list[str], Callable[[], None]], ...] = (
        ("strongroom", "strongroom check", ["check", str(registries)], forget),
        ("ruff", "ruff check", ["check", "--no-cache", "--isolated", str(sources)], nothing),
        ("check-jsonschema", "check-jsonschema", ["--schemafile", str(schema), *files], nothing),
        ("djlint", "djlint", ["--quiet", "--lint", "-e", "json", str(registries)], nothing),
    )
    for program, label, arguments, before in peers:
        found = shutil.which(program, path=search)
        if found is None:
            print(f"{program}: not installed, left out", file=sys.stderr)
            continue
        yield label, [found, *arguments], before
        if program == "strongroom" and case.files > 1:
            yield "strongroom check, again", [found, *arguments], nothing


def measure(command: list[str], folder: str, environment: dict[str, str]) -> tuple[float, float]:
    """(elapsed, processor) milliseconds of one run. Exits where the program fails."""
    used, begin = processor_time(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder, env=environment)
    elapsed, spent = time.perf_counter() - begin, processor_time() - used
    if done.returncode > 1:
        sys.exit(f"{command[0]} failed: {done.stderr.decode()[:500]}")
    return elapsed * 1000, spent * 1000


def processor_time() -> float:
    """Seconds that all processes which this one has waited for have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(case: Case, rounds: int, search: str, connectors: Path | None) -> None:
    """Measure a case and print its table."""
    with tempfile.TemporaryDirectory() as name:
        found = list(commands(Path(name), case, search, maker_of(case, connectors)))
        environment = {**os.environ, "XDG_CACHE_HOME": f"{name}/cache", "STRONGROOM_VAULT": f"{name}/none"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        times: dict[str, list[tuple[float, float]]] = {label: [] for label, _, _ in found}
        for _ in range(rounds):
            for label, command, before in found:
                before()
                times[label].append(measure(command, name, environment))
    bare = min(spent for _, spent in times["python -c pass"])
    heading = f"{'command':26}{'best ms':>10}{'median ms':>11}{'processor ms':>14}{'x bare python':>15}"
    print(f"\n{case.title}\n{heading}")
    for label, rows in times.items():
        spent = min(spent for _, spent in rows)
        elapsed = [row[0] for row in rows]
        figures = f"{min(elapsed):10.0f}{statistics.median(elapsed):11.0f}{spent:14.0f}{spent / bare:15.1f}"
        print(f"{label:26}{figures}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "case", nargs="*", default=["small"], help=f"some of {', '.join(CASES)} (default small)"
    )
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--connectors", type=Path, help="a folder with connector files, for realistic ones")
    parser.add_argument("--peers", default="", help="a folder with the peers' programs")
    options = parser.parse_args()
    search = os.pathsep.join([str(Path(sys.executable).parent), options.peers, os.environ.get("PATH", "")])
    for name in options.case:
        if name not in CASES:
            parser.error(f'there is no case "{name}": {", ".join(CASES)}')
        run(CASES[name], options.rounds, search, options.connectors)


if __name__ == "__main__":
    main()
