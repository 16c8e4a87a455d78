"""Run `strongroom rules`: list the rules, and make pages of their docstrings."""

from pathlib import Path
from typing import Final

import click

from strongroom.files.writing import write_whole
from strongroom.validator import RULES, Rule, Severity
from strongroom_cli.terminal.arguments import unknown
from strongroom_cli.terminal.click_options import format_option
from strongroom_cli.terminal.session import print_json, print_lines
from strongroom_cli.terminal.style import Style, table

_MEANING: Final = {
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


@click.command(name="rules", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("rule", required=False)
@format_option
@click.option("--write", metavar="FOLDER", hidden=True, help="Write the pages of the documentation.")
def command(rule: str | None, form: str, write: str | None) -> None:
    """Show the rules, or the page of one RULE."""
    if write is not None:
        write_pages(Path(write))
    elif rule is not None and rule not in RULES:
        raise unknown("rule", rule, RULES, "See `strongroom rules`.")
    elif form == "json":
        print_json(_plain(RULES[rule]) if rule else [_plain(entry) for entry in RULES.values()])
    elif rule:
        print(rule_page(RULES[rule]), end="")
    else:
        rows = [[e.name, e.severity.value, "yes" if e.has_fix else "", e.summary] for e in RULES.values()]
        print_lines(table(rows, ["RULE", "SEVERITY", "FIX", "SUMMARY"], Style()))


def write_pages(folder: Path) -> None:
    """Write the pages of all rules to `folder`, and remove all other pages."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = page_files()
    for stale in folder.glob("*.md"):
        if stale.name not in wanted:
            stale.unlink()
    for name, text in wanted.items():
        write_whole(str(folder / name), text.encode(), durable=False)


def rule_page(rule: Rule) -> str:
    """Return the page of one rule.

    It has the name as title, the severity, if there is a fix, and then the docstring.
    """
    fix = "Fix: see [Fix safety](#fix-safety)." if rule.has_fix else "No automatic fix."
    return (
        f"# {rule.name}\n\nSeverity: {rule.severity.value} ({_MEANING[rule.severity]}). {fix}\n\n{rule.page}"
    )


def index_page() -> str:
    """Return the list of rules, each linked to its page in the same folder."""
    rows = []
    for rule in RULES.values():
        fix = "yes" if rule.has_fix else ""
        summary = rule.summary.replace("|", "\\|")
        rows.append(f"| [`{rule.name}`]({rule.name}.md) | {rule.severity.value} | {fix} | {summary} |")
    head = ["# Rules", "", _SILENCING, "", "| rule | severity | fix | what it finds |", "|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def page_files() -> dict[str, str]:
    """Return file name -> text of docs/rules: README.md and a page for each rule."""
    return {"README.md": index_page(), **{f"{name}.md": rule_page(rule) for name, rule in RULES.items()}}


def _plain(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "severity": rule.severity.value,
        "has_fix": rule.has_fix,
        "summary": rule.summary,
        "page": rule_page(rule),
    }
