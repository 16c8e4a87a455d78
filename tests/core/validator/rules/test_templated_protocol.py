"""Test the rule templated-protocol."""

from core.validator.connector_texts import connector_at, mended


def test_the_protocol_must_not_come_from_a_template(check):
    (finding,) = check(connector_at("{{ «templated-protocol:get_variable('region')» }}://a.example/"))
    assert finding.message == "The protocol must not come from a template: write `https://`."
    check(connector_at("http{{ «templated-protocol:user.id» }}://a.example/"))
    assert mended(connector_at("{{ get_variable('p') }}://a.example")) == connector_at("https://a.example")


def test_a_default_must_not_repeat_the_protocol(check):
    text = "https://{{ get_variable('region') | default('«templated-protocol:https://»a.example') }}/a"
    check(connector_at(text))
