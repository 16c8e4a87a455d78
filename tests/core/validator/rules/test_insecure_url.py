"""Test the rule insecure-url."""

import pytest

from core.validator.connector_texts import apply_fixes, connector_at, mended


@pytest.mark.parametrize(
    "url",
    [
        "«insecure-url:http»://api.example.com/a",
        "«insecure-url:HTTP»://api.example.com/a",
        "«insecure-url:ftp»://api.example.com/a",
        "«insecure-url:api.example.com»/a",
        "«insecure-url:/»/api.example.com/a",
        "{{ get_variable('base_url') | default('«insecure-url:http»://a.example') }}/a",
    ],
)
def test_only_https_is_accepted(check, url):
    check(connector_at(url))


@pytest.mark.parametrize(
    "url", ["«insecure-url:ht{# c #}tp»://api.example.com/a", "«insecure-url:api{# c #}.example.com»/a"]
)
def test_a_comment_inside_the_stretch_leaves_it_without_a_fix(check, url):
    (finding,) = check(connector_at(url))
    assert finding.fixes == ()


def test_http_becomes_https():
    assert mended(connector_at("http://api.example.com/a")) == connector_at("https://api.example.com/a")


def test_a_missing_protocol_is_added_only_when_asked(check):
    (finding,) = check(connector_at("«insecure-url:api.example.com»/a"))
    assert finding.message == "The URL must begin with `https://`."
    assert finding.fix is None
    text = connector_at("api.example.com/a")
    assert apply_fixes(text, [finding], unsafe=True) == connector_at("https://api.example.com/a")
