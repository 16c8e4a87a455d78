"""Define the steps of the tour: the text of each, and its end.

The tour runs in the demo: a throw-away vault in which one secret is missing, and a sample API that accepts `KEY`.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

SECRET: Final = "weather_api_key"  # noqa: S105 - the name of a secret
CONNECTOR: Final = "Default city weather"
KEY: Final = "sunny-days-42"
"""The key that the tour's sample API accepts.

`strongroom demo --tour` sets the key.
"""


class TourState(NamedTuple):
    """Hold what decides whether a step is done."""

    has_secret: bool
    is_in_test: bool
    target: str
    """The connector that would be tested, or ""."""
    passed: bool


class TourStep(NamedTuple):
    """Describe one step: a heading, the task, and a test of its end."""

    heading: str
    lines: tuple[str, ...]
    is_done: Callable[[TourState], bool]


STEPS: Final = (
    TourStep(
        "Create the missing secret",
        (
            f"Connectors use {SECRET}, which is not stored:",
            "✗ missing. With the cursor on it, press n,",
            f"type {KEY} as its value, and press ctrl+s.",
        ),
        lambda seen: seen.has_secret,
    ),
    TourStep(
        "Go to Test",
        (
            "It is stored, encrypted; the list shows a mask.",
            "r would reveal it for 15 seconds.",
            "Press 3 to test a connector that uses it.",
        ),
        lambda seen: seen.is_in_test,
    ),
    TourStep(
        "Pick the connector",
        (f"Press p, type {CONNECTOR[:12].lower()}, and press enter.", "That one needs no inputs."),
        lambda seen: seen.target == CONNECTOR,
    ),
    TourStep(
        "Run the test",
        ("Press ctrl+r. The request, with your secret,", "goes to the sample API on this machine."),
        lambda seen: seen.passed,
    ),
    TourStep(
        "That is all",
        (
            "The test passed.",
            "? lists every key and runs the one you pick.",
            "T ends the tour. q leaves the demo and throws it away.",
        ),
        lambda _: False,
    ),
)


def next_step(at: int, seen: TourState) -> int:
    """Return the step after `at` once the step `at` is done.

    Steps that are done already are passed over.
    """
    while at < len(STEPS) - 1 and STEPS[at].is_done(seen):
        at += 1
    return at
