"""Test the rule url-characters."""

import pytest

from core.validator.connector_texts import connector_at, mended


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://a.example/x«url-characters: »y", "https://a.example/x%20y"),
        ("«url-characters: »https://a.example/x«url-characters:  »", "https://a.example/x"),
        ("https://a.example/?a=«url-characters:<»b«url-characters:>»", "https://a.example/?a=%3Cb%3E"),
        ("https://a.example/?a=b«url-characters:|»c", "https://a.example/?a=b%7Cc"),
        ('https://a.example/?a=«url-characters:\\"»b', "https://a.example/?a=%22b"),
        ("https://a.example/«url-characters:\\n»b", "https://a.example/%0Ab"),
        (
            "https://{{ get_variable('region') }}/a«url-characters: »b",
            "https://{{ get_variable('region') }}/a%20b",
        ),
    ],
)
def test_characters_that_must_be_encoded_are_flagged_and_encoded(check, before, after):
    check(connector_at(before))
    plain = before.replace("«url-characters:", "").replace("»", "")
    assert mended(connector_at(plain)) == connector_at(after)


def test_characters_in_the_host_have_no_fix(check):
    for finding in check(connector_at("https://«url-characters:<»name«url-characters:>».example.com/a")):
        assert finding.fixes == ()


def test_stray_braces_are_flagged_without_a_fix(check):
    (finding,) = check(connector_at("https://a.example/«url-characters:{»a,b"))
    assert finding.fixes == ()


def test_a_url_without_a_host_is_flagged(check):
    check(connector_at("https«url-characters:://»/a"))


@pytest.mark.parametrize("port", ["abc", "99999", "8443x", "٣"])
def test_a_port_that_is_not_a_number_is_flagged(check, port):
    check(connector_at(f"https://a.example:«url-characters:{port}»/a"))


@pytest.mark.parametrize(
    "host", ["a.example:8443", "a.example:", "[2606:4700::1]", "{{ get_variable('region') }}:443"]
)
def test_other_ports_are_silent(check, host):
    check(connector_at(f"https://{host}/a:b"))
