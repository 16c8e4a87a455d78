"""Templates render as on the platform: context, filters, literals, sandbox."""

import base64
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.platform.places import FieldPlace
from strongroom.resolver import ANONYMOUS, Inputs, MappingValues
from strongroom.resolver.request import build
from strongroom.resolver.templates.bounded import TooSlow, bounded
from strongroom.resolver.templates.rendering import Renderer
from strongroom.resolver.terms.failures import RunFailed
from strongroom.resolver.terms.stand_ins import StandIns

SECRETS = {"key": "s3cr3t<&>\"'", "user": "ann"}
VARIABLES = {"base": "https://x.example", "html": "a&b"}


def render(template, place=FieldPlace.HEADER, inputs=None, values=None, **extra):
    """What is sent, and what is shown."""
    stand_ins = StandIns()
    renderer = Renderer(
        values or MappingValues(SECRETS, VARIABLES), inputs or Inputs(), stand_ins, extra=extra
    )
    field = renderer.field(place, "field", template)
    return stand_ins.open(field.text), field.shown(stand_ins)


def sent(template, place=FieldPlace.HEADER, inputs=None, **extra):
    return render(template, place, inputs, **extra)[0]


def why(template, place=FieldPlace.HEADER, **extra):
    with pytest.raises(RunFailed) as caught:
        render(template, place, **extra)
    return caught.value.failure.reason


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain", "plain"),
        ("Bearer {{ get_secret('user') }}", "Bearer ann"),
        ("{{ get_variable('base') }}/v1", "https://x.example/v1"),
        ("{{ user.email }}", "test.user@example.com"),
        ("{{ tenant_id }}", "sample-tenant"),
        ("{{ misspelt }}|", "|"),
        ("{{ user.missing }}|", "|"),
        ("{{ none }}", "None"),
        ("{{ 'a' | upper }}", "A"),
        ("{{ '{\"a\": 1}' | from_json | tojson }}", '{"a": 1}'),
        ("{{ {'a': 'é'} | json_encode }}", '{"a": "\\u00e9"}'),
        ("{{ 'ä:b' | base64_encode }}", "w6Q6Yg=="),
        ("{{ 'w6Q6Yg' | base64_decode }}", "ä:b"),
        ("{% raw %}{{ get_secret('key') }}{% endraw %}", "{{ get_secret('key') }}"),
    ],
)
def test_the_platforms_functions_filters_and_context(template, expected):
    assert sent(template) == expected


def test_secrets_are_injected_after_rendering_and_so_are_not_escaped():
    assert sent("{{ get_secret('key') }}") == SECRETS["key"]


def test_variables_are_rendered_with_autoescaping():
    assert sent("{{ get_variable('html') }}") == "a&amp;b"


def test_json_from_a_body_printed_alone_is_escaped_python_notation():
    template = "{{ body_text | from_json }}"
    text = sent(template, FieldPlace.REQUEST_BODY, Inputs(payload='{"a": "b"}'))
    assert text == "{&#39;a&#39;: &#39;b&#39;}"


@pytest.mark.parametrize(
    ("template", "literal"),
    [
        ("Bearer {{ get_secret('nope') }}", "Bearer {{ get_secret('nope') }}"),
        ('{{get_secret( "nope" )}}', '{{get_secret( "nope" )}}'),
        ("{{ get_variable('nope') }}", "{{ get_variable('nope') }}"),
        ("{{- get_secret('nope') -}}", "{{- get_secret('nope') -}}"),
        ("{{ 'Bearer ' ~ get_secret('nope') }}", "Bearer get_secret('nope')"),
        ("{% set n = 'no' %}{{ get_secret(n ~ 'pe') }}", "{{ get_secret(n ~ 'pe') }}"),
        ("{{ get_secret('base') }}", "{{ get_secret('base') }}"),
        ("{{ get_secret('KEY') }}", "{{ get_secret('KEY') }}"),
    ],
)
def test_a_name_that_does_not_resolve_leaves_its_expression_as_it_is_written(template, literal):
    assert sent(template) == literal


@pytest.mark.parametrize("place", [FieldPlace.URL, FieldPlace.REQUEST_BODY, FieldPlace.RESPONSE_BODY])
def test_a_secret_stays_an_expression_where_get_secret_does_not_exist(place):
    assert sent("a {{ get_secret('key') }} b", place) == "a {{ get_secret('key') }} b"


def test_a_variable_stays_an_expression_in_the_bodies():
    assert sent("{{ get_variable('base') }}", FieldPlace.REQUEST_BODY) == "{{ get_variable('base') }}"
    assert sent("{{ get_variable('base') }}", FieldPlace.URL) == "https://x.example"


def test_names_exist_only_in_their_own_fields():
    inputs = Inputs(payload="body", path_parameters={"id": "7"})
    assert sent("{{ pathParams.id }}", FieldPlace.URL, inputs) == "7"
    assert sent("{{ body_text }}", FieldPlace.URL, inputs) == ""
    assert sent("{{ body_text }}", FieldPlace.REQUEST_BODY, inputs) == "body"
    assert "is undefined" in why("{{ jwt_encode({}, 'k', 'HS256') }}", FieldPlace.RESPONSE_BODY)


def test_a_visitor_who_is_not_signed_in_is_none_everywhere():
    template = "{{ user.email }} {{ user.id }} {{ user.profile_fields.by_id(3) }}"
    assert sent(template, inputs=Inputs(user=ANONYMOUS)) == "None None None"


def test_profile_fields_are_found_by_their_number():
    assert (
        sent("{{ user.profile_fields.by_id(12) }}", inputs=Inputs(user={"profile_fields": {"12": "Oslo"}}))
        == "Oslo"
    )


def test_now_is_unix_time_in_whole_seconds_with_an_offset():
    before = int(time.time())
    later = int(sent("{{ now(60) }}"))
    assert before + 60 <= later <= int(time.time()) + 60


def test_basic_authentication_can_be_built_from_secrets():
    text, shown = render("Basic {{ (get_secret('user') ~ ':' ~ get_secret('key')) | base64_encode }}")
    assert base64.b64decode(text.removeprefix("Basic ")).decode() == f"ann:{SECRETS['key']}"
    assert shown == "Basic {{ (get_secret('user') ~ ':' ~ get_secret('key')) | base64_encode }}"


def test_a_secret_inside_json_is_escaped_for_json():
    assert json.loads(sent("{{ {'k': get_secret('key')} | tojson }}")) == {"k": SECRETS["key"]}


def test_a_secret_with_a_filter_that_percent_encodes():
    assert sent("{{ get_secret('key') | urlencode }}") == "s3cr3t%3C%26%3E%22%27"


def test_a_field_that_uses_a_secret_shows_its_template_and_nothing_else():
    assert render("Bearer {{ get_secret('user') }}")[1] == "Bearer {{ get_secret('user') }}"
    assert render("{% set f = get_secret %}{{ f('user') }}")[1] == "{% set f = get_secret %}{{ f('user') }}"
    assert render("{{ get_variable('base') }}")[1] == "https://x.example"


@pytest.mark.parametrize(
    ("template", "part"),
    [
        ("{{ 'x' | from_json }}", "not valid JSON (line 1, column 1)"),
        ("{{ nope | from_json }}", "undefined"),
        ("{{ '%' | base64_decode }}", "not base64"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ a.b.c }}", "'a' is undefined"),
        ("{% if %}", "line 1 of the template"),
        ("{{ 'a' | nope }}", "No filter named 'nope'"),
        ("{{ get_secret() }}", "wants one name in quotes"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "without end"),
        ("{{ {}[get_secret('key')].x }}", "has no attribute 'get_secret('key')'"),
        ("{{ {}['a name'].x }}", "has no attribute 'a name'"),
        ("{{ {}[''].x }}", "has no attribute ''"),
        ("{{ {}['ann@example.com'].x }}", "has no attribute '...'"),
        ("{{ get_secret('key') | from_json }}", "the secret key that is not valid JSON"),
    ],
)
def test_what_does_not_render_says_why_and_holds_no_value(template, part):
    reason = why(template)
    assert part in reason
    assert "s3cr3t" not in reason


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 10**9 }}",
        "{{ [0] * 10**9 }}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ '{:{}}'.format(1, 999999999) }}",
        "{{ '%*d' | format(999999999, 1) }}",
        "{{ 'a' | center(999999999) }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ 'a\t'.expandtabs(999999999) }}",
        "{{ ('a' | safe).zfill(999999999) }}",
        "{{ ('a' * 100000).replace('a', 'b' * 100000) }}",
        "{{ ('a' * 100000).join(range(9999) | map('string')) }}",
        "{{ ''.join(['a' * 1000000] * 99999) }}",
        "{{ ('a' * 100000) | replace('a', 'b' * 100000) }}",
        "{% set n = namespace(x='aaaaaaaaaa') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
        "{% set n = namespace(x='aaaaaaaaaa') %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "{% for i in range(99999) %}{{ 'a' * 100 }}{% endfor %}",
        "{{ range(10**9) | list }}",
    ],
)
def test_a_template_that_wants_to_fill_memory_is_refused_at_once(template):
    started = time.process_time()
    assert "does not render" in why(template)
    assert time.process_time() - started < 10  # it would take half a minute, or all memory


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ ', '.join(['a', 'b'] | map('upper')) }}", "A, B"),
        ("{{ ('x' * 900000).replace('x', '') }}", ""),
        ("{{ ('x' * 400000).replace('x', 'yy') | length }}", "800000"),
        ("{{ 'a'.ljust(3) }}|", "a  |"),
        ("{{ 'a,b'.split(',', 1) | join('|') }}", "a|b"),
    ],
)
def test_methods_of_texts_work_within_the_limits(template, text):
    assert sent(template) == text


def test_bytes_are_encoded_as_they_are():
    inputs = Inputs(payload=b"\xff\x00a")
    assert render("{{ body_raw | base64_encode }}", FieldPlace.REQUEST_BODY, inputs)[0] == "/wBh"


@pytest.mark.parametrize("cut", ["[:-1] ~ 'x'", "[:-1] ~ '²'", "[:-1]"])
def test_a_secret_of_which_a_template_cuts_a_part_is_not_sent(cut):
    assert "s3cr3t" not in sent(f"{{{{ get_secret('key'){cut} }}}}")


def test_a_template_that_never_ends_is_stopped_and_its_thread_ends():
    import threading

    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    seen = []

    def compute():
        seen.append(threading.current_thread())
        return sent(endless)

    with pytest.raises(TooSlow):
        bounded(compute, 0.2)
    assert not seen[0].is_alive()


def test_an_error_of_a_computation_is_raised_where_it_was_asked_for():
    with pytest.raises(ZeroDivisionError):
        bounded(lambda: 1 // 0, 5)


async def test_a_request_that_renders_for_too_long_in_a_loop_says_so(monkeypatch):
    monkeypatch.setattr(build, "RENDER_SECONDS", 0.05)
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    values, inputs = MappingValues(), Inputs()
    renderer = Renderer(values, inputs, StandIns())
    request = await build.render_beside({"url": endless}, values, inputs, renderer)
    assert request.failure is not None
    assert "a template ran for more than 0.05 seconds" in request.failure.reason


def test_a_thread_is_used_again_and_holds_nothing_while_it_waits():
    import gc
    import threading
    import weakref

    class Value:
        pass

    def task(value):
        return weakref.ref(value), lambda: (threading.current_thread(), value)[0]

    watched, compute = task(Value())
    first = bounded(compute, 5)
    del compute
    gc.collect()
    assert watched() is None
    assert bounded(threading.current_thread, 5) is first


@settings(max_examples=150)
@given(value=st.text(min_size=1), around=st.text(alphabet="abc <>&%'0123456789", max_size=8))
def test_any_value_arrives_as_it_is_and_is_never_shown(value, around):
    stand_ins = StandIns()
    renderer = Renderer(MappingValues({"k": value}), Inputs(), stand_ins)
    field = renderer.field(FieldPlace.HEADER, "h", around + "{{ get_secret('k') }}" + around)
    assert stand_ins.open(field.text) == around + value + around
    assert field.shown(stand_ins) == around + "{{ get_secret('k') }}" + around
    assert stand_ins.shown(field.text) == around + "{{ get_secret('k') }}" + around


@settings(max_examples=200)
@given(st.text(alphabet="{}%#-'\"()get_secret jwt_encode.|~ x\n", max_size=60))
def test_no_text_makes_rendering_raise_anything_but_a_failure(text):
    failures = []
    try:
        render(text)
    except RunFailed as error:
        failures.append(error.failure)
    assert all(failure.status == 422 for failure in failures)
