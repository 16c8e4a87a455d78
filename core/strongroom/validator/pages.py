"""Make the rules' pages as Markdown from the docstrings of their modules.

The command line writes the files.
"""

from collections.abc import Iterable
from typing import Final

from strongroom.validator.findings import Severity
from strongroom.validator.rule import Rule

MEANING: Final = {
    Severity.ERROR: "the platform refuses it, or the call fails",
    Severity.WARNING: "a documented mistake, or a leak",
    Severity.INFO: "works, but may not be what was meant",
}

_SILENCING: Final = """\
Made by `strongroom rules --write docs/rules` from the rules themselves.

To silence rules in one field, name them in a comment in its template:
`{# strongroom: ignore[none-text, secret-quotes] #}`. A name that silences nothing is reported by
[`unused-ignore`](unused-ignore.md), so such comments do not outlive their reason. In the code of widgets, a comment
`// strongroom: ignore[unknown-connector]` is for its own line and the next one. Whole files and folders:
[settings](../settings.md). Everything that is there today: [a baseline](../command-line.md#findings-that-are-known)."""


def rule_page(rule: Rule) -> str:
    """Return the page of one rule.

    It has the name as title, the severity, if there is a fix, and then the docstring.
    """
    fix = "Fix: see [Fix safety](#fix-safety)." if rule.has_fix else "No automatic fix."
    return (
        f"# {rule.name}\n\nSeverity: {rule.severity.value} ({MEANING[rule.severity]}). {fix}\n\n{rule.page}"
    )


def index_page(rules: Iterable[Rule]) -> str:
    """Return the list of rules, each linked to its page in the same folder."""
    rows = []
    for rule in rules:
        fix = "yes" if rule.has_fix else ""
        summary = rule.summary.replace("|", "\\|")
        rows.append(f"| [`{rule.name}`]({rule.name}.md) | {rule.severity.value} | {fix} | {summary} |")
    head = ["# Rules", "", _SILENCING, "", "| rule | severity | fix | what it finds |", "|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def page_files(rules: Iterable[Rule]) -> dict[str, str]:
    """Return file name -> text of the whole documentation folder.

    It has README.md and a page for each rule.
    """
    known = list(rules)
    return {"README.md": index_page(known), **{f"{rule.name}.md": rule_page(rule) for rule in known}}
