"""Test the rule private-host."""

import pytest

from core.validator.connector_texts import connector_at


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "api.localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.1", "10.1.2.3", "172.16.0.1",
        "172.31.255.255", "192.168.0.1", "169.254.169.254", "0.0.0.0", "0", "2130706433", "0x7f000001", "017700000001",
        "0x7f.1", "[::1]", "[fc00::1]", "[fdab::1]", "[fe80::1]", "[::ffff:10.0.0.1]",
    ],
)  # fmt: skip
def test_a_private_host_is_flagged_in_any_spelling(check, host):
    check(connector_at(f"https://«private-host:{host}»/a"))
    check(connector_at(f"https://«private-host:{host}»:8443"))


@pytest.mark.parametrize(
    "host", ["172.15.0.1", "172.32.0.1", "11.0.0.1", "192.169.0.1", "8.8.8.8", "999.1.1.1"]
)
def test_a_public_address_is_silent(check, host):
    check(connector_at(f"https://{host}/a"))


def test_the_host_begins_after_the_last_at_sign(check):
    check(connector_at("https://«visible-credential:a@b»@«private-host:127.0.0.1»/x"))
    check(connector_at("https://«visible-credential:127.0.0.1»@a.example/x"))


def test_a_private_default_is_flagged(check):
    check(connector_at("{{ get_variable('base_url') | default('https://«private-host:localhost»:3000') }}/a"))
    check(connector_at("https://{{ get_variable('region') | default('«private-host:10.0.0.1»') }}/a"))


def test_a_user_before_the_host_does_not_hide_it(check):
    check(connector_at("https://«visible-credential:me»@«private-host:localhost»:8443/a"))
    check(connector_at("{{ get_variable('base_url') | default('https://me@«private-host:10.0.0.1»/') }}/a"))
