"""Test the rule dict-method."""

import pytest

from core.validator.connector_texts import field, fixed


@pytest.mark.parametrize("method", ["items", "keys", "values", "get", "update", "copy", "pop"])
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
