"""No template fills the memory or runs on, whatever it is built of; and templates that stay small are not changed."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.sandbox import SandboxedEnvironment

from strongroom.resolver.templates import limits, sandbox
from strongroom.resolver.templates.filters import FILTERS

MANY = "{% for i in range(100000) %}{{ 'x' * 100000 }}{% endfor %}"

APPENDED = (
    "{% set s = 'a' * 1000000 %}{% set x = [] %}{% set outer = [x] %}"
    "{% for i in range(500) %}{% set _ = x.append(s) %}{% endfor %}"
)

BOMBS = {
    "a list printed by join": "{{ (['a' * 100000] * 100000) | join }}",
    "a separator": "{{ range(90000) | join('x' * 10000) | length }}",
    "escape of a list": "{{ (['x' * 10000] * 10000) | escape | length }}",
    "tojson of a list": "{{ (['x' * 10000] * 10000) | tojson | length }}",
    "string of a list": "{{ (['x' * 10000] * 10000) | string | length }}",
    "lists in lists": "{% set a = ['x' * 1000] * 1000 %}"
    + "".join(
        f"{{% set {new} = [{', '.join([old] * 8)}] %}}" for old, new in zip("abcde", "bcdef", strict=True)
    )
    + "{{ f | tojson | length }}",
    "tuples in tuples": "{% set a = ('x' * 1000,) * 1000 %}"
    + "".join(
        f"{{% set {new} = ({', '.join([old] * 8)}) %}}" for old, new in zip("abcde", "bcdef", strict=True)
    )
    + "{{ f | string | length }}",
    "dicts in dicts": "{% set a = {'k': 'x' * 1000000} %}"
    + "".join(
        f"{{% set {new} = {{{', '.join(f'{n}: {old}' for n in range(8))}}} %}}"
        for old, new in zip("abcde", "bcdef", strict=True)
    )
    + "{{ f | string | length }}",
    "a captured block": f"{{% set a %}}{MANY}{{% endset %}}{{{{ a | length }}}}",
    "a filtered block": f"{{% filter upper %}}{MANY}{{% endfilter %}}",
    "a macro": f"{{% macro m() %}}{MANY}{{% endmacro %}}{{{{ m() | length }}}}",
    "a call block": f"{{% macro m() %}}{{{{ caller() }}}}{{% endmacro %}}{{% call m() %}}{MANY}{{% endcall %}}",
    "a recursive loop": "{% for a in [[1]] recursive %}" + MANY + "{{ loop([[2]]) }}{% endfor %}",
    "many long texts, listed": "{{ range(90000) | map('center', 90000) | list | length }}",
    "many long texts, joined": "{{ range(90000) | map('center', 90000) | join | length }}",
    "many long texts, sorted": "{{ range(90000) | map('center', 90000) | sort | length }}",
    "many long texts, by a method": "{{ ''.join(range(90000) | map('center', 90000)) | length }}",
    "a named field": "{{ (('%(a)s' * 100000) % {'a': 'x' * 100000}) | length }}",
    "a numbered field": "{{ ('{0}' * 100000).format('x' * 100000) | length }}",
    "widths": "{{ ('{:99999}' * 10000).format(*range(10000)) | length }}",
    "widths by value": "{{ ('{0:{1}}' * 10000).format(1, 100000) | length }}",
    "the filter format": "{{ ('%(a)s' * 100000) | format(a='x' * 100000) | length }}",
    "translate": "{{ ('a' * 1000000).translate({97: 'x' * 100000}) | length }}",
    "translate by a list": "{{ ('a' * 1000000).translate(['x' * 100000] * 128) | length }}",
    "a method that sort calls": "{% set l = range(90000) | list %}{% set _ = l.sort(key='x'.center) %}",
    "a large value of what sort calls": "{% set l = [999999999] %}{% set _ = l.sort(key='x'.center) %}",
    "expandtabs": "{{ ('\t' * 100000).expandtabs(100000) | length }}",
    "to_bytes": "{{ (5).to_bytes(1000000000, 'big') | length }}",
    "fromkeys": "{{ {}.fromkeys(range(90000), 'x' * 10000) | string | length }}",
    "indent by a text": "{{ ('x\n' * 100000) | indent('y' * 100000) | length }}",
    "wordwrap": "{{ ('x ' * 100000) | wordwrap(1, wrapstring='y' * 100000) | length }}",
    "urlize": "{{ ('http://a.b ' * 50000) | urlize(target='x' * 100000) | length }}",
    "replace in each": "{{ ['x' * 1000000] | map('replace', 'x', 'y' * 100000) | list | length }}",
    "indented JSON": "{{ (('[' * 900) ~ ('1,' * 400000) ~ '1' ~ (']' * 900)) | from_json"
    " | tojson(indent=9) | length }}",
    "a sum of lists": "{{ ([[1] * 100] * 100000) | sum(start=[]) | length }}",
    "batch": "{{ 'a' | batch(100000, 'x' * 1000000) | list | tojson | length }}",
    "slice": "{{ range(100000) | slice(90000, 'x' * 100000) | list | string | length }}",
    "many copies": "{% set b = 'x' * 1000000 %}"
    + "".join(f"{{% set a{n} = b ~ {n} %}}" for n in range(3000)),
    "many slices": "{% set b = 'x' * 1000000 %}"
    + "".join(f"{{% set a{n} = b[{n}:] %}}" for n in range(3000)),
    "many upper cases": "{% set b = 'x' * 1000000 %}"
    + "".join(f"{{% set a{n} = b | upper %}}" for n in range(3000)),
    "lipsum": "{{ lipsum(n=1, min=99999999, max=100000000) | length }}",
    "division of long numbers": "{{ ('f' * 1000000) | int(base=16) // ('e' * 500000) | int(base=16) }}",
    "powers": "{% set n = namespace(x=3) %}{% for i in range(100) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "rounding": "{{ 5 | round(-100000000) }}",
    "a list in itself": "{% set n = namespace(l=['x']) %}"
    "{% for i in range(99) %}{% set n.l = [n.l, n.l] %}{% endfor %}",
    **{
        f"what append added, {end}": APPENDED + end
        for end in (
            "{{ x }}",
            "{{ outer }}",
            "{{ x | tojson }}",
            "{{ outer | string | length }}",
            "{{ x ~ '' }}",
            "{{ outer | map('string') | list | length }}",
            "{{ ''.join(x) | length }}",
            "{{ '%s' % outer }}",
            "{{ '{}'.format(outer) | length }}",
            "{{ (x + x) | length }}",
            "{{ outer == [s] }}",
            "{{ outer is eq [s] }}",
            "{{ dict(a=x) }}",
            "{{ [outer].index([s]) }}",
            "{{ s in outer }}",
        )
    },
    "a list that extends itself": "{% set x = [1] %}{% for i in range(80) %}{% set _ = x.extend(x) %}{% endfor %}",
    "a loop that appends to its list": "{% set x = [1] %}{% for i in x %}{% set _ = x.append(i) %}{% endfor %}",
    "lists appended twice": "{% set n = namespace(l=[0]) %}{% for i in range(80) %}{% set y = [] %}"
    "{% set _ = y.append(n.l) %}{% set _ = y.append(n.l) %}{% set n.l = y %}{% endfor %}{{ n.l == [0] }}",
    "a long iterator": "{% set x = [] %}{% set _ = x.extend(range(90000) | map('center', 90000)) %}",
    "a nest of loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
}

_RUN = """
import asyncio, json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from strongroom.resolver import Inputs, MappingValues
from strongroom.resolver.request.build import render_request
for name, template in json.load(sys.stdin).items():
    connector = {"name": "n", "url": "https://example.com", "headers": [{"key": "X-A", "value": template}]}
    failure = render_request(connector, MappingValues({}), Inputs()).failure
    print(json.dumps([name, failure and failure.reason]), flush=True)
"""


def test_no_construct_fills_the_memory_or_runs_on():
    ran = subprocess.run(
        [sys.executable, "-c", _RUN],
        input=json.dumps(BOMBS),
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    reasons = dict(map(json.loads, ran.stdout.splitlines()))
    assert reasons.keys() == BOMBS.keys(), ran.stderr
    assert {name for name, reason in reasons.items() if reason is None} == set()
    unexpected = {
        name: reason
        for name, reason in reasons.items()
        if "the template builds more than" not in reason and "ran for more than 5 seconds" not in reason
    }
    assert unexpected == {}


@pytest.mark.parametrize(
    "template",
    [
        "{{ ['a', ['b', {'c': 1}]] }} {{ ('a', 2) }} {{ {'a': [1, 2]} }}",
        "{{ [1, 2] + [3] }} {{ [1] * 3 }} {{ [1, 2, 3][1:] }} {{ 'abc'[::-1] }}",
        "{% set a, b = 1, [2] %}{{ a }}{{ b }}",
        "{% for key, value in {'a': 1}.items() %}{{ key }}={{ value }}{% endfor %}",
        "{% set n = namespace(l=[]) %}{% for i in range(5) %}{% set n.l = n.l + [i] %}{% endfor %}{{ n.l }}",
        "{% set a %}x{{ 1 }}<{% endset %}{{ a }}",
        "{% macro m(a) %}[{{ a }}]{{ caller() if caller }}{% endmacro %}{{ m(1) }}{% call m(2) %}y{% endcall %}",
        "{% filter upper %}a{{ 'b' }}{% endfilter %}",
        "{% for a in [[1, [2]], [3]] recursive %}{{ a if a is number else loop(a) }},{% endfor %}",
        "{{ [1, 2, 3] | map('string') | join('-') }} {{ [{'a': 1}, {'a': 2}] | map(attribute='a') | list }}",
        "{{ [{'a': 1}, {'a': 2}] | sum(attribute='a') }} {{ [[1], [2]] | sum(start=[]) }} {{ [0.5, 1] | sum }}",
        "{{ [{'a': 'x'}, {'a': '<'}] | join(', ', attribute='a') }} {{ ['<', '<' | safe] | join }}",
        "{{ [3, 1, 2] | sort | first }} {{ [1, 1] | unique | list }} {{ 'abc' | batch(2) | list }}",
        "{{ [{'g': 1, 'v': 2}] | groupby('g') }} {{ {'b': 1, 'a': 2} | dictsort }} {{ 'abc' | list | last }}",
        "{{ '%s and %05d' % ('a', 3) }} {{ '{} {a:>4}'.format(1, a=2) }} {{ '%s' | format('x') }}",
        "{{ 'a' ~ [1] ~ none }} {{ 7 // 2 }} {{ 7 - 2 }} {{ 7 / 2 }} {{ 2 ** 8 }} {{ 7 % 4 }} {{ -3 }}",
        "{{ 'x y' | wordwrap(1) }} {{ 'a\nb' | indent(2) }} {{ 'abcdef' | truncate(4, leeway=0) }}",
        "{{ [1, 2] is sequence }} {{ {} is mapping }} {{ 2 in [1, 2] }} {{ [1] == [1] }} {{ (1, 2) == (1, 2) }}",
        "{% set x = [] %}{% set _ = x.append(1) %}{% set _ = x.extend([2, 3]) %}{% set _ = x.insert(0, 9) %}{{ x }}",
        "{% set x = {'b': [2, 1]} %}{% set _ = x.update({'a': 1}, c=3) %}{% set _ = x.b.sort() %}{{ x }}",
        "{% set x = [] %}{% for i in [1, 2] %}{% set _ = x.append(i) %}{% endfor %}{{ x }}{{ x is eq [1, 2] }}",
        "{% set x = [1] %}{% set f = x.append %}{{ f(2) }}{% set _ = (x | attr('append'))(3) %}{{ x.pop() }}",
        "{{ dict(a=1) }} {{ {'a': 1}.get('a') }} {{ cycler('a', 'b').next() }} {{ 'a,b'.split(',') }}",
    ],
)
def test_what_stays_small_is_as_jinja_has_it(template):
    plain = SandboxedEnvironment(autoescape=True)
    plain.filters.update(FILTERS)
    assert sandbox.rendered(template, sandbox.sandbox().globals) == plain.from_string(template).render()


values = st.recursive(
    st.text(max_size=5) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(value=values)
def test_a_value_counts_for_as_much_as_it_prints(value):
    assert len(str(value)) <= limits.size_of(value) * 3 + 40
    assert limits.size_of(value) <= len(str(value)) * 16 + 16


@given(items=st.lists(values, max_size=4), more=st.lists(values, max_size=4))
def test_a_list_that_knows_its_size_has_the_size_of_its_items(items, more):
    token = limits.BUDGET.set(limits.Budget())
    try:
        both = limits.joined_lists(limits.counted(list(items)), limits.counted(list(more)))
    finally:
        limits.BUDGET.reset(token)
    assert both == items + more
    assert both.size == limits.size_of(items) + limits.size_of(more)


_INTERRUPTED = """
import asyncio, threading
from strongroom.resolver.templates.bounded import beside

async def main():
    started, never = threading.Event(), threading.Event()
    def compute():
        started.set()
        never.wait()
    task = asyncio.ensure_future(beside(compute, 3600))
    await asyncio.to_thread(started.wait)
    task.cancel()
    await asyncio.wait([task])
    print("cancelled" if task.cancelled() else "not cancelled")

asyncio.run(main())
"""


def test_a_program_that_is_interrupted_waits_for_no_computation():
    ran = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.stdout.strip(), ran.stderr, ran.returncode) == ("cancelled", "", 0)
