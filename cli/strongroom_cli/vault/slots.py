"""Find the slots that a person names, by an id's beginning, a label, or people."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from strongroom.errors import StrongroomError
from strongroom.store.errors import UnknownName
from strongroom.text.phrases import joined
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.session import own_vault_ways

if TYPE_CHECKING:
    from strongroom.store.keys.ways import KeyFile, Prompt, Way
    from strongroom.store.rows.listing import SlotInfo


LONGEST_LABEL: Final = 100


def chosen_slot(slots: "Sequence[SlotInfo]", given: str) -> "SlotInfo":
    """Return the slot that is meant.

    Raises `UnknownName` for none, and `UsageError` for several.
    """
    found = [slot for slot in slots if slot.label == given]
    if not found and len(given) >= 4:
        found = [slot for slot in slots if slot.id.startswith(given.lower())]
    if not found:
        raise UnknownName(
            "The vault has no such slot.",
            "`strongroom vault slots` lists them: give the first characters of an id.",
        )
    if len(found) > 1:
        raise UsageError(
            f"Several slots are called so: {joined([slot.id[:8] for slot in found])}.",
            "Give the first characters of an id.",
        )
    return found[0]


def people_ways(recipients: Sequence[str], label: str | None) -> "list[Way]":
    """Return a way in for each key of the people that --recipient names."""
    from strongroom.store.keys.ways import PublicKey
    from strongroom.transfer.recipient import PREFIX, Recipient
    from strongroom.transfer.recipients_file import find_recipients_file, read_recipients_file

    if label is not None and not (label.isprintable() and 0 < len(label) <= LONGEST_LABEL):
        raise UsageError(
            f"--label is not 1 to {LONGEST_LABEL} characters that can be shown.", "Give another one."
        )
    if not recipients:
        return []
    path = find_recipients_file(os.getcwd())
    listed = read_recipients_file(path) if path else None
    ways: list[Way] = []
    for one in recipients:
        if one.strip().lower().startswith(PREFIX) or listed is None:
            recipient = Recipient.parse(one)
            name = label or (listed.name_of(recipient) if listed else "")
            if not name:
                raise UsageError(
                    "The identity is not listed, so it needs a name.", "Give one with --label NAME."
                )
            ways.append(PublicKey(recipient.public, name))
        else:
            ways += [PublicKey(recipient.public, name) for recipient, name in listed.named([one]).items()]
    return ways


def ways_at_hand(prompt: "Prompt | None", slots: "Sequence[SlotInfo]", vault_path: str) -> "list[Way]":
    """Return the ways of arguments and environment that the vault has a slot for."""
    from strongroom.store.keys.ways import KeyFile, default_ways

    kinds = {slot.kind for slot in slots}
    identities = {slot.public for slot in slots if slot.public}
    ways = [
        way
        for way in default_ways(prompt)
        if way.kind.value in kinds or (isinstance(way, KeyFile) and _identity(way) in identities)
    ]
    return ways if ways or not identities else own_vault_ways(vault_path)


def _identity(way: "KeyFile") -> str:
    from strongroom.store.identity import identity_of_key_file

    try:
        return identity_of_key_file(way.path).public.hex()
    except StrongroomError:
        return ""
