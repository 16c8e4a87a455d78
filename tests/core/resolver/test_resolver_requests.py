"""What is sent: merging, path parameters, bodies, api keys; and what is shown of it."""

# Tables of cases read better with one case a line:
# ruff: noqa: E501

import pytest

from strongroom.resolver import ANONYMOUS, Inputs, MappingValues, render_request
from strongroom.resolver.request.path_parameters import is_valid


def header(value, key="X-Key", **more):
    return [{"key": key, "value": value, **more}]


def test_a_secret_arrives_in_headers_query_and_authentication(run, api):
    run(
        secrets={"k": "väl/ue +&"},
        headers=header("{{ get_secret('k') }}"),
        query_parameters=header("{{ get_secret('k') }}", "q"),
        authentication={
            "type": "api_key",
            "config": {"key": "apikey", "value": "{{ get_secret('k') }}", "in": "query"},
        },
    )
    assert "väl/ue +&".encode() in dict(api.request.headers.raw).values()
    assert api.request.url.params["q"] == "väl/ue +&"
    assert api.request.url.params["apikey"] == "väl/ue +&"


def test_the_deprecated_name_of_api_key_still_works(run, api):
    config = {"key": "X-Api", "value": "{{ get_secret('k') }}", "in": "header"}
    report = run(secrets={"k": "v"}, authentication={"type": "apikey", "config": config})
    assert api.request.headers["x-api"] == "v"
    assert report.debug["authentication"] == {"type": "api_key", "config": config}


def test_the_urls_own_query_stays_as_it_is_written(run, api):
    run(url="https://api.example.com/x?filter[a][]=1&b=2", query_parameters=header("c d", "q"))
    assert api.request.url.raw_path == b"/x?filter[a][]=1&b=2&q=c+d"


def test_only_overridable_parameters_and_headers_are_replaced_by_the_caller(run, api):
    report = run(
        headers=[*header("own", "X-Fixed"), *header("own", "X-Open", overridable=True)],
        query_parameters=[*header("own", "fixed"), *header("own", "open", overridable=True)],
        inputs=Inputs(
            headers={"x-fixed": "theirs", "x-open": "theirs", "x-extra": "theirs"},
            query={"fixed": "theirs", "open": "theirs", "extra": "theirs"},
        ),
    )
    assert (api.request.headers["x-fixed"], api.request.headers["x-open"]) == ("own", "theirs")
    assert dict(api.request.url.params) == {"fixed": "own", "open": "theirs", "extra": "theirs"}
    text = "\n".join(report.explanation)
    assert "x-extra is ignored, since the connector does not declare it" in text
    assert "query_parameters (extra): given by the caller." in text
    assert "x-fixed is ignored, since it is not overridable" in text
    assert "headers[1].value (X-Open): given by the caller." in text
    run(headers=header("own", overridable=True), query_parameters=header("own", "open", overridable=True))
    assert (api.request.headers["x-key"], dict(api.request.url.params)) == ("own", {"open": "own"})


def test_a_connector_that_declares_nothing_sends_the_callers_query(run, api):
    run(url="https://api.example.com/v1/current.json", inputs=Inputs(query={"q": "London {{ 1 }}"}))
    assert dict(api.request.url.params) == {"q": "London {{ 1 }}"}


def test_the_caller_cannot_replace_the_key_of_the_authentication(run, api):
    config = {"key": "apikey", "value": "{{ get_secret('k') }}", "in": "query"}
    authentication = {"type": "api_key", "config": config}
    report = run(secrets={"k": "v"}, authentication=authentication, inputs=Inputs(query={"apikey": "mine"}))
    assert api.request.url.params.get_list("apikey") == ["v"]
    assert "apikey is ignored, since the authentication sends it" in "\n".join(report.explanation)
    report = run(secrets={"k": "v"}, authentication=authentication, query_parameters=header("own", "apikey"))
    assert "is ignored" not in "\n".join(report.explanation)


def test_a_path_parameter_that_the_url_does_not_use_needs_no_value(run, api):
    url = "https://api.example.com/{{ pathParams.a }}"
    report = run(
        url=url, path_parameters=[{"key": "b"}, {"key": "a"}], inputs=Inputs(path_parameters={"a": "1"})
    )
    assert (report.status, api.request.url.path) == (200, "/1")


@pytest.mark.parametrize(("number", "status"), [(20, 200), (21, 400)])
def test_path_parameters_of_one_call_have_a_limit_together(run, envelope, number, status):
    rows = [{"key": f"a{index:03}"} for index in range(number)]
    values = {row["key"]: "x" * 198 for row in rows}
    url = "https://api.example.com/{{ pathParams.a000 }}"
    report = run(url=url, path_parameters=rows, inputs=Inputs(path_parameters=values))
    assert report.status == status
    if status == 400:
        errors = envelope(report)
        assert (errors["code"], len(errors["params"])) == ("INVALID_PATH_PARAMETERS", number)


def test_a_blank_body_forwards_the_incoming_one(run, api):
    run(method="POST", inputs=Inputs(payload=b"\x00raw\xff"))
    assert api.request.content == b"\x00raw\xff"


def test_a_body_template_replaces_the_incoming_body(run, api):
    template = '{% set b = body_text | from_json %}{"title": {{ b.title | tojson }}}'
    report = run(method="POST", request_body=template, inputs=Inputs(payload='{"title": "a\\"b"}'))
    assert api.request.content == b'{"title": "a\\"b"}'
    assert report.debug["request_body"] == '{"title": "a\\"b"}'
    assert "Content-Type is missing" in "\n".join(report.explanation)


def test_a_get_sends_no_body_and_says_so(run, api):
    report = run(request_body="{{ body_text }}", inputs=Inputs(payload="x"))
    assert api.request.content == b""
    assert report.debug["request_body"] is None
    assert "request_body is not sent: GET requests have no body." in report.explanation


def test_the_caller_must_use_the_connectors_method(run, api, envelope):
    report = run(method="POST", inputs=Inputs(method="GET"))
    assert report.status == 405
    assert not api.requests


PATH = {"url": "https://api.example.com/{{ pathParams.id }}/{{ pathParams['part'] }}"}
ROWS = [{"key": "id"}, {"key": "part", "value": "all", "overridable": True}]


def test_path_parameters_go_into_the_url(run, api):
    run(**PATH, path_parameters=ROWS, inputs=Inputs(path_parameters={"id": "a-1.b~c_d"}))
    assert api.request.url.path == "/a-1.b~c_d/all"


@pytest.mark.parametrize("value", ["a/b", "..", ".", "a..b", "a b", "é", "x" * 201, "%2e", "a?b", "a\n"])
def test_a_path_parameter_outside_the_rule_is_refused_before_any_call(run, api, envelope, value):
    report = run(**PATH, path_parameters=ROWS, inputs=Inputs(path_parameters={"id": value}))
    assert report.status == 400
    assert envelope(report)["code"] == "INVALID_PATH_PARAMETERS"
    assert envelope(report)["params"] == ["id"]
    assert report.reason.startswith("the path parameter id must be 1 to 200 characters")
    assert not api.requests


@pytest.mark.parametrize("value", ["a", "x" * 200, "A-Z_0.9~", "a.b"])
def test_a_path_parameter_inside_the_rule_is_accepted(value):
    assert is_valid(value)


def test_missing_wins_over_invalid(run, envelope):
    report = run(
        **PATH, path_parameters=[{"key": "id"}, {"key": "part"}], inputs=Inputs(path_parameters={"id": ".."})
    )
    assert report.status == 400
    assert (envelope(report)["code"], envelope(report)["params"]) == ("MISSING_PATH_PARAMETERS", ["part"])
    assert report.reason == "no value was given for the path parameter part."
    report = run(**PATH, path_parameters=[{"key": "id"}, {"key": "part"}])
    assert report.reason == "no value was given for the path parameters id and part."


def test_a_path_parameter_that_is_not_declared_is_the_connectors_fault(run, envelope):
    report = run(
        **PATH, path_parameters=[{"key": "id"}], inputs=Inputs(path_parameters={"id": "1", "part": "2"})
    )
    assert report.status == 400
    assert envelope(report)["code"] == "CONNECTOR_MISCONFIGURED"
    assert "pathParams.part" in envelope(report)["detail"]


@pytest.mark.parametrize("read", ["pathParams.get('id')", "(pathParams | list)[0] ~ pathParams.id"])
def test_path_parameters_are_read_as_a_mapping_too(run, api, read):
    url = f"https://api.example.com/{{{{ {read} }}}}"
    run(url=url, path_parameters=[{"key": "id"}], inputs=Inputs(path_parameters={"id": "1"}))
    assert api.request.url.path in ("/1", "/id1")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://api.example.com/{{ get_variable('nope') }}", "no variable is named 'nope'"),
        ("https://api.example.com/{{ get_secret('k') }}", "get_secret does not exist in this field"),
    ],
)
def test_an_expression_left_in_the_url_fails_the_run(run, api, envelope, url, why):
    report = run(url=url, secrets={"k": "value"})
    assert report.status == 422
    assert envelope(report)["scope"] == "Configuration (template rendering)"
    assert any(why in line for line in report.explanation)
    assert not api.requests


def test_each_expression_left_in_the_url_is_named_with_its_note(run):
    missing, secret = "{{ get_variable('nope') }}", "{{ get_secret('k') }}"
    report = run(url=f"https://api.example.com/{missing}/{secret}", secrets={"k": "value"})
    assert report.reason == (
        f"the URL is not valid: {missing} did not resolve; "
        f"{secret} did not resolve (get_secret does not exist in this field)."
    )


@pytest.mark.parametrize("field", ["headers", "query_parameters"])
def test_an_anonymous_request_is_refused_where_a_row_uses_the_person(run, api, envelope, field):
    report = run(**{field: header("{{ user.email }}")}, inputs=Inputs(user=ANONYMOUS))
    assert (report.status, api.requests) == (401, [])
    assert envelope(report) == {"scope": "Authentication (signed-in user required)"}
    assert f"{field}[0].value uses user.*, and the caller is not signed in." in "\n".join(report.explanation)
    assert run(**{field: header("user.email")}, inputs=Inputs(user=ANONYMOUS)).passed
    assert run(**{field: header(5)}, inputs=Inputs(user=ANONYMOUS)).passed
    assert run(**{field: header("{{ user.email }}")}).passed


def test_the_debug_object_has_the_documented_shape(run):
    report = run(
        secrets={"k": "value"},
        variables={"host": "api.example.com"},
        url="https://{{ get_variable('host') }}/x",
        method="POST",
        headers=[
            *header("Bearer {{ get_secret('k') }}", "Authorization"),
            *header("{{ user.id }}", "X-User"),
        ],
        request_body="{{ body_text }}",
        response_body="{{ response.body }}",
        inputs=Inputs(payload="hello"),
    )
    assert report.debug == {
        "url": "https://api.example.com/x",
        "method": "POST",
        "headers": {"Authorization": "Bearer {{ get_secret('k') }}", "X-User": "1"},
        "query_parameters": {},
        "authentication": None,
        "request_body": "hello",
        "response_body": "{{ response.body }}",
        "response_content_type": None,
    }


def test_unresolved_names_are_told_with_what_they_will_do(run, api):
    api.answers(401)
    report = run(headers=header("Bearer {{ get_secret('nope') }}"))
    assert api.request.headers["x-key"] == "Bearer {{ get_secret('nope') }}"
    assert report.unresolved == ("{{ get_secret('nope') }}",)
    assert any("likely answer 401 or 403" in line for line in report.explanation)
    assert any("likely because {{ get_secret('nope') }} was sent" in line for line in report.explanation)


def test_the_wrong_kind_is_named(run):
    report = run(variables={"v": "x"}, headers=header("{{ get_secret('v') }}"))
    assert any("it is a variable: use get_variable" in line for line in report.explanation)


def test_quotes_and_spaces_resolve_and_are_mentioned(run, api):
    report = run(secrets={"k": "v"}, headers=header('{{ get_secret( "k" ) }}'))
    assert api.request.headers["x-key"] == "v"
    assert any("write get_secret('k')" in line for line in report.explanation)


def test_the_headers_without_a_written_credential_are_named():
    rows = [
        *header("Bearer {{ get_secret('k') }}", "Authorization"),
        *header("Bearer abc", "X-Token"),
        *header("{{ get_secret('k') }}-and-more", "X-Mixed"),
        *header("plain", "X-Plain"),
        *header("plain", "Twice"),
        *header("more{{ get_secret('k') }}", "Twice"),
    ]
    request = render_request({"url": "https://a.example", "headers": rows}, MappingValues({"k": "s3cr3t"}))
    assert request.kept_headers() == {"Authorization", "X-Plain"}


def test_a_request_can_be_rendered_without_being_sent():
    connector = {
        "name": "a",
        "url": "https://a.example/{{ nope }}",
        "headers": header("{{ get_secret('k') }}"),
    }
    request = render_request(connector, MappingValues({"k": "s3cr3t"}))
    assert request.failure is None
    assert request.debug()["headers"] == {"X-Key": "{{ get_secret('k') }}"}
    assert "s3cr3t" not in repr(request) + repr(vars(request))


def test_fields_that_render_are_shown_though_another_fails():
    connector = {"url": "https://a.example/{{ 1/0 }}", "headers": header("{{ user.id }}")}
    request = render_request(connector, MappingValues())
    assert request.failure is not None
    assert request.debug()["headers"] == {"X-Key": "1"}
    assert request.debug()["url"] == "https://a.example/{{ 1/0 }}"


@pytest.mark.parametrize(
    "connector",
    [{}, {"url": 3}, {"headers": "x"}, {"headers": [1, {"key": 2, "value": 3}]}, {"authentication": []}, {"method": "FETCH"},
     {"path_parameters": {}}, {"url": "https://a.example", "authentication": {"type": "basic"}}],
)  # fmt: skip
def test_a_malformed_connector_is_a_failed_run_and_never_an_exception(run, connector):
    report = run(**{"url": None, **connector})
    assert not report.passed
    assert report.failure is not None
    assert "Strongroom itself" not in report.reason


def test_each_name_of_a_header_that_http_allows_is_sent(run, api):
    assert run(headers=[{"key": "X~b!#$", "value": "1"}]).passed
    assert api.request.headers["x~b!#$"] == "1"


def test_a_path_parameter_that_nothing_uses_may_hold_any_text(run):
    assert run(inputs=Inputs(path_parameters={"unused": "\ud800"})).passed


@pytest.mark.parametrize(
    ("row", "given", "sent"),
    [
        ({"value": "own"}, {"id": "callers"}, "own"),
        ({"value": "own", "overridable": False}, {"id": "callers"}, "own"),
        ({"value": "own", "overridable": True}, {"id": "callers"}, "callers"),
        ({"value": "own", "overridable": True}, {}, "own"),
        ({"value": ""}, {"id": "callers"}, "callers"),
        ({"value": 7}, {}, "7"),
    ],
)
def test_a_path_parameters_own_value_counts_unless_it_is_overridable(run, api, row, given, sent):
    url = "https://api.example.com/{{ pathParams.id }}"
    run(url=url, path_parameters=[{"key": "id", **row}], inputs=Inputs(path_parameters=given))
    assert api.request.url.path == f"/{sent}"


def test_a_value_that_is_a_number_is_sent_as_its_digits(run, api):
    run(headers=[{"key": "X-Number", "value": 5}, {"key": "X-None", "value": None}])
    assert (api.request.headers["x-number"], api.request.headers["x-none"]) == ("5", "")
