"""Test the rule none-text."""

import pytest

from core.validator.connector_texts import field
from strongroom.validator import Severity


@pytest.mark.parametrize(
    "template",
    [
        "{{ «none-text:user.email» }}{{ user.id }}",
        "{{ 'a' ~ «none-text:user.id» }}",
        "{{ «none-text:user.email» | urlencode }}",
        "{{ «none-text:user.first_name» }}{{ 1 if tenant_id else user.id }}",
    ],
)
def test_a_user_s_field_printed_as_it_is_is_noted_once(check, template):
    (finding,) = check(field("request_body", template))
    assert finding.severity is Severity.INFO
    check(field("headers", template.replace("«none-text:", "").replace("»", "")))


@pytest.mark.parametrize(
    "template",
    [
        "{{ user.email | default('unknown', true) }}",
        "{{ user.email or 'unknown' }}",
        "{{ user.email | tojson }}",
        "{% if user.id %}{{ user.email }}{% endif %}",
        "{{ user.email if user.email else '' }}",
    ],
)
def test_a_guarded_user_s_field_is_silent(check, template):
    check(field("request_body", template))
