"""Filters that read a secret work on the value, unseen by templates; constant fields read as Jinja2 reads them."""

import base64
import json
import subprocess
from shutil import which

import httpx2
import jinja2
import pytest

from strongroom.platform.places import FieldPlace
from strongroom.resolver import Inputs, MappingValues, run_connector
from strongroom.resolver.templates.rendering import Renderer
from strongroom.resolver.terms.failures import RunFailed
from strongroom.resolver.terms.stand_ins import StandIns

ACCOUNT = {
    "client_email": "runner@example.com",
    "key": 'p@ss"w\\ord é',
    "pin": 40123377,
    "port": 443,
    "on": True,
    "l": ["x1", None],
}
VALUES = {
    "b64": base64.b64encode("hällo wörld".encode()).decode(),
    "b64url": base64.urlsafe_b64encode(b"\xc3\xbf>>>???").decode().rstrip("="),
    "svc": json.dumps(ACCOUNT),
    "plain": 'it\'s "this"',
    "svc64": base64.b64encode(json.dumps(ACCOUNT).encode()).decode(),
}


def render(template):
    stand_ins = StandIns()
    rendered = Renderer(MappingValues(VALUES), Inputs(), stand_ins).field(
        FieldPlace.HEADER, "header", template
    )
    return rendered, stand_ins


@pytest.mark.parametrize(
    ("template", "sent"),
    [
        ("{{ get_secret('b64') | base64_decode }}", "hällo wörld"),
        ("{{ get_secret('b64url') | base64_decode }}", "ÿ>>>???"),
        ("x-{{ get_secret('b64') | base64_decode | base64_encode }}", f"x-{VALUES['b64']}"),
        ("{{ (get_secret('svc') | from_json).client_email }}", "runner@example.com"),
        ("{{ (get_secret('svc') | from_json)['key'] }}", 'p@ss"w\\ord é'),
        ("{{ (get_secret('svc') | from_json).pin }}", "40123377"),
        ("{{ (get_secret('svc') | from_json).port + 1 }}", "444"),
        ("{{ (get_secret('svc') | from_json).l[0] }}", "x1"),
        ("{% if (get_secret('svc') | from_json).on %}yes{% endif %}", "yes"),
        ("{{ (get_secret('svc64') | base64_decode | from_json).key }}", 'p@ss"w\\ord é'),
        ("{{ {'k': (get_secret('svc') | from_json).key} | tojson }}", json.dumps({"k": 'p@ss"w\\ord é'})),
        ("{{ ('[\"' ~ get_secret('plain') ~ '\"]') | from_json | first }}", 'it\'s "this"'),
    ],
)
def test_a_filter_that_reads_a_secret_gives_what_is_in_it(template, sent):
    rendered, stand_ins = render(template)
    assert stand_ins.open(rendered.text) == sent
    assert not [part for part in ("hällo", "runner@", "p@ss", "40123377", "it's") if part in rendered.text]
    assert rendered.shown(stand_ins) == template


def test_what_was_decoded_is_masked_where_an_api_repeats_it():
    rows = [{"key": "X", "value": "{{ (get_secret('svc64') | base64_decode | from_json).client_email }}"}]
    connector = {"name": "n", "url": "https://e.com/", "headers": rows}
    transport = httpx2.MockTransport(
        lambda request: httpx2.Response(200, text=f"you are {request.headers['x']}")
    )
    import asyncio

    report = asyncio.run(run_connector(connector, MappingValues(VALUES), transport=transport))
    assert report.text == "you are ••••••••"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        (
            "{{ get_secret('plain') | base64_decode }}",
            "base64_decode was given the secret plain that is not base64",
        ),
        (
            "{{ get_secret('plain') | from_json }}",
            "from_json was given the secret plain that is not valid JSON",
        ),
        ("{{ 'nope!' | base64_decode }}", "base64_decode was given text that is not base64"),
        ("{{ get_secret('none') | base64_decode }}", "base64_decode was given text that is not base64"),
    ],
)
def test_a_secret_that_cannot_be_read_is_named_and_not_shown(template, why):
    with pytest.raises(RunFailed) as caught:
        render(template)
    assert why in caught.value.failure.reason
    assert "this" not in caught.value.failure.reason


@pytest.mark.skipif(which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize(
    ("template", "sent"),
    [
        ("{{ get_secret('b64') | base64_decode }}", "hällo wörld"),
        ("{{ (get_secret('svc') | from_json).key }}", 'p@ss"w\\ord é'),
        ("{{ (get_secret('svc64') | base64_decode | from_json).client_email }}", "runner@example.com"),
    ],
)
def test_curl_makes_the_same_of_the_secret(template, sent, tmp_path):
    import asyncio
    import os

    connector = {"name": "n", "url": "https://e.com/", "headers": [{"key": "X", "value": template}]}
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(200))
    report = asyncio.run(run_connector(connector, MappingValues(VALUES), transport=transport))
    fake = tmp_path / "curl"
    fake.write_text('#!/bin/sh\nfor part in "$@"; do printf "%s\\n" "$part"; done\n')
    fake.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        **{name.upper(): value for name, value in VALUES.items()},
    }
    ran = subprocess.run(
        ["bash", "-c", report.curl], env=environment, capture_output=True, text=True, check=False
    )
    assert f"X: {sent}" in ran.stdout.splitlines(), (report.curl, ran.stderr)


@pytest.mark.parametrize("text", ["x\n", "x\n\n", "a\r\nb", "a\rb\r\n", "\n", "", " x ", "x\r", "\u2028\n"])
def test_a_constant_field_reads_as_jinja2_reads_it(text):
    rendered, stand_ins = render(text)
    assert stand_ins.open(rendered.text) == jinja2.Environment(autoescape=True).from_string(text).render()
