"""An API that repeats a secret in any form and any place: the report shows the mask, and tells of it."""

import asyncio
import base64
import html
import json
from urllib.parse import quote, quote_plus

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from strongroom.resolver import MappingValues, run_connector
from strongroom.resolver.echoes import Echoes
from strongroom.resolver.wrapping import wrapped_blocks
from strongroom.secret_value import SecretValue

FORMS = {
    "raw": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, small digits": lambda text: quote(text, safe="").replace("%2F", "%2f").replace("%3D", "%3d"),
    "form": quote_plus,
    "json": lambda text: json.dumps(text)[1:-1],
    "json, raw letters": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json in json": lambda text: json.dumps(json.dumps(text)),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 of a pair": lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
    "base64 in lines": lambda text: base64.encodebytes(f"start {text} end".encode() * 3).decode(),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "html": html.escape,
    "html, decimal": lambda text: html.escape(text).replace("&#x27;", "&#39;"),
    "upper case": str.upper,
}

PLACES = {
    "body": lambda echo: httpx2.Response(200, text=f"before {echo} after"),
    "json body": lambda echo: httpx2.Response(200, json={"got": [echo], echo: 1}),
    "error body": lambda echo: httpx2.Response(401, text=echo),
    "header": lambda echo: httpx2.Response(200, headers={"x-echo": echo.replace("\n", " ").encode()}),
    "location": lambda echo: httpx2.Response(
        302, headers={"location": f"https://other.example/?k={echo}".replace("\n", "").encode()}
    ),
}

secret = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=60).filter(
    lambda text: sum(c.isalnum() for c in text) >= 8
)


def shown(report):
    """All that a person or a file can get of a report, as one text."""
    parts = [json.dumps(report.to_json(), ensure_ascii=False), repr(report), report.text, report.curl]
    return "\n".join([*parts, *report.headers.values(), *report.explanation])


def echoed(value, form, place):
    rows = [{"key": "X-Key", "value": "{{ get_secret('k') }}"}]
    connector = {"name": "n", "url": "https://api.example.com/", "headers": rows}
    transport = httpx2.MockTransport(lambda _request: PLACES[place](FORMS[form](value)))
    return asyncio.run(run_connector(connector, MappingValues({"k": value}), transport=transport))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_an_echo_is_masked_wherever_it_stands(form, place):
    value = "s3cr3t/Kq\"7&x+9<='%Zv-cAnArY7f3Zz9QwLm"
    report = echoed(value, form, place)
    text = shown(report)
    for written in (value, FORMS[form](value).strip()):
        assert written not in text
        assert written.lower() not in text.lower()
    assert "cAnArY7f3Zz9QwLm".lower() not in text.lower()
    assert report.echoes, "it is not said that the API repeats the secret"


@settings(max_examples=60)
@given(value=secret, form=st.sampled_from(sorted(FORMS)), place=st.sampled_from(sorted(PLACES)))
@example(value="0000000000000000", form="base64 in lines", place="body")
def test_any_secret_is_masked_in_any_form(value, form, place):
    text = shown(echoed(value, form, place))
    assert value not in text
    if form != "base64 in lines":
        assert FORMS[form](value) not in text


@pytest.mark.parametrize("width", [20, 60, 64, 76])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n", "\n  "], ids=["lf", "crlf", "json", "indented"])
@pytest.mark.parametrize(
    "encode", [lambda data: base64.b64encode(data).decode(), bytes.hex], ids=["base64", "hex"]
)
def test_an_encoding_that_is_broken_into_lines_is_masked(width, end, encode):
    value = "s3cret-value-that-is-long-enough-to-go-over-lines-0123456789-abcdef"
    whole = encode(f"{'padding ' * 8}{value}{' more' * 9}".encode())
    lines = end.join(whole[start : start + width] for start in range(0, len(whole), width))
    echoes = Echoes([("k", SecretValue(value))])
    assert echoes.masked(f'{{"data": "{lines}", "other": 1}}') == '{"data": "••••••••", "other": 1}'
    assert echoes.found["k"] >= 1


def test_lines_that_hold_no_value_stay():
    text = "\n".join(["abcdefghijklmnopqrstuvwxyz0123456789"] * 5)
    assert Echoes([("k", SecretValue("s3cret-value-0123"))]).masked(text) == text


def test_a_long_run_without_an_end_is_read_once():
    import time

    echoes = Echoes([("k", SecretValue("s3cret-value-0123"))])
    started = time.process_time()
    list(wrapped_blocks("a" * 1_000_000 + "!"))
    assert time.process_time() - started < 2
    assert echoes.masked("a" * 1000) == "a" * 1000
