"""One helper for every test about findings: a text with marks says what is flagged, and by which rule.

`«unknown-secret:api_kye»` in a fixture means that exactly `api_kye` is flagged by that rule; marks may
nest. What is not marked must not be flagged.
"""

import re
from collections.abc import Callable

import pytest

from core.validator.widget_code import REGISTRY
from strongroom.document import Document
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.validator import DEFAULT_LEVELS, Finding, Levels, validate
from strongroom.validator.call_validator import CallValidator
from strongroom.validator.calls.connectors import known_connectors
from strongroom.widgets.code import WidgetCode

KNOWN = Names(
    Knowledge.COMPLETE,
    {
        "api_key": Name("api_key", Kind.SECRET),
        "client_secret": Name("client_secret", Kind.SECRET),
        "base_url": Name("base_url", Kind.VARIABLE),
        "region": Name("region", Kind.VARIABLE),
    },
    community="staging",
)
_MARK = re.compile(r"«([a-z-]+):|»")

Check = Callable[..., list[Finding]]


def unmarked(marked: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text without its marks, and (rule, start, end) of each mark."""
    text, expected, opened, at = "", [], [], 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        if mark.group(1):
            opened.append((mark.group(1), len(text)))
        else:
            rule, start = opened.pop()
            expected.append((rule, start, len(text)))
    return text + marked[at:], sorted(expected)


def _check(marked: str, *, names: Names = KNOWN, levels: Levels = DEFAULT_LEVELS) -> list[Finding]:
    text, expected = unmarked(marked)
    findings = validate(Document.parse(text), names, levels)
    found = sorted((finding.rule, finding.start, finding.end) for finding in findings)
    assert [(rule, text[a:b]) for rule, a, b in found] == [(rule, text[a:b]) for rule, a, b in expected]
    assert found == expected
    return findings


def _check_code(marked: str, *, path: str = "app.ts", registry: str = REGISTRY) -> list[Finding]:
    text, expected = unmarked(marked)
    known = known_connectors([Document.parse(registry)] if registry else [])
    findings = CallValidator().findings(WidgetCode(path, text), known)
    found = sorted((finding.rule, finding.start, finding.end) for finding in findings)
    assert [(rule, text[a:b]) for rule, a, b in found] == [(rule, text[a:b]) for rule, a, b in expected]
    assert found == expected
    return findings


@pytest.fixture(scope="session")
def check_code() -> Check:
    """`check_code(marked, path=..., registry=...)`: exactly the marked findings in the code of a widget."""
    return _check_code


@pytest.fixture(scope="session")
def check() -> Check:
    """`check(marked, names=..., levels=...)`: exactly the marked findings; gives them in the order of the
    text.
    """
    return _check


@pytest.fixture(scope="session")
def known() -> Names:
    """A complete list: secrets api_key and client_secret, variables base_url and region, of "staging"."""
    return KNOWN
