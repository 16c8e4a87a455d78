"""A rule's page as Markdown, from the docstring of its module. Writing the files is the command line's
part.
"""

from collections.abc import Iterable
from typing import Final

from strongroom.validator.findings import Severity
from strongroom.validator.rule import Rule

MEANING: Final = {
    Severity.ERROR: "error: the platform refuses it, or the call fails",
    Severity.WARNING: "warning: a documented mistake, or a leak",
    Severity.INFO: "info: style",
}


_SILENCING: Final = """\
To silence rules for one template, name them in a comment in it:
`{# strongroom: ignore[none-text, secret-quotes] #}`. The comment holds for the whole field that it stands in and
must name the rules. A name that silences nothing is reported by [`unused-ignore`](unused-ignore.md). Whole files
and folders are silenced in `strongroom.toml`."""


def rule_page(rule: Rule) -> str:
    """The page of one rule: its name as title, its severity and whether it has a fix, then its docstring."""
    fix = "with a fix" if rule.has_fix else "without a fix"
    return f"# {rule.name}\n\n_{MEANING[rule.severity]}; {fix}._\n\n{rule.page}"


def index_page(rules: Iterable[Rule]) -> str:
    """The list of rules, each linked to its page in the same folder."""
    rows = []
    for rule in rules:
        fix = "yes" if rule.has_fix else ""
        rows.append(f"| [`{rule.name}`]({rule.name}.md) | {rule.severity.value} | {fix} | {rule.summary} |")
    head = ["# Rules", "", _SILENCING, "", "| rule | severity | fix | what it finds |", "|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def page_files(rules: Iterable[Rule]) -> dict[str, str]:
    """File name -> text of the whole documentation folder: README.md and a page for each rule."""
    known = list(rules)
    return {"README.md": index_page(known), **{f"{rule.name}.md": rule_page(rule) for rule in known}}
