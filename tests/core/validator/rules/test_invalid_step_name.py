"""Test the rule invalid-step-name."""

import pytest

from core.validator.connector_texts import composite, step


@pytest.mark.parametrize("name", ["Fetch", "fetch_user", "fetch user", "é"])
def test_a_step_s_name_is_a_slug(check, name):
    (finding,) = check(composite(step(f"«invalid-step-name:{name}»")))
    assert finding.field == "steps[0].name"
    assert finding.fix is None
