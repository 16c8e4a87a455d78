"""Test the rule template-syntax."""

import pytest
from jinja2 import Environment, TemplateSyntaxError

from core.validator.connector_texts import field, field_source, header_source


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


def test_a_template_that_jinja2_refuses_is_flagged_where_it_gives_up(check):
    (finding,) = check(header_source("{{ user.email «template-syntax:oops» }}"))
    assert finding.message == "Expected `}}`, found `oops`."
    check(field_source("request_body", "{% «template-syntax:if» a %}{{ body_text }}"))
