"""Rules about what a template calls, reads and filters, each at its exact text."""

import json

import pytest
from jinja2 import Environment, TemplateSyntaxError

from strongroom.document import Document
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.validator import Levels, Severity, apply_fixes, validate

QUIET = Levels().ignore(["none-text", "unguarded-response"])
PLACES = {
    "url": {"url": "https://a.example/%s"},
    "headers": {"headers": [{"key": "k", "value": "%s"}]},
    "query_parameters": {"query_parameters": [{"key": "k", "value": "%s"}]},
    "authentication": {"authentication": {"type": "jwt", "config": {"private_key": "{{ get_secret('api_key') }}",
                                                                    "claims": {"x": "%s"}}}},
    "request_body": {"method": "POST", "request_body": "%s"},
    "response_body": {"response_body": "%s"},
}  # fmt: skip


def field(place, template):
    """A connector with `template` in one field; marks stay as they are."""
    body = {"name": "Sample", "url": "https://a.example", **PLACES[place]}
    if "pathParams.x" in template and place == "url":
        body["path_parameters"] = [{"key": "x"}]
    return json.dumps(body, ensure_ascii=False).replace("%s", json.dumps(template, ensure_ascii=False)[1:-1])


def step(place, template):
    """A composite of two steps, `first` and `fetch-user`, with `template` in a field of the second."""
    own = json.loads(field(place, "%s"))
    first = {"name": "first", "url": "https://a.example"}
    text = json.dumps({"name": "Both", "steps": [first, {**own, "name": "fetch-user"}]}, ensure_ascii=False)
    return text.replace("%s", json.dumps(template, ensure_ascii=False)[1:-1])


def fixed(marked, check, *, unsafe=False, **options):
    """The text after the fixes of what `check` found in it."""
    import re

    findings = check(marked, levels=QUIET, **options)
    return apply_fixes(re.sub(r"«[a-z-]+:|»", "", marked), findings, unsafe=unsafe)


# -- names of secrets and variables ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("get_secret('region')", "get_variable('region')"),
        ("get_variable('api_key')", "get_secret('api_key')"),
    ],
)
def test_the_other_kind_s_function_is_swapped(check, wrong, right):
    name = wrong.partition("(")[0]
    marked = field("headers", f"{{{{ {wrong.replace(name, f'«wrong-kind:{name}»')} }}}}")
    assert fixed(marked, check) == field("headers", f"{{{{ {right} }}}}")


def test_a_secret_read_as_a_variable_where_no_secret_resolves_has_no_fix(check):
    (finding,) = check(field("url", "{{ «wrong-kind:get_variable»('api_key') }}"))
    assert finding.fixes == ()
    assert finding.message.startswith("`api_key` is a secret, and get_secret works only in headers")


def test_a_kind_is_known_from_an_incomplete_list_too(check):
    names = Names(Knowledge.PARTIAL, {"region": Name("region", Kind.VARIABLE)})
    check(field("headers", "{{ «wrong-kind:get_secret»('region') }}"), names=names)


def test_a_secret_in_a_credential_read_as_a_variable_is_one_finding(check):
    auth = {"type": "api_key", "config": {"key": "k", "value": "{{ «wrong-kind:get_variable»('api_key') }}",
                                          "in": "header"}}  # fmt: skip
    check(json.dumps({"name": "n", "url": "https://a.example", "authentication": auth}, ensure_ascii=False))


@pytest.mark.parametrize(
    "call",
    [
        "get_secret(«computed-name:'api' ~ '_key'»)",
        "get_secret(«computed-name:tenant_id»)",
        "get_secret(«computed-name:'api' '_key'»)",
        "get_secret(«computed-name:'a', 'b'»)",
        "get_secret(«computed-name:name='a'»)",
        "«computed-name:get_secret()»",
        "«computed-name:get_secret»",
        "«computed-name:get_secret».api_key",
        "jwt_encode({}, get_secret(«computed-name:'k' if true else 'l'»))",
    ],
)
def test_a_name_that_is_not_one_string_is_flagged(check, call):
    (finding,) = check(field("headers", f"{{{{ {call} }}}}"))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Bearer «bare-call:get_secret('api_key')»", "Bearer {{ get_secret('api_key') }}"),
        ("{«bare-call:get_secret('api_key')»}", "{{ get_secret('api_key') }}"),
        ("${ «bare-call:get_secret('api_key')» }", "{{ get_secret('api_key') }}"),
        ("a{«bare-call:get_variable('region')»", "a{{{ get_variable('region') }}"),
        ("{{ tenant_id }}-«bare-call:get_variable('region')»", "{{ tenant_id }}-{{ get_variable('region') }}"),
        ("{% if user.id %}«bare-call:get_secret('api_key')»{% endif %}",
         "{% if user.id %}{{ get_secret('api_key') }}{% endif %}"),
    ],
)  # fmt: skip
def test_a_call_outside_of_braces_gets_them(check, text, right):
    if not text.startswith("a{"):
        assert fixed(field("headers", text), check) == field("headers", right)
    else:
        check(field("headers", text))


@pytest.mark.parametrize(
    "text",
    [
        "{% raw %}get_secret('api_key'){% endraw %}",
        "{# get_secret('api_key') #}",
        "call get_secret with a name",
        "forget_secret('api_key')",
        "{{ \"get_secret('api_key')\" }}",
    ],
)
def test_text_that_is_no_bare_call_is_silent(check, text):
    check(field("headers", text))


def test_a_bare_call_where_its_function_does_not_exist_has_no_fix(check):
    (finding,) = check(field("request_body", "«bare-call:get_secret('api_key')»"))
    assert finding.fixes == ()


def test_a_bare_call_in_a_credential_is_no_literal_credential(check):
    auth = {
        "type": "api_key",
        "config": {"key": "k", "value": "«bare-call:get_secret('api_key')»", "in": "header"},
    }
    check(json.dumps({"name": "n", "url": "https://a.example", "authentication": auth}, ensure_ascii=False))


# -- places ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["request_body", "response_body"])
def test_a_variable_does_not_resolve_in_the_bodies_of_a_connector(check, place):
    (finding,) = check(field(place, "{{ «misplaced-variable:get_variable('region')» }}"))
    allowed = "url, headers, query_parameters and authentication"
    assert finding.message == f"get_variable does not work in {place}, only in {allowed}."
    check(step(place, "{{ get_variable('region') }}"))


def test_nothing_is_signed_in_a_response(check):
    check(field("response_body", "{% set t = «misplaced-function:jwt_encode»({}, 'k') %}{{ t }}"))
    check(step("response_body", "{{ «misplaced-function:jwt_encode»({}, 'k') }}"))
    check(field("request_body", "{{ jwt_encode({'iat': now()}, tenant_id, 'HS256') }}"))


@pytest.mark.parametrize(
    ("place", "template"),
    [
        ("query_parameters", "{{ «misplaced-name:pathParams».x }}"),
        ("headers", "{{ «misplaced-name:body_text» }}"),
        ("url", "{{ «misplaced-name:body_text» | from_json | attr('topicId') }}"),
        ("request_body", "{{ «misplaced-name:response».body }}"),
        ("url", "{{ «misplaced-name:steps»['a'].body }}"),
        ("headers", "{% if «misplaced-name:request».headers['a'] %}b{% endif %}"),
        ("headers", '{{ {\'a\': [1, «misplaced-name:body_raw»]} ~ "\\"é" }}'),
    ],
)
def test_a_name_of_another_field_is_misplaced_and_not_undefined(check, place, template):
    check(field(place, template), levels=QUIET)


@pytest.mark.parametrize(
    ("marked", "right"),
    [
        (step("url", "{{ «misplaced-name:body_text» }}"), step("url", "{{ request.body_text }}")),
        (field("request_body", "{{ «misplaced-name:request».body_text }}"),
         field("request_body", "{{ body_text }}")),
    ],
)  # fmt: skip
def test_the_body_is_named_as_the_table_of_its_connector_has_it(check, marked, right):
    assert fixed(marked, check) == right


def test_path_parameters_do_not_exist_in_steps(check):
    check(step("headers", "{{ «misplaced-name:pathParams».x }}"))


# -- undefined names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    [
        "{% set x = 1 %}{{ x }}",
        "{% if user.id %}{% set x = 1 %}{% endif %}{{ x }}",
        "{% set x, y = 1, 2 %}{{ x ~ y }}",
        "{% set x %}text{% endset %}{{ x }}",
        "{% set ns = namespace(a=1) %}{% set ns.a = 2 %}{{ ns.a }}",
        "{% for k, v in {'a': 1}.items() if v %}{{ loop.index ~ k ~ v }}{% else %}none{% endfor %}",
        "{% for a in [1] recursive %}{{ loop([a]) }}{% endfor %}",
        "{% macro m(a, b=a) %}{{ a ~ b ~ caller() ~ varargs ~ kwargs ~ later }}{% endmacro %}"
        "{% set later = 1 %}{% call(x) m(1) %}{{ x }}{% endcall %}",
        "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}",
        "{% import 'x' as x %}{% from 'y' import z as w, q %}{{ x.a ~ w ~ q }}",
        "{% block b %}{{ self.b() ~ super() }}{% endblock %}",
        "{{ range(3) | list ~ dict(a=1) ~ lipsum() ~ cycler(1) ~ joiner() ~ namespace() }}",
        "{{ now() ~ now(60) ~ user.profile_fields.by_id(3) ~ tenant_id ~ none ~ true }}",
        "{% if payload is defined %}{{ payload }}{% endif %}",
        "{{ payload | default('none') }}",
        "{{ title | d('') }}",
        "{# {{ payload }} #}{% raw %}{{ payload }}{% endraw %}{{ 'payload' }}",
        "{{- user.email -}}",
        "{{ args | default({}) | tojson }}}}",
    ],
)
def test_defined_names_are_silent(check, template):
    check(field("headers", template))


@pytest.mark.parametrize(
    "template",
    [
        "{{ «undefined-name:payload».title }}",
        "{{ «undefined-name:payload».title | default('x') }}",
        "{{ «undefined-name:queryParams».name }}",
        "{{ «undefined-name:x» }}{% set x = 1 %}",
        "{% for a in [1] %}{% set x = a %}{% endfor %}{{ «undefined-name:x» ~ «undefined-name:a» }}",
        "{{ «undefined-name:loop».index }}{% for a in [1] %}{% endfor %}",
        "{% for a in «undefined-name:a» %}{% endfor %}",
        "{% with a = «undefined-name:a» %}{{ a }}{% endwith %}{{ «undefined-name:a» }}",
        "{% macro m(a) %}{% endmacro %}{{ «undefined-name:a» }}",
        "{% set «undefined-name:ns».a = 1 %}",
        "{% if «undefined-name:flag» %}{% endif %}{{ 1 if «undefined-name:other» else 2 }}",
        "{{ «undefined-name:fetch»(1) }}",
        "{{ tenant_id ~ ({'a': [«undefined-name:b»]} | tojson(indent=«undefined-name:c»)) }}",
        "{{ jwt_encode({'sub': «undefined-name:sub»}, get_secret('api_key')) }}",
        "{{ 'é\U0001f600\\'' ~ «undefined-name:payload» }}",
    ],
)
def test_names_that_nothing_defines_are_flagged(check, template):
    for finding in check(field("headers", template)):
        assert finding.severity is Severity.ERROR


def test_a_near_name_is_offered_and_a_slip_of_case_is_mended_safely(check):
    marked = field("headers", "{{ «undefined-name:tenantId» }}")
    assert fixed(marked, check) == field("headers", "{{ tenant_id }}")
    marked = field("headers", "{{ «undefined-name:tennant_id» }}")
    assert fixed(marked, check, unsafe=True) == field("headers", "{{ tenant_id }}")
    (finding,) = check(marked)
    assert finding.fix is None


def test_a_name_of_another_system_comes_with_what_to_use_here(check):
    (finding,) = check(field("request_body", "{{ «undefined-name:payload».title }}"))
    assert "`body_text`" in finding.message


@pytest.mark.parametrize(
    "template",
    [
        "{{ user.«undefined-name:emial» }}",
        "{{ user['«undefined-name:first_nme»'] }}",
        "{{ response.«undefined-name:status» }}",
        "{{ response['«undefined-name:json»'] }}",
    ],
)
def test_fields_that_a_context_name_does_not_have_are_flagged(check, template):
    check(field("response_body", template), levels=QUIET)


@pytest.mark.parametrize(
    "template",
    [
        "{{ user.roles | default([]) }}",
        "{% if user.roles is defined %}{{ user.roles }}{{ user.profile_fields.by_id(1) }}{% endif %}",
        "{{ response.body.split(',') }}{{ response.body[0] }}{{ response.body[:9] }}{{ (response.body).upper() }}",
        "{{ response.headers.etag }}",
        "{{ response.get('body') }}",
        "{% set user = {} %}{{ user.emial }}",
        "{{ user['a' ~ 'b'] }}",
    ],
)
def test_fields_that_may_exist_are_silent(check, template):
    check(field("response_body", template), levels=QUIET)


@pytest.mark.parametrize(
    ("place", "template"),
    [
        ("response_body", "{{ response.body.«undefined-name:data» }}"),
        ("response_body", "{{ response['body']['«undefined-name:data»'] }}"),
        ("response_body", "{% set b = response.body.«undefined-name:data» %}{{ b.x }}"),
        ("request_body", "{{ body_text.«undefined-name:data».x }}"),
        ("request_body", "{% set body_text = {} %}{{ body_text.data }}"),
        ("headers", "{{ user.profile_fields.«undefined-name:company» }}"),
    ],
)
def test_a_body_is_text_and_has_no_fields_until_it_is_parsed(check, place, template):
    check(field(place, template), levels=QUIET)


def test_so_are_the_bodies_in_a_composite(check):
    check(step("request_body", "{{ request.body_text.«undefined-name:data» }}"))
    check(
        step("request_body", "{{ steps.first.body.«undefined-name:data» }}{{ steps['first'].headers.data }}")
    )


def test_a_body_is_parsed_where_asked_for(check):
    marked = field("response_body", "{{ response.body.«undefined-name:data».x }}")
    right = field("response_body", "{{ (response.body | from_json).data.x }}")
    assert fixed(marked, check, unsafe=True) == right


@pytest.mark.parametrize(
    "template",
    [
        "{{ [1] | map('«unknown-filter:uper»') | list }}",
        "{{ [1] | select('«unknown-filter:evn»') | list }}{{ [1] | reject('even') | list }}",
        "{{ [1] | selectattr('a', '«unknown-filter:equals»', 1) | list }}{{ [1] | rejectattr('nope') | list }}",
        "{{ [1] | map(attribute='nope') | list }}{{ [1] | map('from_json') | list }}{{ [1] | map(tenant_id) | list }}",
    ],
)
def test_a_filter_or_test_whose_name_is_an_argument_is_known_too(check, template):
    check(field("request_body", template))


def test_a_template_with_a_syntax_error_has_no_undefined_names(check):
    check(field("headers", "{{ please «template-syntax:enter» a value }}"))


@pytest.mark.parametrize(
    "template",
    [
        "{% block a %}{% block b %}{% endblock %}{% endblock %}{% block «template-syntax:b» %}{% endblock %}",
        "{% for «template-syntax:loop» in [1] %}{{ loop }}{% endfor %}",
        "{% for (a, «template-syntax:loop») in [] %}{% endfor %}",
        "{% for a in [1] %}{% if a %}{% set «template-syntax:loop» = a %}{% endif %}{% endfor %}",
        "{{ now(offset=1, «template-syntax:offset=2») }}",
        "{{ 'a' | replace(old='a', «template-syntax:old='b'») }}",
    ],
)
def test_what_jinja2_refuses_after_reading_is_a_mistake_of_syntax(check, template):
    read = template.replace("«template-syntax:", "").replace("»", "")
    with pytest.raises((SyntaxError, TemplateSyntaxError)):
        Environment(autoescape=True).from_string(read)
    check(field("request_body", template))


@pytest.mark.parametrize(
    "template",
    [
        "{% set loop = 1 %}{{ loop }}",
        "{% block a %}{{ loop is defined }}{% endblock %}{% block c %}{% endblock %}",
        "{% for a in [1] %}{% set b = loop.index %}{{ b }}{{ loop.last }}{% endfor %}",
        "{{ now(offset=1) }}{{ now(offset=2) }}",
        "{{ {'a': now(offset=1)} | tojson(indent=now(offset=2)) }}",
    ],
)
def test_what_jinja2_compiles_is_no_mistake_of_syntax(check, template):
    Environment(autoescape=True).from_string(template)
    check(field("request_body", template))


def test_a_field_that_no_user_has_is_only_an_unknown_name(check):
    check(field("request_body", "{{ user.«undefined-name:emial» }}"))


# -- filters and tests -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "right"),
    [
        ("{{ «unknown-filter:json_encode»(tenant_id) }}", "{{ tenant_id | json_encode }}"),
        ("{{ «unknown-filter:tojson»(tenant_id ~ 'a') }}", "{{ (tenant_id ~ 'a') | tojson }}"),
        ("{{ «unknown-filter:from_json»('{}').a }}", "{{ ('{}' | from_json).a }}"),
        ("{{ «unknown-filter:replace»(tenant_id, 'a', 'b') }}", "{{ tenant_id | replace('a', 'b') }}"),
        ("{{ 1 + «unknown-filter:length»(tenant_id) }}", "{{ 1 + (tenant_id | length) }}"),
        ("{{ tenant_id | «unknown-filter:toJson» }}", "{{ tenant_id | tojson }}"),
    ],
)
def test_a_filter_called_as_a_function_becomes_a_filter(check, template, right):
    assert fixed(field("headers", template), check) == field("headers", right)


def test_a_filter_call_around_an_undefined_name_is_two_mistakes(check):
    check(field("request_body", "{{ «unknown-filter:json_encode»(«undefined-name:payload») }}"))


@pytest.mark.parametrize(
    "template",
    [
        "{{ tenant_id | «unknown-filter:b64encode» }}",
        "{{ tenant_id | «unknown-filter:nothing_like_it» | trim }}",
        "{% filter «unknown-filter:uper» %}a{% endfilter %}",
        "{{ 'api_key' | «unknown-filter:get_secret» }}",
        "{{ 1 if tenant_id is «unknown-filter:nmber» else 2 }}",
    ],
)
def test_unknown_filters_and_tests_are_flagged(check, template):
    check(field("headers", template))


def test_a_macro_may_be_called_like_a_filter(check):
    check(field("headers", "{% macro upper(x) %}{{ x }}{% endmacro %}{{ upper('a') }}"))


@pytest.mark.parametrize(
    "template",
    [
        "{{ response.body | from_json | sort(attribute='population', reverse=true) | tojson }}",
        "{{ user.email | default('unknown') }}",
        "{% set item = response.body | from_json %}{{ (item['description'] | default('')).split('\n')[0] }}",
        "{% set m = {'a': 'b'} %}{% set x = 'a' %}{{ m[x] if x in m else 'Unknown' }}",
    ],
)
def test_what_real_files_do_is_silent(check, template):
    check(field("response_body", template), levels=QUIET)


# -- documented mistakes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["items", "keys", "values", "get", "update"])
def test_a_dict_method_that_is_not_called_is_flagged(check, method):
    marked = field("response_body", f"{{% set d = {{}} %}}{{{{ d.«dict-method:{method}» | tojson }}}}")
    right = field("response_body", f"{{% set d = {{}} %}}{{{{ d['{method}'] | tojson }}}}")
    assert fixed(marked, check) == right


@pytest.mark.parametrize(
    "use", ["d.get('x')", "d.items()", "d['items']", "d.items_", "d.get('a').b", "d | items"]
)
def test_called_methods_and_items_are_silent(check, use):
    check(field("response_body", f"{{% set d = {{}} %}}{{% for a in {use} %}}{{{{ a }}}}{{% endfor %}}"))


def test_a_loop_over_pairs_is_offered_both_ways_out(check):
    text = "{% set d = {} %}{% for k, v in d.«dict-method:items» %}{{ k ~ v }}{% endfor %}"
    (finding,) = check(field("response_body", text))
    assert [(fix.title, fix.is_safe) for fix in finding.fixes] == [
        ("Call items()", False),
        ("Use ['items']", False),
    ]


@pytest.mark.parametrize(
    "template",
    [
        "{% set t = [] %}{% for a in [1] %}{% set «lost-accumulator:t» = t + [a] %}{% endfor %}{{ t }}",
        "{% set t = '' %}{% for a in [1] %}{% if a %}{% set «lost-accumulator:t» = t ~ a %}{% endif %}{% endfor %}",
        "{% set t = 0 %}{% for a in [1] %}{% for b in [a] %}{% set «lost-accumulator:t» = b + t %}"
        "{% endfor %}{% endfor %}{{ t }}",
        "{% set found = false %}{% for a in [1] %}{% if a %}{% set «lost-accumulator:found» = true %}{% endif %}"
        "{% endfor %}{{ found }}",
    ],
)
def test_what_a_loop_collects_and_loses_is_flagged(check, template):
    check(field("response_body", template))


@pytest.mark.parametrize(
    "template",
    [
        "{% set ns = namespace(t=[]) %}{% for a in [1] %}{% set ns.t = ns.t + [a] %}{% endfor %}{{ ns.t }}",
        "{% for a in [1] %}{% set t = 0 %}{% set t = t + a %}{{ t }}{% endfor %}",
        "{% set t = 0 %}{% for a in [1] %}{% set t = a %}{{ t }}{% endfor %}",
        "{% set t = 0 %}{% set t = t + 1 %}{{ t }}",
        "{% for t in [1] %}{% set t = t + 1 %}{{ t }}{% endfor %}",
    ],
)
def test_what_a_loop_keeps_to_itself_is_silent(check, template):
    check(field("response_body", template))


def test_parsed_json_alone_is_flagged(check):
    marked = field("request_body", "{{ body_text | «raw-from-json:from_json» }}")
    right = field("request_body", "{{ body_text | from_json | tojson }}")
    assert fixed(marked, check, unsafe=True) == right
    check(field("request_body", "{{ (body_text | from_json).a }}{{ body_text | from_json | tojson }}"))
    check(field("request_body", "{% set b = body_text | from_json %}{{ b.a }}"))


@pytest.mark.parametrize(
    "template",
    [
        "{{ «none-text:user.email» }}{{ user.id }}",
        "{{ 'a' ~ «none-text:user.id» }}",
        "{{ «none-text:user.email» | urlencode }}",
        "{{ «none-text:user.first_name» }}{{ 1 if tenant_id else user.id }}",
    ],
)
def test_a_user_s_field_printed_as_it_is_is_noted_once(check, template):
    (finding,) = check(field("request_body", template))
    assert finding.severity is Severity.INFO
    check(field("headers", template.replace("«none-text:", "").replace("»", "")))


@pytest.mark.parametrize(
    "template",
    [
        "{{ user.email | default('unknown') }}",
        "{{ user.email or 'unknown' }}",
        "{{ user.email | tojson }}",
        "{% if user.id %}{{ user.email }}{% endif %}",
        "{{ user.email if user.email else '' }}",
    ],
)
def test_a_guarded_user_s_field_is_silent(check, template):
    check(field("request_body", template))


def test_a_response_parsed_whatever_its_status_is_noted_once(check):
    text = "{% set r = «unguarded-response:response.body | from_json» %}{{ (response.body | from_json).a ~ r.b }}"
    check(field("response_body", text))
    guarded = "{% if response.status_code == 200 %}{{ (response.body | from_json).a }}{% endif %}"
    check(field("response_body", guarded))
    check(step("response_body", "{{ (response.body | from_json).a }}"))


# -- steps -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    [
        "{{ steps.first.body }}",
        "{{ steps['first'].status_code }}",
        "{{ (steps['first'].body | from_json).places[0].latitude }}",
        "{{ steps.get('other') }}",
        "{{ steps[tenant_id] }}",
        "{% set steps = {} %}{{ steps.other }}",
    ],
)
def test_earlier_steps_are_silent(check, template):
    check(step("url", template))


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ steps['«unknown-step:other»'].body }}", "There is no step `other`."),
        ("{{ steps.«unknown-step:other».body }}", "There is no step `other`."),
        ("{{ steps['«unknown-step:fetch-user»'].body }}",
         "`fetch-user` is this step itself: only earlier steps can be read."),
        ("{{ steps['«unknown-step:frist»'].body }}", "There is no step `frist`. Did you mean `first`?"),
        ("{{ steps.first.«undefined-name:json» }}",
         "`steps['first']` has no field `json`: it has body, status_code and headers."),
    ],
)  # fmt: skip
def test_steps_that_cannot_be_read_are_flagged(check, template, message):
    (finding,) = check(step("url", template))
    assert finding.message == message
    assert finding.field == "steps[1].url"
    assert finding.pointer == "/steps/1/url"


def test_a_step_that_comes_later_is_flagged(check):
    steps = [
        {"name": "a", "url": "https://a.example/{{ steps['«unknown-step:b»'].body }}"},
        {"name": "b", "url": "https://a.example/{{ steps.a.body }}"},
    ]
    (finding,) = check(json.dumps({"name": "n", "steps": steps}, ensure_ascii=False))
    assert finding.message == "The step `b` has not run yet: only earlier steps can be read."


def test_a_hyphenated_step_behind_a_dot_is_mended(check):
    def both(template):
        steps = [
            {"name": "zip-to-coords", "url": "https://a.example"},
            {"name": "b", "url": f"https://a.example/{template}"},
        ]
        return json.dumps({"name": "n", "steps": steps}, ensure_ascii=False)

    marked = both("{{ steps.«unknown-step:zip-to-coords».body }}")
    assert fixed(marked, check) == both("{{ steps['zip-to-coords'].body }}")
    marked = both("{{ steps.«unknown-step:zip_to_coords».body }}")
    assert fixed(marked, check) == both("{{ steps['zip-to-coords'].body }}")


# -- equal templates ---------------------------------------------------------------------------------------


def test_equal_templates_have_their_findings_each_at_its_place():
    row = {"key": "k", "value": "{{ get_secret( 'nothing_like_it') }}"}
    text = json.dumps({"name": "n", "url": "https://a.example", "headers": [row, {**row, "key": "l"}]})
    found = [(f.rule, text[f.start : f.end], f.field) for f in validate(Document.parse(text))]
    assert found == [("secret-spacing", " ", f"headers[{index}].value") for index in range(2)]
    escaped = text.replace("{{ get", "{{\\u0020get", 1)
    assert [escaped[f.start - 1 : f.end] for f in validate(Document.parse(escaped))] == ["( ", "( "]
