"""The kinds of connectors that the platform's documentation shows, against a local HTTPS API: the output is theirs."""

import asyncio
import json

import pytest
from werkzeug import Response

from strongroom.resolver import Inputs, MappingValues, run_connector


@pytest.fixture
def run(https_server, local):
    def run(connector, inputs=None, secrets=None, variables=None):
        values = MappingValues(secrets, variables)
        return asyncio.run(run_connector(connector, values, inputs or Inputs(), local))

    return run


def weather(base):
    return {
        "name": "Weather API",
        "permalink": "weather-api",
        "url": f"{base}/v1/current",
        "headers": [{"key": "Accept", "value": "application/json"}],
        "query_parameters": [
            {"key": "location", "value": "{{ user.profile_fields.by_id(123) }}", "overridable": True}
        ],
        "authentication": {
            "type": "apikey",
            "config": {"key": "X-API-Key", "value": "{{ get_secret('weather_api_key') }}", "in": "header"},
        },
    }


def test_the_weather_connector(https_server, run):
    now = {"location": "Amsterdam", "temperature": 17}
    https_server.expect_request(
        "/v1/current",
        method="GET",
        query_string={"location": "Amsterdam"},
        headers={"X-API-Key": "key-123", "Accept": "application/json"},
    ).respond_with_json(now)
    connector = weather(https_server.url_for("").rstrip("/"))
    user = {"id": 7, "profile_fields": {123: "Amsterdam"}}
    report = run(connector, Inputs(user=user), {"weather_api_key": "key-123"})
    assert (report.status, json.loads(report.text)) == (200, now)
    assert report.debug == {
        "url": https_server.url_for("/v1/current"),
        "method": "GET",
        "headers": {"Accept": "application/json"},
        "query_parameters": {"location": "Amsterdam"},
        "authentication": {
            "type": "api_key",
            "config": {"key": "X-API-Key", "value": "{{ get_secret('weather_api_key') }}", "in": "header"},
        },
        "request_body": None,
        "response_body": None,
        "response_content_type": None,
    }


def test_a_caller_replaces_the_weathers_place_and_adds_a_parameter(https_server, run):
    https_server.expect_request("/v1/current").respond_with_handler(
        lambda request: Response(json.dumps([request.args.to_dict(), request.headers["Accept"]]))
    )
    inputs = Inputs(query={"location": "Oslo", "key": "x"}, headers={"Accept": "text/html"})
    report = run(weather(https_server.url_for("").rstrip("/")), inputs, {"weather_api_key": "k"})
    assert json.loads(report.text) == [{"location": "Oslo", "key": "x"}, "application/json"]


def test_a_misspelt_weather_key_is_sent_as_it_stands_and_explained(https_server, run):
    seen = []

    def answer(request):
        seen.append(request.headers["X-API-Key"])
        return Response('{"message": "Invalid API key"}', status=401)

    https_server.expect_request("/v1/current").respond_with_handler(answer)
    report = run(weather(https_server.url_for("").rstrip("/")), None, {"Weather_api_key": "k"})
    assert seen == ["{{ get_secret('weather_api_key') }}"]
    assert report.status == 401
    assert report.unresolved == ("{{ get_secret('weather_api_key') }}",)
    assert (
        "likely because {{ get_secret('weather_api_key') }} was sent as it is written"
        in report.explanation[-1]
    )


def orders(base):
    return {
        "name": "Contact Orders",
        "permalink": "contact-orders",
        "steps": [
            {
                "name": "find-contact",
                "url": f"{base}/contacts",
                "query_parameters": [{"key": "email", "value": "{{ user.email }}"}],
                "headers": [{"key": "Authorization", "value": "Bearer {{ get_secret('crm_token') }}"}],
                "response_body": "{% set found = response.body | from_json %}{{ found['results'][0] | tojson }}",
            },
            {
                "name": "orders",
                "method": "POST",
                "url": f"{base}/contacts/{{{{ (steps['find-contact'].body | from_json).id }}}}/orders",
                "headers": [
                    {"key": "Authorization", "value": "Bearer {{ get_secret('crm_token') }}"},
                    {"key": "Content-Type", "value": "application/json"},
                ],
                "request_body": '{"limit": {{ (request.body_text | from_json).limit }}}',
                "response_body": (
                    "{% set contact = steps['find-contact'].body | from_json %}"
                    "{% set data = response.body | from_json %}"
                    '{"name": {{ contact.name | tojson }}, "status": {{ response.status_code }}, '
                    '"orders": {{ data[\'items\'] | map(attribute="number") | list | tojson }}}'
                ),
                "response_content_type": "application/json",
            },
        ],
    }


def test_contact_orders(https_server, run):
    token = {"Authorization": "Bearer crm-1"}
    https_server.expect_request(
        "/contacts", query_string={"email": "test.user@example.com"}, headers=token
    ).respond_with_json({"results": [{"id": "c-9", "name": "Test O'User & Co"}]})
    https_server.expect_request(
        "/contacts/c-9/orders", method="POST", headers=token, json={"limit": 2}
    ).respond_with_json({"items": [{"number": "A1"}, {"number": "A2"}]}, status=201)
    report = run(
        orders(https_server.url_for("").rstrip("/")), Inputs(payload='{"limit": 2}'), {"crm_token": "crm-1"}
    )
    assert report.status == 201
    assert json.loads(report.text) == {"name": "Test O'User & Co", "status": 201, "orders": ["A1", "A2"]}
    assert report.headers["content-type"] == "application/json"
    assert {"step.find-contact", "step.orders"} <= set(report.server_timing)
    assert "crm-1" not in json.dumps(report.to_json())


def test_contact_orders_of_nobody_say_nothing_of_the_first_step(https_server, run):
    https_server.expect_request("/contacts").respond_with_json(
        {"results": [{"id": "c-9", "name": "Private"}]}
    )
    https_server.expect_request("/contacts/c-9/orders").respond_with_json({"error": "gone"}, status=410)
    report = run(
        orders(https_server.url_for("").rstrip("/")), Inputs(payload='{"limit": 2}'), {"crm_token": "t"}
    )
    assert report.status == 502
    assert json.loads(report.text)["errors"] == {
        "scope": "Composite step 'orders' (index 1): Downstream (HTTP error)"
    }
    assert "Private" not in report.text


CONTENTFUL = {
    "items": [
        {"sys": {"id": "1"}, "fields": {"title": "First & best", "image": {"sys": {"id": "a"}}}},
        {"sys": {"id": "2"}, "fields": {"title": "Second", "image": {"sys": {"id": "missing"}}}},
    ],
    "includes": {"Asset": [{"sys": {"id": "a"}, "fields": {"file": {"url": "//images.example/a.png"}}}]},
}


def contentful(base, items="data['items']"):
    return {
        "name": "Contentful entries",
        "url": f"{base}/spaces/{{{{ get_variable('space_id') }}}}/entries",
        "query_parameters": [{"key": "content_type", "value": "article"}, {"key": "limit", "value": "10"}],
        "headers": [{"key": "Authorization", "value": "Bearer {{ get_secret('contentful_token') }}"}],
        "response_body": (
            "{% set data = response.body | from_json %}"
            "{% set ns = namespace(images={}, entries=[]) %}"
            "{% for asset in data.includes.Asset %}"
            "{% set ns.images = dict(ns.images, **{asset.sys.id: 'https:' ~ asset.fields.file.url}) %}"
            "{% endfor %}"
            f"{{% for item in {items} %}}"
            "{% set ns.entries = ns.entries + "
            "[{'id': item.sys.id, 'title': item.fields.title, 'image': ns.images.get(item.fields.image.sys.id)}] %}"
            "{% endfor %}"
            "{{ ns.entries | tojson }}"
        ),
        "response_content_type": "application/json",
    }


def test_the_contentful_list(https_server, run):
    https_server.expect_request(
        "/spaces/abc/entries",
        query_string={"content_type": "article", "limit": "10"},
        headers={"Authorization": "Bearer cf-1"},
    ).respond_with_json(CONTENTFUL)
    report = run(
        contentful(https_server.url_for("").rstrip("/")),
        None,
        {"contentful_token": "cf-1"},
        {"space_id": "abc"},
    )
    assert report.passed, report.reason
    assert json.loads(report.text) == [
        {"id": "1", "title": "First & best", "image": "https://images.example/a.png"},
        {"id": "2", "title": "Second", "image": None},
    ]


def test_the_contentful_list_with_the_documented_mistake(https_server, run):
    """`data.items` is the method of the dict, and no list: the template fails, as it does on the platform."""
    https_server.expect_request("/spaces/abc/entries").respond_with_json(CONTENTFUL)
    connector = contentful(https_server.url_for("").rstrip("/"), "data.items")
    report = run(connector, None, {"contentful_token": "cf-1"}, {"space_id": "abc"})
    assert report.status == 422
    assert report.failure["errors"] == {"scope": "Configuration (response template rendering)"}


GROUPS = {"groups": [{"id": 1, "name": "Open", "hidden": False}, {"id": 2, "name": "Secret", "hidden": True},
                     {"id": 3, "name": "Also open"}]}  # fmt: skip


@pytest.mark.parametrize(
    "template",
    [
        "{% set data = response.body | from_json %}"
        "{{ {'groups': data.groups | rejectattr('hidden') | list} | tojson }}",
        "{% set data = response.body | from_json %}{% set ns = namespace(open=[]) %}"
        "{% for group in data.groups if not group.hidden %}{% set ns.open = ns.open + [group] %}{% endfor %}"
        "{{ {'groups': ns.open} | json_encode }}",
    ],
    ids=["rejectattr", "namespace"],
)
def test_the_groups_filter_leaves_hidden_groups_out(https_server, run, template):
    https_server.expect_request("/groups").respond_with_json(GROUPS)
    report = run({"name": "Groups", "url": https_server.url_for("/groups"), "response_body": template})
    assert [group["id"] for group in json.loads(report.text)["groups"]] == [1, 3]
    assert "Secret" not in json.dumps(report.to_json() | {"exchanges": None})


def test_the_groups_filter_with_the_documented_mistake_gives_an_empty_list(https_server, run):
    https_server.expect_request("/groups").respond_with_json(GROUPS)
    template = (
        "{% set open = [] %}{% for group in (response.body | from_json).groups %}"
        "{% set open = open + [group] %}{% endfor %}{{ open | tojson }}"
    )
    report = run({"name": "Groups", "url": https_server.url_for("/groups"), "response_body": template})
    assert report.text == "[]"


def test_json_parsed_and_shown_alone_is_escaped_python(https_server, run):
    connector = {
        "name": "n",
        "method": "POST",
        "url": https_server.url_for("/echo"),
        "request_body": "{{ body_text | from_json }}",
    }
    https_server.expect_request("/echo").respond_with_handler(lambda request: Response(request.data))
    report = run(connector, Inputs(payload='{"a": "b"}'))
    assert report.text == "{&#39;a&#39;: &#39;b&#39;}"


def test_templates_see_header_names_in_lower_case_only(https_server, run):
    https_server.expect_request("/x").respond_with_data("x", headers={"X-Total": "7"})
    template = "{{ response.headers['x-total'] }}|{{ response.headers['X-Total'] }}"
    report = run({"name": "n", "url": https_server.url_for("/x"), "response_body": template})
    assert report.text == "7|"
    told = "response_body: `X-Total` is always empty: the keys of headers are in lower case. Write `x-total`."
    assert told in report.notices


def test_a_binary_answer_is_none_for_templates(https_server, run):
    https_server.expect_request("/x").respond_with_data(b"\xff\xfe\x00")
    template = "{% if response.body is none %}binary{% else %}text{% endif %}"
    report = run({"name": "n", "url": https_server.url_for("/x"), "response_body": template})
    assert report.text == "binary"


def test_an_anonymous_visitor_is_none_everywhere(https_server, run):
    https_server.expect_request("/echo").respond_with_handler(lambda request: Response(request.data))
    connector = {
        "name": "n",
        "method": "POST",
        "url": https_server.url_for("/echo"),
        "request_body": "{{ user.email }} {{ user.profile_fields.by_id(1) }} {{ usr.email }}",
    }
    assert run(connector, Inputs(user={})).status == 422  # `usr` is undefined, and so has no members
    connector["request_body"] = "{{ user.email }} {{ user.profile_fields.by_id(1) }} {{ usr }}"
    assert run(connector, Inputs(user={})).text == "None None "
