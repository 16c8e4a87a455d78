"""The pages are the rules' own docstrings, and their examples are run."""

import json
import re

import pytest

from strongroom.document import Document
from strongroom.platform.project import REGISTRY
from strongroom.validator import RULES, Validator, apply_fixes, validate
from strongroom.validator.pages import index_page, page_files, rule_page
from strongroom.validator.publication import Convention, Publication, first_files, table_of

HEADINGS = ("What it does", "Why it is bad", "Example", "Use instead", "Fix safety")


def sections(page):
    """Heading -> text of a page."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def snippets(text):
    return [snippet for _, snippet in files(text)]


def files(text):
    """(path, text) of each snippet; the path is empty if the page names none."""
    return re.findall(r"(?:`([^`\n]+)`:\n\n)?```json\n(.*?)\n```", text, re.DOTALL)


def found_in(section, known):
    """The findings of each snippet, beside the others where the page names files of one project."""
    named = files(section)
    tables = {path: table_of(Document.parse(text)) for path, text in named if path}
    registry = tables.pop(REGISTRY, None)
    return [
        Validator(known).findings(
            Document.parse(text),
            Publication(path, registry, first_files(tables.items()), Convention.UNKNOWN) if path else None,
        )
        for path, text in named
    ]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_page_has_the_fixed_headings_and_says_something_under_each(rule):
    found = sections(rule.page)
    assert tuple(found) == HEADINGS
    assert all(text.strip() for text in found.values())
    assert re.fullmatch(r"[A-Z][^\n]+\.", rule.summary)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_the_example_yields_that_rule_s_finding_and_no_other(rule, known):
    example = sections(rule.page)["Example"]
    found = [[finding.rule for finding in findings] for findings in found_in(example, known)]
    if any(path for path, _ in files(example)):
        found = [[rule for rules in found for rule in rules]]  # the finding is in one of the files
    assert found
    assert all(rules == [rule.name] for rules in found)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_what_to_use_instead_yields_nothing(rule, known):
    found = found_in(sections(rule.page)["Use instead"], known)
    assert found
    assert all(findings == [] for findings in found)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_without_a_fix_offers_none_for_its_example(rule, known):
    findings = found_in(sections(rule.page)["Example"], known)
    if not rule.has_fix:
        assert all(finding.fixes == () for found in findings for finding in found)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_fixing_the_example_leaves_json_with_nothing_more_to_fix(rule, known):
    for snippet in snippets(sections(rule.page)["Example"]):
        fixed = snippet
        for _ in range(3):
            fixed = apply_fixes(fixed, validate(Document.parse(fixed), known))
        findings = validate(Document.parse(fixed), known)
        assert [finding for finding in findings if finding.fix is not None] == []
        assert {finding.rule for finding in findings} <= {rule.name}
        json.loads(fixed)


def test_a_rule_is_known_by_its_own_name():
    assert all(name == rule.name for name, rule in RULES.items())
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
    )
    assert all(any(getattr(rule, part) for part in parts) for rule in RULES.values())


def test_the_documentation_has_a_page_for_each_rule_and_an_index():
    files = page_files(RULES.values())
    assert set(files) == {"README.md", *(f"{name}.md" for name in RULES)}
    assert files["secret-quotes.md"].startswith(
        "# secret-quotes\n\nSeverity: warning (a documented mistake, or a leak). Fix: see [Fix safety](#fix-safety).\n"
    )
    assert rule_page(RULES["json-syntax"]) == files["json-syntax.md"]
    assert all(f"[`{name}`]({name}.md)" in index_page(RULES.values()) for name in RULES)
