"""Hold each rule to its files: a module, a page and a file of tests, all named like the rule."""

from importlib import import_module
from pathlib import Path

import pytest

from strongroom.validator import RULES

HERE = Path(__file__).parent
PAGES = HERE.parents[2] / "docs" / "rules"


def module_name(rule):
    return rule.name.replace("-", "_")


def is_only_between_files(rule):
    return rule.publication is not None and rule.document is None


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_has_a_module_a_page_and_tests_of_its_own(rule):
    assert import_module(f"strongroom.validator.rules.{module_name(rule)}").RULE is rule
    assert (PAGES / f"{rule.name}.md").is_file(), f"run `make pages`: it writes docs/rules/{rule.name}.md"
    tests = HERE / "rules" / f"test_{module_name(rule)}.py"
    assert tests.is_file(), f"the tests of {rule.name} belong into {tests}"
    found = tests.read_text(encoding="utf-8")
    # What comes from other files is not marked in a text.
    assert f"«{rule.name}:" in found or (is_only_between_files(rule) and "test_" in found)


def test_there_are_no_tests_and_no_page_of_a_rule_that_does_not_exist():
    tested = {file.stem for file in (HERE / "rules").glob("test_*.py")}
    assert tested - {f"test_{module_name(rule)}" for rule in RULES.values()} == set()
    assert {file.stem for file in PAGES.glob("*.md")} - {"README", *RULES} == set()
