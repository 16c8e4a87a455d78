"""Held against Jinja2 itself: what it accepts is accepted, what it refuses is refused."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from strongroom.document.template_cursor import MAX_NESTING
from strongroom.document.template_parser import parse_template

CORPUS = Path(__file__).parents[3] / "../shared/corpus"
JINJA = Environment(autoescape=True)

WORDS = re.findall(
    r"\S+",
    """
    a b is not in if else elif endif for endfor set endset raw endraw macro endmacro call endcall filter
    endfilter block endblock with endwith without context import from include extends as ignore missing
    autoescape endautoescape print required scoped recursive true none and or default loop _x do
    """,
)
MARKS = [
    *"()[]{}|~*/%<>=.,:;-+!'\"\\",
    "**",
    "//",
    "==",
    "!=",
    "<=",
    ">=",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
]
LITERALS = [
    "1",
    "1_0",
    "0x1f",
    "1.5",
    "1e3",
    "'x'",
    '"y"',
    "'\\x4'",
    "'\\N{DIGIT ONE}'",
    "\u00e9",
    "\u0301",
    "\u00b2",
    "\u0663",
]
TAGS = [
    "{% raw %}",
    "{% endraw %}",
    "{% if a %}",
    "{% endif %}",
    "{% for a in b %}",
    "{% endfor %}",
    "{{ a }}",
    "-%}",
]
BLANKS = [" ", " ", " ", "\n", "\r\n", "\u00a0"]
PIECES = st.sampled_from([*WORDS, *MARKS, *LITERALS, *TAGS, *BLANKS])

EXPRESSIONS = [
    "a",
    "1",
    "'s'",
    "E + E",
    "(E)",
    "[E, E]",
    "{E: E}",
    "E.a",
    "E[E]",
    "E[E:E]",
    "f(E, b=E, *E, **E)",
    "E | f",
    "E | f(E)",
    "E is t",
    "E is not t E",
    "E if E else E",
    "not E",
    "-E",
    "E in E",
    "E not in E",
    "E ~ E",
    "E and E",
    "E ** E",
    "E, E",
    "E == E < E",
    "()",
    "E[E, E]",
    "E[]",
    "E.1",
    "get_secret('a')",
    "'a' 'b'",
]
TARGETS = ["a", "a, b", "(a, b)", "a.b", "a[1]", "a,", "1", "()", "not"]
BODIES = [
    "{% if E %}B{% elif E %}B{% else %}B{% endif %}",
    "{% for T in E %}B{% else %}B{% endfor %}",
    "{% set T = E %}",
    "{% set T | f %}B{% endset %}",
    "{% macro n(T) %}B{% endmacro %}",
    "{% call(T) n(E) %}B{% endcall %}",
    "{% filter f(E)|g %}B{% endfilter %}",
    "{% block n %}B{% endblock n %}",
    "{% with a = E, T = E %}B{% endwith %}",
    "{% block n required %}B{% endblock %}",
    "{% from E import a as b, c with context %}",
    "{% import E as T %}",
    "{% include E ignore missing without context %}",
    "{% extends E %}",
    "{% autoescape E %}B{% endautoescape %}",
    "{% raw %}B{% endraw %}",
    "{# B #}",
    "{{ E }}",
    "{% print E, E %}",
    "{% for T in E if E recursive %}B{% endfor %}",
    "{%- if E -%}B{%+ endif +%}",
    "x",
    " ",
]


def _from_grammar(choices: st.DataObject, symbol: str, depth: int) -> str:
    if depth <= 0:
        return {"B": "x", "E": "a", "T": "a"}[symbol]
    template = choices.draw(st.sampled_from({"B": BODIES, "E": EXPRESSIONS, "T": TARGETS}[symbol]))
    return re.sub(
        r"(?<![A-Z])[BET](?![A-Z])", lambda found: _from_grammar(choices, found.group(), depth - 1), template
    )


def _mutated(choices: st.DataObject, text: str) -> str:
    for _ in range(choices.draw(st.integers(0, 3))):
        at = choices.draw(st.integers(0, len(text)))
        until = at + choices.draw(st.integers(0, 3))
        text = text[:at] + choices.draw(PIECES | st.just("")) + text[until:]
    return text


def accepts(text: str) -> bool:
    try:
        JINJA.parse(text)
    except RecursionError:
        raise
    except Exception:
        return False
    return True


def agree(text: str) -> None:
    problem = parse_template(text).problem
    assert (problem is None) == accepts(text), problem
    if problem is not None:
        assert 0 <= problem.start <= problem.end <= len(text)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(st.lists(PIECES, max_size=12).map("".join))
@example("{#")
@example("{% raw %}\n")
@example("{{ args | tojson }}}}")
@example("{% for a, in b %}{% endfor %}")
@example("{% from 'x' import a 'with' context %}")
@example("{{ 'a\\\r\nb' }}")
@example("{{ '\\é' }}")
@example("{{ x is defined if y }}")
@settings(max_examples=600)
def test_pieces_in_any_order_are_judged_as_jinja2_judges_them(text):
    agree(text)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(st.lists(PIECES, max_size=7), st.sampled_from([("{{", "}}"), ("{%", "%}")]))
@settings(max_examples=400)
def test_one_tag_is_judged_as_jinja2_judges_it(pieces, tag):
    agree(f"{tag[0]} {' '.join(pieces)} {tag[1]}")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(st.data())
@settings(max_examples=500)
def test_templates_of_the_grammar_and_their_mutations_are_judged_as_jinja2_judges_them(data):
    agree(_mutated(data, _from_grammar(data, "B", data.draw(st.integers(1, 4)))))


@pytest.mark.parametrize(
    "text",
    [
        "{% block a scoped %}{{ b }}{% endblock %}",
        "{% block a scoped required %} {# c #} {% endblock a %}",
        "{% block a required %}{% raw %} {% endraw %}{% endblock %}",
        "{% block a required %}{% raw %}b{% endraw %}{% endblock %}",
        "{% block a required %}b{% endblock %}",
        "{% block a required scoped %}{% endblock %}",
        "{% block a %}{% endblock b %}",
    ],
)
def test_a_block_s_words_and_body_are_judged_as_jinja2_judges_them(text):
    agree(text)


@cache
def published_templates() -> list[str]:
    found = set()
    for path in CORPUS.glob("*/*.json"):
        for content in re.findall(r'"((?:[^"\\]|\\.)*)"', path.read_bytes().decode()):
            if "{{" in content or "{%" in content:
                found.add(json.loads(f'"{content}"'))
    return sorted(found)


def test_every_published_template_is_accepted():
    if not CORPUS.exists():
        pytest.skip("the corpus of published files is not here")
    assert [parse_template(text).problem for text in published_templates()] == [None] * len(
        published_templates()
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(st.data())
@settings(max_examples=300)
def test_mutations_of_published_templates_are_judged_as_jinja2_judges_them(data):
    templates = published_templates()
    if not templates:
        pytest.skip("the corpus of published files is not here")
    agree(_mutated(data, data.draw(st.sampled_from(templates))))


@given(st.text(st.sampled_from("{}%#'\"()[]|a -\n\U0001f600")))
def test_no_text_makes_the_parser_fail(text):
    parse_template(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 100_000,
        "{{ " + "(" * 100 + ")" * 100 + " }}",
        "{{ " + "a[" * 50_000,
        "{{ " + "f(" * 50_000,
        "{% if a %}" * 5_000,
        "{{ " + "[{1: " * 100 + "1" + "}]" * 100 + " }}",
    ],
    ids=[
        "open parentheses",
        "parentheses",
        "open subscripts",
        "open calls",
        "open blocks",
        "lists and dicts",
    ],
)
def test_deep_nesting_is_reported_instead_of_overflowing(text):
    problem = parse_template(text).problem
    assert problem is not None
    assert problem.message == f"Nested too deeply: at most {MAX_NESTING} levels are allowed."


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "not " * 10_000 + "a }}",
        "{{ " + "- " * 10_000 + "a }}",
        "{{ a" + " + a" * 10_000 + " }}",
        "{{ a" + " | f" * 10_000 + " }}",
        "{{ a" + " if b else a" * 10_000 + " }}",
        "{{ a" + ".b" * 10_000 + " }}",
        "{% if a %}" + "{% elif a %}" * 5_000 + "{% endif %}",
    ],
    ids=["not", "minus", "plus", "filters", "conditions", "attributes", "elif"],
)
def test_long_chains_are_no_nesting(text):
    assert parse_template(text).problem is None


@pytest.mark.parametrize(
    ("text", "flagged", "message"),
    [
        ("{{ a", "{{", "`{{` is not closed: `}}` is missing."),
        ("{{ f(a }}", "}", "Expected `)`, found `}`."),
        ("{{ a b }}", "b", "Expected `}}`, found `b`."),
        ("{{ }}", "}}", "Expected an expression, found `}}`."),
        ("{{ 1 + }}", "}}", "Expected an expression, found `}}`."),
        ("{% if a %}b", "if", "`if` is not closed: `{% endif %}` is missing."),
        ("{% for a in b %}{% if c %}{% endfor %}", "endfor", "Expected `endif`, found `endfor`."),
        ("{% endif %}", "endif", "`endif` has no matching opening tag."),
        ("{% do a %}", "do", "Unknown tag `do`."),
        ("{{ 'a }}", "'", "This string is not closed: `'` is missing."),
        ("{{ a ! b }}", "!", "Unexpected character `!` in a template expression."),
        ("{{ '\\x4' }}", "\\x", "The escape `\\x` is incomplete."),
        ("{# a", "{#", "This comment is not closed: `#}` is missing."),
        ("{% raw %} a", "{% raw %}", "This raw block is not closed: `{% endraw %}` is missing."),
        ("{% set 1 = 2 %}", "1", "Cannot assign to a constant."),
        ("{% block a-b %}{% endblock %}", "-", "A block name cannot contain a hyphen."),
        ("{{ f(a=1, b) }}", "b", "Arguments are in the wrong order: positional, then keyword, then `**`."),
        ("{% for a b %}{% endfor %}", "b", "Expected `in`, found `b`."),
        ("{% call a %}{% endcall %}", "a", "Expected a call after `call`."),
        (
            "{% macro m(a=1, b) %}{% endmacro %}",
            "b",
            "A parameter without a default cannot follow one with a default.",
        ),
        (
            "{% block a required %}b{% endblock %}",
            "b",
            "A required block can contain only whitespace and comments.",
        ),
        ("{% from 'x' import _a %}", "_a", "Names that start with an underscore cannot be imported."),
    ],
)
def test_a_mistake_is_named_at_its_place(text, flagged, message):
    problem = parse_template(text).problem
    assert problem is not None
    assert (text[problem.start : problem.end].rstrip(), problem.message) == (flagged, message)


def test_calls_filters_names_and_stores_are_listed_with_their_places():
    text = "{% set a = f(b) | tojson %}{{ a is defined and c.d(1) }}"
    parsed = parse_template(text)
    assert [text[node.start : node.end] for node in parsed.calls] == ["f(b)", "c.d(1)"]
    assert [text[node.inner_start : node.inner_end] for node in parsed.filters] == ["tojson"]
    assert [text[node.inner_start : node.inner_end] for node in parsed.tests] == ["defined"]
    assert [node.value for node in parsed.names] == ["f", "b", "a", "c"]
    assert parsed.stores == {"a"}
