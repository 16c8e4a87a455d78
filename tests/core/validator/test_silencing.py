"""Test comments in templates that silence rules."""

import json

from core.validator.connector_texts import headers


def test_a_comment_silences_the_rules_it_names_in_its_own_template(check):
    double = '{{ get_secret("api_key") }}'
    check(headers("{# strongroom: ignore[secret-quotes] #}" + double))
    check(
        headers("{#- strongroom:ignore[ secret-quotes,secret-spacing ] -#}" + '{{ get_secret( "api_key") }}')
    )
    check(
        headers("{# strongroom: ignore[secret-quotes] #}" + double, "").replace(
            '"value": ""', '"value": "{{ get_secret(«secret-quotes:\\"api_key\\"») }}"'
        )
    )


def test_rules_about_fields_are_silenced_too(check):
    text = json.dumps({"name": "n", "url": "http://a.example/{# strongroom: ignore[insecure-url] #}"})
    check(text)
