"""Rules about a connector's fields and rows, and about composites. Marks show exactly what is flagged."""

import json

import pytest

from strongroom.document import Document
from strongroom.validator import Severity, apply_fixes, validate
from strongroom.validator.permalinks import duplicates_across

URL = '"url": "https://a.example"'


def connector(more):
    return f'{{"name": "Sample", {URL}, {more}}}'


def composite(*steps, more=""):
    return f'{{"name": "All", {more}"steps": [{", ".join(steps)}]}}'


def step(name, more=""):
    return f'{{"name": "{name}", {URL}{more}}}'


def mended(text):
    """The text after all safe fixes, applied until nothing changes; it must be JSON again."""
    for _ in range(5):
        fixed = apply_fixes(text, validate(Document.parse(text)))
        if fixed == text:
            break
        text = fixed
    json.loads(text)
    return text


# -- missing-field, wrong-type, too-long ---------------------------------------------------------------------


def test_required_fields_are_missed_at_the_opening_brace(check):
    (finding,) = check(f'«missing-field:{{»{URL}, "method": "GET"}}')
    assert finding.message == "This connector has no `name`."
    check('«missing-field:{»"name": "A", "method": "GET"}')
    check('{"connectors": [«missing-field:«missing-field:{»»}]}')
    check('{"composite_connectors": [«missing-field:{»"name": "All"}]}')
    check(connector('"headers": [«missing-field:{»"value": "x"}]'))
    (finding,) = check(composite(f"«missing-field:{{»{URL}}}"))
    assert (finding.message, finding.pointer) == ("This step has no `name`.", "/steps/0")


def test_an_empty_required_text_is_missing(check):
    check(f'{{"name": «missing-field:""», {URL}}}')
    check('{"name": "A", "url": "«missing-field: »"}')
    check(connector('"query_parameters": [{"key": «missing-field:""», "value": "x"}]'))


def test_nothing_is_missed_in_a_connector_whose_json_is_broken(check):
    findings = validate(Document.parse('{"connectors": [{"name": "A", "ur'))
    assert {finding.rule for finding in findings} == {"json-syntax"}


@pytest.mark.parametrize(
    "more",
    [
        '"headers": ["«wrong-type:Accept»"]',
        '"query_parameters": "«wrong-type:a=b»"',
        '"request_body": «wrong-type:{"a": 1}»',
        '"response_body": «wrong-type:1»',
        '"permalink": «wrong-type:7»',
        '"authentication": "«wrong-type:none»"',
        '"authentication": {"type": "api_key", "config": «wrong-type:[]»}',
        '"authentication": {"type": «wrong-type:1»}',
        '"headers": [{"key": «wrong-type:1»}]',
        '"headers": [{"key": "A", "value": «wrong-type:{}»}]',
        '"headers": [{"key": "A", "overridable": "«wrong-type:yes»"}]',
        '"headers": [{"key": "A", "overridable": «wrong-type:1»}]',
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_flagged(check, more):
    check(connector('"method": "POST", ' + more))


def test_the_name_must_be_text(check):
    (finding,) = check(f'{{"name": «wrong-type:null», {URL}}}')
    assert finding.message == "`name` must be text in double quotes, not `null`."


@pytest.mark.parametrize("value", ["1", "1.5", "true", "null", '""'])
def test_a_row_s_value_may_be_any_scalar(check, value):
    check(connector(f'"query_parameters": [{{"key": "a", "value": {value}}}]'))


def test_null_in_an_optional_field_is_accepted(check):
    names = ("permalink", "method", "headers", "path_parameters", "authentication", "request_body")
    check(connector(", ".join(f'"{name}": null' for name in names)))


def test_the_lists_around_connectors_have_types_too(check):
    check('{"connectors": «wrong-type:{}»}')
    (finding,) = check('{"connectors": [], "composite_connectors": [«wrong-type:1»]}')
    assert finding.pointer == "/composite_connectors/0"
    check(f'[{{"name": "A", {URL}}}, «wrong-type:5»]')


def test_an_object_of_headers_becomes_rows():
    text = connector('"headers": {"Accept": "a\\u002fb", "X": "{{ user.id }}"}')
    rows = '[{"key": "Accept", "value": "a\\u002fb"}, {"key": "X", "value": "{{ user.id }}"}]'
    assert mended(text) == connector(f'"headers": {rows}')


def test_a_quoted_boolean_loses_its_quotes():
    text = connector('"headers": [{"key": "A", "overridable": "false"}]')
    assert mended(text) == text.replace('"false"', "false")


@pytest.mark.parametrize(
    ("field", "limit"), [("name", 255), ("permalink", 255), ("response_content_type", 255)]
)
def test_the_text_past_the_limit_is_flagged(check, field, limit):
    values = {"name": "Sample", "url": "https://a.example", field: "a" * 255}
    check(json.dumps(values))
    values[field] = "a" * 255 + "«too-long:bc»"
    (finding,) = check(json.dumps(values, ensure_ascii=False))
    assert finding.message == f"`{field}` has 257 characters; at most 255 are allowed."


def test_limits_count_characters_of_the_decoded_text(check):
    check(connector('"headers": [{"key": "A", "value": "' + "\\u00e9" * 1000 + '"}]'))
    check(connector('"headers": [{"key": "A", "value": "' + "\\u00e9" * 1000 + '«too-long:\\u00e9»"}]'))
    check(connector('"headers": [{"key": "' + "k" * 255 + '«too-long:k»"}]'))
    check('{"name": "A", "url": "https://a.example/' + "x" * 2030 + '"}')
    check('{"name": "A", "url": "https://a.example/' + "x" * 2030 + '«too-long:x»"}')


# -- method, permalink, keys -------------------------------------------------------------------------------


def test_a_method_in_lower_case_is_mended(check):
    (finding,) = check(connector('"method": "«invalid-method:post»"'))
    assert finding.message == "The method must be in upper case: `POST`."
    assert mended(connector('"method": "post"')) == connector('"method": "POST"')


def test_an_unknown_method_has_no_fix(check):
    (finding,) = check(connector('"method": "«invalid-method:FETCH»"'))
    assert finding.fixes == ()
    check(connector('"method": «invalid-method:""»'))


@pytest.mark.parametrize("permalink", ["A", "a_b", "-a", "a-", "a--b", "a b", "é"])
def test_an_invalid_permalink_is_flagged(check, permalink):
    (finding,) = check(connector(f'"permalink": "«invalid-permalink:{permalink}»"'))
    assert finding.fix is None


def test_a_slug_is_offered_for_a_permalink(check):
    (finding,) = check(connector('"permalink": "«invalid-permalink:My_First  Link!»"'))
    assert [fix.title for fix in finding.fixes] == ["Change to my-first-link"]


def test_a_permalink_stands_once_in_a_file(check):
    one = '{"name": "One", "permalink": "same", "url": "https://a.example"}'
    two = '{"name": "Two", "permalink": "«duplicate-permalink:same»", "steps": [' + step("a") + "]}"
    (finding,) = check(f'{{"connectors": [{one}], "composite_connectors": [{two}]}}')
    assert finding.message == "The permalink `same` is already used in this file."
    assert finding.related
    assert (finding.connector, finding.pointer) == ("Two", "/composite_connectors/0/permalink")


def test_a_permalink_made_from_a_name_counts(check):
    check(
        f'[{{"name": "REST Countries", {URL}}}, {{"name": "«duplicate-permalink:Rest  countries»", {URL}}}]'
    )
    check(f'[{{"name": "Zürich", {URL}}}, {{"name": "Zürich", {URL}}}]')
    check(f'[{{"name": "A", "permalink": "one", {URL}}}, {{"name": "A", "permalink": "two", {URL}}}]')


def test_permalinks_of_widgets_that_are_merged_are_unique_across_their_files():
    one = Document.parse(f'{{"connectors": [{{"name": "One", {URL}}}]}}')
    two = Document.parse(f'{{"connectors": [{{"name": "Other", "permalink": "one", {URL}}}]}}')
    files = [
        ("repo/connectors_registry.json", one),
        ("repo/widgets/b/connectors.json", two),
        ("repo/widgets/a/connectors.json", one),
        ("elsewhere/widgets/a/connectors.json", one),
    ]
    found = duplicates_across(files)
    assert list(found) == ["repo/widgets/b/connectors.json"]
    (finding,) = found["repo/widgets/b/connectors.json"]
    assert finding.message == "The permalink `one` is already used in repo/widgets/a/connectors.json."
    assert two.text[finding.start : finding.end] == "one"


def test_a_key_stands_once_in_an_object(check):
    check(connector('"method": "GET", "«duplicate-key:method»": "POST"'))
    check(connector('"authentication": {"type": "none", "config": {"a": {"b": 1, "«duplicate-key:b»": 2}}}'))
    check('{"connectors": [], "«duplicate-key:connectors»": []}')


@pytest.mark.parametrize("rows", ["headers", "query_parameters"])
def test_keys_of_rows_are_unique(check, rows):
    (finding,) = check(
        connector(f'"{rows}": [{{"key": "A", "value": "1"}}, {{"key": "«duplicate-key:A»", "value": "2"}}]')
    )
    assert (finding.field, finding.fixes) == (f"{rows}[1].key", ())


def test_the_same_key_in_two_lists_or_another_case_is_silent(check):
    check(connector('"headers": [{"key": "A"}, {"key": "a"}], "query_parameters": [{"key": "A"}]'))


def test_a_repeated_row_is_removed():
    text = connector('"headers": [{"key": "A"}, {"key": "A"}, {"key": "B"}]')
    assert mended(text) == connector('"headers": [{"key": "A"}, {"key": "B"}]')


# -- unknown-field -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("header", "headers"), ("Headers", "headers"), ("queryParameters", "query_parameters"),
        ("queryParams", "query_parameters"), ("pathParams", "path_parameters"), ("path-parameters", "path_parameters"),
    ],
)  # fmt: skip
def test_a_slip_of_a_field_s_name_is_flagged_and_renamed(check, wrong, right):
    check(connector(f'"«unknown-field:{wrong}»": []'))
    assert mended(connector(f'"{wrong}": []')) == connector(f'"{right}": []')


def test_a_typing_error_is_mended_only_when_asked(check):
    (finding,) = check(connector('"«unknown-field:reqest_body»": ""'))
    assert finding.severity is Severity.WARNING
    assert (finding.fix, len(finding.fixes)) == (None, 1)


def test_fields_of_rows_and_of_authentication_are_known_too(check):
    check(connector('"headers": [{"key": "A", "«unknown-field:overrideable»": true}]'))
    check(connector('"authentication": {"type": "none", "«unknown-field:configs»": {}}'))


@pytest.mark.parametrize(
    "key",
    [
        "description",
        "$schema",
        "cacheStrategy",
        "id",
        "tags",
        "enabled",
        "steps2x",
        "note",
        "timeout",
        "body",
    ],
)
def test_other_keys_are_silent(check, key):
    check(connector(f'"{key}": "x"'))


def test_a_slip_beside_the_right_field_has_no_fix(check):
    (finding,) = check(connector('"headers": [], "«unknown-field:header»": []'))
    assert finding.fixes == ()


def test_a_misspelt_registry_is_flagged(check):
    check('{"«unknown-field:connector»": [{"name": "A"}]}')


# -- rows and bodies ---------------------------------------------------------------------------------------


def test_identity_must_not_be_overridable(check):
    check(
        connector(
            '"headers": [{"key": "U", "value": "{{ user.id }}", "overridable": «overridable-identity:true»}]'
        )
    )
    check(connector('"headers": [{"key": "U", "value": "{{ tenant_id }} user", "overridable": true}]'))
    text = connector('"query_parameters": [{"key": "U", "value": "{{ user.id }}", "overridable": true}]')
    assert mended(text) == text.replace("true", "false")


def test_a_body_is_ignored_on_methods_that_send_none(check):
    (finding,) = check(connector('"«ignored-body:request_body»": "x"'))
    assert finding.severity is Severity.INFO
    check(connector('"method": "HEAD", "«ignored-body:request_body»": "x"'))
    check(connector('"method": "GET", "request_body": " "'))
    check(connector('"method": "DELETE", "request_body": "x"'))


# -- composites --------------------------------------------------------------------------------------------


def test_a_composite_needs_a_step(check):
    check('{"composite_connectors": [{"name": "All", "steps": «empty-composite:[]»}]}')


@pytest.mark.parametrize("name", ["Fetch", "fetch_user", "fetch user", "é"])
def test_a_step_s_name_is_a_slug(check, name):
    (finding,) = check(composite(step(f"«invalid-step-name:{name}»")))
    assert finding.field == "steps[0].name"
    assert finding.fix is None


def test_steps_have_different_names(check):
    (finding,) = check(composite(step("a"), step("b"), step("«duplicate-step:a»")))
    assert finding.related


def test_composites_have_no_path_parameters(check):
    rows = ', "«composite-path-parameters:path_parameters»": [{"key": "id"}]'
    check(composite(step("a", rows)))
    check(composite(step("a", ', "path_parameters": []')))
    text = composite(
        step("a", ', "path_parameters": [{"key": "id"}]'), more='"path_parameters": [{"key": "x"}], '
    )
    assert mended(text) == composite(step("a"))


def test_path_parameters_that_a_step_uses_are_not_removed_unasked():
    text = composite(
        '{"name": "a", "url": "https://a.example/{{ pathParams.id }}", "path_parameters": [{"key": "id"}]}'
    )
    assert mended(text) == text


def test_a_step_that_only_fetches_a_token_is_flagged(check):
    form = (
        ', "method": "POST", "request_body": "grant_type=client_credentials&x={{ get_variable(\'region\') }}"'
    )
    check(composite(step("«token-step:login»", form), step("b")))
    post = '{"name": "«token-step:t»", "url": "https://a.example/oauth2/token?x=1", "method": "POST"}'
    check(composite(post, step("b")))


def test_other_steps_are_not_taken_for_token_steps(check):
    check(composite(step("a", ', "method": "POST"'), step("b")))
    check(composite('{"name": "a", "url": "https://a.example/token", "method": "GET"}', step("b")))
    check(composite(step("a"), '{"name": "t", "url": "https://a.example/token", "method": "POST"}'))
