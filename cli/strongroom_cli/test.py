"""`strongroom test`: run connectors against their external APIs, headless."""

import asyncio
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from strongroom.document import Connector, Document
from strongroom.errors import StrongroomError
from strongroom.resolver import (
    NO_VALUES,
    Inputs,
    Policy,
    TokenCache,
    VaultValues,
    render_request,
    run_connector,
    save_capture,
)
from strongroom.settings import Settings, did_you_mean
from strongroom.store.errors import VaultMissing
from strongroom.workspace import UnreadableFile, find_connector_files, read_text
from strongroom_cli.arguments import UsageError
from strongroom_cli.options import community_option
from strongroom_cli.session import Session, print_json, print_lines
from strongroom_cli.style import Style, counted, visible

if TYPE_CHECKING:
    from strongroom.resolver import Report, Values


class _Options(NamedTuple):
    inputs: Inputs
    dry_run: bool
    verbose: bool
    as_json: bool
    community: str = ""


class _Target(NamedTuple):
    path: str
    connector: Connector

    @property
    def permalink(self) -> str:
        """The connector's identity; made from its name where it has none (PLATFORM §4)."""
        return self.connector.permalink or re.sub(r"[^a-z0-9]+", "-", self.connector.name.lower()).strip("-")


@click.command(name="test", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "every", is_flag=True, help="Every connector of the workspace.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--payload", metavar="@FILE", help="The incoming body; @- is standard input.")
@click.option(
    "--query", metavar="KEY=VALUE", multiple=True, help="A query parameter of the caller (several: again)."
)
@click.option("--path-param", metavar="KEY=VALUE", multiple=True, help="A path parameter (several: again).")
@click.option(
    "--user", metavar="FILE", help="A JSON object: who calls. {} is a visitor who is not signed in."
)
@community_option
@click.option("--verbose", is_flag=True, help="Also headers, the debug request and the body.")
@click.option("--json", "as_json", is_flag=True, help="Reports for programs.")
def command(
    *,
    names: tuple[str, ...],
    every: bool,
    dry_run: bool,
    payload: str | None,
    query: tuple[str, ...],
    path_param: tuple[str, ...],
    user: str | None,
    community: str | None,
    verbose: bool,
    as_json: bool,
) -> int:
    """Run connectors, by permalink or name, and say what happened. Exit status 1 where one fails."""
    session = Session(community)
    targets = _choose(_connectors(session.settings.folder), names, every)
    inputs = Inputs(query=_pairs("--query", query), path_parameters=_pairs("--path-param", path_param))
    if payload is not None:
        inputs = inputs._replace(payload=_payload(payload))
    if user is not None:
        inputs = inputs._replace(user=_user(user))
    options = _Options(inputs, dry_run, verbose, as_json)
    try:
        vault = session.unlock()
    except VaultMissing as error:
        print(f"strongroom: {visible(error.message)} No secret and no variable resolves.", file=sys.stderr)
        return _run(session.settings, targets, NO_VALUES, options)
    with vault:
        chosen = session.community(vault)
        return _run(session.settings, targets, VaultValues(vault, chosen), options._replace(community=chosen))


def _run(settings: Settings, targets: Sequence[_Target], values: "Values", options: _Options) -> int:
    if options.dry_run:
        return _show_requests(targets, values, options)
    policy = Policy(settings.allowed_hosts, settings.ca_file)
    tokens = TokenCache()
    reports = []
    for target in targets:
        running = run_connector(
            target.connector.data,
            values,
            options.inputs,
            policy,
            community=options.community,
            tokens=tokens,
        )
        report = asyncio.run(running)
        reports.append(report)
        try:
            save_capture(settings.folder, report, community=options.community)
        except OSError as error:
            print(f"strongroom: the capture was not saved: {error.strerror}.", file=sys.stderr)
        if not options.as_json:
            print_lines(_describe(target, report, options.verbose))
    passed = sum(report.passed for report in reports)
    if options.as_json:
        print_json([report.to_json() for report in reports])
    elif len(reports) > 1:
        print(f"{passed} of {counted(len(reports), 'connector')} passed.")
    return int(passed < len(reports))


def _show_requests(targets: Sequence[_Target], values: "Values", options: _Options) -> int:
    """What would be sent, as the debug request shows it: template text wherever a secret is used."""
    shown = []
    failed = False
    for target in targets:
        request = render_request(target.connector.data, values, options.inputs)
        failed = failed or request.failure is not None or bool(request.unresolved)
        shown.append(
            {"connector": target.connector.name, **request.debug(), "unresolved": list(request.unresolved)}
        )
        if not options.as_json:
            print(f"{visible(target.connector.name)} ({visible(target.path)})")
            print_json(request.debug())
            print_lines(f"  does not resolve: {visible(literal)}" for literal in request.unresolved)
            if request.failure is not None:
                print(f"  would fail: {visible(request.failure.reason)}")
    if options.as_json:
        print_json(shown)
    return int(failed)


def _describe(target: _Target, report: "Report", verbose: bool) -> list[str]:
    """One run in lines: the outcome, what did not resolve, why; with `verbose` everything."""
    style = Style()
    word, look = ("PASS", "good") if report.passed else ("FAIL", "error")
    timing = f"{report.server_timing.get('total', 0):.0f} ms"
    status = f"{report.status} {report.reason}".strip() if report.status is not None else report.reason
    lines = [
        f"{style(word, look)} {style(visible(target.connector.name), 'strong')}  {visible(status)}  {timing}"
    ]
    lines += [f"  did not resolve: {visible(literal)}" for literal in report.unresolved]
    if verbose or not report.passed:
        lines += [f"  {visible(line)}" for line in report.explanation]
    if verbose:
        lines += [
            f"  Server-Timing: {visible(report.server_timing_header)}",
            f"  X-Request-ID: {report.request_id}",
        ]
        lines += ["  X-Debug-Request:", *_indented(json.dumps(dict(report.debug), indent=2))]
        lines += [f"  {visible(key)}: {visible(value)}" for key, value in report.headers.items()]
        lines += ["", *_indented(report.text)]
    return lines


def _indented(text: str) -> list[str]:
    return [f"  {visible(line)}" for line in text.split("\n")]


def _connectors(folder: str) -> list[_Target]:
    """Every connector below `folder`; the registry's first, since that is what the platform reads."""
    found = []
    for path in sorted(find_connector_files([folder]), key=lambda path: "registry" not in Path(path).name):
        try:
            document = Document.parse(read_text(path))
        except UnreadableFile as error:
            print(f"strongroom: {visible(str(error))}", file=sys.stderr)
            continue
        found += [_Target(path, connector) for connector in document.connectors]
    return found


def _choose(targets: Sequence[_Target], names: Sequence[str], every: bool) -> list[_Target]:
    """The connectors that are meant, one for each permalink. Raises `UsageError` for a name that none has."""
    by_permalink: dict[str, _Target] = {}
    for target in targets:
        by_permalink.setdefault(target.permalink, target)
    unique = list(by_permalink.values())
    if not names and not every:
        raise UsageError(
            "No connector was named.",
            f"Name one, or say --all. There are: {_known(unique)}." if unique else "",
        )
    if every:
        if not unique:
            raise UsageError("There are no connectors here.", "See `strongroom doctor` for where was looked.")
        # The platform cannot test composites either (PLATFORM §7).
        return [target for target in unique if not target.connector.is_composite]
    chosen = []
    for name in names:
        found = by_permalink.get(name) or next((t for t in unique if t.connector.name == name), None)
        if found is None:
            known = [*by_permalink, *(target.connector.name for target in unique)]
            raise UsageError(f'There is no connector "{name}" here.', did_you_mean(name, known))
        if found.connector.is_composite:
            raise UsageError(
                f'"{name}" is a composite connector, which cannot be tested.', "Test its steps' APIs."
            )
        chosen.append(found)
    return chosen


def _known(targets: Sequence[_Target]) -> str:
    names = [target.permalink for target in targets]
    return ", ".join(names[:10]) + (", …" if len(names) > 10 else "")


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"{option} takes KEY=VALUE.", f"Like {option} id=42.")
        pairs[key] = value
    return pairs


def _payload(given: str) -> bytes:
    if not given.startswith("@"):
        raise UsageError("--payload takes @FILE, a file with the incoming body.", "@- reads standard input.")
    if given == "@-":
        return sys.stdin.buffer.read()
    try:
        return Path(given[1:]).read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{given[1:]} cannot be read: {error.strerror}.") from error


def _user(path: str) -> dict[str, Any]:
    try:
        user = json.loads(read_text(path))
    except ValueError as error:
        raise StrongroomError(f"{path} is not valid JSON: {error}.") from error
    if not isinstance(user, dict):
        raise StrongroomError(
            f"{path} must hold one JSON object.", 'Like {"email": "a@example.com", "id": 7}.'
        )
    return user
