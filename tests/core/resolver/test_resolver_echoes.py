"""An API that repeats a secret in any form and any place: the report shows the mask, and tells of it."""

import asyncio
import base64
import functools
import gzip
import html
import json
import zlib
from urllib.parse import quote, quote_plus

import httpx2
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from strongroom.resolver import MappingValues, run_connector
from strongroom.resolver.masking.echoes import Echoes
from strongroom.resolver.masking.layers import Layer
from strongroom.resolver.masking.unescaping import unescaped
from strongroom.resolver.network.sending import MAX_BODY
from strongroom.values.common import SHORTEST_PART
from strongroom.values.secret_value import SecretValue

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
    "percent, every character": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent of that": lambda text: "".join(f"%25{byte:02x}" for byte in text.encode()),
    "json, every character": lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
    "html, every character": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "html, every character in hex": lambda text: "".join(f"&#x{ord(character):x};" for character in text),
    "hex with colons": lambda text: text.encode().hex(":"),
    "a list of bytes": lambda text: json.dumps(list(text.encode())),
    "base64 three times": lambda text: base64.b64encode(
        base64.b64encode(base64.b64encode(text.encode()))
    ).decode(),
    "base64 of gzip": lambda text: base64.b64encode(gzip.compress(f"user:{text}".encode())).decode(),
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


@functools.cache
def own_words():
    """What every report says: a value that is a part of it is found without any echo."""
    return shown(echoed("another-Zq8-value", "raw", "body"))


@settings(max_examples=60)
@given(value=secret, form=st.sampled_from(sorted(FORMS)), place=st.sampled_from(sorted(PLACES)))
@example(value="000:000:000:", form="a list of bytes", place="body")
@example(value="query_parame", form="HEX", place="body")
@example(value="0000000000000000", form="base64 in lines", place="body")
def test_any_secret_is_masked_in_any_form(value, form, place):
    assume(value not in own_words())
    # A value that is hardly more than escapes, such as 0000\\000\\000, is short when they are undone.
    assume(len(unescaped(Layer(value)).text) >= SHORTEST_PART)
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


def test_base64_in_base64_is_looked_into_three_times():
    def encoded(times):
        text = b"it was a-value-7f3Zz9"
        for _ in range(times):
            text = base64.b64encode(text)
        return text.decode()

    assert masked("a-value-7f3Zz9", encoded(3)) == MASK
    assert masked("a-value-7f3Zz9", encoded(4)) == encoded(4)


def test_lines_that_hold_no_value_stay():
    text = "\n".join(["abcdefghijklmnopqrstuvwxyz0123456789"] * 5)
    assert Echoes([("k", SecretValue("s3cret-value-0123"))]).masked(text) == text


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32"])
def test_a_body_of_wide_characters_is_searched_whatever_it_says_of_itself(charset):
    echoes = Echoes([("k", SecretValue("a-value-7f3Zz9"))])
    body = "before a-value-7f3Zz9 after".encode(charset)
    assert "a-value" not in echoes.masked_bytes(body, "utf-8").decode(charset)
    assert echoes.found == {"k": 1}


def test_a_compressed_body_that_does_not_say_so_is_looked_into():
    echoes = Echoes([("k", SecretValue("a-value-7f3Zz9"))])
    packed = gzip.compress(b"it was a-value-7f3Zz9")
    assert echoes.masked_bytes(packed, "utf-8").decode() == "\u2022" * 8
    assert echoes.found == {"k": 1}
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bare = packer.compress(b"it was a-value-7f3Zz9") + packer.flush()
    for packed in (bare, bare + b"\0", zlib.compress(b"it was a-value-7f3Zz9")):
        assert echoes.masked_bytes(packed, "utf-8").decode() == "\u2022" * 8
    other = gzip.compress(b"it was nothing")
    assert echoes.masked_bytes(other, "utf-8") == other


def test_the_base64_of_a_short_value_is_masked():
    assert Echoes([("k", SecretValue("Xy7#"))]).masked("a WHk3Iw== b WHk3Iw c") == (
        "a \u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022 b \u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022 c"
    )


MASK = "\u2022" * 8


def masked(value: str, answer: str) -> str:
    return Echoes([("k", SecretValue(value))]).masked(answer)


@pytest.mark.parametrize("between", [b"", b"\\n"])
def test_a_short_value_within_bytes_that_are_no_text_is_chance(between):
    encoded = base64.b64encode(b"\0\1" + between + b"\2\x80k3y9\4\5\6\x90abc").decode()
    assert Echoes([("k", SecretValue("k3y9"))]).masked(encoded) == encoded


def test_a_password_of_four_characters_in_settings_is_found_by_itself():
    settings = "Server=db.example;Password={};Database=orders"
    assert masked(settings.format("q7Zx"), "the word q7Zx is wrong") == f"the word {MASK} is wrong"
    assert masked(settings.format("q7Z"), "the word q7Z is wrong") == "the word q7Z is wrong"


def test_a_value_of_three_characters_is_masked_where_it_is_written_but_within_an_encoding_is_chance():
    text = "the word q7Z is wrong"
    assert masked("q7Z", text) == f"the word {MASK} is wrong"
    assert masked("q7Z", encoded := base64.b64encode(text.encode()).decode()) == encoded


def test_a_value_of_three_characters_that_reads_as_an_escape_is_masked_where_it_is_written():
    text = r"the word \x41 is wrong"
    assert masked("x41", text) == rf"the word \{MASK} is wrong"
    assert masked("x41", encoded := base64.b64encode(text.encode()).decode()) == encoded


def test_the_names_of_characters_may_have_any_case():
    assert masked('s3c"r3t-value-77', "it was s3c&Quot;r3t-value-77") == f"it was {MASK}"


def test_a_number_is_found_with_separators_only_as_a_whole():
    assert masked("48151623", "the number 4815-1623 is wrong") == f"the number {MASK} is wrong"
    assert masked("4815162399", "the number 4815-1623 is wrong") == "the number 4815-1623 is wrong"


def test_escapes_that_hold_no_value_stay_as_they_are():
    text = "%41%42 \\u0041 &#65; %2541 " + "\\" * 100
    assert Echoes([("k", SecretValue("a-value-7f3Zz9"))]).masked(text) == text


@pytest.mark.parametrize(
    "text", ["\\" * 300_000, "%25" * 100_000, "&amp;" * 60_000, "ab:" * 100_000, "1, " * 100_000]
)
def test_no_text_makes_the_search_slow(text, monkeypatch):
    """Each part of a text is looked at a bounded number of times: a search that is not linear would never end."""
    assert Echoes([("k", SecretValue("a-value-7f3Zz9"))]).masked(text) == text


def test_a_value_in_the_name_of_a_coding_is_masked_in_the_explanation_too():
    def answer(request):
        return httpx2.Response(
            200, stream=httpx2.ByteStream(b"x"), headers={"content-encoding": request.headers["x-key"]}
        )

    rows = [{"key": "X-Key", "value": "{{ get_secret('k') }}"}]
    report = asyncio.run(
        run_connector(
            {"name": "n", "url": "https://api.example.com/", "headers": rows},
            MappingValues({"k": "a-value-7f3Zz9"}),
            transport=httpx2.MockTransport(answer),
        )
    )
    assert "The answer is compressed (" in " ".join(report.explanation)
    assert "7f3Zz9" not in shown(report)


def test_no_half_of_a_value_is_left_where_an_answer_is_cut():
    value = "a-value-7f3Zz9-and-more"
    body = b"x" * (MAX_BODY - 12) + value.encode() + b"y" * 100

    def answer(_request):
        return httpx2.Response(200, stream=httpx2.ByteStream(body))

    rows = [{"key": "X-Key", "value": "{{ get_secret('k') }}"}]
    report = asyncio.run(
        run_connector(
            {"name": "n", "url": "https://api.example.com/", "headers": rows},
            MappingValues({"k": value}),
            transport=httpx2.MockTransport(answer),
        )
    )
    assert report.is_cut
    for part in (report.body, report.exchanges[0].answered.body):
        assert len(part) == MAX_BODY
        assert b"a-value" not in part
