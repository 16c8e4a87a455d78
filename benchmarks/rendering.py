"""Rendering beside plain Jinja2 on the same templates: CPU time, and how many times Jinja2's own Strongroom takes.

Plain Jinja2 is an `Environment` with autoescaping and the platform's functions and filters as ordinary Python; it has
no sandbox, no limits and no stand-ins for secrets, and its templates are compiled once and kept. Strongroom renders
the same connectors with `render_request`, which also checks path parameters, keeps where each value came from and
bounds the time, and the same response templates over the same answers.

"first" compiles every template anew, as one run of a process does; "again" renders with what was compiled, as a
screen or a batch does. The two are measured in turn, round after round; the best of each counts.

    python benchmarks/rendering.py [--rounds 15]
"""

import argparse
import base64
import json
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import jinja2

from strongroom.platform.places import FieldPlace
from strongroom.resolver import Inputs, MappingValues, render_request
from strongroom.resolver.templates import sandbox, source_calls
from strongroom.resolver.templates.rendering import Renderer
from strongroom.resolver.terms.stand_ins import StandIns

SECRETS = {"weather_api_key": "k-0123456789", "client": "client-7", "password": "pass word"}
VARIABLES = {"region": "eu-west-1", "space": "abc123"}
USER = {"id": 7, "username": "ada", "first_name": "Ada", "last_name": "L", "email": "ada@example.com"}
PAYLOAD = json.dumps({"items": [{"sku": f"s-{n}", "count": n, "note": "a & b"} for n in range(30)]})
ANSWER = json.dumps(
    {
        "items": [
            {"id": n, "fields": {"title": f"Title {n}", "tags": ["a", "b"], "open": n % 3 == 0}}
            for n in range(200)
        ]
    }
)


def rows(**pairs: str) -> list[dict[str, str]]:
    return [{"key": key.replace("_", "-"), "value": value} for key, value in pairs.items()]


CONNECTORS: dict[str, dict[str, Any]] = {
    "small: a key and two parameters": {
        "url": "https://api.example.com/{{ get_variable('region') }}/now",
        "headers": rows(X_Key="{{ get_secret('weather_api_key') }}", Accept="application/json"),
        "query_parameters": rows(q="{{ user.email }}", units="metric"),
    },
    "usual: twelve fields": {
        "method": "POST",
        "url": "https://{{ get_variable('region') }}.example.com/users/{{ user.id }}/{{ pathParams.id }}",
        "path_parameters": [{"key": "id"}],
        "headers": rows(
            Authorization="Basic {{ (get_secret('client') ~ ':' ~ get_secret('password')) | base64_encode }}",
            Content_Type="application/json",
            X_User="{{ user.first_name }} {{ user.last_name }}",
            X_Key="{{ get_secret('weather_api_key') }}",
            X_Tenant="{{ tenant_id }}",
        ),
        "query_parameters": rows(
            space="{{ get_variable('space') }}",
            since="{{ 1700000000 - 3600 }}",
            email="{{ user.email | urlencode }}",
            kind="{% if user.id %}member{% else %}guest{% endif %}",
        ),
        "request_body": '{"user": {{ user.email | tojson }}, "space": {{ get_variable(\'space\') | tojson }}}',
    },
    "large: a body of thirty lines": {
        "method": "POST",
        "url": "https://api.example.com/orders",
        "headers": rows(Authorization="Bearer {{ get_secret('weather_api_key') }}"),
        "request_body": (
            "{% set data = body_text | from_json %}{% set ns = namespace(total=0) %}["
            "{% for item in data['items'] %}{% set ns.total = ns.total + item.count %}"
            '{"sku": {{ item.sku | tojson }}, "count": {{ item.count }}, "note": {{ item.note | tojson }}}'
            "{% if not loop.last %}, {% endif %}{% endfor %}]"
        ),
    },
}

RESPONSES: dict[str, str] = {
    "answer: two hundred entries, chosen and renamed": (
        "{% set data = response.body | from_json %}{% set ns = namespace(found=[]) %}"
        "{% for entry in data['items'] %}{% if entry.fields.open %}"
        "{% set ns.found = ns.found + [{'id': entry.id, 'title': entry.fields.title}] %}"
        "{% endif %}{% endfor %}{{ ns.found | tojson }}"
    ),
    "answer: two hundred lines of HTML": (
        "<ul>{% for entry in (response.body | from_json)['items'] %}"
        "<li>{{ entry.id }}: {{ entry.fields.title }} ({{ entry.fields.tags | join(', ') }})</li>{% endfor %}</ul>"
    ),
    "answer: one member": "{{ (response.body | from_json)['items'][0].fields.title }}",
}


class Work(NamedTuple):
    """One thing to render, both ways; each gives what it rendered."""

    plain: Callable[[], object]
    ours: Callable[[], object]


def plain_environment() -> jinja2.Environment:
    environment = jinja2.Environment(autoescape=True)
    environment.filters |= {
        "from_json": json.loads,
        "base64_encode": lambda text: base64.b64encode(str(text).encode()).decode(),
        "base64_decode": lambda text: base64.b64decode(text).decode(),
        "json_encode": json.dumps,
    }
    environment.globals |= {"get_secret": SECRETS.__getitem__, "get_variable": VARIABLES.__getitem__}
    return environment


class _User:
    def __init__(self) -> None:
        vars(self).update(USER)


def request_work(connector: dict[str, Any]) -> Work:
    environment = plain_environment()
    fields = [
        connector["url"],
        *(row["value"] for key in ("headers", "query_parameters") for row in connector.get(key, ())),
    ]
    fields += [connector["request_body"]] if "request_body" in connector else []
    kept: dict[str, jinja2.Template] = {}

    def plain() -> object:
        context = {
            "user": _User(),
            "tenant_id": "t",
            "pathParams": {"id": "42"},
            "body_text": PAYLOAD,
            "now": lambda offset=0: int(time.time()) + offset,
        }
        rendered = []
        for field in fields:
            template = kept.get(field)
            if template is None:
                template = kept[field] = environment.from_string(field)
            rendered.append(template.render(context))
        return rendered

    values = MappingValues(SECRETS, VARIABLES)
    inputs = Inputs(user=USER, tenant_id="t", path_parameters={"id": "42"}, payload=PAYLOAD)

    def ours() -> object:
        request = render_request(connector, values, inputs)
        assert request.failure is None, request.failure
        return request

    plain.forget = lambda: (kept.clear(), environment.cache.clear())  # type: ignore[attr-defined]
    return Work(plain, ours)


def response_work(template_text: str) -> Work:
    environment = plain_environment()
    kept: list[jinja2.Template] = []
    response = {"body": ANSWER, "status_code": 200, "headers": {}}

    def plain() -> object:
        if not kept:
            kept.append(environment.from_string(template_text))
        return kept[0].render(response=response, user=_User(), tenant_id="t")

    def ours() -> object:
        renderer = Renderer(MappingValues(), Inputs(user=USER), StandIns(), extra={"response": response})
        return renderer.field(FieldPlace.RESPONSE_BODY, "response_body", template_text)

    plain.forget = kept.clear  # type: ignore[attr-defined]
    return Work(plain, ours)


def forget(work: Work) -> None:
    """Everything that was compiled or scanned, on both sides."""
    work.plain.forget()  # type: ignore[attr-defined]
    sandbox.compiled.cache_clear()
    source_calls.scan.cache_clear()


def best(work: Work, rounds: int, *, is_first: bool) -> tuple[float, float]:
    """The least CPU milliseconds of each side."""
    plain, ours = [], []
    repeat = 1 if is_first else 20
    for _ in range(rounds * (3 if is_first else 1)):
        for side, found in ((work.plain, plain), (work.ours, ours)):
            if is_first:
                forget(work)
            started = time.process_time_ns()
            for _ in range(repeat):
                side()
            found.append((time.process_time_ns() - started) / repeat / 1e6)
    return min(plain), min(ours)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    works = {name: request_work(connector) for name, connector in CONNECTORS.items()}
    works |= {name: response_work(template) for name, template in RESPONSES.items()}
    print("| templates | first: plain ms | ours ms | times | again: plain ms | ours ms | times |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    sums = [0.0] * 4
    for name, work in works.items():
        work.plain(), work.ours()  # imports and lexer tables, on both sides
        figures = [*best(work, rounds, is_first=True), *best(work, rounds, is_first=False)]
        sums = [total + figure for total, figure in zip(sums, figures, strict=True)]
        print(line(name, figures))
    print(line("all", sums))


def line(name: str, figures: list[float]) -> str:
    first, first_ours, again, again_ours = figures
    return (
        f"| {name} | {first:.3f} | {first_ours:.3f} | {first_ours / first:.2f} "
        f"| {again:.3f} | {again_ours:.3f} | {again_ours / again:.2f} |"
    )


if __name__ == "__main__":
    main()
