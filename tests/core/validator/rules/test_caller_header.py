"""Test the rule caller-header."""

import pytest

from core.validator.connector_texts import QUIET, step_field


@pytest.mark.parametrize(
    "template",
    [
        "{{ request.headers['«caller-header:Authorization»'] }}",
        "{{ request.headers.«caller-header:authorization» }}",
        "{{ request.headers.get('«caller-header:x-tenant»') }}",
        "{% set h = request.headers %}{{ h['«caller-header:X-A»'] | default('') }}",
    ],
)
def test_any_header_but_the_content_type_is_always_empty(check, template):
    (finding,) = check(step_field("headers", template), levels=QUIET)
    assert finding.message.endswith("is always empty: of the caller's headers only `Content-Type` is there.")


@pytest.mark.parametrize("name", ["Content-Type", "content-type", "CONTENT-TYPE"])
def test_no_page_says_how_the_content_type_is_spelt(check, name):
    assert check(step_field("headers", f"{{{{ request.headers['{name}'] }}}}"), levels=QUIET) == []


def test_all_headers_together_are_silent(check):
    assert check(step_field("request_body", "{{ request.headers | tojson }}"), levels=QUIET) == []
