"""Ask what an import needs: its changes, another community, sides of conflicts."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from strongroom.text.phrases import counted, joined
from strongroom.text.terminal import visible
from strongroom_cli.secrets.import_preview import preview_as_json, refused_lines, show_preview
from strongroom_cli.secrets.people import People
from strongroom_cli.secrets.shared import say_look_alike
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.click_options import Decorated
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import confirm, has_terminal, read_line
from strongroom_cli.terminal.session import print_json
from strongroom_cli.terminal.style import moment

if TYPE_CHECKING:
    from strongroom.store.opened import OpenStore
    from strongroom.transfer.bundle_content import BundleContents
    from strongroom.transfer.parsed_file import ParsedFile
    from strongroom.transfer.planning import ImportChoices, Plan, PlannedChange

_ANSWERS: Final = {"m": "mine", "mine": "mine", "t": "theirs", "theirs": "theirs"}

preview_option = click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The format of the preview.",
)


def consent_options(function: Decorated) -> Decorated:
    """Add the options that answer the questions of every import."""
    return _with(
        function,
        click.option("--skip-refused", is_flag=True, help="Import the rest when lines are refused."),
        click.option("--yes", is_flag=True, help="Do it without asking."),
        click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing."),
    )


def conflict_options(function: Decorated) -> Decorated:
    """Add the options that choose a side for what both people changed."""
    return _with(
        function,
        click.option(
            "--mine", metavar="NAME", multiple=True, help="In a conflict, keep what is here; again for more."
        ),
        click.option(
            "--theirs",
            metavar="NAME",
            multiple=True,
            help="In a conflict, take the bundle's; again for more.",
        ),
        click.option(
            "--conflicts", type=click.Choice(["mine", "theirs"]), help="The same for every other conflict."
        ),
    )


def _with(function: Decorated, *options: Callable[[Decorated], Decorated]) -> Decorated:
    for option in reversed(options):
        function = option(function)
    return function


class Consent(NamedTuple):
    """Hold the answers that were given as options."""

    skip_refused: bool
    yes: bool
    dry_run: bool
    output: str
    sides: Mapping[str, Any]
    from_community: str | None

    @classmethod
    def of_options(cls, given: Mapping[str, Any], from_community: str | None) -> "Consent":
        """Return the answers in the options of a command.

        Raises `UsageError` for two sides of one name.
        """
        if both := set(given["mine"]) & set(given["theirs"]):
            raise UsageError(f"--mine and --theirs both name {sorted(both)[0]!r}.", "Leave one out.")
        sides = {**dict.fromkeys(given["mine"], "mine"), **dict.fromkeys(given["theirs"], "theirs")}
        chosen = {"sides": sides, "side": given["conflicts"] or ""}
        return cls(
            given["skip_refused"], given["yes"], given["dry_run"], given["output"], chosen, from_community
        )


def carry_out(  # noqa: PLR0917  # what an import is made of
    vault: "OpenStore",
    community: str,
    source: "ParsedFile | BundleContents",
    choices: "ImportChoices",
    consent: Consent,
    people: People,
) -> int:
    """Show what an import would do, ask, and do it. Return the exit status."""
    from strongroom.transfer.merging import plan_import
    from strongroom.transfer.parsed_file import ParsedFile
    from strongroom.transfer.planning import apply_plan

    sender = "" if isinstance(source, ParsedFile) else people.name_of(source.sender)
    plan = plan_import(vault, community, source, choices, sender)
    if consent.output == "json":
        print_json(preview_as_json(plan))
    else:
        if not isinstance(source, ParsedFile):
            print(_described(source, people))
        show_preview(plan)
    for note in plan.notes:
        say(f"Note: {visible(note)}")
    say_look_alike(plan.community, vault.communities())
    if consent.dry_run:
        return int(bool(plan.refusals or plan.conflicts))
    if plan.refusals and not consent.skip_refused:
        rest = counted(len(plan.saves), "entry", "entries")
        say(
            f"Nothing was imported, because of what is refused{refused_lines(plan)}.",
            f"Mend it in the file, or import the rest ({rest}) by adding --skip-refused to this command.",
        )
        return 1
    if plan.conflicts:
        sides = _ask_for_sides(plan.conflicts)
        if sides is None:
            return 1
        choices = choices._replace(sides={**choices.sides, **sides})
        plan = plan_import(vault, community, source, choices, sender)
    if not plan.saves:
        return 0
    _check_community(plan, consent)
    question = f'Import {counted(len(plan.saves), "entry", "entries")} into community "{plan.community}"?'
    if not consent.yes and not confirm(visible(question), "--yes"):
        print("Nothing was imported.", file=sys.stderr)
        return 1
    done = len(apply_plan(vault, plan))
    if consent.output != "json":
        print(f'Imported {counted(done, "entry", "entries")} into community "{visible(plan.community)}".')
    return 0


def _described(contents: "BundleContents", people: People) -> str:
    """Return a sentence on what a bundle says of itself, all of it authenticated."""
    if contents.sender is None:
        who = "somebody who knows its passphrase"
    else:
        who = people.name_of(contents.sender) or f"{contents.sender.short}, who is not listed"
    audience = f", for {people.listed(contents.recipients)}" if contents.recipients else ""
    return (
        f'The bundle is of community "{visible(contents.community)}", sealed {moment(contents.origin.sealed)} by '
        f"{visible(who)}{audience}."
    )


def _check_community(plan: "Plan", consent: Consent) -> None:
    """Ask before a bundle goes into another community.

    `--yes` alone does not answer this question.
    """
    if plan.of_community in ("", plan.community) or consent.from_community == plan.of_community:
        return
    if consent.from_community is not None:
        raise UsageError(
            f'The bundle is of community "{plan.of_community}", not of "{consent.from_community}".',
            "Nothing was imported.",
        )
    flag = f'--from-community "{plan.of_community}"'
    question = f'Take what is of community "{plan.of_community}" into "{plan.community}"?'
    if not confirm(visible(question), visible(flag)):
        raise UsageError(
            "Nothing was imported.", f"Name the community with --community {visible(plan.of_community)}."
        )


def _ask_for_sides(conflicts: "Sequence[PlannedChange]") -> dict[str, str] | None:
    """Return a side for each conflict, or None if nobody can be asked or answers."""
    if not has_terminal():
        names = [change.name for change in conflicts]
        say(
            f"Nothing was imported, because {visible(joined(names))} changed on both sides.",
            "Choose with --mine NAME and --theirs NAME, or for all of them with --conflicts.",
        )
        return None
    sides = {}
    for change in conflicts:
        sys.stderr.write(f"{visible(change.name)}: {_what(change)}. Keep [m]ine, take [t]heirs, or [q]uit? ")
        sys.stderr.flush()
        side = _ANSWERS.get(read_line().strip().lower())
        if side is None:
            print("Nothing was imported.", file=sys.stderr)
            return None
        sides[change.name] = side
    return sides


def _what(change: "PlannedChange") -> str:
    if " " in change.parts[0]:
        return joined(change.parts)
    return f"changed on both sides ({', '.join(change.parts)})"
