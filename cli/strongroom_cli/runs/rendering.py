"""Show the requests of tests without sending them, as debug requests or as curl."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from strongroom.resolver import Policy
from strongroom.testcases.rendering import DryRun, render_cases
from strongroom.testcases.running import Prepared
from strongroom.text.terminal import visible
from strongroom_cli.terminal.session import print_json, print_lines


def show_requests(prepared: Sequence[Prepared], policy: Policy, *, as_curl: bool, as_json: bool) -> int:
    """Print the requests.

    Return 1 if a name does not resolve or a request would fail.
    """
    rendered = render_cases(prepared)
    if as_json:
        print_json([_data(dry, policy, as_curl=as_curl) for dry in rendered])
    for dry in () if as_json else rendered:
        print_lines(_curl_lines(dry, policy) if as_curl else _lines(dry))
    return int(any(dry.failed for dry in rendered))


def _curl(dry: DryRun, policy: Policy) -> str:
    from strongroom.resolver.request import curl

    return "" if dry.request is None else curl.of_request(dry.request, policy)


def _data(dry: DryRun, policy: Policy, *, as_curl: bool) -> dict[str, Any]:
    request = dry.request
    return {
        "test": dry.case.name,
        "connector": dry.case.connector,
        **({} if request is None else request.debug()),
        "unresolved": [] if request is None else list(request.unresolved),
        "problem": dry.reason,
        "notices": list(dry.notices),
        **({"later_steps": list(dry.later)} if dry.later else {}),
        **({"curl": _curl(dry, policy)} if as_curl else {}),
    }


def _lines(dry: DryRun) -> Iterator[str]:
    yield f"{visible(dry.case.name)} ({visible(dry.case.connector)})"
    if dry.request is not None:
        yield json.dumps(dry.request.debug(), indent=2)
        for literal in dry.request.unresolved:
            yield f"  does not resolve: {visible(literal)}"
        for line in dry.notices:
            yield f"  {visible(line)}"
    if dry.reason:
        yield f"  would fail: {visible(dry.reason)}"
    if dry.later:
        yield f"  then, made of the answers: {visible(', '.join(dry.later))}"


def _curl_lines(dry: DryRun, policy: Policy) -> Iterator[str]:
    """Yield comments and commands only, so that a shell can run all of them."""
    yield f"# {visible(dry.case.name)} ({visible(dry.case.connector)})"
    if dry.reason:
        yield f"# would fail: {visible(dry.reason)}"
    # The text has line breaks of its own, and is safe for a terminal.
    yield _curl(dry, policy)
    if dry.later:
        yield f"# The steps {visible(', '.join(dry.later))} are made of the answers: run the test to see them.\n"
