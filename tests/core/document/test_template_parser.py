"""Held against Jinja2 itself: what it accepts is accepted, what it refuses is refused."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from jinja2.nodes import Const

from core.document.readings import template
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
    ("opener", "inner", "closer"),
    [
        *(("{{ (", "a", ") }}"), ("{{ [", "a", "] }}"), ("{{ {a: ", "a", "} }}"), ("{{ a[", "a", "] }}")),
        *(("{{ f(", "a", ") }}"), ("{% if a %}", "", "{% endif %}")),
    ],
)
def test_nesting_is_counted_from_none_after_each_part(opener, inner, closer):
    deepest = opener.replace("{{ ", "") * MAX_NESTING + inner + closer.replace(" }}", "") * MAX_NESTING
    deeper = opener.replace("{{ ", "") + deepest + closer.replace(" }}", "")
    if "{{" in opener:
        deepest, deeper = f"{{{{ {deepest} }}}}", f"{{{{ {deeper} }}}}"
    side_by_side = f"{opener}{inner}{closer}" * 2 * MAX_NESTING
    assert parse_template(side_by_side + deepest).problem is None
    assert parse_template(side_by_side + deeper).problem is not None


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


WHOLE = r"""
{{ a or b and not c == d + e ~ f * g ** h }}
{{ a ** b * c ~ d - e != f and not not g or h }}
{{ a - b - c < d not in e in f }}{{ a // b % c >= d > e <= f / g }}
{{ (a + b) * (c) }}{{ ((a)).b }}{{ (a, b) }}{{ () }}{{ (a,) }}{{ a, b, }}
{{ -a }}{{ - + a | f }}{{ -1 ** 2 }}{{ + 1.5e1 }}{{ not a is b }}
{{ 1 }}{{ 1_0 }}{{ 0x1F }}{{ 0b1_1 }}{{ 0o17 }}{{ 1.5 }}{{ 1_0e-3 }}{{ true }}{{ False }}{{ none }}
{{ 'a' "b" 'c' }}{{ x['a' 'b'] }}{{ x['a'] }}{{ x[a, b] }}{{ x[] }}{{ x[1].b[0]['c'](d) }}
{{ x[1:2] }}{{ x[:] }}{{ x[::2] }}{{ x[1:] }}{{ x[:1:] }}{{ x[1:2:3, :4] }}{{ x.1.b }}
{{ [a, 1,] }}{{ [] }}{{ {'a': b, c: 1,} }}{{ {} }}{{ [[{1: [2]}]] }}
{{ a if b }}{{ a if b else c if d else e }}{{ (a if b) + 1 }}
{{ f() }}{{ f(a, b=1, c=d) }}{{ f(*a, **b) }}{{ f(a, *b, c=d, **e) }}{{ f(a,) }}{{ f(a)(b).c(d) }}
{{ a | f | g.h(1, b=c) }}{{ (a | f) | g }}{{ a.b | f ~ c }}{{ 'x' | f is defined }}
{{ a is b }}{{ a is not b }}{{ a is b(c) }}{{ a is b c }}{{ a is b 'c' }}{{ a is b [1] }}{{ a is b.c and d }}
{{ a is b or c }}{{ (a is b) is c }}{{ a is defined if b else c }}{{ a | f is b | g }}
{% set a = 1 %}{% set a, b = c, d %}{% set n.a = b %}{% set (a, b) = c %}{{ a }}{{ c }}
{% set a %}x{{ b }}{% endset %}{% set c | f(d) | g %}{% endset %}{{ c }}{% set e = e %}{{ e }}
{% for a in b %}{{ a }}{{ loop.index }}{% set c = a %}{% else %}{{ a }}{% endfor %}{{ c }}{{ loop }}
{% for a, (b, c) in d.e if a and x recursive %}{{ c }}{% endfor %}{% for a in b, c %}{% endfor %}
{% if a %}1{% set x = 1 %}{% elif b, c %}2{% elif d %}{% else %}3{% endif %}{{ x }}
{% with a = b, c, d = a %}{{ a }}{{ d }}{% set e = 1 %}{% endwith %}{{ a }}{{ e }}{% with %}{% endwith %}
{% macro m(a, b=c, d=a) %}{{ a }}{{ later }}{{ caller() }}{{ x }}{% endmacro %}{% set later = 1 %}{{ m(a) }}
{% call m(a) %}b{% endcall %}{% call(c, d=e) f(c) %}{{ c }}{% set g = 1 %}{% endcall %}{{ g }}{{ c }}
{% filter f(a) | g | h %}{% set b = 1 %}{{ b }}{% endfilter %}{{ b }}{% filter d %}{% endfilter %}
{% autoescape a %}{% set b = 1 %}{{ b }}{% endautoescape %}{{ b }}
{% block a %}{{ self }}{{ super() }}{% set b = 1 %}{% endblock a %}{{ b }}{% block c required %} {% endblock %}
{% extends a %}{% include b ignore missing with context %}{% include [c, d] %}{% include e without context %}
{% import a as b %}{{ b.c }}{% import a as b with context %}{% from c import d, e as f without context %}{{ f }}
{% from a import b, c %}{% from a import b, %}
{% from a import with context %}{% from a import b 'with' context %}{% from a import b, without context %}
{% print a, b %}{% print %}{%- if a -%} b {%+ endif +%} c {{- d -}} e
{% raw %} {{ a }} {%- endraw -%} b {% raw -%}  c{% endraw %}{% raw %}{% endraw %}{# d #}e{#- f -#} g {#+ h +#}
{{ a | default(1) }}{{ b | d }}{{ c is defined }}{{ d is undefined }}{{ e.f | default(1) }}{{ g is none }}
{% if a %}{% for b in a %}{{ b }}{% if b %}{% set c = b %}{% endif %}{{ c }}{% endfor %}{% endif %}{{ c }}{{ b }}
{% set a = a %}{% macro m() %}{% set b = a %}{% endmacro %}{{ b }}{% for a in a %}{{ a }}{% endfor %}{{ m }}
{% set n.a = 1 %}{% set n, o.b = 2 %}{{ n }}{{ o }}
{% if a: %}{% elif b: %}{% else: %}{% endif %}{% for a in b: %}{% endfor %}
{% if a if b %}{% endif %}
{% if a %}{% elif b if c %}{% endif %}
{% include a nope missing %}
{% from a import b nope context %}
{% from a import b with it %}
{% import a as b nope context %}
{{ x[1:, 2] }}{{ x[:, ::] }}
{{ f(1=2) }}
{% set n = namespace() %}{% set n.a = 1 %}{% set n.b, n.c, d = n %}{{ d }}
{% set a = 1 %}{% call(b, c=a, d=b) f() %}{% endcall %}{{ b }}
{% from a import b %}{{ b }}{{ a }}
{% macro m() %}{{ y }}{% endmacro %}{% macro n() %}{{ z }}{% endmacro %}{% set y, z = 1, 2 %}
{{ b }}{% call(b) f() %}{{ b }}{% endcall %}
{% if a %}{% for b in c %}{% if d %}{% endset %}
{% block a required %}{% print %}{% endblock %}
{% block a required %}{% raw %} {% endraw %}{# c #}{% endblock %}
{{ a b }}
{{ f(a }}
{{ [a }}
{{ {a: b }}
{{ a) }}
{{ a] }}
{{ f(a] }}
{{ a. }}
{{ a | }}
{{ a is }}
{{ a is b is c }}
{{ f(a=1, b) }}
{{ f(**a, b) }}
{{ f(**a, *b) }}
{{ f(*a, b) }}
{{ f(**a, b=c) }}
{{ f(*a, *b) }}
{{ f(**a, **b) }}
{{ f(a b) }}
{{ f(, a) }}
{{ {a} }}
{{ [,] }}
{{ 0777 }}
{{ 1a }}
{{ a ? b }}
{{ 'a }}
{{ "a }}
{{ a
{{ f(a
{% if a
{% if a %}
{% if %}
{% 1 %}
{%  %}
{% for a %}
{% for in b %}
{{ a }
{% for a in b %}{% if c %}{% endfor %}
{% endif %}
{% else %}
{% nope %}
{% if a %}{% nope %}{% endif %}
{% set 1 = 2 %}
{% set a.b = 1 %}
{% set f() = 1 %}
{% set [a] = 1 %}
{% set a + b = 1 %}
{% set true = 1 %}
{% for a.b in c %}{% endfor %}
{% set a[0] = 1 %}
{% set a | f = 1 %}
{% set a %}b
{% with a %}{% endwith %}
{% macro m(a=1, b) %}{% endmacro %}
{% macro m %}{% endmacro %}
{% macro m(1) %}{% endmacro %}
{% macro true() %}{% endmacro %}
{% call a %}{% endcall %}
{% call(a) %}{% endcall %}
{% block a-b %}{% endblock %}
{% block a %}{% endblock b %}
{% block a required %}b{% endblock %}
{% block a required %}{{ b }}{% endblock %}
{% import a %}
{% import a as 1 %}
{% from a import %}
{% from a import _b %}
{% from a %}
{% from a import b c %}
{% include %}
{% include a ignore %}
{% raw %}a
{# a
{#
{% raw %}
{% autoescape %}{% endautoescape %}
{% filter %}{% endfilter %}
{% print a b %}
""".strip().splitlines()
ODD = [
    "{{ a }}\n",
    "{{ a }}\r\n",
    "a\r",
    "{# a\n",
    "{{ a\n",
    "{{ e\u0301 }}{{ \xe9a }}{{ a\xb7b }}",
    "{{ \u0661.5 }}",
    "{{ 1\u0661 }}",
    "{{ \xb2 }}",
    "{{ a\xb2b }}",
    "{{ a[b,] }}",
    "{{ b if a is odd else c }}",
    "{{ a is odd or b }}",
    "{{ a is odd and b }}",
]
ESCAPES = [
    r"""{{ '\a\b\f\n\r\t\v\\\'\"' }}""",
    r"{{ '\0\12\1234\x41\u00e9\U0001F600\N{DIGIT ONE}' }}",
    r"{{ '\q\8\é\ﬀ' }}",
    "{{ 'a\\\nb' }}",
    "{{ 'a\\\r\nb' }}",
    "{{ 'a\rb\r\nc' }}",
    r"{{ '\x4' }}",
    r"{{ '\u12' }}",
    r"{{ '\U0010FFFF' }}",
    r"{{ '\U0011FFFF' }}",
    r"{{ '\U00110000' }}",
    r"{{ '\N{NO SUCH}' }}",
    r"{{ '\N' }}",
    r"{{ 'ab\N{KEYCAP DIGIT ONE}' }}",
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("text", [*WHOLE, *ODD, *ESCAPES])
def test_the_whole_of_what_a_template_gives(text, snapshot):
    agree(text)
    assert "\n".join(template(text, parse_template(text))) == snapshot


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("text", ESCAPES)
def test_a_text_in_quotes_has_the_value_that_jinja2_gives_it(text):
    parsed = parse_template(text)
    if parsed.problem is None:
        found = [node.value for node in JINJA.parse(text).find_all(Const)]
        assert [part.value for part in parsed.body[0].children] == found
    else:
        assert not accepts(text)
