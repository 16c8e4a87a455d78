"""Run `strongroom bundle`: sealed copies of a community for several colleagues."""

import os
from typing import TYPE_CHECKING, Any

import click

from strongroom.errors import StrongroomError
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom_cli.secrets.bundle_passphrase import passphrase_file_option
from strongroom_cli.secrets.import_consent import (
    Consent,
    carry_out,
    conflict_options,
    consent_options,
    preview_option,
)
from strongroom_cli.secrets.importing import load, open_bundle
from strongroom_cli.secrets.people import (
    People,
    identities,
    read_people,
    recipients_option,
    sender_of,
    to_option,
)
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.click_options import ENTRY_NAME, community_option, format_option
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.session import CommandSession, print_json, print_lines
from strongroom_cli.terminal.style import quoted

if TYPE_CHECKING:
    from strongroom.store.vault import Vault
    from strongroom.transfer.bundle_header import Header


@click.group(name="bundle", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Seal a community for colleagues, open such bundles, and check who opens them.

    Colleagues and their keys are listed in strongroom.recipients, which is kept in the repository.
    """


@command.command("seal")
@click.argument("file")
@click.argument("names", nargs=-1, type=ENTRY_NAME, metavar="[NAME]...")
@community_option
@to_option
@recipients_option
@click.option("--replace", is_flag=True, help="Write over FILE, if this vault has all that is in it.")
def seal(  # noqa: PLR0917
    file: str,
    names: tuple[str, ...],
    community: str | None,
    to: tuple[str, ...],
    recipients: str | None,
    replace: bool,
) -> int:
    """Seal a community, or the NAMEs of it, for everybody listed for the community.

    Deleted names and former names are sealed too, so that deletions and renames reach the others.
    """
    from strongroom.transfer import bundle, exporting

    exists = os.path.lexists(file)
    if exists and not replace:
        raise UsageError(
            f"{file} exists already.", "Add --replace to write over it, if this vault has all of it."
        )
    people = read_people(recipients)
    keys = people.named(to)  # before the question for a key
    session = CommandSession(community)
    with session.unlock_for_bundle() as vault:
        chosen = session.community(vault)
        keys = keys or list(people.of_community(chosen))
        if exists and (missing := _missing_here(session, vault, file, people)):
            say(
                f"{quoted(file)} has {counted(missing, 'change')} that this vault does not have.",
                f"Take them over first: strongroom bundle open {visible(file)}",
            )
            return 1
        content = exporting.chosen_content(vault, chosen, names)
        sender = sender_of(identities(session, vault), people)
    data = bundle.seal_for(content.data, chosen, keys, sender)
    if exists:
        exporting.replace_file(file, data)
    else:
        exporting.write_new_file(file, data)
    print(
        f'Sealed {counted(content.number, "entry", "entries")} of community "{visible(chosen)}" for '
        f"{people.listed(keys)} in {quoted(file)}."
    )
    return 0


def _missing_here(session: CommandSession, vault: "Vault", file: str, people: People) -> int:
    """Return how many changes a bundle has that the vault does not have."""
    from strongroom.transfer.merging import make_merge
    from strongroom.transfer.parsed_file import ParsedFile
    from strongroom.transfer.planning import KEPT, SAME

    source = open_bundle(load(file, "bundle"), session, vault, None)
    if isinstance(source, ParsedFile):
        raise StrongroomError(
            f"{file} is a bundle of an earlier version.", "Import it first, then remove it."
        )
    plan = make_merge(vault, source.community, source, None, people.name_of(source.sender))
    return len(plan.refusals) + sum(change.action not in (KEPT, SAME) for change in plan.changes)


@command.command("open")
@click.argument("file")
@click.option("--community", metavar="NAME", help="The community to merge into, if not the bundle's own.")
@recipients_option
@passphrase_file_option
@click.option(
    "--from-community", metavar="NAME", help="The community that the bundle is of, if it is another one."
)
@consent_options
@conflict_options
@preview_option
def open_(
    *,
    file: str,
    community: str | None,
    recipients: str | None,
    passphrase_file: str | None,
    from_community: str | None,
    **given: Any,
) -> int:
    """Merge a bundle into the vault.

    Take what is newer there, and keep what is newer here. What both sides changed is a conflict: you choose a
    side for each. Nothing is changed until you agree.
    """
    from strongroom.transfer.parsed_file import ParsedFile
    from strongroom.transfer.planning import ImportChoices

    consent = Consent.of_options(given, from_community)
    people = read_people(recipients)
    loaded = load(file, "bundle")
    session = CommandSession(community)
    with session.unlock_for_bundle() as vault:
        source = open_bundle(loaded, session, vault, passphrase_file)
        own = "" if isinstance(source, ParsedFile) else source.community
        chosen = community or own or session.community(vault)
        return carry_out(vault, chosen, source, ImportChoices(**consent.sides), consent, people)


@command.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@recipients_option
@format_option
def check(files: tuple[str, ...], recipients: str | None, form: str) -> int:
    """Check that each bundle opens for exactly those listed for its community.

    Needs no key. Exit status 1 if somebody is missing, or is not listed; 2 if a file cannot be read as a
    bundle.
    """
    from strongroom.transfer import bundle
    from strongroom.transfer.errors import TransferError
    from strongroom.transfer.sources import read_bytes
    from strongroom_cli.terminal.arguments import without_values

    people = read_people(recipients)
    found = []
    status = 0
    for file in files:
        try:
            header = bundle.check_form(read_bytes(file))
        except TransferError as error:
            # The argument may be a value in the wrong place.
            found.append((without_values(file, files), "", [without_values(error.message, files)]))
            status = error.exit_status
        else:
            found.append((file, header.community, _problems(header, people)))
    if form == "json":
        print_json([{"file": file, "community": name, "problems": wrong} for file, name, wrong in found])
    else:
        print_lines(line for file, name, wrong in found for line in _checked(file, name, wrong))
    return status or int(any(wrong for *_, wrong in found))


def _checked(file: str, community: str, problems: list[str]) -> list[str]:
    if not problems:
        return [
            f'{visible(file)}: opens for exactly those who are listed for community "{visible(community)}".'
        ]
    return [f"{visible(file)}: {visible(problem)}" for problem in problems]


def _problems(header: "Header", people: People) -> list[str]:
    """Return a sentence for each person who is missing in a bundle, or is not listed."""
    if header.version == 1:
        return ["It does not say its community: seal it again with `strongroom bundle seal`."]
    if header.stretching is not None:
        return ["It opens with a passphrase, and nobody can say who knows that."]
    listed = people.of_community(header.community)
    missing = sorted({name for key, name in listed.items() if key not in header.recipients})
    outsiders = [people.called(key) for key in header.recipients if key not in listed]
    of_community = f'community "{header.community}"'
    return [f"It does not open for {name}, who is listed for {of_community}." for name in missing] + [
        f"It opens for {name}, who is not listed for {of_community}." for name in outsiders
    ]


@command.command("rekey")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@recipients_option
def rekey(files: tuple[str, ...], recipients: str | None) -> None:
    """Seal bundles again, with new keys, for exactly those who are listed now.

    Do it when somebody joins or leaves. What somebody could read before stays known to that person.
    """
    from strongroom.transfer import bundle, exporting
    from strongroom.transfer.errors import TransferError
    from strongroom.transfer.sources import read_bytes

    people = read_people(recipients)
    session = CommandSession()
    with session.unlock() as vault:
        mine = identities(session, vault)
    sealed = []
    for file in files:
        try:
            opened = bundle.open_with(read_bytes(file), mine)
        except TransferError as error:
            raise TransferError(f"{file}: {error.message}", f"{error.way_out} Nothing was changed.") from None
        keys = list(people.of_community(opened.header.community))
        data = bundle.seal_again(opened, keys, sender_of(mine, people))
        sealed.append((file, data, opened.header.recipients, keys))
    for file, data, before, keys in sealed:
        exporting.replace_file(file, data)
        gone = [key for key in before if key not in keys]
        print(f"Sealed {quoted(file)} again for {people.listed(keys)}.")
        if gone:
            who = people.listed(gone)
            print(
                f"It does not open for {who} any more. The values are known there: renew them at their APIs."
            )


for _other_word, _command in (("export", seal), ("import", open_)):
    command.add_command(
        click.Command(
            _other_word,
            callback=_command.callback,
            params=_command.params,
            help=_command.help,
            hidden=True,
        )
    )
