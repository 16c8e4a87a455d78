"""Check what may be saved: names, values, notes, dates and community names."""

import re

from strongroom.platform.naming import DUPLICATE_NAME, EMPTY_VALUE, INVALID_NAME, is_valid_name, why_invalid
from strongroom.store.errors import DuplicateName, EmptyValue, InvalidField, InvalidName, ValueTooLong
from strongroom.text.surrogates import has_half
from strongroom.values.secret_value import SecretValue

LONGEST_VALUE = 1 << 20
"""The longest value, in bytes of UTF-8: 1 MiB."""
LONGEST_NAME = 255
LONGEST_NOTE = 10_000
LONGEST_COMMUNITY = 100

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def check_name(name: str) -> None:
    """Raise `InvalidName` for what the platform would refuse (PLATFORM §1)."""
    if not is_valid_name(name):
        shown = f"{name[:60]!r} " if name else "the name "
        raise InvalidName(
            f"{INVALID_NAME}: {shown}{why_invalid(name)}.",
            "Use letters, digits and underscores, not starting with a digit, such as api_key.",
        )
    if len(name) > LONGEST_NAME:
        raise ValueTooLong(
            f"The name has {len(name)} characters, and {LONGEST_NAME} is the most.", "Shorten it."
        )


def value_bytes(value: SecretValue) -> bytes:
    """Return the value as it is stored, every character kept.

    Raises EmptyValue or ValueTooLong.
    """
    data = value.reveal().encode("utf-8", "surrogatepass")
    if not data:
        raise EmptyValue(
            f"{EMPTY_VALUE}: a value needs at least one character.", "Give it a value, or delete it."
        )
    if len(data) > LONGEST_VALUE:
        raise ValueTooLong(
            f"The value has {len(data):,} bytes, and {LONGEST_VALUE:,} (1 MiB) is the most.",
            "Store a shorter one; nothing was changed.",
        )
    return data


def duplicate(name: str, community: str, kind: str) -> DuplicateName:
    """Return the refusal of a name that is taken.

    Both kinds share one namespace (PLATFORM §1).
    """
    return DuplicateName(
        f"{DUPLICATE_NAME}: {community} already has a {kind} named {name}.",
        "Edit that one, or choose another name.",
    )


def check_note(note: str) -> None:
    """Check a note: text without control characters.

    Raises `ValueTooLong` or InvalidField.
    """
    if len(note) > LONGEST_NOTE:
        raise ValueTooLong(
            f"The note has {len(note):,} characters, and {LONGEST_NOTE:,} is the most.", "Shorten it."
        )
    if any(ord(character) < 32 and character not in "\n\r\t" for character in note) or has_half(note):
        raise InvalidField("The note holds a control character.", "Take it out.")


def check_expiry(expires: str) -> None:
    """Check an expiry: an ISO 8601 date or nothing. Raises `InvalidField`."""
    if not expires:
        return
    from datetime import date

    try:
        if not _DATE.fullmatch(expires):
            raise ValueError
        date.fromisoformat(expires)
    except ValueError:
        raise InvalidField(
            f"{expires[:40]!r} is not a date.", "Write it as year-month-day, such as 2027-03-31."
        ) from None


def check_details(note: str | None, expires: str | None) -> None:
    """Check a note and an expiry date.

    A None is not to be saved. Raises `ValueTooLong` or InvalidField.
    """
    if note is not None:
        check_note(note)
    if expires is not None:
        check_expiry(expires)


def clean_community(name: str) -> str:
    """Return the community's name without spaces around it. Raises `InvalidField`."""
    name = name.strip()
    if not name:
        raise InvalidField("A community needs a name.", "Give it one, such as production.")
    if len(name) > LONGEST_COMMUNITY:
        raise InvalidField(
            f"The community's name has {len(name)} characters, and {LONGEST_COMMUNITY} is the most.",
            "Shorten it.",
        )
    if not name.isprintable() or has_half(name):
        raise InvalidField("The community's name holds a character that cannot be shown.", "Take it out.")
    return name
