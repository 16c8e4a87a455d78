"""Run `strongroom secret import`: show the changes, then make them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from strongroom.names import Kind
from strongroom.text.terminal import visible
from strongroom_cli.secrets.bundle_passphrase import passphrase_file_option, passphrase_in
from strongroom_cli.secrets.import_consent import (
    Consent,
    carry_out,
    conflict_options,
    consent_options,
    preview_option,
)
from strongroom_cli.secrets.people import identities, read_people, recipients_option
from strongroom_cli.terminal.arguments import UsageError, repeated
from strongroom_cli.terminal.click_options import community_option
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import (
    TRIES,
    can_ask_for_passphrase,
    passphrase_prompt,
    standard_input,
)
from strongroom_cli.terminal.session import CommandSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strongroom.store.identity import Identity
    from strongroom.store.keys.ways import Way
    from strongroom.store.vault import Vault
    from strongroom.transfer.bundle_content import BundleContents
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
@consent_options
@conflict_options
@recipients_option
@passphrase_file_option
@click.option(
    "--from-community",
    metavar="NAME",
    help="Of another vault: which community. Of a bundle: the one it is of.",
)
@click.option("--from-key-file", metavar="FILE", help="Of another vault: its key file.")
@preview_option
def import_(
    *,
    file: str,
    community: str | None,
    form: str | None,
    kind: str | None,
    kind_of: tuple[str, ...],
    rename_invalid: bool,
    recipients: str | None,
    passphrase_file: str | None,
    from_community: str | None,
    from_key_file: str | None,
    **given: Any,
) -> int:
    """Import from a .env, JSON or CSV file, a bundle or another vault.

    `-` is standard input.

    The changes are shown first. Nothing is changed until you agree, and then all of it at once. An engine gets one
    entry after the other; an import that was interrupted goes on when it is run again.
    """
    from strongroom.transfer.planning import ImportChoices

    consent = Consent.of_options(given, from_community)
    choices = ImportChoices(Kind(kind) if kind else None, _kinds(kind_of), rename_invalid, **consent.sides)
    loaded = load(file, form)  # before the question for a key
    session = CommandSession(community)
    people = read_people(recipients)
    if loaded.form == "bundle":
        with session.unlock_for_bundle() as vault:
            chosen = session.community(vault)
            contents = open_bundle(loaded, session, vault, passphrase_file)
            return carry_out(vault, chosen, contents, choices, consent, people)
    with session.open() as store:
        chosen = session.community(store)
        source = _read(loaded, from_community, from_key_file)
        return carry_out(store, chosen, source, choices, consent, people)


def _kinds(given: tuple[str, ...]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for one in given:
        name, _, word = one.partition("=")
        if not name or word not in [kind.value for kind in Kind]:
            raise UsageError("--kind-of is not NAME=KIND.", "Write --kind-of base_url=variable, or =secret.")
        if kinds.setdefault(name, Kind(word)) is not Kind(word):
            raise repeated(f"--kind-of {name}")
    return kinds


class ImportedFile(NamedTuple):
    """Hold a file to import: its format, and its bytes unless it is a vault."""

    path: str
    form: str
    data: bytes


def load(file: str, form: str | None) -> ImportedFile:
    """Return the file, read before the first question."""
    from strongroom.transfer import sources

    if form == "vault" or (form is None and file != "-" and sources.is_vault(file)):
        return ImportedFile(file, "vault", b"")
    data = sources.read_stream(standard_input()) if file == "-" else sources.read_bytes(file)
    return ImportedFile(file, form or sources.find_format(file, data), data)


def _read(loaded: ImportedFile, from_community: str | None, from_key_file: str | None) -> "ParsedFile":
    from strongroom.transfer import sources

    if loaded.form == "vault":
        return sources.read_vault(loaded.path, _other_ways(loaded.path, from_key_file), from_community)
    return sources.read_text_file(loaded.form, loaded.data)


def open_bundle(
    loaded: ImportedFile, session: CommandSession, vault: "Vault", passphrase_file: str | None
) -> "ParsedFile | BundleContents":
    """Return the contents of a bundle.

    An identity of this person or the bundle's passphrase opens it.
    """
    from strongroom.transfer import sources

    def mine() -> "list[Identity]":
        return identities(session, vault)

    if passphrase_file is not None or not can_ask_for_passphrase():
        return sources.open_bundle(loaded.data, mine, lambda: passphrase_in(passphrase_file))
    whose = f"the bundle {visible(Path(loaded.path).name)}"
    return sources.open_bundle(loaded.data, mine, passphrase_prompt(whose), tries=TRIES)


def _other_ways(file: str, key_file: str | None) -> "Sequence[Way]":
    """Return the ways into another vault: its own key file, not this vault's."""
    from strongroom.store.keys.ways import KeyFile, Keyring, Passphrase, keyring_is_off

    ways: list[Way] = [KeyFile(key_file, say)] if key_file else []
    if not keyring_is_off():
        ways.append(Keyring(say))
    if can_ask_for_passphrase():
        ways.append(Passphrase(passphrase_prompt(f"the vault {visible(file)}"), tries=TRIES))
    return ways
