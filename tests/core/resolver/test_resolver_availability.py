"""Each function and name resolves in a run in exactly those fields in which `check` lets it pass (PLATFORM §2)."""

import json

import pytest

from strongroom.document import Document
from strongroom.platform.availability import SYMBOLS, is_available
from strongroom.platform.places import FieldPlace
from strongroom.resolver import Inputs, MappingValues
from strongroom.resolver.templates.rendering import Renderer
from strongroom.resolver.terms.failures import RunFailed
from strongroom.resolver.terms.stand_ins import StandIns
from strongroom.validator import Levels, validate

USES = {
    "get_secret": ["get_secret('key')"],
    "get_variable": ["get_variable('base')"],
    "jwt_encode": ["jwt_encode({'a': 1}, 'a key that is long enough for HS256')"],
    "now": ["now()", "now(offset=60)"],
    "user": ["user.email", "user.id", "user.profile_fields.by_id(1)"],
    "tenant_id": ["tenant_id"],
    "pathParams": ["pathParams.id", "pathParams['id']"],
    "body_text": ["body_text"],
    "body_raw": ["body_raw"],
    "response": ["response.body", "response.status_code", "response.headers['a']"],
    "steps": ["steps.first.body", "steps['first'].status_code", "steps.first.headers['a']"],
    "request": ["request.body_text", "request.query_parameters['q']"],
}
RULES = (
    "misplaced-secret", "misplaced-variable", "misplaced-function", "misplaced-name", "undefined-name", "unknown-step",
)  # fmt: skip
ANSWER = {"body": "text", "status_code": 200, "headers": {"a": "b"}}
EVERYTHING = {
    "response": ANSWER,
    "steps": {"first": ANSWER},
    "request": {"body_text": "text", "query_parameters": {"q": "1"}},
}
"""What a run may give beside its inputs, whether or not the field may see it."""

CELLS = [
    pytest.param(in_composite, symbol, place, id=f"{symbol} in {place}{' of a step' * in_composite}")
    for in_composite in (False, True)
    for symbol in SYMBOLS
    for place in FieldPlace
]


def resolves(use: str, place: FieldPlace, in_composite: bool) -> bool:
    """Say if a run puts a value in the place of the use.

    Without one the call stays as it is written, nothing is there, or the field does not render.
    """
    user = {"email": "a@b.c", "id": 3, "profile_fields": {"1": "x"}}
    inputs = Inputs(user, path_parameters={"id": "7"}, payload="text")
    values = MappingValues({"key": "s3cr3t"}, {"base": "https://a.example"})
    stand_ins = StandIns()
    renderer = Renderer(values, inputs, stand_ins, in_composite=in_composite, extra=EVERYTHING)
    try:
        sent = stand_ins.open(renderer.field(place, "field", f"[{{{{ {use} }}}}]").text)
    except RunFailed:
        return False
    assert sent.startswith("[")
    assert sent.endswith("]")
    return sent != "[]" and "{{" not in sent


def passes(use: str, place: FieldPlace, in_composite: bool) -> bool:
    """Say if `check` finds nothing in a field with the use."""
    template = f"{{{{ {use} }}}}"
    rows = [{"key": "k", "value": template}]
    request = {"name": "second", "url": "https://a.example/x", "method": "POST"} | {
        FieldPlace.URL: {"url": f"https://a.example/{template}"},
        FieldPlace.HEADER: {"headers": rows},
        FieldPlace.QUERY: {"query_parameters": rows},
        FieldPlace.AUTH: {"authentication": {"type": "api_key", "config": {"value": template}}},
        FieldPlace.REQUEST_BODY: {"request_body": template},
        FieldPlace.RESPONSE_BODY: {"response_body": template},
    }[place]
    steps = [{"name": "first", "url": "https://a.example"}, request]
    file = {"composite_connectors": [{"name": "n", "steps": steps}]} if in_composite else [request]
    return validate(Document.parse(json.dumps(file)), levels=Levels().select(RULES)) == []


def test_every_symbol_has_a_use():
    assert set(USES) == set(SYMBOLS)


@pytest.mark.parametrize(("in_composite", "symbol", "place"), CELLS)
def test_a_run_and_a_check_agree_with_the_table_in_each_cell(in_composite, symbol, place):
    expected = is_available(symbol, place, in_composite=in_composite)
    for use in USES[symbol]:
        assert resolves(use, place, in_composite) is expected, use
        assert passes(use, place, in_composite) is expected, use
