import pytest

from core.validator.connector_texts import apply_fixes
from strongroom.document import Document
from strongroom.validator import DEFAULT_LEVELS, Edit, Finding, Fix, Levels, Severity, validate
from strongroom.validator.levels import UnknownRuleError

TEXT = '{"url": "{{ get_secret( \\"a\\" ) }}", "name": "n",}'


def rules(levels):
    return [
        (finding.rule, finding.severity.value) for finding in validate(Document.parse(TEXT), levels=levels)
    ]


def test_every_rule_has_its_own_level_unless_told_otherwise():
    assert rules(DEFAULT_LEVELS) == [
        ("misplaced-secret", "error"),
        ("secret-spacing", "warning"),
        ("secret-quotes", "warning"),
        ("json-syntax", "error"),
    ]


def test_a_rule_can_be_ignored_selected_and_levelled():
    assert rules(Levels().ignore(["json-syntax", "misplaced-secret", "secret-quotes"])) == [
        ("secret-spacing", "warning")
    ]
    assert rules(Levels().select(["json-syntax"])) == [("json-syntax", "error")]
    levels = Levels().with_settings(
        {"secret-quotes": "info", "json-syntax": "off", "misplaced-secret": False}
    )
    assert rules(levels) == [("secret-spacing", "warning"), ("secret-quotes", "info")]


def test_selecting_a_rule_that_settings_turned_off_turns_it_on():
    levels = Levels().with_settings({"secret-quotes": "off"}).select(["secret-quotes"])
    assert rules(levels) == [("secret-quotes", "warning")]


def test_selecting_a_rule_keeps_the_level_that_settings_gave_it():
    levels = Levels().with_settings({"secret-quotes": "info"}).select(["secret-quotes"])
    assert rules(levels) == [("secret-quotes", "info")]


def test_a_wrong_rule_or_level_is_refused_with_the_way_out():
    with pytest.raises(
        UnknownRuleError, match=r"No rule is named `secret-quote`\. Did you mean `secret-quotes`"
    ):
        Levels().select(["secret-quote"])
    with pytest.raises(UnknownRuleError, match=r"\. `strongroom rules` lists them\.$"):
        Levels().ignore(["xyz"])
    with pytest.raises(UnknownRuleError) as refused:
        Levels().with_settings({"secret-quotes": "loud"})
    assert str(refused.value) == (
        "The level of the rule `secret-quotes` is 'loud'. It must be error, warning, info or off."
    )


def test_settings_turn_on_no_rule_that_is_not_selected():
    levels = Levels().select(["secret-quotes"]).with_settings({"json-syntax": "info"})
    assert rules(levels) == [("secret-quotes", "warning")]


def test_levels_are_equal_if_every_rule_has_the_same():
    quiet = Levels().ignore(["secret-quotes"])
    assert quiet == Levels().with_settings({"secret-quotes": "off"})
    assert quiet not in (DEFAULT_LEVELS, Levels().select(["secret-quotes"]))


def finding(*edits, is_safe=True):
    fix = Fix("Mend it", tuple(Edit(*edit) for edit in edits), is_safe)
    return Finding("rule", Severity.ERROR, "Wrong.", edits[0][0], edits[0][1], fixes=(fix,))


def test_fixes_are_applied_side_by_side_and_overlapping_ones_left_out():
    assert apply_fixes("abcdef", [finding((0, 1, "X")), finding((1, 2, "Y"))]) == "XYcdef"
    assert apply_fixes("abcdef", [finding((0, 3, "X")), finding((2, 4, "Y"))]) == "Xdef"
    assert apply_fixes("abcdef", [finding((0, 1, "X"), (5, 6, "X")), finding((4, 6, "Y"))]) == "XbcdeX"
    assert apply_fixes("abcdef", [finding((3, 3, "X")), finding((3, 3, "Y"))]) == "abcXdef"
    assert apply_fixes("abcdef", [finding((1, 4, "X")), finding((2, 2, "Y"))]) == "aXef"


def test_an_unsafe_fix_is_applied_only_where_asked_for():
    assert apply_fixes("ab", [finding((0, 1, "X"), is_safe=False)]) == "ab"
    assert apply_fixes("ab", [finding((0, 1, "X"), is_safe=False)], unsafe=True) == "Xb"
