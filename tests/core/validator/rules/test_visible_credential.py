"""Test the rule visible-credential."""

import pytest

from core.validator.connector_texts import SECRET, api_key, connector_at, header_row, oauth_client
from strongroom.validator import DEFAULT_LEVELS, Severity

ALONE = DEFAULT_LEVELS.select(["visible-credential"])


def test_a_variable_in_a_credential_field_is_visible(check):
    (finding,) = check(api_key("{{ «visible-credential:get_variable('region')» }}"))
    assert finding.severity is Severity.WARNING


def test_a_literal_client_id_is_visible_and_a_variable_is_fine(check):
    check(oauth_client(client_id="«visible-credential:sample-client»"))
    check(oauth_client(client_id="{{ get_variable('region') }}"))


@pytest.mark.parametrize("key", ["Authorization", "authorization", "X-API-Key", "apikey", "X-Auth-Token"])
def test_a_literal_in_a_header_that_authorises_is_visible(check, key):
    check(header_row(key, "«visible-credential:sample»"))


def test_only_the_credential_behind_its_scheme_is_flagged(check):
    check(header_row("Authorization", "Bearer «visible-credential:abc def»"))
    check(header_row("Authorization", "Basic «visible-credential:abc» "))


@pytest.mark.parametrize("value", ["", " ", "Bearer ", f"Bearer {SECRET}", "Bearer {{ user.id }}"])
def test_other_values_of_such_headers_are_silent(check, value):
    check(header_row("Authorization", value))


def test_a_token_of_an_earlier_step_is_silent(check):
    steps = (
        '{"name": "a", "url": "https://a.example"}, {"name": "b", "url": "https://a.example", "headers":'
        ' [{"key": "Authorization", "value": "Bearer {{ steps.a.body }}"}]}'
    )
    check(f'{{"name": "All", "steps": [{steps}]}}')


@pytest.mark.parametrize("key", ["api_key", "Access_Token", "client_secret"])
def test_a_literal_in_a_query_parameter_that_authorises_is_visible(check, key):
    rows = f'[{{"key": "{key}", "value": "«visible-credential:sample»"}}, {{"key": "page", "value": "1"}}]'
    check(f'{{"name": "A", "url": "https://a.example", "query_parameters": {rows}}}')
    check(
        f'{{"name": "A", "url": "https://a.example", "query_parameters": [{{"key": "{key}", "value": " "}}]}}'
    )


def test_a_password_in_a_url_is_visible(check):
    check('{"name": "A", "url": "https://me:«visible-credential:sample»@a.example/b"}')
    check('{"name": "A", "url": "https://«visible-credential:me»@a.example/b:c@d"}')
    check("""{"name": "A", "url": "https://a.example/{{ get_variable('base_url') }}:x@y"}""")


def test_a_password_is_visible_behind_an_empty_protocol_too(check):
    check('{"name": "A", "url": "«insecure-url:://»me:«visible-credential:sample»@a.example/b"}')


def test_a_key_written_out_in_jwt_encode_is_visible_and_not_repeated(check):
    (found,) = check(header_row("X-T", "{{ jwt_encode({}, «visible-credential:'sample'», 'HS256') }}"))
    assert "sample" not in found.message
    check(header_row("X-T", "{{ jwt_encode({}, key=«visible-credential:'sample'») }}"))
    check(header_row("X-T", "{{ jwt_encode({}, get_secret('api_key'), 'HS256') }}"))


def test_each_jwt_encode_is_looked_at_but_only_where_the_function_exists(check):
    written = "{{ jwt_encode({}, «visible-credential:'sample'») }}"
    check(
        header_row("X-T", "{{ jwt_encode({}) }}{{ jwt_encode({}, get_secret('api_key')) }}" + written),
        levels=ALONE,
    )
    connector = (
        '{"name": "A", "url": "https://a.example", "response_body": "{{ jwt_encode({}, \'sample\') }}"}'
    )
    assert check(connector, levels=ALONE) == []


@pytest.mark.parametrize(
    "row", ['{"value": "sample"}', '{"key": 1, "value": "sample"}', '{"key": "Authorization"}']
)
def test_a_row_that_is_not_whole_is_left_to_other_rules(check, row):
    assert check(f'{{"name": "A", "url": "https://a.example", "headers": [{row}]}}', levels=ALONE) == []


def test_a_variable_asked_for_with_two_arguments_is_visible_too(check):
    check(api_key("{{ «visible-credential:get_variable(«computed-name:'api_key', 'x'»)» }}"))


def test_a_function_of_the_template_s_own_takes_whatever_it_likes(check):
    macro = "{% macro jwt_encode(payload, key, algorithm) %}{% endmacro %}"
    check(header_row("X-T", macro + "{{ jwt_encode({}, 'sample', 'RS250') }}"))


PLACEHOLDERS = [
    "anonymous", "Anonymous", "public", "none", "guest", "null", "DEMO_KEY", "demo_key", "YOUR_API_KEY",
    "your-token-here", "yourApiKey", "<token>", "<your API key>", "${API_KEY}", "{token}", "xxx",
    "XXXXXXXX", "...", "***",
]  # fmt: skip


@pytest.mark.parametrize(
    "value", [*PLACEHOLDERS, "Bearer anonymous", "Basic Og==", "Bearer <token>", "Token XXXX"]
)
def test_a_placeholder_is_not_a_credential(check, value):
    assert check(header_row("Authorization", value)) == []
    assert check(header_row("X-Api-Key", value)) == []


def test_a_placeholder_is_silent_in_other_places_too(check):
    rows = '[{"key": "api_key", "value": "DEMO_KEY"}]'
    assert check(f'{{"name": "A", "url": "https://a.example", "query_parameters": {rows}}}') == []
    assert check(oauth_client(client_id="YOUR_CLIENT_ID")) == []


@pytest.mark.parametrize(
    "value",
    [
        "anonymous1",
        "publicKey",
        "sk_live_1",
        "yours",
        "x1x",
        "Bearer «nulls»",
        "Basic «Ojo=»",
        "changeme",
        "demo",
    ],
)
def test_what_only_looks_like_a_placeholder_is_visible(check, value):
    marked = value.replace("«", "«visible-credential:") if "«" in value else f"«visible-credential:{value}»"
    check(header_row("Authorization", marked))


@pytest.mark.parametrize("user", ["«visible-credential:sk_live_1»:", "«visible-credential:token-1»"])
def test_a_user_name_in_a_url_is_visible_without_a_password(check, user):
    check(connector_at(f"https://{user}@a.example/a"))


@pytest.mark.parametrize(
    "url", ["https://YOUR_API_KEY@a.example/", "https://a.example/@b:c@", "https://a.example/?m=a@b"]
)
def test_placeholders_and_later_signs_are_not_a_user_name(check, url):
    check(connector_at(url))
