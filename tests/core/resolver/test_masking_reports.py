"""What reports, captures and recordings hold of credentials that an API issues, and of bodies that cannot be read."""

import asyncio
import base64
import gzip
import json

import httpx2
import pytest

from strongroom.resolver import MappingValues, run_connector
from strongroom.resolver.masking.echoes import Echoes
from strongroom.resolver.reports.capture import save_capture
from strongroom.resolver.reports.recording import NotingValues, read_recording, write_recording
from strongroom.values.secret_value import MASK, SecretValue

TOKEN = "tok-0123456789abcdef"
KEY = "sk_live_51Hc9Zp0QwErTyUiOpAs"


def run(connector, answer, values=None):
    transport = httpx2.MockTransport(answer)
    return asyncio.run(run_connector(connector, MappingValues(values or {}), transport=transport))


def everything_kept(report, folder):
    """All that a person or a file gets of a report."""
    with open(save_capture(folder, report), encoding="utf-8") as stream:
        capture = stream.read()
    recording = folder / "recorded.json"
    write_recording(str(recording), report.exchanges, NotingValues(MappingValues()))
    assert read_recording(str(recording)).calls
    parts = (report.text, json.dumps(report.to_json()), repr(report.headers), *report.explanation)
    return "\n".join((capture, recording.read_text(), report.curl, *parts))


def test_a_token_that_one_step_gets_is_masked_where_the_next_ones_api_repeats_it(tmp_path):
    def answer(request):
        if request.url.path == "/token":
            return httpx2.Response(
                200, json={"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
            )
        return httpx2.Response(
            200, json={"headers": dict(request.headers), "basic": base64.b64encode(TOKEN.encode()).decode()}
        )

    use = "{{ (steps.token.body | from_json).access_token }}"
    connector = {
        "name": "login",
        "steps": [
            {"name": "token", "url": "https://api.example.com/token"},
            {
                "name": "use",
                "url": "https://api.example.com/use",
                "headers": [{"key": "X-Tok", "value": use}],
            },
        ],
    }
    report = run(connector, answer)
    kept = everything_kept(report, tmp_path)
    assert TOKEN not in kept
    assert base64.b64encode(TOKEN.encode()).decode() not in kept
    assert json.loads(report.exchanges[0].answered.body)["token_type"] == "Bearer"
    assert "issues credentials (access_token)" in " ".join(report.explanation)


@pytest.mark.parametrize(
    "member",
    [
        "access_token",
        "refresh_token",
        "id_token",
        "client_secret",
        "password",
        "assertion",
        "api_key",
        "apiKey",
        "x-api-key",
        "accessToken",
        "secretAccessKey",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        '{{"a": [{{"{}": "{}"}}], "b": 1}}',
        '{{"a": "{{\\"{}\\": \\"{}\\"}}"}}',
        "a=1&{}={}&b=2",
        "<r><{0}>{1}</{0}></r>",
        '<r {}="{}" b="1"/>',
        "{}: {}\nb: 1",
        "https://example.com/back#{}={}&state=1",
    ],
    ids=["json", "json in json", "form", "xml", "attribute", "yaml", "fragment"],
)
def test_credentials_are_told_by_the_names_of_their_members(member, form):
    text = form.format(member, "x9-Q7ab-20")
    masked = Echoes([]).masked_bytes(text.encode(), "utf-8").decode()
    assert masked == form.format(member, MASK)


@pytest.mark.parametrize(
    "text",
    [
        '{"password": "required", "errors": {"password": "is too short"}}',
        '{"access_token": null, "password": {"type": "string"}, "token": "next", "secret": true}',
        '{"token_type": "Bearer", "next_page_token": "page-two-0123456789", "max_tokens": 4096}',
        "The password: at least eight characters. Token=short",
        '{"template": "{{ get_secret(\'api_key\') }}", "api_key": "{{ get_secret(\'api_key\') }}"}',
    ],
)
def test_what_only_speaks_of_credentials_stays(text):
    assert Echoes([]).masked_bytes(text.encode(), "utf-8").decode() == text


def test_a_literal_of_the_request_is_never_taken_for_a_credential():
    body = "password={{ get_secret('k') }}"
    connector = {"name": "n", "url": "https://api.example.com/", "method": "POST", "request_body": body}
    report = run(connector, lambda request: httpx2.Response(200, content=request.content), {"k": KEY})
    assert report.debug["request_body"] == body
    assert report.text == body


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0" + KEY[::2].encode(), {"content-type": "image/png"}),
        (b"PK\x03\x04\x14\0" + gzip.compress(KEY.encode())[10:], {"content-type": "application/zip"}),
        (b"\x1b\x0f\0" + KEY.encode(), {"content-encoding": "br", "content-type": "text/plain"}),
        (b"looks like text", {"content-encoding": "zstd", "content-type": "text/plain"}),
    ],
    ids=["image", "archive", "brotli", "zstd"],
)
def test_a_body_that_masking_cannot_look_into_is_neither_shown_nor_recorded(content, headers, tmp_path):
    connector = {
        "name": "n",
        "url": "https://api.example.com/",
        "headers": [{"key": "X", "value": "{{ get_secret('k') }}"}],
    }
    report = run(
        connector,
        lambda _request: httpx2.Response(200, stream=httpx2.ByteStream(content), headers=headers),
        {"k": KEY},
    )
    kept = everything_kept(report, tmp_path)
    assert "not shown, since masking cannot look into them" in kept
    assert content.decode("latin-1") not in kept
    assert base64.b64encode(content).decode() not in kept
    assert report.to_json()["body"] is None
    assert report.exchanges[0].answered.body.startswith(f"[{len(content)} bytes, ".encode())


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("äöü plain".encode(), "text/plain"),
        ("äöü in latin-1".encode("latin-1"), "text/plain; charset=iso-8859-1"),
        ("odd \xe4 byte".encode("latin-1"), "application/json"),
        ("wide ä".encode("utf-16"), "text/plain; charset=utf-16"),
        (b"\x1b[31mcolours\x1b[0m", "text/plain"),
    ],
)
def test_a_text_in_any_charset_is_shown(content, content_type):
    connector = {"name": "n", "url": "https://api.example.com/"}
    report = run(
        connector, lambda _r: httpx2.Response(200, content=content, headers={"content-type": content_type})
    )
    assert not report.unread


def test_a_pem_that_an_api_echoes_in_a_url_leaves_nothing_and_keeps_the_json():
    lines = [base64.b64encode(bytes(range(n, n + 48))).decode() for n in range(20)]
    pem = "\n".join(["-----BEGIN RSA PRIVATE KEY-----", *lines, "-----END RSA PRIVATE KEY-----", ""])
    rows = [{"key": "k", "value": "{{ get_secret('pem') }}"}]
    connector = {"name": "n", "url": "https://api.example.com/echo", "query_parameters": rows}
    report = run(
        connector,
        lambda request: httpx2.Response(200, json={"target": request.url.raw_path.decode()}),
        {"pem": pem},
    )
    assert json.loads(report.text) == {"target": f"/echo?k={MASK}"}
    report = run(connector, lambda _request: httpx2.Response(200, json={"v": pem}), {"pem": pem})
    assert json.loads(report.text) == {"v": MASK}


def test_learnt_values_are_masked_in_answers_that_came_before_too():
    echoes = Echoes([("k", SecretValue(KEY))])
    echoes.learn(json.dumps({"client_secret": "cs-77-abc-001"}).encode(), "utf-8")
    assert echoes.masked("seen: cs-77-abc-001") == f"seen: {MASK}"
    assert (echoes.found, list(echoes.issued)) == ({}, ["client_secret"])


@pytest.mark.parametrize(
    ("member", "value", "is_issued"),
    [
        ("token", "abc-def-1234", True),
        ("token", "abc-def-123", False),  # as short as the mark of a next page
        ("access_token", "abc-def-123", True),
        ("access_token", "abc", False),
        ("private_key", "-----BEGIN KEY-----\nMIIEvQ\n-----END KEY-----", True),
        ("password", "at least\neight characters", False),
        ("private_key", "a sentence about keys", False),
        ("client_secret", "<the secret of your client>", False),
        ("client_secret", "required", False),
    ],
)
def test_what_an_api_issues_is_told_from_what_it_says_about_it(member, value, is_issued):
    echoes = Echoes([("k", SecretValue(KEY))])
    echoes.learn(json.dumps({member: value}).encode(), "utf-8")
    assert list(echoes.issued) == ([member] if is_issued else [])


def test_a_short_part_of_a_value_is_a_secret_if_its_name_says_so():
    echoes = Echoes([("k", SecretValue('{"pin": 4711, "page": 4712, "rows": ["4713"]}'))])
    assert echoes.masked("4711, 4712, 4713") == f"{MASK}, 4712, 4713"
    echoes = Echoes([("k", SecretValue(' {"pin": 4711}\n'))])
    assert echoes.masked("pin 4711") == f"pin {MASK}"


def test_an_issued_credential_that_holds_a_value_counts_as_an_echo_of_it():
    echoes = Echoes([("k", SecretValue(KEY))])
    echoes.masked(json.dumps({"access_token": f"v1.{KEY}.0123456789"}), is_answer=True)
    assert echoes.found == {"k": 1}


def test_a_text_that_only_looks_like_json_at_its_start_gets_no_quotes():
    echoes = Echoes([("n", SecretValue("4711471147114711"))])
    assert echoes.masked("{see below}\nthe number 4711471147114711") == f"{{see below}}\nthe number {MASK}"
    assert echoes.masked('{"n": 1}\n{"n": 4711471147114711}') == f'{{"n": 1}}\n{{"n": "{MASK}"}}'


def test_a_credential_is_found_after_words_that_only_speak_of_one():
    echoes = Echoes([])
    text = "password: {{ your password }}; the token follows\nclient_secret=1a2b3c4d5e6f7g8h"
    assert echoes.masked(text, is_answer=True).endswith(f"client_secret={MASK}")


def test_a_value_between_separators_is_found_behind_one_that_is_whole():
    echoes = Echoes([("k", SecretValue("1a2b3c4d5e6f7g8h"))])
    whole, apart = "1a2b3c4d5e6f7g8h", "1a2b-3c4d-5e6f-7g8h"
    assert echoes.masked(f"{whole}, {whole}; {apart}.") == f"{MASK}, {MASK}; {MASK}."


def test_an_echo_of_two_values_that_were_encoded_together_has_both_names():
    basic = "{{ (get_secret('user') ~ ':' ~ get_secret('pass')) | base64_encode }}"
    connector = {"name": "n", "url": "https://a.example", "headers": [{"key": "X", "value": basic}]}
    report = run(
        connector,
        lambda request: httpx2.Response(200, text=request.headers["x"]),
        {"user": "runner-7d81", "pass": "pa55-word-91f2"},
    )
    assert report.text == MASK
    assert list(report.echoes) == ["pass, user"]


def test_a_text_that_held_no_value_is_searched_again_for_what_an_answer_issues():
    echoes = Echoes([("k", SecretValue(KEY))])
    text = json.dumps({"access_token": TOKEN})
    assert echoes.masked(text) == text
    assert TOKEN not in echoes.masked(text, is_answer=True)


def test_only_values_that_a_run_got_are_noted():
    noting = NotingValues(MappingValues({"k": KEY}, {"v": "text"}))
    assert [noting.secret("none"), noting.variable("none"), noting.variable("v")] == [None, None, "text"]
    given = noting.secret("k")
    assert given is not None
    assert given.reveal() == KEY
    assert (list(noting.secrets_used), noting.variables_used) == (["k"], {"v": "text"})


def test_a_credential_that_an_answer_issues_in_a_header_is_masked():
    issued = httpx2.Response(200, headers={"x-session": json.dumps({"access_token": TOKEN})})
    report = run({"name": "n", "url": "https://a.example"}, lambda _request: issued)
    assert report.headers["x-session"] == json.dumps({"access_token": MASK}, ensure_ascii=False)


def test_two_values_in_one_number_leave_one_text_of_json():
    echoes = Echoes([("a", SecretValue("48151623")), ("b", SecretValue("42108155"))])
    assert echoes.masked('{"n": 48151623042108155}') == f'{{"n": "{MASK}"}}'
    assert echoes.masked("48151623" + "42108155") == f'"{MASK}"'
    assert echoes.masked("at 4815162342108155.") == f"at {MASK}."


def test_data_without_values_stay_as_they_are():
    echoes = Echoes([("k", SecretValue(KEY))])
    data = {"a": [1, None, True, 2.5, "x"], "b": {}}
    assert echoes.masked_data(data) == data
    assert echoes.masked_data({KEY: (KEY, 1)}) == {MASK: [MASK, 1]}
