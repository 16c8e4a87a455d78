"""In a connector with broken JSON nothing is said to be missing, and no fix goes by what could be read."""

import json

import pytest

from strongroom.document import Document
from strongroom.validator import validate

URL = "https://a.example/x"
STEP = {"name": "a", "url": URL}
READS_LATER = STEP | {"headers": [{"key": "k", "value": "{{ steps.missing.body }}"}]}
OUTSIDE = {
    "type": "api_key",
    "config": {"key": "k", "value": "{{ get_secret('a') }}"},
    "in": "header",
}


def found_in(made: dict[str, object], rule: str, *, is_damaged: bool) -> tuple[int, int]:
    """How many findings a rule has in a connector, and how many fixes."""
    text = json.dumps([made])
    if is_damaged:
        text = text.removesuffix("}]") + ', "other": undefined}]'
    found = [finding for finding in validate(Document.parse(text)) if finding.rule == rule]
    return len(found), sum(len(finding.fixes) for finding in found)


@pytest.mark.parametrize(
    ("rule", "made", "sound", "damaged"),
    [
        ("missing-field", {"name": "A", "headers": []}, (1, 0), (0, 0)),
        ("ignored-body", {"name": "A", "url": URL, "request_body": "x"}, (1, 0), (0, 0)),
        ("undeclared-path-parameter", {"name": "A", "url": f"{URL}/{{{{ pathParams.id }}}}"}, (1, 1), (0, 0)),
        ("empty-composite", {"name": "C", "steps": []}, (1, 0), (0, 0)),
        ("unknown-step", {"name": "C", "steps": [STEP, READS_LATER]}, (1, 0), (0, 0)),
        (
            "composite-path-parameters",
            {"name": "C", "steps": [STEP | {"path_parameters": [{"key": "id"}]}]},
            (1, 1),
            (1, 0),
        ),
        ("misplaced-auth-field", {"name": "A", "url": URL, "authentication": OUTSIDE}, (1, 1), (1, 0)),
    ],
)
def test_what_may_be_missing_is_not_judged(rule, made, sound, damaged):
    assert found_in(made, rule, is_damaged=False) == sound
    assert found_in(made, rule, is_damaged=True) == damaged
