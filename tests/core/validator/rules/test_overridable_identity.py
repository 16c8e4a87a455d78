"""Test the rule overridable-identity."""

from core.validator.connector_texts import connector, mended


def test_identity_must_not_be_overridable(check):
    check(
        connector(
            '"headers": [{"key": "U", "value": "{{ user.id }}", "overridable": «overridable-identity:true»}]'
        )
    )
    check(connector('"headers": [{"key": "U", "value": "{{ tenant_id }} user", "overridable": true}]'))
    text = connector('"query_parameters": [{"key": "U", "value": "{{ user.id }}", "overridable": true}]')
    assert mended(text) == text.replace("true", "false")
