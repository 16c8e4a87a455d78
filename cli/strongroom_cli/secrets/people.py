"""Find the people of bundles, their keys, and the identities of this person."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from strongroom.text.phrases import joined
from strongroom.text.terminal import visible
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.session import CommandSession

if TYPE_CHECKING:
    from strongroom.store.identity import Identity
    from strongroom.store.vault import Vault
    from strongroom.transfer.recipient import Recipient
    from strongroom.transfer.recipients_file import RecipientsFile

to_option = click.option(
    "--to",
    "to",
    metavar="WHO",
    multiple=True,
    help="Seal it for this person, group or identity; again for more.",
)
recipients_option = click.option(
    "--recipients", metavar="FILE", help="The recipients file, instead of the nearest strongroom.recipients."
)


class People(NamedTuple):
    """Hold the recipients file, if there is one."""

    file: "RecipientsFile | None"

    def name_of(self, recipient: "Recipient | None") -> str:
        """Return the name of the person with this key, or ""."""
        return self.file.name_of(recipient) if self.file else ""

    def called(self, recipient: "Recipient") -> str:
        """Return the name of the person with this key, else the beginning of the key."""
        return self.name_of(recipient) or recipient.short

    def listed(self, recipients: "Sequence[Recipient]") -> str:
        """Return the people with these keys for a sentence."""
        return visible(joined(sorted({self.called(recipient) for recipient in recipients})))

    def of_community(self, community: str) -> "dict[Recipient, str]":
        """Return the recipients that are listed for a community.

        Raises `UsageError` without a file.
        """
        if self.file is None:
            raise UsageError(
                "No file strongroom.recipients is here.",
                "Name recipients with --to, or list them in the file (see docs/bundles.md).",
            )
        return self.file.of_community(community)

    def named(self, to: Sequence[str]) -> "list[Recipient]":
        """Return the recipients that --to names: identities, people and groups."""
        from strongroom.transfer.recipient import PREFIX, Recipient

        keys = [one for one in to if one.strip().lower().startswith(PREFIX)]
        names = [one for one in to if one not in keys]
        if names and self.file is None:
            # Parsed for its error: without a file it can only be an identity with a mistake in it.
            keys += names
        named = self.file.named(names) if self.file else {}
        return [*map(Recipient.parse, keys), *named]


def read_people(file: str | None) -> People:
    """Return the people in `file`, else in the nearest recipients file."""
    from strongroom.transfer.recipients_file import find_recipients_file, read_recipients_file

    path = file or find_recipients_file(os.getcwd())
    return People(read_recipients_file(path) if path else None)


def identities(session: CommandSession, vault: "Vault") -> "list[Identity]":
    """Return the identities of this person: the vault's, and the key file's if any."""
    from strongroom.store.identity import identities_of

    return identities_of(vault, session.settings.key_file)


def sender_of(mine: "Sequence[Identity]", people: People) -> "Identity":
    """Return the identity by which colleagues know this person.

    The vault's identity is returned if none is listed.
    """
    from strongroom.transfer.recipients_file import sender_among

    return sender_among(mine, people.file)
