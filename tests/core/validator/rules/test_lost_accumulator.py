"""Test the rule lost-accumulator."""

import pytest

from core.validator.connector_texts import field


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


def test_a_name_that_is_set_in_a_condition_before_the_loop_counts(check):
    before = "{% if user.id %}{% set t = [] %}{% else %}{% set t = [1] %}{% endif %}"
    check(
        field(
            "response_body", before + "{% for a in [1] %}{% set «lost-accumulator:t» = t + [a] %}{% endfor %}"
        )
    )


@pytest.mark.parametrize(
    "template",
    [
        "{% set t = 0 %}{% for a in [] %}{% else %}{% set t = t + 1 %}{% endfor %}{{ t }}",
        "{% set t = 0 %}{% for a in [1] %}{% macro m() %}{% set t = t + 1 %}{{ t }}{% endmacro %}{% endfor %}",
        "{% with t = 0 %}{% endwith %}{% for a in [1] %}{% set t = t + a %}{% endfor %}".replace(
            "t + a", "a"
        ),
    ],
    ids=["the part for no elements", "a macro", "a name of a block"],
)
def test_what_is_set_beside_the_loop_itself_is_silent(check, template):
    check(field("response_body", template))
