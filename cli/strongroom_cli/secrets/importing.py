"""`strongroom secret import`: the changes are shown before they are made."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from strongroom.names import Kind
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom_cli.secrets.bundle_passphrase import passphrase_file_option, passphrase_in
from strongroom_cli.secrets.import_preview import preview_as_json, refused_lines, show_preview
from strongroom_cli.secrets.shared import say_look_alike
from strongroom_cli.terminal.arguments import UsageError, repeated
from strongroom_cli.terminal.click_options import community_option
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import (
    TRIES,
    can_ask_for_passphrase,
    confirm,
    passphrase_prompt,
    standard_input,
)
from strongroom_cli.terminal.session import Session, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strongroom.store.keys.ways import Way
    from strongroom.store.vault import Vault
    from strongroom.transfer.parsed_file import ParsedFile

_kind_option = click.Choice([kind.value for kind in Kind])


@click.command("import")
@click.argument("file")
@community_option
@click.option(
    "--from", "form", type=click.Choice(["env", "json", "csv", "bundle", "vault"]), help="The format of FILE."
)
@click.option("--kind", type=_kind_option, help="The kind of entries whose file does not say it.")
@click.option("--kind-of", metavar="NAME=KIND", multiple=True, help="The kind of one entry; again for more.")
@click.option("--rename-invalid", is_flag=True, help="Give invalid names the valid one that is suggested.")
@click.option("--skip-refused", is_flag=True, help="Import the rest when lines are refused.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@passphrase_file_option
@click.option("--from-community", metavar="NAME", help="Of another vault: which community.")
@click.option("--from-key-file", metavar="FILE", help="Of another vault: its key file.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to show the preview.",
)
def import_(
    *,
    file: str,
    community: str | None,
    form: str | None,
    kind: str | None,
    kind_of: tuple[str, ...],
    rename_invalid: bool,
    skip_refused: bool,
    yes: bool,
    dry_run: bool,
    passphrase_file: str | None,
    from_community: str | None,
    from_key_file: str | None,
    output: str,
) -> int:
    """Import from a .env, JSON or CSV file, a bundle or another vault.

    `-` is standard input.

    The changes are shown first. Nothing is changed until you agree, and then all of it at once.
    """
    from strongroom.transfer.planning import Choices, apply_plan, make_plan

    choices = Choices(Kind(kind) if kind else None, _kinds(kind_of), rename_invalid)
    loaded = _load(file, form)  # before the question for a key
    session = Session(community)
    with session.unlock() as vault:
        chosen = session.community(vault)
        source = _read(loaded, vault, passphrase_file, from_community, from_key_file)
        plan = make_plan(vault, chosen, source, choices)
        if output == "json":
            print_json(preview_as_json(plan))
        else:
            show_preview(plan)
        say_look_alike(chosen, vault.communities())
        if dry_run:
            return int(bool(plan.refusals))
        if plan.refusals and not skip_refused:
            rest = counted(len(plan.saves), "entry", "entries")
            say(
                f"Nothing was imported, because of what is refused{refused_lines(plan)}.",
                f"Mend it in the file, or import the rest ({rest}) by adding --skip-refused to this command.",
            )
            return 1
        if not plan.saves:
            return 0
        question = f'Import {counted(len(plan.saves), "entry", "entries")} into community "{chosen}"?'
        if not yes and not confirm(visible(question), "--yes"):
            print("Nothing was imported.", file=sys.stderr)
            return 1
        done = len(apply_plan(vault, plan))
    if output != "json":
        print(f'Imported {counted(done, "entry", "entries")} into community "{visible(chosen)}".')
    return 0


def _kinds(given: tuple[str, ...]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for one in given:
        name, _, word = one.partition("=")
        if not name or word not in [kind.value for kind in Kind]:
            raise UsageError("--kind-of is not NAME=KIND.", "Write --kind-of base_url=variable, or =secret.")
        if kinds.setdefault(name, Kind(word)) is not Kind(word):
            raise repeated(f"--kind-of {name}")
    return kinds


class _Loaded(NamedTuple):
    """Hold a file to import: its format, and its bytes unless it is a vault."""

    path: str
    form: str
    data: bytes


def _load(file: str, form: str | None) -> _Loaded:
    from strongroom.transfer import sources

    if form == "vault" or (form is None and file != "-" and sources.is_vault(file)):
        return _Loaded(file, "vault", b"")
    data = sources.read_stream(standard_input()) if file == "-" else sources.read_bytes(file)
    return _Loaded(file, form or sources.find_format(file, data), data)


def _read(
    loaded: _Loaded,
    vault: "Vault",
    passphrase_file: str | None,
    from_community: str | None,
    from_key_file: str | None,
) -> "ParsedFile":
    from strongroom.transfer import sources

    if loaded.form == "vault":
        return sources.read_vault(loaded.path, _other_ways(loaded.path, from_key_file), from_community)
    if loaded.form != "bundle":
        return sources.read_text_file(loaded.form, loaded.data)
    if passphrase_file is not None or not can_ask_for_passphrase():
        return sources.read_bundle(loaded.data, vault, lambda: passphrase_in(passphrase_file))
    whose = f"the bundle {visible(Path(loaded.path).name)}"
    return sources.read_bundle(loaded.data, vault, passphrase_prompt(whose), tries=TRIES)


def _other_ways(file: str, key_file: str | None) -> "Sequence[Way]":
    """Return the ways into another vault: its own key file, not this vault's."""
    from strongroom.store.keys.ways import KeyFile, Keyring, Passphrase, keyring_is_off

    ways: list[Way] = [KeyFile(key_file, say)] if key_file else []
    if not keyring_is_off():
        ways.append(Keyring(say))
    if can_ask_for_passphrase():
        ways.append(Passphrase(passphrase_prompt(f"the vault {visible(file)}"), tries=TRIES))
    return ways
