"""Each construct of a template may build as much as the limit says, and not one character or item more."""

from types import SimpleNamespace

import pytest

from strongroom.resolver.templates import growth, limited_filters, limits, sandbox
from strongroom.resolver.templates.limits import LARGEST, MAX_BITS, MAX_LENGTH, TooLarge

WIDTH = 9  # the characters of '%1048564s'


def is_refused(template: str, **variables: object) -> bool:
    """Render a template with Jinja2's own globals, and tell if that builds too much."""
    try:
        sandbox.rendered(template, {**sandbox.sandbox().globals, **variables})
    except TooLarge:
        return True
    return False


@pytest.mark.parametrize(
    ("template", "most"),
    [
        ("'x' * N", MAX_LENGTH),
        ("N * 'x'", MAX_LENGTH),
        ("'xx' * N", MAX_LENGTH // 2),
        ("'x'.encode() * N", MAX_LENGTH),
        ("['a'] * N", MAX_LENGTH // 7),
        ("N * ('a',)", MAX_LENGTH // 7),
        ("'x' * N + 'yy'", MAX_LENGTH - 2),
        ("('x' * N).encode() + 'yy'.encode()", MAX_LENGTH - 2),
        ("'x' * N ~ 'yy'", MAX_LENGTH - 2),
        ("'x' * N ~ [1]", MAX_LENGTH - 20),
        ("'%Ns' % 'a'", MAX_LENGTH - WIDTH - 3),
        ("'%Ns'.encode() % 'a'.encode()", MAX_LENGTH - WIDTH - 3),
        ("'%s%s' % ('x' * N, 'yy')", MAX_LENGTH - 10),
        ("'%*s' % (N, 'a')", MAX_LENGTH - 22),
        ("'%*s' % (-N, 'a')", MAX_LENGTH - 22),
        ("'%(a)s%(a)s' % {'a': 'x' * N}", MAX_LENGTH // 2 - 14),
        ("'{}'.format('x' * N)", MAX_LENGTH - 4),
        ("'{a}{a}'.format(a='x' * N)", MAX_LENGTH // 2 - 5),
        ("'{0}{0}'.format('x' * N)", MAX_LENGTH // 2 - 5),
        ("'{a}{a}'.format_map({'a': 'x' * N})", MAX_LENGTH // 2 - 12),
        ("'{:N}'.format('a')", MAX_LENGTH - WIDTH - 4),
        ("'{0:{1}}'.format('a', N)", MAX_LENGTH // 2 - 20),
        ("'{:{n}}'.format('a', n=N)", MAX_LENGTH // 2 - 19),
        ("'{:{}}'.format('a', 'N')", MAX_LENGTH // 2 - 11),
        ("'{0[0]:{0[1]}}'.format(['a', N])", MAX_LENGTH // 2 - 32),
        ("'{a:{b}}'.format_map({'a': 'a', 'b': N})", MAX_LENGTH // 2 - 37),
        ("('-' * N).join(['a', 'b', 'c'])", (MAX_LENGTH - 17) // 3),
        ("'aa'.replace('a', 'x' * N)", MAX_LENGTH // 2),
        ("'aa'.encode().replace('a'.encode(), ('x' * N).encode())", MAX_LENGTH // 2),
        ("('\t' * N).expandtabs()", MAX_LENGTH // 9),
        ("'\t\t'.expandtabs(N)", MAX_LENGTH // 2 - 1),
        ("'\t\t'.expandtabs(tabsize=N)", MAX_LENGTH // 2 - 1),
        ("'\t\t'.encode().expandtabs(N)", MAX_LENGTH // 2 - 1),
        ("'aa'.translate({97: 'x' * N, 98: 'y'})", MAX_LENGTH // 2 - 2),
        ("'aa'.translate(['y', 'x' * N])", MAX_LENGTH // 2 - 2),
        ("'a'.center(N)", MAX_LENGTH),
        ("(5).to_bytes(N, 'big')", MAX_LENGTH),
        ("(5).to_bytes(length=N, byteorder='big')", MAX_LENGTH),
        ("'a' | batch(N) | list", MAX_LENGTH),
        ("'a' | batch(linecount=N) | list", MAX_LENGTH),
        ("'a' | center(N)", MAX_LENGTH),
        ("'%Ns' | format('a')", MAX_LENGTH - WIDTH - 3),
        ("'%(a)s%(a)s' | format(a='x' * N)", MAX_LENGTH // 2 - 14),
        ("('\n' * N) | indent", (MAX_LENGTH - 4) // 5),
        ("'a\nb' | indent(N)", (MAX_LENGTH - 3) // 2),
        ("'a' | indent('y' * N)", MAX_LENGTH - 3),
        ("'aa' | replace('a', 'x' * N)", MAX_LENGTH // 2),
        ("11 | replace(1, 'x' * N)", MAX_LENGTH // 2),
        ("[1] | slice(N) | first", MAX_LENGTH),
        ("'a' | truncate(N)", MAX_LENGTH),
        ("'a b' | urlize(N)", (MAX_LENGTH - 18) // 2),
        ("'a b' | urlize(none, true, 'x' * N)", (MAX_LENGTH - 18) // 2 - 4),
        ("'a b' | urlize(target='x' * N)", (MAX_LENGTH - 18) // 2 - 2),
        ("'ab' | wordwrap(1, wrapstring='x' * N)", (MAX_LENGTH - 2) // 5 - 2),
        ("'ab\nc' | wordwrap(4, wrapstring='x' * N)", (MAX_LENGTH - 4) // 4 - 2),
        ("['x' * N, 'yy'] | sum(start='')", MAX_LENGTH - 2),
    ],
)
def test_one_operation_builds_as_much_as_the_limit_allows(template, most):
    within, beyond = (
        f"{{{{ ({template.replace('N', str(count))}) | count }}}}" for count in (most, most + 1)
    )
    assert not is_refused(within)
    assert is_refused(beyond)


@pytest.mark.parametrize(
    ("name", "given", "most"),
    [
        ("wordwrap", lambda count: (["a" * count, 1], {}), (MAX_LENGTH - 1) // 3),
        ("wordwrap", lambda count: (["a" * count], {}), 1_022_685),
        ("round", lambda count: ([5, count], {}), MAX_LENGTH // 8),
        ("round", lambda count: ([5, -count], {}), MAX_LENGTH // 8),
        ("tojson", lambda count: ([[0], count], {}), MAX_LENGTH // 4),
        ("tojson", lambda count: ([({"a": 0}, 1)], {"indent": count}), MAX_LENGTH // 12),
        ("json_encode", lambda count: ([{"a": [0]}, count], {}), MAX_LENGTH // 9),
    ],
)
def test_a_filter_is_refused_from_the_first_estimate_beyond_the_limit(name, given, most):
    growth.check_filter(name, *given(most))
    with pytest.raises(TooLarge):
        growth.check_filter(name, *given(most + 1))


@pytest.mark.parametrize(
    "template",
    [
        "'%d' % 1000000000",
        "'{a} %d' % 1000000000",
        "'* %d' % 1000000000",
        "'{0:,} {a} {{{0}}}'.format(1000000000, a=1000000000)",
        "'{}{}'.format('a', 1000000000)",
        "long * 0",
        "2 ** -1000000",
        "'x' * -1000000000",
        "lipsum(n=0)",
        "'a' | center ~ 'a' | truncate ~ 5 | round",
    ],
)
def test_a_large_number_alone_builds_nothing(template):
    assert not is_refused(f"{{{{ {template} }}}}", long="x" * (MAX_LENGTH + 1))


@pytest.mark.parametrize("call", ["''.join()", "'a'.replace('a')", "'a'.translate()", "''.join(5)"])
def test_a_call_that_builds_nothing_fails_as_in_python(call):
    with pytest.raises(TypeError):
        is_refused(f"{{{{ {call} }}}}")


def test_only_indented_json_is_limited_by_its_items(monkeypatch):
    monkeypatch.setattr(growth, "MAX_LENGTH", 100)
    growth.check_filter("tojson", [[0] * 100], {})
    growth.check_filter("tojson", [[0] * 99], {"indent": 0})
    with pytest.raises(TooLarge):
        growth.check_filter("tojson", [[0] * 100], {"indent": 0})


@pytest.mark.parametrize(
    ("operator", "operands", "most"),
    [
        ("*", lambda bits: (1 << bits, 1 << bits), MAX_BITS // 2 - 1),
        ("**", lambda exponent: (2, exponent), MAX_BITS // 2),
        ("//", lambda bits: (1 << bits, 2), MAX_BITS - 1),
        ("-", lambda bits: (2, 1 << bits), MAX_BITS - 1),
    ],
)
def test_an_operation_on_numbers_keeps_to_the_longest_integer(operator, operands, most):
    growth.check_operator(operator, *operands(most))
    with pytest.raises(TooLarge):
        growth.check_operator(operator, *operands(most + 1))


class Untouched:
    """An item of a list that is too large, which nothing may print or compare."""

    def __repr__(self) -> str:
        raise AssertionError("printed")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("compared")

    def __lt__(self, other: object) -> bool:
        raise AssertionError("compared")

    __hash__ = None


@pytest.mark.parametrize(
    "use",
    [
        "{{ grown }}",
        "{{ outer | string }}",
        "{{ outer | string | length }}",
        "{{ 'a' | replace('a', outer) }}",
        "{{ 'a' | indent(width=grown) }}",
        "{{ grown ~ '' }}",
        "{{ grown | join }}",
        "{{ ''.join(grown) }}",
        "{{ '%s' % outer }}",
        "{{ '{}'.format(outer) }}",
        "{{ '{a}'.format(a=outer) }}",
        "{{ outer == [1] }}",
        "{{ [1] == outer }}",
        "{{ outer is eq [1] }}",
        "{{ [1] is eq(b=outer) }}",
        "{{ 1 in grown }}",
        "{{ grown + [] }}",
        "{{ [] + grown }}",
        "{{ dict(a=grown) }}",
        "{{ dict([grown]) }}",
        "{{ grown.index(1) }}",
        "{{ outer.index([1]) }}",
        "{{ outer.count([1]) }}",
        "{{ grown.remove(1) }}",
        "{{ grown.sort() }}",
        "{{ [outer].index([1]) }}",
        "{{ [[1]].index(outer) }}",
        "{{ 'a'.split(sep=outer) }}",
    ],
)
def test_a_list_that_has_grown_too_large_is_refused_before_it_is_read(use):
    grown = [Untouched(), *["x" * MAX_LENGTH] * 8]
    assert is_refused("{% set _ = grown.append(1) %}" + use, grown=grown, outer=[grown])


@pytest.mark.parametrize(
    "use", [f"grown | {name}" for name in ("length", "count", "first", "last", "d", "default")] + ["grown[1]"]
)
def test_a_list_that_has_grown_too_large_still_gives_its_items(use):
    grown = ["x", *["x" * MAX_LENGTH] * 8]
    assert not is_refused(f"{{% set _ = grown.append(1) %}}{{% set _ = {use} %}}", grown=grown)


@pytest.mark.parametrize(
    ("use", "copies"),
    [
        ("{% set _ = text[1:] %}", 1),
        ("{% set _ = text + '' %}", 1),
        ("{% set _ = text ~ '' %}", 1),
        ("{% set _ = '%s' % text %}", 1),
        ("{% set _ = '{}'.format(text) %}", 1),
        ("{% set _ = text | upper %}", 1),
        ("{% set _ = text.upper() %}", 1),
        ("{% set _ = text.encode() %}", 1),
        ("{% set _ = quoted | from_json %}", 2),
        ("{% set _ = lists | from_json %}", 1),
        ("{% set _ = dicts | from_json %}", 1),
        ("{% set _ = [text, ''] | join %}", 2),
        ("{% set _ = ''.join([text, '']) %}", 2),
        ("{% set _ = [text, ''] | sum(start='') %}", 1),
        ("{% set _ %}{{ text }}{% endset %}", 1),
        ("{% macro a() %}{{ text }}{% endmacro %}{% set _ = a() %}", 2),
        ("{% filter upper %}{{ text }}{% endfilter %}", 3),
        ("{{ text }}", 1),
        ("{% set _ = [text] | map('upper') | list %}", 2),
        ("{% set _ = items[1:] %}", 1),
        ("{% set _ = items + [] %}", 1),
        ("{% set _ = [] + items %}", 1),
        ("{% set _ = items * 1 %}", 1),
        ("{% set _ = items | list %}", 1),
        ("{% set _ = items | unique | list %}", 2),
        ("{% set _ = items | sort %}", 1),
        ("{% set _ = items.copy() %}", 1),
        ("{% set _ = [items, []] | sum(start=[]) %}", 2),
        ("{% set _ = {}.fromkeys(items) %}", 1),
        ("{% set _ = [].extend(items) %}", 2),
        ("{% set _ = {}.update({}.fromkeys(items)) %}", 3),
        ("{% for _ in items | map('abs') %}{% endfor %}", 1),
        ("{% for _ in items | select %}{% endfor %}", 1),
    ],
)
def test_all_that_one_rendering_builds_counts_together(use, copies, monkeypatch):
    given = {
        "text": "x" * 20_000,
        "quoted": f'"{"x" * 20_000}"',
        "items": list(range(1, 5_000)),
        "lists": f"[{','.join(['[]'] * 187)}]",
        "dicts": f"[{','.join(['{}'] * 71)}]",
    }
    monkeypatch.setattr(limits, "MAX_BUILT", copies * 20_200)
    assert not is_refused(use, **given)
    monkeypatch.setattr(limits, "MAX_BUILT", copies * 19_900)
    assert is_refused(use, **given)


@pytest.mark.parametrize(
    ("value", "copies"),
    [
        ("[text]", 1),
        ("(text,)", 1),
        ("[[text]]", 1),
        ("dict(a=text)", 1),
        ("{'a': text}", 1),
        ("{text: 1}", 1),
        ("[text, text]", 2),
        ("[text] + [text]", 2),
        ("[[text], [text]] | sum(start=[])", 2),
    ],
)
def test_one_value_is_no_longer_than_the_largest(value, copies):
    template = f"{{% set _ = {value} %}}"
    assert not is_refused(template, text="x" * (LARGEST // copies - 40))
    assert is_refused(template, text="x" * (LARGEST // copies))


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("abc", 5),
        (b"abc", 5),
        (1, 16),
        ([], 2),
        (["a", "b"], 12),
        (("a", "b"), 12),
        ({"a"}, 7),
        (frozenset({"a"}), 7),
        ({"a": "b"}, 10),
        (range(10), 80),
        ([["a"], {"b": ("c",)}], 27),
    ],
)
def test_a_value_counts_for_what_it_holds(value, size):
    assert limits.size_of(value) == size


@pytest.mark.parametrize("items", [range(LARGEST // 8), ["x" * (LARGEST - 6)], "x" * (LARGEST - 2)])
def test_the_largest_value_is_within_the_limit(items):
    assert limits.size_of(items) <= LARGEST
    with pytest.raises(TooLarge):
        limits.size_of([items, "more"])


def test_a_separator_counts_for_each_item():
    template = "{% set _ = range(N) | join('x' * 1000) %}"
    most = (LARGEST - 2) // 1018
    assert not is_refused(template.replace("N", str(most)))
    assert is_refused(template.replace("N", str(most + 1)))


def test_a_field_may_hold_a_mebibyte_and_the_refusal_says_so():
    assert len(sandbox.rendered("{{ 'x' * 1048576 }}", {})) == 1048576
    with pytest.raises(TooLarge, match=r"^the template builds more than 1048576 characters or items$"):
        sandbox.rendered("{{ 'x' * 1048577 }}", {})


def test_a_block_prints_no_more_than_a_field_renders():
    for block in (
        "{% set _ %}BODY{% endset %}",
        "{% macro a() %}BODY{% endmacro %}{% set _ = a() %}",
        "BODY",
    ):
        template = block.replace("BODY", "{{ text }}{% for i in range(N) %}x{% endfor %}")
        assert not is_refused(template.replace("N", "4"), text="x" * (MAX_LENGTH - 4))
        assert is_refused(template.replace("N", "5"), text="x" * (MAX_LENGTH - 4))


@pytest.mark.parametrize(
    ("change", "added"),
    [
        ("items.append(1)", 1),
        ("items.extend([1, 2, 3])", 3),
        ("items.extend([1, 2, 3] | map('abs'))", 3),
        ("items.insert(0, 1)", 1),
        ("named.update({'a': 1, 'b': 2})", 2),
        ("named.update(a=1, b=2)", 2),
        ("named.update({'a': 1}, b=2)", 2),
        ("unique.add(0)", 1),
        ("unique.update([0], [0, 0])", 3),
    ],
)
def test_a_change_adds_no_more_items_than_the_limit_allows(change, added, monkeypatch):
    monkeypatch.setattr(limits, "MAX_LENGTH", 100)

    def given(count: int) -> dict[str, object]:
        numbers = range(1, count + 1)
        return {"items": [1] * count, "named": dict.fromkeys(numbers), "unique": set(numbers)}

    template = f"{{% set _ = {change} %}}"
    assert not is_refused(template, **given(100 - added))
    assert is_refused(template, **given(101 - added))


@pytest.mark.parametrize("which", ["first", "last", "max", "min", "random"])
def test_a_filter_that_picks_an_item_gives_the_item_itself(which):
    template = f"{{% set _ = (items | {which}).append(2) %}}{{{{ items }}}}"
    assert sandbox.rendered(template, {"items": [[1]]}) == "[[1, 2]]"


def test_an_attribute_is_the_value_itself():
    template = "{% set _ = (owner | attr('a')).append(2) %}{{ owner.a }}"
    assert sandbox.rendered(template, {"owner": SimpleNamespace(a=[1])}) == "[1, 2]"


@pytest.mark.parametrize("kept", ["default(0)", "d(0)"])
def test_a_default_leaves_the_value_itself(kept):
    template = f"{{% set _ = (items | {kept}).append(2) %}}{{{{ items }}}}"
    assert sandbox.rendered(template, {"items": [1]}) == "[1, 2]"


def test_the_items_of_an_iterator_are_the_items_themselves():
    template = "{% for item in items | select %}{% set _ = item.append(2) %}{% endfor %}{{ items }}"
    assert sandbox.rendered(template, {"items": [[1], [1]]}) == "[[1, 2], [1, 2]]"


@pytest.mark.parametrize(("count", "most"), [(1, MAX_LENGTH), (2, MAX_LENGTH // 2), (0, 10**9)])
def test_filler_text_is_no_longer_than_the_limit(count, most, monkeypatch):
    monkeypatch.setattr(limited_filters, "generate_lorem_ipsum", lambda *_given: "")
    assert limited_filters.lipsum(count, max=most) == ""
    if count:
        with pytest.raises(TooLarge):
            limited_filters.lipsum(count, max=most + 1)
