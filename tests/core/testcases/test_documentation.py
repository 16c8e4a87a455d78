"""docs/test-cases.md cannot fall behind what a file may hold, and its examples are right."""

import re
from pathlib import Path

from strongroom.testcases.keys import keys_of
from strongroom.testcases.loading import load_text

PAGE = (Path(__file__).parents[3] / "docs/test-cases.md").read_text(encoding="utf-8")


def rows(part: str) -> set[str]:
    """The names in the first cells of the tables of a part of the page."""
    cells = re.findall(r"^\| (`.*?) \|", part, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_every_key_is_in_a_table_of_the_page_and_no_other():
    keys, rest = PAGE.split("## Keys")[1].split("`[test.expect]`:")
    expect, checks = rest.split("Checks on a value of the body")
    assert rows(keys) == set(keys_of("test"))
    assert rows(expect) == set(keys_of("expect"))
    assert rows(checks.split("## Without")[0]) == set(keys_of("body")) - {"path"}


def test_text_checks_are_named_too():
    sentence = PAGE.split("Checks on a text")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", sentence)) - {"body_text"} == set(keys_of("header"))
    assert set(keys_of("header")) - {"exists"} == set(keys_of("body_text"))


def test_the_examples_are_right(tmp_path):
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs/user.json").write_text("{}")
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        loaded = load_text(str(tmp_path / "connectors.tests.toml"), example)
        assert loaded.problems == ()
        assert len(loaded.cases) == 1
