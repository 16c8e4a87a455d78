"""Test the rule duplicate-step."""

from core.validator.connector_texts import composite, step


def test_steps_have_different_names(check):
    (finding,) = check(composite(step("a"), step("b"), step("«duplicate-step:a»")))
    assert finding.related
