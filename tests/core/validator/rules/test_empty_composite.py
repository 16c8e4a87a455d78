"""Test the rule empty-composite."""


def test_a_composite_needs_a_step(check):
    check('{"composite_connectors": [{"name": "All", "steps": «empty-composite:[]»}]}')
