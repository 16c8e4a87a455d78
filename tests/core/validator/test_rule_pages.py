"""The pages are the rules' own docstrings, and their examples are run."""

import json
import re

import pytest

from strongroom.document import Document
from strongroom.platform.project import REGISTRY
from strongroom.validator import RULES, Validator, validate
from strongroom.validator.call_validator import CallValidator
from strongroom.validator.calls.connectors import known_connectors
from strongroom.validator.fixing import fix_all
from strongroom.validator.publication import Convention, Publication, first_files, table_of
from strongroom.widgets.code import WidgetCode

HEADINGS = ("What it does", "Why it is bad", "Example", "Use instead", "Fix safety")


def sections(page):
    """Heading -> text of a page."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def snippets(text, language="json"):
    return re.findall(rf"```{language}\n(.*?)\n```", text, re.DOTALL)


def files(text):
    """(path, text) of each snippet; the path is empty if the page names none."""
    return re.findall(r"(?:`([^`\n]+)`:\n\n)?```json\n(.*?)\n```", text, re.DOTALL)


def examples(rule, heading, known):
    """Yield each text under a heading, with the function that checks it.

    Code is held against the connectors of the example, and files of one project are checked beside each other.
    """
    found = sections(rule.page)
    if code := snippets(found[heading], "js"):
        documents = [Document.parse(text) for text in snippets(found["Example"])]
        connectors = known_connectors(documents)
        assert [finding for document in documents for finding in validate(document, known)] == []
        for text in code:
            yield WidgetCode("app.js", text), lambda code: CallValidator().findings(code, connectors)
        return
    named = files(found[heading])
    tables = {path: table_of(Document.parse(text)) for path, text in named if path}
    registry = tables.pop(REGISTRY, None)
    for path, text in named:
        beside = (
            Publication(path, registry, first_files(tables.items()), Convention.UNKNOWN) if path else None
        )
        yield (
            Document.parse(text),
            lambda document, beside=beside: Validator(known).findings(document, beside),
        )


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_page_has_the_fixed_headings_and_says_something_under_each(rule):
    found = sections(rule.page)
    assert tuple(found) == HEADINGS
    assert all(text.strip() for text in found.values())
    assert re.fullmatch(r"[A-Z][^\n]+\.", rule.summary)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_the_example_yields_that_rule_s_finding_and_no_other(rule, known):
    found = [[finding.rule for finding in check(text)] for text, check in examples(rule, "Example", known)]
    if any(path for path, _ in files(sections(rule.page)["Example"])):
        found = [[rule for rules in found for rule in rules]]  # the finding is in one of the files
    assert found
    assert all(rules == [rule.name] for rules in found)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_what_to_use_instead_yields_nothing(rule, known):
    found = list(examples(rule, "Use instead", known))
    assert found
    for text, check in found:
        assert check(text) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_without_a_fix_offers_none_for_its_example(rule, known):
    if not rule.has_fix:
        found = [finding for text, check in examples(rule, "Example", known) for finding in check(text)]
        assert all(finding.fixes == () for finding in found)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_fixing_the_example_leaves_text_with_nothing_more_to_fix(rule, known):
    for text, check in examples(rule, "Example", known):
        fixed = fix_all(text, check)
        assert [finding for finding in fixed.findings if finding.fix is not None] == []
        assert {finding.rule for finding in fixed.findings} <= {rule.name}
        if isinstance(text, Document):
            json.loads(fixed.document.text)


def test_a_rule_is_known_by_its_own_name():
    assert list(RULES) == sorted(rule.name for rule in RULES.values())
    parts = (
        "connector",
        "part",
        "fields",
        "url",
        "row",
        "authentication",
        "template",
        "document",
        "publication",
        "call",
    )
    partless = [name for name, rule in RULES.items() if not any(getattr(rule, part) for part in parts)]
    # The comments that silence others are judged when all others have looked.
    assert partless == ["unused-ignore"]
