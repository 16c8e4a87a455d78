"""Run `strongroom rules`: list the rules, and show the page of each."""

from pathlib import Path

import click

from strongroom.files.writing import write_whole
from strongroom.validator import RULES, Rule
from strongroom.validator.pages import page_files, rule_page
from strongroom_cli.terminal.arguments import unknown
from strongroom_cli.terminal.click_options import format_option
from strongroom_cli.terminal.session import print_json, print_lines
from strongroom_cli.terminal.style import Style, table


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
    wanted = page_files(RULES.values())
    for stale in folder.glob("*.md"):
        if stale.name not in wanted:
            stale.unlink()
    for name, text in wanted.items():
        write_whole(str(folder / name), text.encode(), durable=False)


def _plain(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "severity": rule.severity.value,
        "has_fix": rule.has_fix,
        "summary": rule.summary,
        "page": rule_page(rule),
    }
