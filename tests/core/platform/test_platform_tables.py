import subprocess
import sys

import pytest
from jinja2 import Environment

from strongroom.platform import availability, template_names
from strongroom.platform.authentication import ALGORITHMS, AUTH_TYPES
from strongroom.platform.availability import (
    COMPOSITE,
    STANDARD,
    is_available,
    places_in_words,
    places_of,
    symbols_in,
)
from strongroom.platform.places import FieldPlace

U, H, Q, A, REQ, RES = FieldPlace
ROWS = {  # url, headers, query_parameters, authentication, request_body, response_body
    "get_secret": ("-YYY--", "-YYY--"),
    "get_variable": ("YYYY--", "YYYYYY"),
    "jwt_encode": ("YYYYY-", "YYYYY-"),
    "now": ("YYYYYY", "YYYYYY"),
    "user": ("YYYYYY", "YYYYYY"),
    "tenant_id": ("YYYYYY", "YYYYYY"),
    "pathParams": ("Y-----", "------"),
    "body_text": ("----Y-", "------"),
    "body_raw": ("----Y-", "------"),
    "response": ("-----Y", "-----Y"),
    "steps": ("------", "YYYYYY"),
    "request": ("------", "YYYYYY"),
}


@pytest.mark.parametrize("symbol", ROWS)
def test_each_symbol_resolves_where_the_documentation_says(symbol):
    for in_composite in (False, True):
        row = "".join(
            "Y" if is_available(symbol, place, in_composite=in_composite) else "-" for place in FieldPlace
        )
        assert row == ROWS[symbol][in_composite]


def test_the_tables_hold_the_same_symbols_each_with_a_source():
    assert set(STANDARD) == set(COMPOSITE) == set(ROWS) == set(availability.SYMBOLS) == template_names.NAMED
    assert all(row.source.startswith("PLATFORM §") for row in [*STANDARD.values(), *COMPOSITE.values()])


def test_an_unknown_symbol_resolves_nowhere():
    assert not is_available("payload", U)
    assert places_of("payload") == ()


def test_places_are_told_in_words():
    assert places_in_words("get_secret") == "headers, query_parameters and authentication"
    assert places_in_words("pathParams") == "url"
    assert places_in_words("steps") == "no field"


def test_completion_asks_what_a_place_offers():
    assert "get_secret" not in symbols_in(RES)
    assert "response" in symbols_in(RES)
    assert "steps" in symbols_in(U, in_composite=True)


def test_filters_tests_and_globals_are_those_of_the_installed_jinja2():
    environment = Environment(autoescape=True)
    assert set(environment.filters) == template_names.JINJA_FILTERS
    assert set(environment.tests) == template_names.JINJA_TESTS
    assert set(environment.globals) == template_names.JINJA_GLOBALS


def test_credentials_and_algorithms_are_marked():
    credentials = {
        (t.name, f.name) for t in AUTH_TYPES.values() for f in t.fields.values() if f.is_credential
    }
    assert credentials == {
        ("api_key", "value"),
        ("apikey", "value"),
        ("oauth_client_credentials", "client_secret"),
        ("jwt", "private_key"),
        ("oauth_jwt_bearer", "private_key"),
    }
    assert len(ALGORITHMS) == 13
    assert AUTH_TYPES["apikey"].replaced_by == "api_key"


HEAVY = ("dataclasses", "inspect", "jinja2", "rapidfuzz", "click", "pathlib", "asyncio", "cryptography")


def test_nothing_heavy_is_imported_for_a_check_without_unknown_names():
    code = (
        "import sys; from strongroom.document import Document; from strongroom.validator import validate;"
        'validate(Document.parse(\'{"url": "{{ get_secret(1) }}"}\'));'
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
