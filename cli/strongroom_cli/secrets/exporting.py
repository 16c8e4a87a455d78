"""Run `strongroom secret export`: an encrypted bundle, or clear values (--plain)."""

import sys
from pathlib import Path

import click

from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom_cli.secrets.bundle_passphrase import passphrase_file_option, passphrase_in
from strongroom_cli.secrets.people import (
    People,
    identities,
    read_people,
    recipients_option,
    sender_of,
    to_option,
)
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.click_options import ENTRY_NAME, community_option
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import (
    ask_new_passphrase,
    can_ask_for_passphrase,
)
from strongroom_cli.terminal.session import CommandSession
from strongroom_cli.terminal.style import quoted


@click.command("export")
@click.argument("file")
@click.argument("names", nargs=-1, type=ENTRY_NAME, metavar="[NAME]...")
@community_option
@to_option
@recipients_option
@passphrase_file_option
@click.option("--plain", is_flag=True, help="Write the values in clear.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["bundle", "env", "json", "csv"]),
    help="Without --plain it is a bundle.",
)
def export(
    *,
    file: str,
    names: tuple[str, ...],
    community: str | None,
    to: tuple[str, ...],
    recipients: str | None,
    passphrase_file: str | None,
    plain: bool,
    form: str | None,
) -> None:
    """Export a community, or the NAMEs of it, as an encrypted bundle.

    A passphrase opens the bundle, or the key of the person that it is sealed for.

    FILE is new and gets mode 0600; `-` is standard output. Only --plain writes values in clear.
    """
    from strongroom.transfer import bundle, exporting

    form = _export_format(file, form, plain)
    if form != "bundle" and (to or passphrase_file):
        raise UsageError("A plain export has no passphrase and no recipient.", "Leave --plain out.")
    if to and passphrase_file:
        raise UsageError("A bundle is for recipients or has a passphrase, not both.", "Leave one out.")
    people = read_people(recipients) if to else People(None)
    keys = people.named(to)
    session = CommandSession(community)
    data, sender = b"", None
    if form != "bundle":
        with session.open() as store:
            chosen = session.community(store)
            entries = exporting.chosen_entries(store, chosen, names)
            count, data = len(entries), exporting.write_plain(form, entries)
    else:
        with session.unlock_for_bundle() as vault:
            chosen = session.community(vault)
            content, count = exporting.chosen_content(vault, chosen, names)
            sender = sender_of(identities(session, vault), people) if keys else None
    if form == "bundle" and sender is not None:
        data = bundle.seal_for(content, chosen, keys, sender)
    elif form == "bundle":
        if passphrase_file is None and can_ask_for_passphrase():
            passphrase = ask_new_passphrase("the bundle")
        else:
            passphrase = passphrase_in(passphrase_file)
        data = bundle.seal_with_passphrase(content, chosen, passphrase)
        bundle.open_with_passphrase(data, passphrase)
    if plain:
        say(
            "Warning: the values are written in clear.",
            "Anybody who reads the file has them. Delete it once it was used.",
        )
    if file == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    exporting.write_new_file(file, data)
    print(
        f'Exported {counted(count, "entry", "entries")} of community "{visible(chosen)}" to '
        f"{quoted(str(Path(file)))}."
    )


def _export_format(file: str, form: str | None, plain: bool) -> str:
    if not plain:
        if form not in (None, "bundle"):
            raise UsageError(
                f"A {form} file holds the values in clear.",
                "Give --plain if you mean it; without it a bundle is written, which is encrypted.",
            )
        return "bundle"
    if form == "bundle":
        raise UsageError("A bundle is encrypted.", "Leave --plain out.")
    if form is None:
        from strongroom.transfer.sources import format_of_name

        form = format_of_name(file)
    if form not in ("env", "json", "csv"):
        raise UsageError("The name of the file does not say its format.", "Give --format env, json or csv.")
    return form
