"""Test the rule undeclared-path-parameter."""

from core.validator.connector_texts import apply_fixes, connector_at, mended, path_rows
from strongroom.document import Document
from strongroom.validator import Severity, validate


def test_an_undeclared_path_parameter_is_flagged_where_it_stands_first(check):
    url = "https://a.example/{{ pathParams.«undeclared-path-parameter:id» }}/{{ pathParams.id }}"
    (finding,) = check(connector_at(url))
    assert finding.message == "The path parameter `id` has no row in `path_parameters`."
    assert (finding.severity, finding.field, finding.pointer) == (Severity.ERROR, "url", "/url")
    check(connector_at("https://a.example/{{ pathParams['«undeclared-path-parameter:id»'] }}"))
    check(connector_at("https://a.example/?q={{ pathParams.«undeclared-path-parameter:id» | upper }}"))


def test_a_declared_path_parameter_is_silent(check):
    check(connector_at("https://a.example/{{ pathParams.id }}", path_rows("id")))
    check(connector_at("https://a.example/{{ pathParams[user.id] }}", path_rows("id")))


def test_one_fix_declares_all_and_only_what_is_missing(check):
    text = connector_at(
        "https://a.example/{{ pathParams.a }}/{{ pathParams.b }}/{{ pathParams.c }}", path_rows("b")
    )
    fixed = apply_fixes(text, validate(Document.parse(text)))
    assert fixed == text.replace('[{"key": "b"}]', '[{"key": "b"}, {"key": "a"}, {"key": "c"}]')
    assert mended(fixed) == fixed


def test_new_rows_follow_the_file_s_own_formatting():
    tall = (
        '{\n\t"name": "A",\n\t"url": "https://a.example/{{ pathParams.id }}",\n\t"headers": [\n'
        '\t\t{\n\t\t\t"key": "Accept",\n\t\t\t"value": "*/*"\n\t\t}\n\t]\n}\n'
    )
    made = '",\n\t"path_parameters": [\n\t\t{\n\t\t\t"key": "id"\n\t\t}\n\t],\n\t"headers"'
    assert mended(tall) == tall.replace('",\n\t"headers"', made)
    mixed = (
        '{\r\n  "name": "A",\r\n  "headers": [{ "key": "Accept" }],\r\n'
        '  "url": "https://a.example/{{ pathParams.id }}"\r\n}'
    )
    made = '}}",\r\n  "path_parameters": [\r\n    { "key": "id" }\r\n  ]\r\n}'
    assert mended(mixed) == mixed.replace('}}"\r\n}', made)
    short = '{"name":"A","url":"https://a.example/{{ pathParams.id }}"}'
    assert mended(short) == short.replace('}}"}', '}}","path_parameters":[{"key": "id"}]}')


def test_rows_in_a_misspelt_field_are_mended_by_renaming_it(check):
    marked = connector_at(
        "https://a.example/{{ pathParams.«undeclared-path-parameter:id» }}",
        ', "«unknown-field:pathParams»": [{"key": "id"}]',
    )
    check(marked)
    text = connector_at("https://a.example/{{ pathParams.id }}", ', "pathParams": [{"key": "id"}]')
    assert mended(text) == text.replace('"pathParams"', '"path_parameters"')


def test_a_slip_between_row_and_template_is_not_mended_unasked(check):
    findings = check(
        connector_at(
            "https://a.example/{{ pathParams.«undeclared-path-parameter:topicId» }}",
            path_rows("«unused-path-parameter:topicid»"),
        )
    )
    assert "Did you mean `topicid`?" in findings[0].message
    assert [finding.fix for finding in findings] == [None, None]
