"""Write one entry as the document that an engine stores, and read it.

A document is a JSON object with `value`, and with `note` and `expires` if they are not empty. They are one document
because the engine compares and writes it at once. So two people who change the value and the note do not mix.
"""

from collections.abc import Mapping
from typing import NamedTuple

from strongroom.backends.protocol import Put
from strongroom.store.errors import InvalidField, UnknownName
from strongroom.store.rows import saving
from strongroom.text.surrogates import has_half
from strongroom.values.secret_value import SecretValue

FOLDERS = {"secret": "secrets", "variable": "variables"}
"""The folder of each kind, below that of the community.

Because of the folders, a token that may only list names gives the kinds too.
"""


class EntryDocument(NamedTuple):
    """Hold what an engine stores of one entry."""

    value: SecretValue
    note: str = ""
    expires: str = ""

    def plain(self) -> dict[str, str]:
        """Return the document as the engine stores it."""
        found = {"value": self.value.reveal(), "note": self.note, "expires": self.expires}
        return {key: text for key, text in found.items() if text or key == "value"}

    def changed(self, put: Put) -> "EntryDocument":
        """Return the document with the parts that a write gives.

        None leaves a part as it is.
        """
        return EntryDocument(
            self.value if put.value is None else put.value,
            self.note if put.note is None else put.note,
            self.expires if put.expires is None else put.expires,
        )

    def has_same(self, other: "EntryDocument") -> bool:
        """Return True if both documents hold the same."""
        return self.plain() == other.plain()


NOTHING = EntryDocument(SecretValue(""))


def read_document(data: object) -> EntryDocument | None:
    """Return a stored document, or None if it has no value.

    A deleted entry has no value, and neither has a document of another program with other fields.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("value"), str):
        return None
    texts = [data.get(key, "") for key in ("note", "expires")]
    note, expires = (text if isinstance(text, str) else "" for text in texts)
    return EntryDocument(SecretValue(data["value"]), note, expires)


def check_put(put: Put) -> None:
    """Raise as `Vault.add` does for a name, value, note or date that cannot be kept."""
    saving.check_name(put.name)
    saving.check_details(put.note, put.expires)
    if put.value is not None:
        saving.value_bytes(put.value)
        if has_half(put.value.reveal()):
            raise InvalidField(
                "The value has half of a character (a lone surrogate), which an engine would change.",
                "Encode it, for example as base64.",
            )


def need_value(document: EntryDocument) -> None:
    """Raise `EmptyValue` for a new entry without a value."""
    saving.value_bytes(document.value)


def unknown_version(name: str, community: str, version: int) -> UnknownName:
    """Return the refusal of a version that is not kept."""
    return UnknownName(
        f"No version {version} of {name} is kept in {community}.", "See its history for those that are."
    )


def unknown_name(name: str, community: str) -> UnknownName:
    """Return the refusal of a name that the community does not have."""
    return UnknownName(
        f'Community "{community}" has no secret or variable "{name}".', "Look at its list of names."
    )
