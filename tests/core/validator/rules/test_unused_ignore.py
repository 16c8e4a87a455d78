"""Test the rule unused-ignore."""

import pytest

from core.validator.connector_texts import apply_fixes, headers
from core.validator.widget_code import mended_code
from strongroom.document import Document
from strongroom.names import NO_NAMES
from strongroom.validator import Levels, validate


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("{# strongroom: ignore[«unused-ignore:secret-quotes»] #}",
         "`secret-quotes` finds nothing here: remove it from the comment."),
        ("{# strongroom: ignore[«unused-ignore:secret-quote»] #}",
         "Unknown rule `secret-quote`. Did you mean `secret-quotes`?"),
        ("«unused-ignore:{# strongroom: ignore #}»",
         "This comment names no rule: write {# strongroom: ignore[rule-name] #}."),
        ("«unused-ignore:{# strongroom: ignore[] #}»",
         "This comment names no rule: write {# strongroom: ignore[rule-name] #}."),
    ],
)  # fmt: skip
def test_a_comment_that_silences_nothing_is_reported(check, comment, message):
    (finding,) = check(headers(comment + "{{ get_secret('api_key') }}"))
    assert finding.message == message


def test_stale_names_are_removed_and_the_others_stay():
    quoted = '{{ get_secret("a") }}'
    text = headers("{# strongroom: ignore[none-text, secret-quotes, typo] #}" + quoted)
    while (mended := apply_fixes(text, validate(Document.parse(text)))) != text:
        text = mended
    assert text == headers("{# strongroom: ignore[secret-quotes] #}" + quoted)
    stale = headers("{# strongroom: ignore[secret-quotes] #}a")
    assert apply_fixes(stale, validate(Document.parse(stale))) == headers("a")


def test_a_comment_that_trims_is_not_removed():
    text = headers(" {#- strongroom: ignore[secret-quotes] -#} a")
    (finding,) = validate(Document.parse(text))
    assert finding.fixes == ()


def test_a_rule_that_is_off_or_knows_no_names_is_not_judged(check):
    text = headers("{# strongroom: ignore[unknown-secret] #}{{ get_secret('a') }}")
    check(text, names=NO_NAMES)
    off = headers("{# strongroom: ignore[secret-quotes] #}")
    check(off, levels=Levels().ignore(["secret-quotes"]))


@pytest.mark.parametrize(
    "text",
    [
        "{% raw %}{# strongroom: ignore[typo] #}{% endraw %}",
        "{{ '{# strongroom: ignore[typo] #}' }}",
        "{# a word about strongroom: nothing #}".replace("strongroom:", "strong rooms"),
    ],
)
def test_what_is_no_comment_silences_nothing_and_is_not_reported(check, text):
    check(headers(text))


def test_a_comment_in_code_that_silences_nothing_is_removed(check_code):
    call = "\ns.connectors.execute({permalink: 'news', method: 'GET'})"
    (finding,) = check_code(f"x(); // strongroom: ignore[«unused-ignore:wrong-call-method»]{call}")
    assert mended_code(f"x(); // strongroom: ignore[wrong-call-method]{call}") == f"x();{call}"
    assert finding.message == "`wrong-call-method` finds nothing here: remove it from the comment."
    check_code(f"/* strongroom: ignore[«unused-ignore:wrong-cal-method»] */{call}")
    check_code(f"«unused-ignore:// strongroom: ignore everything»{call}")
