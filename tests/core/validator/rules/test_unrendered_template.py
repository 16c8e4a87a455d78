"""Test the rule unrendered-template."""

import pytest

from core.validator.connector_texts import URL, composite, connector, step

TAG = "«unrendered-template:{{ get_secret('api_key') }}»"


@pytest.mark.parametrize("rows", ["headers", "query_parameters", "path_parameters"])
def test_the_key_of_a_row_is_sent_as_it_stands(check, rows):
    (finding,) = check(connector(f'"{rows}": [{{"key": "X-{TAG}", "value": "1"}}]'))
    assert finding.message == "`key` is not a template: `{{ get_secret('api_key') }}` stays as it is written."


def test_the_content_type_and_the_names_are_no_templates(check):
    check(connector('"response_content_type": "«unrendered-template:{{ user.id }}»"'))
    check(f'{{"name": "For «unrendered-template:{{% if x %}}» all", {URL}}}')
    tagged = composite(step("a", ', "response_content_type": "«unrendered-template:{{ x »"'))
    check(tagged.replace('"All"', '"«unrendered-template:{{ tenant_id }}»"'))


def test_braces_that_make_no_tag_are_silent(check):
    assert (
        check(connector('"headers": [{"key": "X-{a}", "value": "1"}], "response_content_type": "{}"')) == []
    )
