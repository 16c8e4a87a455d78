"""Hold a community in OpenBao or HashiCorp Vault, in a KV engine of version 2.

A secret is at `MOUNT/PATH/secrets/NAME`, a variable at `MOUNT/PATH/variables/NAME`. Note and date are in the document,
and a second time in the metadata of the entry, for tokens that may only list. Writes name the version that they
replace, and the server compares (check-and-set).

A deletion writes a version without a value, which the server compares as well, and deletes that version. So the
earlier ones stay, and nobody's change is lost.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from strongroom.backends.document import (
    FOLDERS,
    NOTHING,
    EntryDocument,
    check_put,
    need_value,
    read_document,
    unknown_name,
    unknown_version,
)
from strongroom.backends.errors import AccessRefused, BackendError, Conflict, NotFound
from strongroom.backends.logins import VARIABLES, find_secret
from strongroom.backends.openbao_client import KvClient
from strongroom.backends.openbao_login import log_in
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import ABSENT, UNKNOWN, Held, Put
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.store.rows.history import Version
from strongroom.store.rows.listing import Entry
from strongroom.store.rows.saving import duplicate
from strongroom.store.rows.transactions import now
from strongroom.values.secret_value import SecretValue

LONGEST_METADATA: Final = 500
"""The bytes of a note in the metadata. The engine refuses more than 512; the document has the whole note."""
WORKERS: Final = 8
"""The requests at one time, where each entry needs one."""


def open_place(place: EnginePlace, secret: SecretValue | None = None) -> "OpenBao":
    """Return the community at `place`, with the login that is given or known.

    Raises `LoginNeeded`.
    """
    found = secret or find_secret(place, VARIABLES[place.login])
    return OpenBao(place, KvClient(place, log_in(place, found).reveal()))


class OpenBao:
    """Hold one community at a place of OpenBao."""

    def __init__(self, place: EnginePlace, client: KvClient) -> None:
        self.community = place.community
        self.place = place.words
        self._client = client
        self._root = place.path

    # -- reading ------------------------------------------------------------------------------

    def names(self, *, are_deleted: bool = False) -> Sequence[Entry]:
        """Return what the community holds by name, or the deleted entries."""
        found = [
            entry
            for kind in Kind
            for name, metadata in self._listed(kind).items()
            if (entry := _listed_entry(name, kind, metadata, are_deleted=are_deleted)) is not None
        ]
        return sorted(found)

    def get(self, name: str, version: int | None = None) -> Held:
        """Return an entry with its value."""
        found = self._find(name)
        if version is not None:
            return self._get_version(name, version, found)
        if found is None:
            raise unknown_name(name, self.community)
        return Held(found.entry(name), found.document.value)

    def _get_version(self, name: str, version: int, found: "_Found | None") -> Held:
        for kind in [found.kind] if found else Kind:
            read = self._read(name, kind, version)
            if read is not None and read.document is not None:
                entry = _entry(name, kind, read, read.document)
                return Held(found.entry(name) if found else entry, read.document.value)
        raise unknown_version(name, self.community, version)

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return the versions that are kept, newest first."""
        found = self._find(name)
        if found is None:
            raise unknown_name(name, self.community)
        metadata = self._client.metadata(self._path(name, found.kind))
        rows = {int(number): row for number, row in metadata["versions"].items() if not _is_gone(row)}
        return tuple(
            Version(number, moment(rows[number]["created_time"]), number == found.read.version)
            for number in sorted(rows, reverse=True)
        )

    def watch(self) -> str:
        """Return a digest of all names and their versions."""
        digest = blake2b(digest_size=16)
        for kind in Kind:
            for name, metadata in sorted(self._listed(kind).items()):
                state = metadata and (metadata["current_version"], metadata["updated_time"])
                digest.update(repr((kind.value, name, state)).encode())
        return digest.hexdigest()

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    # -- writing ------------------------------------------------------------------------------

    def put(self, put: Put, expected: bytes | None = None) -> Entry:
        """Write an entry over the version that was seen."""
        check_put(put)
        other = Kind.VARIABLE if put.kind is Kind.SECRET else Kind.SECRET
        self._refuse_other(put, other)
        read = self._read(put.name, put.kind)
        before = read.document if read else None
        self._compare(put.name, read, expected)
        after = (before or NOTHING).changed(put)
        need_value(after)
        written = self._write(put.name, put.kind, read, after)
        if before is None:
            self._refuse_twins(put, other, written)
        self._describe(put, read, after)
        return _entry(put.name, put.kind, written, after)

    def delete(self, name: str, expected: bytes | None = None, *, for_good: bool = False) -> Entry:
        """Delete an entry, or remove everything of its name."""
        found = self._find(name)
        if for_good:
            return self._purge(name, found, expected)
        if found is None:
            if expected is not None:
                raise EntryChanged(name, self.community, "deleted")
            raise unknown_name(name, self.community)
        self._compare(name, found.read, expected)
        written = self._write(name, found.kind, found.read, None)
        self._client.delete_version(self._path(name, found.kind), written.version)
        return found.entry(name)._replace(value=None, tag=written.tag)

    def _purge(self, name: str, found: "_Found | None", expected: bytes | None) -> Entry:
        gone = (
            {one.name: one for one in self.names(are_deleted=True)} if found is None or not expected else {}
        )
        entry = found.entry(name) if found else gone.get(name)
        if entry is None:
            raise unknown_name(name, self.community)
        if expected not in (None, entry.tag):
            raise EntryChanged(name, self.community, "changed", entry.changed)
        for kind in Kind:
            self._client.purge(self._path(name, kind))
        return entry._replace(value=None, tag=UNKNOWN)

    def _compare(self, name: str, read: "StoredVersion | None", expected: bytes | None) -> None:
        """Raise `EntryChanged` if the entry is not the one that the caller saw."""
        if expected is None:
            return
        if read is None or read.document is None:
            if expected not in (ABSENT, read and read.tag):
                raise EntryChanged(name, self.community, "deleted")
        elif expected == ABSENT:
            raise EntryChanged(name, self.community, "added", read.created)
        elif expected != read.tag:
            raise EntryChanged(name, self.community, "changed", read.created)

    def _write(
        self, name: str, kind: Kind, read: "StoredVersion | None", document: EntryDocument | None
    ) -> "StoredVersion":
        """Write a version over the one that was read, and return it.

        A request that is sent a second time, because its answer was lost, finds its own version. That is a success.
        """
        data = {} if document is None else document.plain()
        path = self._path(name, kind)
        try:
            answer = self._client.write(path, data, read.version if read else 0)
        except Conflict:
            there = self._read(name, kind)
            if there is not None and _are_same(there.document, document):
                return there
            raise EntryChanged(name, self.community, "changed", there.created if there else "") from None
        return StoredVersion(answer["version"], answer["created_time"], document, read.custom if read else {})

    def _refuse_other(self, put: Put, other: Kind) -> None:
        """Raise `DuplicateName` if the name is of the other kind."""
        read = self._read(put.name, other)
        if read is not None and read.document is not None:
            raise duplicate(put.name, self.community, other.value)

    def _refuse_twins(self, put: Put, other: Kind, written: "StoredVersion") -> None:
        """Take a new entry back if its name was given to the other kind at the same time."""
        try:
            self._refuse_other(put, other)
        except BaseException:
            gone = self._write(put.name, put.kind, written, None)
            self._client.delete_version(self._path(put.name, put.kind), gone.version)
            raise

    def _describe(self, put: Put, read: "StoredVersion | None", document: EntryDocument) -> None:
        """Copy note and date to the metadata, for tokens that may only list.

        A token that may not write metadata is not a failure, because the document has both.
        """
        before = read.custom if read else {}
        note = " ".join(document.note.split()).encode()[:LONGEST_METADATA].decode(errors="ignore")
        own = {"note": note, "expires": document.expires}
        after = {key: text for key, text in {**before, **own}.items() if text}
        if after != before:
            try:
                self._client.describe(self._path(put.name, put.kind), after)
            except AccessRefused:
                return

    # -- the engine's own ---------------------------------------------------------------------

    def _path(self, name: str, kind: Kind) -> str:
        return f"{self._root}/{FOLDERS[kind.value]}/{name}"

    def _listed(self, kind: Kind) -> dict[str, Any]:
        """Return name -> metadata of one kind.

        The metadata is None where the token may not read it.
        """
        folder = f"{self._root}/{FOLDERS[kind.value]}"
        found = self._client.detailed(folder)
        if found is not None:
            return {name: row for name, row in found.items() if not name.endswith("/")}
        names = [name for name in self._client.list(folder) if not name.endswith("/")]
        if not names or not self._client.may_read_metadata(f"{folder}/{names[0]}"):
            return dict.fromkeys(names)
        with ThreadPoolExecutor(WORKERS) as pool:
            rows = pool.map(lambda name: self._client.metadata(f"{folder}/{name}"), names)
            return dict(zip(names, rows, strict=True))

    def _find(self, name: str) -> "_Found | None":
        """Return the live entry of this name."""
        for kind in Kind:
            read = self._read(name, kind)
            if read is not None and read.document is not None:
                return _Found(kind, read, read.document)
        return None

    def _read(self, name: str, kind: Kind, version: int | None = None) -> "StoredVersion | None":
        """Return a version as it is stored, or None if there never was one."""
        try:
            answer = self._client.read(self._path(name, kind), version)
        except NotFound:
            return None
        row = answer["metadata"]
        document = read_document(answer["data"])
        if document is None and answer["data"]:
            raise BackendError(
                f'{name} at {self.place} has no field "value": another program wrote it.',
                "Strongroom reads and writes that field only. Put the value there, or name another path.",
            )
        return StoredVersion(row["version"], row["created_time"], document, row.get("custom_metadata") or {})


class StoredVersion(NamedTuple):
    """Hold one version as the engine stores it. `document` is None for a deleted one."""

    version: int
    created_time: str
    document: EntryDocument | None
    custom: dict[str, str]

    @property
    def created(self) -> str:
        """Return the time of the version as Strongroom writes times."""
        return moment(self.created_time)

    @property
    def tag(self) -> bytes:
        """Return the tag of this version."""
        return _tag(self.version, self.created_time)


class _Found(NamedTuple):
    kind: Kind
    read: StoredVersion
    document: EntryDocument

    def entry(self, name: str) -> Entry:
        return _entry(name, self.kind, self.read, self.document)


def _are_same(one: EntryDocument | None, other: EntryDocument | None) -> bool:
    return one == other if one is None or other is None else one.has_same(other)


def _entry(name: str, kind: Kind, read: StoredVersion, document: EntryDocument) -> Entry:
    value = document.value.reveal() if kind is Kind.VARIABLE else None
    return Entry(name, kind, document.note, document.expires, value, "", read.created, read.version, read.tag)


def _listed_entry(name: str, kind: Kind, metadata: Any, *, are_deleted: bool) -> Entry | None:
    """Return an entry of a list, or None for one that was not asked for."""
    if metadata is None:  # only the name is known
        return None if are_deleted else Entry(name, kind, "", "", None, "", "", 0, UNKNOWN)
    number = metadata["current_version"]
    rows = metadata["versions"]
    row = rows.get(str(number))
    if row is None or _is_gone(row) is not are_deleted:
        return None
    custom = metadata.get("custom_metadata") or {}
    changed = row["created_time"]
    if are_deleted:
        number = max((int(one) for one, kept in rows.items() if not _is_gone(kept)), default=0)
        changed = row["deletion_time"] or changed
    tag = _tag(metadata["current_version"], row["created_time"])
    return Entry(
        name, kind, custom.get("note", ""), custom.get("expires", ""), None, "", moment(changed), number, tag
    )


def _is_gone(row: Any) -> bool:
    """Return True for a version that is deleted or destroyed.

    A deletion may be planned for a later time.
    """
    at = row["deletion_time"]
    return bool(row["destroyed"] or (at and moment(at) <= now()))


def _tag(version: int, created_time: str) -> bytes:
    return f"{version} {created_time}".encode()


def moment(text: str) -> str:
    """Return a time of the engine as Strongroom writes times, to the microsecond."""
    return f"{text[:19]}.{text[20:-1]:0<6.6}Z" if text else ""
