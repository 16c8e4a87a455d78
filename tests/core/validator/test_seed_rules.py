"""The seed page's mistakes, each at its exact text."""

import re

import pytest

from strongroom.document import Document
from strongroom.names import NO_NAMES, Kind, Knowledge, Name, Names
from strongroom.validator import Severity, apply_fixes, fix_all, validate


def field(place, template):
    """A connector file with `template` (as JSON source) in one field."""
    values = {
        "url": f'"url": "{template}"',
        "request_body": f'"url": "https://a.example", "method": "POST", "request_body": "{template}"',
        "response_body": f'"url": "https://a.example", "response_body": "{template}"',
        "header": f'"url": "https://a.example", "headers": [{{"key": "k", "value": "{template}"}}]',
        "query": f'"url": "https://a.example", "query_parameters": [{{"key": "k", "value": "{template}"}}]',
        "auth": '"url": "https://a.example", "authentication": {"type": "api_key", "config": {"key": "k", '
        f'"value": "{template}", "in": "header"}}}}',
    }
    return f'{{"connectors": [{{"name": "Sample", {values[place]}}}]}}'


def header(template):
    return field("header", template)


def step(place, template):
    """The same as the only step of a composite."""
    connector = field(place, template).removeprefix('{"connectors": [').removesuffix("]}")
    connector = connector.replace('"Sample"', '"sample"')
    return f'{{"composite_connectors": [{{"name": "Both", "steps": [{connector}]}}]}}'


@pytest.mark.parametrize("place", ["header", "query", "auth"])
def test_a_known_secret_is_silent_where_secrets_resolve(check, place):
    check(field(place, "{{ get_secret('api_key') }}"))


@pytest.mark.parametrize("place", ["header", "query", "auth"])
def test_a_missing_secret_is_flagged_at_its_name(check, place):
    (finding,) = check(field(place, "Bearer {{ get_secret('«unknown-secret:nothing_like_it»') }}"))
    assert finding.message == "Unknown secret `nothing_like_it` in community `staging`."
    assert finding.severity is Severity.ERROR
    assert finding.fixes == ()
    assert finding.data == {"name": "nothing_like_it", "kind": "secret"}
    assert finding.connector == "Sample"


def test_the_only_near_name_is_offered_but_not_as_a_safe_fix(check):
    (finding,) = check(header("{{ get_secret('«unknown-secret:api_kye»') }}"))
    assert "Did you mean `api_key`?" in finding.message
    assert finding.fix is None
    text = header("{{ get_secret('api_kye') }}")
    assert apply_fixes(text, [finding]) == text
    assert apply_fixes(text, [finding], unsafe=True) == header("{{ get_secret('api_key') }}")


def test_a_slip_of_case_is_called_that(check):
    (finding,) = check(header("{{ get_secret('«unknown-secret:API_KEY»') }}"))
    assert finding.message.endswith("Names are case-sensitive: `api_key` exists.")
    assert [fix.title for fix in finding.fixes] == ["Change to 'api_key'"]


def test_two_near_names_are_named_and_neither_is_a_fix(check):
    names = Names(Knowledge.COMPLETE, {name: Name(name, Kind.SECRET) for name in ("api_key1", "api_key2")})
    (finding,) = check(header("{{ get_secret('«unknown-secret:api_key3»') }}"), names=names)
    assert finding.message == "Unknown secret `api_key3`. Did you mean `api_key1` or `api_key2`?"
    assert finding.fixes == ()


def test_a_name_that_another_community_has_is_said_to_be_there(check, known):
    names = Names(Knowledge.COMPLETE, {}, community="production", others=(known,))
    (finding,) = check(header("{{ get_secret('«unknown-secret:api_key»') }}"), names=names)
    assert finding.message == "Unknown secret `api_key` in community `production`. It exists in `staging`."


@pytest.mark.parametrize("names", [NO_NAMES, Names(Knowledge.PARTIAL, {"a": Name("a", Kind.SECRET)})])
def test_without_a_complete_list_no_name_is_unknown(check, names):
    check(header("{{ get_secret('missing') ~ get_variable('missing') }}"), names=names)


def test_a_missing_variable_is_flagged_in_the_url(check):
    (finding,) = check(field("url", "{{ get_variable('«unknown-variable:base_ulr»') }}/x"))
    assert finding.message == "Unknown variable `base_ulr` in community `staging`. Did you mean `base_url`?"
    assert (finding.pointer, finding.field) == ("/connectors/0/url", "url")


@pytest.mark.parametrize("place", ["url", "request_body", "response_body"])
@pytest.mark.parametrize("name", ["api_key", "missing"])
def test_a_secret_where_none_resolves_is_one_finding_about_its_place(check, place, name):
    (finding,) = check(field(place, f"{{{{ «misplaced-secret:get_secret('{name}')» }}}}"))
    allowed = "headers, query_parameters and authentication"
    assert finding.message.startswith(f"get_secret does not work in {place}, only in {allowed}.")
    assert finding.fixes == ()


def test_a_variable_asked_for_as_a_secret_in_the_url_is_fixed_safely(check):
    marked = field("url", "{{ «misplaced-secret:get_secret('base_url')» }}/x")
    findings = check(marked)
    text = field("url", "{{ get_secret('base_url') }}/x")
    assert apply_fixes(text, findings) == field("url", "{{ get_variable('base_url') }}/x")


@pytest.mark.parametrize("place", ["url", "request_body", "response_body"])
def test_steps_of_composites_follow_their_own_table(place):
    text = step(place, "{{ get_secret('api_key') ~ get_variable('base_url') }}")
    (finding,) = validate(Document.parse(text))
    assert (finding.rule, finding.field) == ("misplaced-secret", f"steps[0].{place}")
    assert finding.pointer == f"/composite_connectors/0/steps/0/{place}"
    assert validate(Document.parse(step("header", "{{ get_secret('api_key') }}"))) == []


@pytest.mark.parametrize(
    ("name", "why"), [("api-key", "contains a hyphen"), ("api key", "contains a space"), ("123key",
    "starts with a digit"), ("api@key", "contains '@'")],
)  # fmt: skip
@pytest.mark.parametrize("function", ["get_secret", "get_variable"])
def test_a_name_that_no_save_accepts_is_flagged_and_not_called_unknown(check, function, name, why):
    (finding,) = check(header(f"{{{{ {function}('«invalid-secret-name:{name}»') }}}}"))
    assert f"`{name}` is not a valid name: it {why}." in finding.message


def test_an_empty_name_is_flagged_at_its_quotes(check):
    check(header("{{ get_secret(«invalid-secret-name:''») }}"))


def test_an_invalid_name_near_a_known_one_has_an_unsafe_fix(check):
    (finding,) = check(header("{{ get_secret('«invalid-secret-name:api-key»') }}"))
    assert [(fix.title, fix.is_safe) for fix in finding.fixes] == [("Change to 'api_key'", False)]


@pytest.mark.parametrize(("function", "name"), [("get_secret", "api_key"), ("get_variable", "region")])
def test_double_quotes_and_spaces_are_two_findings_whose_fixes_compose(check, known, function, name):
    findings = check(
        header(f'{{{{ {function}(«secret-spacing: »«secret-quotes:\\"{name}\\"» ) }}}}'),
    )
    text = header(f'{{{{ {function}( \\"{name}\\" ) }}}}')
    fixed = fix_all(Document.parse(text), lambda document: validate(document, known)).document.text
    assert fixed == header(f"{{{{ {function}('{name}') }}}}")
    assert {finding.severity for finding in findings} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("get_secret(«secret-spacing: »'api_key')", "get_secret('api_key')"),
        ("get_secret('api_key'«secret-spacing:  »)", "get_secret('api_key')"),
        ("get_secret(«secret-spacing:\\n  »'api_key'\\n)", "get_secret('api_key')"),
        ("get_secret(«secret-spacing:\\u0020»'api_key')", "get_secret('api_key')"),
    ],
)
def test_spaces_inside_the_parentheses_are_flagged_as_written(check, marked, fixed):
    findings = check(header(f"{{{{ {marked} }}}}"))
    text = header(f"{{{{ {re.sub('«[a-z-]+:|»', '', marked)} }}}}")
    assert apply_fixes(text, findings) == header(f"{{{{ {fixed} }}}}")


@pytest.mark.parametrize(
    "template",
    ["{{ get_secret ('api_key') }}", "{{get_secret('api_key')}}", "{{ get_secret('api_key') | trim( ) }}"],
)
def test_spaces_elsewhere_are_nobody_s_business(check, template):
    check(header(template))


@pytest.mark.parametrize(
    "template",
    [
        "{# get_secret( 'nope' ) #}",
        "{% raw %}{{ get_secret( 'nope' ) }}{% endraw %}",
        "{{ \\\"get_secret( 'nope' )\\\" }}",
        "plain get_secret(nope)",
    ],
)
def test_what_is_no_call_is_not_flagged(check, template):
    check(header(template))


@pytest.mark.parametrize(
    "prefix", ["\\\"", "\\n", "\\u00e9", "\\ud83d\\ude00", "\U0001f600", "\u2028", "\\\\", "\\/", "é"],
    ids=["quote", "newline", "escape", "surrogates", "emoji", "line separator", "backslash", "slash",
    "accent"],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["", "\n", "\r\n"])
def test_places_hold_after_anything_a_string_can_hold(check, prefix, newline):
    text = header(f"{prefix}{{{{ get_secret('«unknown-secret:nothing_like_it»') }}}}{prefix}")
    check(text.replace(", ", f",{newline}"))


def test_a_template_that_jinja2_refuses_is_flagged_where_it_gives_up(check):
    (finding,) = check(header("{{ user.email «template-syntax:oops» }}"))
    assert finding.message == "Expected `}}`, found `oops`."
    check(field("request_body", "{% «template-syntax:if» a %}{{ body_text }}"))


def test_calls_before_a_template_s_mistake_are_still_checked(check):
    check(header("{{ get_secret('«unknown-secret:nothing_like_it»') }} «template-syntax:{{» oops"))


def test_a_trailing_comma_is_flagged_and_removed(check):
    marked = '{"connectors": [{"name": "A", "url": "https://a.example"«json-syntax:,»}]}'
    (finding,) = check(marked)
    assert finding.message == "Remove the trailing comma: JSON does not allow one."
    assert (finding.connector, finding.pointer) == ("A", "/connectors/0")
    text = '{"connectors": [{"name": "A", "url": "https://a.example",}]}'
    assert apply_fixes(text, [finding]) == text.replace(",}", "}")


def test_a_broken_file_is_checked_as_far_as_it_can_be_read(check):
    good = '{"name": "Good", "url": "{{ «misplaced-secret:get_secret(\'api_key\')» }}"}'
    bad = '{"name": "Bad", "url": «json-syntax:"{{ get_secret(\'x»\n}'
    other = good.replace("Good", "Other")
    check(f'{{"connectors": [{good},\n{bad},\n{other}]}}')


def test_a_template_in_a_string_read_around_a_mistake_is_not_judged(check):
    body = "{{ «json-syntax:\\d» ( get_secret('nope')"
    check(f'{{"name": "A", "url": "https://a.example", "method": "POST", "request_body": "{body}"}}')
