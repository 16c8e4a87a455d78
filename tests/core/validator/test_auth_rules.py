"""Rules about authentication and credentials. Marks show exactly what is flagged."""

import json

import pytest

from strongroom.document import Document
from strongroom.platform.authentication import ALGORITHMS
from strongroom.validator import Severity, apply_fixes, validate

SECRET = "{{ get_secret('api_key') }}"


def auth(kind, config=None, more=""):
    inner = f', "config": {{{config}}}' if config is not None else ""
    authentication = f'{{"type": "{kind}"{inner}{more}}}'
    return f'{{"name": "Sample", "url": "https://a.example", "authentication": {authentication}}}'


def api_key(value=SECRET, place="header", kind="api_key"):
    return auth(kind, f'"key": "X-Key", "value": "{value}", "in": "{place}"')


def client(client_id=SECRET, secret=SECRET, more=""):
    config = (
        f'"client_id": "{client_id}", "client_secret": "{secret}", "token_url": "https://a.example/t"{more}'
    )
    return auth("oauth_client_credentials", config)


def jwt(key=SECRET, algorithm="RS256"):
    return auth("jwt", f'"private_key": "{key}", "algorithm": "{algorithm}", "claims": {{"iss": "x"}}')


def header(key, value):
    return f'{{"name": "A", "url": "https://a.example", "headers": [{{"key": "{key}", "value": "{value}"}}]}}'


def mended(text):
    """The text after all safe fixes, applied until nothing changes; it must be JSON again."""
    for _ in range(5):
        fixed = apply_fixes(text, validate(Document.parse(text)))
        if fixed == text:
            break
        text = fixed
    json.loads(text)
    return text


def test_an_unknown_type_is_flagged_with_the_known_ones(check):
    (finding,) = check(auth("«unknown-auth-type:basic»", '"username": "x"'))
    assert finding.message == (
        "`basic` is not an authentication type. Use one of none, api_key, oauth_client_credentials, jwt,"
        " oauth_jwt_bearer."
    )
    assert finding.fixes == ()


def test_a_slip_of_case_in_the_type_is_mended(check):
    check(api_key(kind="«unknown-auth-type:API-Key»"))
    assert mended(api_key(kind="API-Key")) == api_key()


def test_a_misspelt_type_is_mended_only_when_asked(check):
    (finding,) = check(auth("«unknown-auth-type:oauth_client_credential»", ""))
    assert (finding.fix, len(finding.fixes)) == (None, 1)


def test_the_old_name_of_a_type_is_noted_and_mended(check):
    (finding,) = check(api_key(kind="«deprecated-auth-type:apikey»"))
    assert finding.severity is Severity.INFO
    assert mended(api_key(kind="apikey")) == api_key()


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("api_key", "`key`, `value` and `in`"),
        ("oauth_client_credentials", "`client_id`, `client_secret` and `token_url`"),
        ("jwt", "`private_key` and `claims`"),
        ("oauth_jwt_bearer", "`client_id`, `private_key`, `token_url`, `subject` and `audience`"),
    ],
)
def test_each_type_needs_its_fields(check, kind, needed):
    (finding,) = check(auth(kind, "").replace('"config": {', '"config": «missing-auth-field:{»'))
    assert finding.message == f"The authentication type `{kind}` needs {needed}."
    check(auth(f"«missing-auth-field:{kind}»"))


def test_none_needs_nothing(check):
    check(auth("none"))
    check(auth("none", ""))
    check('{"name": "A", "url": "https://a.example", "authentication": {}}')


def test_authentication_needs_a_type(check):
    (finding,) = check(
        '{"name": "A", "url": "https://a.example", "authentication": «missing-auth-field:{»"config": {}}}'
    )
    assert finding.message == "The authentication has no `type`."


def test_an_empty_required_field_is_missing(check):
    text = api_key("").replace('"value": ""', '"value": «missing-auth-field:""»')
    check(text)


def test_a_misspelt_field_of_a_config_is_both_missing_and_mended(check):
    config = '"key": "X", "Value": "' + SECRET + '", "in": "query"'
    marked = auth("api_key", config).replace('"config": {', '"config": «missing-auth-field:{»')
    check(marked.replace("Value", "«unknown-field:Value»"))
    assert mended(auth("api_key", config)) == auth("api_key", config.replace("Value", "value"))


def test_fields_beside_config_are_moved_into_it(check):
    more = f', "«misplaced-auth-field:key»": "X", "«misplaced-auth-field:value»": "{SECRET}", "in": "header"'
    check(auth("api_key", None, more.replace('"in"', '"«misplaced-auth-field:in»"')))
    plain = f', "key": "X", "value": "{SECRET}", "in": "header"'
    assert mended(auth("api_key", None, plain)) == auth("api_key", plain.removeprefix(", "))
    assert mended(auth("api_key", '"key": "X"', plain.replace(', "key": "X"', ""))) == auth(
        "api_key", plain.removeprefix(", ")
    )


def test_moved_fields_keep_the_file_s_formatting():
    tall = (
        '{\n  "name": "A",\n  "url": "https://a.example",\n  "authentication": {\n    "key": "X",\n'
        '    "type": "api_key",\n    "in": "header",\n    "value": "VALUE"\n  }\n}\n'
    ).replace("VALUE", SECRET)
    made = (
        '    "type": "api_key",\n    "config": {\n      "key": "X",\n      "in": "header",\n'
        '      "value": "VALUE"\n    }\n  }\n}\n'
    ).replace("VALUE", SECRET)
    assert mended(tall) == tall[: tall.index('    "key"')] + made


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_known_algorithms_are_silent(check, algorithm):
    check(jwt(algorithm=algorithm))


def test_an_unknown_algorithm_is_flagged(check):
    check(jwt(algorithm="«invalid-algorithm:RS1»"))
    check(jwt(algorithm="«invalid-algorithm:none»"))
    check(jwt(algorithm="{{ get_variable('region') }}"))
    assert mended(jwt(algorithm="eddsa")) == jwt(algorithm="EdDSA")


def test_an_api_key_goes_into_a_header_or_the_query(check):
    check(api_key(place="query"))
    (finding,) = check(api_key(place="«invalid-auth-location:body»"))
    assert finding.message == "`body` is not a place for an API key. Use one of header, query."
    assert mended(api_key(place="Header")) == api_key()


@pytest.mark.parametrize("literal", ["sample", "Bearer sample", "{{ 'sample' }}", "YOUR_API_KEY"])
def test_a_credential_written_out_is_flagged_and_not_repeated(check, literal):
    for make in (api_key, lambda value: client(secret=value), jwt):
        (finding,) = check(make(f"«literal-credential:{literal}»"))
        assert literal not in finding.message
        assert finding.severity is Severity.ERROR


def test_a_number_as_credential_is_written_out_too(check):
    check(api_key("12345").replace('"12345"', "«literal-credential:12345»"))


@pytest.mark.parametrize(
    "value",
    [
        SECRET,
        f"Basic {SECRET}",
        "{{ get_secret('api_key') | base64_encode }}",
        "{% set key = get_secret('api_key') %}{{ key }}",
        "{{ get_variable('region') }}:" + SECRET,
        " ",
    ],
)
def test_a_credential_that_references_a_secret_is_silent(check, value):
    check(api_key(value))


def test_a_variable_in_a_credential_field_is_visible(check):
    (finding,) = check(api_key("{{ «visible-credential:get_variable('region')» }}"))
    assert finding.severity is Severity.WARNING


def test_a_literal_client_id_is_visible_and_a_variable_is_fine(check):
    check(client(client_id="«visible-credential:sample-client»"))
    check(client(client_id="{{ get_variable('region') }}"))


@pytest.mark.parametrize("key", ["Authorization", "authorization", "X-API-Key", "apikey", "X-Auth-Token"])
def test_a_literal_in_a_header_that_authorises_is_visible(check, key):
    check(header(key, "«visible-credential:sample»"))


def test_only_the_credential_behind_its_scheme_is_flagged(check):
    check(header("Authorization", "Bearer «visible-credential:abc def»"))
    check(header("Authorization", "Basic «visible-credential:abc» "))


@pytest.mark.parametrize("value", ["", " ", "Bearer ", f"Bearer {SECRET}", "Bearer {{ user.id }}"])
def test_other_values_of_such_headers_are_silent(check, value):
    check(header("Authorization", value))


def test_a_token_of_an_earlier_step_is_silent(check):
    steps = (
        '{"name": "a", "url": "https://a.example"}, {"name": "b", "url": "https://a.example", "headers":'
        ' [{"key": "Authorization", "value": "Bearer {{ steps.a.body }}"}]}'
    )
    check(f'{{"name": "All", "steps": [{steps}]}}')


def test_steps_are_checked_like_connectors(check):
    text = api_key("«literal-credential:sample»").replace("Sample", "a")
    (finding,) = check(f'{{"composite_connectors": [{{"name": "All", "steps": [{text}]}}]}}')
    assert finding.field == "steps[0].authentication.config.value"
    assert finding.pointer == "/composite_connectors/0/steps/0/authentication/config/value"
    assert finding.connector == "All"


@pytest.mark.parametrize("key", ["api_key", "Access_Token", "client_secret"])
def test_a_literal_in_a_query_parameter_that_authorises_is_visible(check, key):
    rows = f'[{{"key": "{key}", "value": "«visible-credential:sample»"}}, {{"key": "page", "value": "1"}}]'
    check(f'{{"name": "A", "url": "https://a.example", "query_parameters": {rows}}}')
    check(
        f'{{"name": "A", "url": "https://a.example", "query_parameters": [{{"key": "{key}", "value": " "}}]}}'
    )


def test_a_password_in_a_url_is_visible(check):
    check('{"name": "A", "url": "https://me:«visible-credential:sample»@a.example/b"}')
    check('{"name": "A", "url": "https://me@a.example/b:c@d"}')
    check("""{"name": "A", "url": "https://a.example/{{ get_variable('base_url') }}:x@y"}""")


def test_a_key_written_out_in_jwt_encode_is_visible_and_not_repeated(check):
    (found,) = check(header("X-T", "{{ jwt_encode({}, «visible-credential:'sample'», 'HS256') }}"))
    assert "sample" not in found.message
    check(header("X-T", "{{ jwt_encode({}, key=«visible-credential:'sample'») }}"))
    check(header("X-T", "{{ jwt_encode({}, get_secret('api_key'), 'HS256') }}"))


@pytest.mark.parametrize(
    "arguments",
    [
        "{}, get_secret('api_key'), '«invalid-algorithm:RS250»'",
        "{}, get_secret('api_key'), algorithm='«invalid-algorithm:»'",
        "algorithm='«invalid-algorithm:hs256»', payload={}, key=get_secret('api_key')",
        "{}, get_secret('api_key'), 'HS' '250'",
        "{}, *['a', 'RS250']",
        "{}, get_secret('api_key'), user.id",
        "{}, get_secret('api_key'), headers={'alg': 'RS250'}",
    ],
)
def test_an_algorithm_written_out_in_jwt_encode_is_one_of_the_known(check, arguments):
    check(header("X-T", f"{{{{ jwt_encode({arguments}) }}}}"))


def test_an_algorithm_in_the_wrong_case_is_mended_in_a_template_too():
    text = header("X-T", "{{ jwt_encode({}, get_secret('api_key'), 'hs256') }}")
    assert mended(text) == text.replace("hs256", "HS256")


def test_an_algorithm_that_is_a_number_is_flagged(check):
    text = jwt().replace('"RS256"', "«invalid-algorithm:256»")
    (found,) = check(text)
    assert not found.fixes
