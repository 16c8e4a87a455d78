"""Write and read a bundle's content: a community with its deletions and renames."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, NoReturn

from strongroom.names import Kind
from strongroom.platform.naming import is_valid_name
from strongroom.store.rows.saving import LONGEST_NAME
from strongroom.store.shared import MOST_NAMES, MOST_VERSIONS, Imported, SharedEntry
from strongroom.transfer.bundle import Opened
from strongroom.transfer.bundle_header import DAMAGED
from strongroom.transfer.errors import BundleDamaged
from strongroom.transfer.recipient import Recipient
from strongroom.values.secret_value import SecretValue

MOST_ENTRIES: Final = 100_000

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z", re.ASCII)
_VAULT = re.compile(r"[0-9a-f]{32}")


class BundleContents(NamedTuple):
    """Hold the content of a bundle.

    `origin` says which state of which vault it is, and when it was sealed. `sender` is proved, and None in a bundle
    with a passphrase.
    """

    community: str
    origin: Imported
    entries: tuple[SharedEntry, ...]
    sender: Recipient | None = None
    recipients: tuple[Recipient, ...] = ()


def write(origin: Imported, entries: Iterable[SharedEntry]) -> bytes:
    """Return the content as JSON in ASCII.

    In ASCII every text survives, halves of surrogate pairs too.
    """
    listed = [
        {
            "name": entry.name,
            "kind": entry.kind.value,
            "value": None if entry.value is None else entry.value.reveal(),
            "note": entry.note,
            "expires": entry.expires,
            "versions": entry.versions,
            "former": entry.former,
        }
        for entry in entries
    ]
    return json.dumps({"strongroom": "bundle", **origin._asdict(), "entries": listed}, indent=1).encode(
        "ascii"
    )


def read(opened: Opened) -> BundleContents:
    """Return the content of a bundle of version 2. Raises `BundleDamaged`."""
    try:
        content = json.loads(opened.content)
    except (ValueError, RecursionError):
        # The error's own message is not used, because it can quote the content.
        raise _damaged() from None
    match content:
        case {
            "strongroom": "bundle",
            "vault": str(vault),
            "generation": int(generation),
            "sealed": str(sealed),
            "entries": list(found),
        }:
            if not (_VAULT.fullmatch(vault) and 0 <= generation < 1 << 63 and _TIME.fullmatch(sealed)):
                _refuse()
            origin = Imported(vault, generation, sealed)
        case _:
            _refuse()
    if len(found) > MOST_ENTRIES:
        raise BundleDamaged(f"The bundle has more than {MOST_ENTRIES:,} entries.", DAMAGED)
    entries = tuple(_entry(one) for one in found)
    if len({entry.name for entry in entries}) != len(entries):
        _refuse()
    header = opened.header
    return BundleContents(header.community, origin, entries, opened.sender, header.recipients)


def _entry(found: Any) -> SharedEntry:
    match found:
        case {
            "name": str(name),
            "kind": "secret" | "variable" as kind,
            "value": str() | None as value,
            "note": str(note),
            "expires": str(expires),
            "versions": list(versions),
            "former": list(former),
        }:
            kept = None if value is None else SecretValue(value)
            return SharedEntry(
                _name(name), Kind(kind), kept, note, expires, _versions(versions), _former(former)
            )
    raise _damaged()


def _versions(found: list[Any]) -> tuple[str, ...]:
    if not 0 < len(found) <= MOST_VERSIONS or not all(
        isinstance(one, str) and _TIME.fullmatch(one) for one in found
    ):
        _refuse()
    return tuple(found)


def _former(found: list[Any]) -> tuple[str, ...]:
    if len(found) > MOST_NAMES:
        _refuse()
    return tuple(_name(one) for one in found)


def _name(found: Any) -> str:
    if not isinstance(found, str) or not is_valid_name(found) or len(found) > LONGEST_NAME:
        _refuse()
    return found


def _refuse() -> NoReturn:
    raise _damaged()


def _damaged() -> BundleDamaged:
    return BundleDamaged("What is in the bundle is not what Strongroom writes there.", DAMAGED)
