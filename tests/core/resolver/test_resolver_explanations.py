"""What a run explains: each field once, where it came from, what did not resolve, and what that does."""

import asyncio

import httpx2
import pytest

from strongroom.resolver import Inputs, MappingValues, run_connector


def explained(inputs=None, status=200, secrets=None, variables=None, **fields):
    connector = {"name": "n", "url": "https://api.example.com/x", **fields}
    values = MappingValues(secrets or {"token": "abc-12345"}, variables or {"region": "eu"})
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(status))
    running = run_connector(connector, values, inputs, transport=transport, community="staging")
    return list(asyncio.run(running).explanation)


def header(value, key="X"):
    return [{"key": key, "value": value}]


def test_each_field_is_explained_once():
    fields = [
        *header("{{ get_secret('token') }}"),
        *header("{{ get_secret('no') }}", "Y"),
        *header("plain", "Z"),
    ]
    url = "https://api.example.com/{{ get_variable('region') }}/x"
    first, second, third, fourth, *_rest = explained(url=url, headers=fields, method="POST", request_body="a")
    assert first == "url: from the variable 'region' of staging."
    assert second == "headers[0].value (X): from the secret 'token' of staging."
    assert third.startswith("headers[1].value (Y): {{ get_secret('no') }} did not resolve (")
    assert fourth == "As written in the connector: headers[2].value (Z), request_body."


@pytest.mark.parametrize(
    ("value", "sources"),
    [
        ("{{ get_secret('token') }}", "the secret 'token' of staging"),
        ("{{ get_variable('region') }}", "the variable 'region' of staging"),
        ("{{ user.email }}", "user.email"),
        ("{{ user.profile_fields.by_id(7) }}", "user.profile_fields.by_id(7)"),
        ("{{ now(-5) }} {{ tenant_id }}", "now() and tenant_id"),
        (
            "{{ get_secret('token') }} {{ get_variable('region') }} {{ user.id }} {{ user.id }}",
            "the secret 'token' of staging, the variable 'region' of staging and user.id",
        ),
        (
            "{{ jwt_encode({}, get_secret('token'), 'HS256') }}",
            "the secret 'token' of staging and a token that was signed now",
        ),
    ],
)
def test_a_field_says_where_its_value_came_from(value, sources):
    assert f"headers[0].value (X): from {sources}." in explained(headers=header(value))


def test_fields_without_a_template_are_named_together():
    lines = explained(headers=header("1"), query_parameters=header("2", "q"))
    assert "As written in the connector: url, headers[0].value (X), query_parameters[0].value (q)." in lines


def test_what_the_caller_gave_says_so():
    rows = [{"key": "q", "value": "{{ user.email }}", "overridable": True}]
    lines = explained(Inputs(query={"q": "mine"}), query_parameters=rows)
    assert "query_parameters[0].value (q): given by the caller." in lines
    assert not any("user.email" in line for line in lines)


def test_the_url_the_body_and_nested_parts_of_the_authentication_are_explained():
    lines = explained(
        Inputs(path_parameters={"id": "7"}, payload="{}"),
        method="POST",
        url="https://api.example.com/{{ pathParams.id }}",
        path_parameters=[{"key": "id"}],
        request_body='{"a": {{ body_text | tojson }}}',
        authentication={
            "type": "jwt",
            "config": {
                "private_key": "{{ get_secret('token') }}",
                "algorithm": "HS256",
                "claims": {"roles": ["{{ user.username }}"]},
            },
        },
    )
    assert "url: from pathParams.id." in lines
    assert "request_body: from body_text." in lines
    assert "authentication.config.private_key: from the secret 'token' of staging." in lines
    assert "authentication.config.claims.roles[0]: from user.username." in lines
    assert "headers: Content-Type is missing, so the API has to guess the format of the body." in lines


def test_a_body_that_is_forwarded_says_so():
    assert "request_body: the incoming body, as it came." in explained(Inputs(payload="x"), method="POST")


def test_what_does_not_resolve_says_why_and_what_it_does():
    literal = "{{ get_secret('no') }}"
    lines = explained(status=401, headers=header(literal))
    assert (
        f"headers[0].value (X): {literal} did not resolve (no secret of staging is named 'no'); "
        "the text itself is sent, and the API will likely answer 401 or 403."
    ) in lines
    assert f"The API answered 401: likely because {literal} was sent as it is written." in lines
    assert not any("As written" in line and "headers" in line for line in lines)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("{{ get_secret('region') }}", "it is a variable: use get_variable"),
        ("{{ get_variable('token') }}", "it is a secret: use get_secret"),
    ],
)
def test_a_name_of_the_other_kind_says_which_function_to_use(value, words):
    assert any(words in line for line in explained(headers=header(value)))


def test_a_secret_in_a_response_template_is_explained():
    lines = explained(response_body="{{ get_secret('token') }}")
    assert any(
        line.startswith("response_body: {{ get_secret('token') }} did not resolve")
        and line.endswith("the text itself is in the answer.")
        for line in lines
    )


def test_a_secret_that_a_template_cuts_is_not_sent_and_says_so():
    lines = explained(headers=header("{{ get_secret('token')[:4] }}"))
    assert (
        "headers[0].value (X): the secret 'token' is not sent, since the template cuts, changes or only compares it."
        in lines
    )
    whole = explained(headers=header("{{ get_secret('token') | base64_encode }}"))
    assert not any("is not sent" in line for line in whole)


def test_a_field_that_does_not_render_blames_no_secret(run):
    template = "{{ jwt_encode({'a': 1}, get_secret('token'), 'RS256') }}"
    report = run(secrets={"token": "not a key at all"}, headers=header(template))
    assert "which RS256 needs" in report.reason
    assert not any("is not sent" in line for line in report.notices)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ now(1, 2) }}", "TypeError: now() takes from 0 to 1 positional arguments but 2 were given."),
        ("{{ user.profile_fields.by_id() }}", "by_id() missing 1 required positional argument: 'number'."),
        ("{{ user.get('id') }}", "`user` has no attribute 'get'."),
        ("{{ user.profile_fields.by_name('a') }}", "`user.profile_fields` has no attribute 'by_name'."),
        ("{{ jwt_encode({}, 'k', 'HS256', {}, 1) }}", "jwt_encode takes at most four arguments"),
        ("{{ jwt_encode({}, 'k', headers='x') }}", "the headers of the token are not an object."),
        ("{{ jwt_encode({}, 'k', alg='x') }}", "jwt_encode() got an unexpected keyword argument 'alg'."),
    ],
)
def test_a_wrong_use_of_the_platform_s_names_is_told_in_their_words(run, template, reason):
    report = run(headers=header(template))
    assert reason in report.reason
    assert "strongroom" not in report.reason


def test_an_object_that_is_printed_shows_no_name_of_the_program(run, api):
    run(headers=header("{{ user }}{{ user.profile_fields }}"))
    assert api.request.headers["x"] == "&lt;user&gt;&lt;user.profile_fields&gt;"


def test_of_two_secrets_the_one_that_is_cut_is_named():
    lines = explained(
        secrets={"a": "abc", "b": "secretvalue"},
        headers=header("{{ get_secret('a') }}-{{ get_secret('b')[:4] }}"),
    )
    assert [line for line in lines if "is not sent" in line] == [
        "headers[0].value (X): the secret 'b' is not sent, since the template cuts, changes or only compares it."
    ]


@pytest.mark.parametrize(
    ("expression", "change"),
    [
        ("get_secret('token') | upper", "the filter upper"),
        ("(get_secret('token') ~ '-x') | title", "the filter title"),
        ("get_secret('token') | replace('-', '')", "the filter replace"),
        ("get_secret('token').lower()", "lower()"),
        ("get_secret('token').strip()", "strip()"),
        ("get_secret(name='token') | trim", "the filter trim"),
    ],
)
def test_a_change_that_has_no_effect_on_a_secret_is_told(expression, change):
    lines = explained(headers=header(f"{{{{ {expression} }}}}"))
    assert (
        f"headers[0].value (X): the secret 'token' is sent as it is stored: {change} does not change a secret."
        in lines
    )


def test_a_change_of_something_else_is_not_told():
    for other in ("'x'", "get_variable('token')"):
        lines = explained(headers=header(f"{{{{ get_secret('token') }}}}{{{{ {other} | upper }}}}"))
        assert not any("as it is stored" in line for line in lines)


def test_none_as_text_is_said():
    lines = explained(Inputs(user={"id": 1}), headers=header("{{ user.email }}"))
    assert "headers[0].value (X): a value is not known here, and renders as the text None." in lines


def test_escaping_that_changed_a_value_is_said_with_the_way_out():
    lines = explained(Inputs(user={"email": "a&b"}), headers=header("{{ user.email }}"))
    assert any("& became &amp; or the like): use | safe" in line for line in lines)


def test_steps_name_what_they_took_from_earlier_ones():
    steps = [
        {"name": "one", "url": "https://api.example.com/1"},
        {
            "name": "two",
            "url": "https://api.example.com/{{ steps.one.status_code }}",
            "headers": header("{{ request.body_text }}"),
        },
    ]
    lines = explained(url="", steps=steps)
    assert "step two: url: from steps.one." in lines
    assert "step two: headers[0].value (X): from request.body_text." in lines


@pytest.mark.parametrize("status", [400, 403, 404, 405, 415, 429, 500, 503])
def test_a_status_that_is_no_success_is_put_into_words(status):
    assert any(line.startswith(f"The API answered {status}") for line in explained(status=status))
