"""Test the rule wrong-type."""

import pytest

from core.validator.connector_texts import SECRET, URL, authenticated, connector, mended


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


@pytest.mark.parametrize("word", ["true", "false"])
def test_a_quoted_boolean_loses_its_quotes(word):
    text = connector(f'"headers": [{{"key": "A", "overridable": "{word}"}}]')
    assert mended(text) == text.replace(f'"{word}"', word)


def test_a_quoted_word_that_is_not_a_boolean_has_no_fix(check):
    (finding,) = check(connector('"headers": [{"key": "A", "overridable": "«wrong-type:yes»"}]'))
    assert finding.fixes == ()


@pytest.mark.parametrize(
    "more",
    [
        '"request_body": «wrong-type:{"a": "b"}»',
        '"headers": «wrong-type:{"A": "x", "B": 1}»',
        '"authentication": «wrong-type:[]»',
    ],
)
def test_only_an_object_of_texts_in_a_list_of_rows_becomes_rows(check, more):
    (finding,) = check(connector('"method": "POST", ' + more))
    assert finding.fixes == ()


def test_an_object_in_a_connector_with_broken_json_has_no_fix(check):
    findings = check(connector('"headers": «wrong-type:{"A": "x"}», "method": «json-syntax:POST»'))
    assert [finding.fixes for finding in findings if finding.rule == "wrong-type"] == [()]


def test_a_word_that_is_not_json_is_a_mistake_of_syntax_alone(check):
    check('{"name": «json-syntax:hello», "url": "https://a.example"}')


CLAIMS = f'"private_key": "{SECRET}", "claims": %s'
BEARER = (
    f'"client_id": "{SECRET}", "private_key": "{SECRET}", "token_url": "https://t.example.com", "subject": "s", '
    '"audience": "a", %s'
)
API_KEY = '"key": %s, "value": %s, "in": %s'


@pytest.mark.parametrize(
    ("kind", "config", "told"),
    [
        ("jwt", CLAIMS % '"«wrong-type:x»"', "`claims` must be an object, not text."),
        ("jwt", CLAIMS % '«wrong-type:["x"]»', "`claims` must be an object, not an array."),
        ("jwt", CLAIMS % "«wrong-type:{}»", "`claims` must hold at least one member."),
        (
            "jwt",
            CLAIMS % '{"a": 1}, "jwt_headers": "«wrong-type:x»"',
            "`jwt_headers` must be an object, not text.",
        ),
        (
            "oauth_jwt_bearer",
            BEARER % '"token_ttl": «wrong-type:[1]»',
            "`token_ttl` must be an integer, not an array.",
        ),
        (
            "oauth_jwt_bearer",
            BEARER % '"token_ttl": «wrong-type:1.5»',
            "`token_ttl` must be an integer, not a number.",
        ),
        (
            "oauth_jwt_bearer",
            BEARER % '"token_ttl": «wrong-type:true»',
            "`token_ttl` must be an integer, not `true`.",
        ),
        (
            "oauth_jwt_bearer",
            BEARER % '"additional_claims": "«wrong-type:x»"',
            "`additional_claims` must be an object, not text.",
        ),
        (
            "api_key",
            API_KEY % ("«wrong-type:1»", f'"{SECRET}"', '"header"'),
            "`key` must be text in double quotes, not a number.",
        ),
        (
            "api_key",
            API_KEY % ('"k"', '«wrong-type:{"x": 1}»', '"header"'),
            "`value` must be text in double quotes, not an object.",
        ),
        (
            "api_key",
            API_KEY % ('"k"', f'"{SECRET}"', '«wrong-type:["header"]»'),
            "`in` must be text in double quotes, not an array.",
        ),
    ],
)
def test_every_field_of_a_config_has_a_type(check, kind, config, told):
    (finding,) = check(authenticated(kind, config))
    assert (finding.message, finding.severity.value) == (told, "error")


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("jwt", CLAIMS % '{"sub": {"a": [1, null, true, "{{ tenant_id }}"]}}, "jwt_headers": {"kid": "k1"}'),
        ("jwt", CLAIMS % '"{{ tenant_id }}"'),
        ("jwt", CLAIMS % '{"a": 1}, "jwt_headers": {}, "algorithm": null'),
        ("oauth_jwt_bearer", BEARER % """"token_ttl": "{{ get_variable('region') }}\""""),
        ("oauth_jwt_bearer", BEARER % '"token_ttl": 60, "additional_claims": null, "unheard_of": [1]'),
        ("none", '"key": 1'),
    ],
)
def test_templates_null_and_other_keys_of_a_config_are_accepted(check, kind, config):
    assert check(authenticated(kind, config)) == []


def test_a_time_in_quotes_is_mended():
    text = authenticated("oauth_jwt_bearer", BEARER % '"token_ttl": "3600"')
    assert '"token_ttl": 3600' in mended(text)


def test_a_fix_is_named_after_what_it_does(check):
    (quoted,) = check(authenticated("oauth_jwt_bearer", BEARER % '"token_ttl": "«wrong-type:3600»"'))
    (rows,) = check(connector('"headers": «wrong-type:{"Accept": "a"}»'))
    assert [fix.title for found in (quoted, rows) for fix in found.fixes] == [
        "Remove the quotes",
        "Write it as rows",
    ]
