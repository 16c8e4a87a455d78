"""Hold a community in AWS Secrets Manager.

A secret is called `PATH/secrets/NAME`, a variable `PATH/variables/NAME`. Its text is the document as JSON.
Note and date are in the description and in a tag too, because a list has those without a value.

The engine has no check-and-set. A write adds its version without making it the current one, and then moves
the label `AWSCURRENT` from the version that was seen: the engine refuses that if the label is elsewhere by
then. After the move the labels are read again. The id of a version has its number and the version before it,
so that history is the chain from the current one, without versions that were refused.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from strongroom.backends.aws_client import Exists, SecretsManagerClient
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
from strongroom.backends.errors import Conflict, NotFound
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import ABSENT, UNKNOWN, Held, Put
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged, ValueTooLong
from strongroom.store.rows.history import Version
from strongroom.store.rows.listing import Entry
from strongroom.store.rows.saving import duplicate
from strongroom.values.secret_value import SecretValue

LONGEST: Final = 65_536
"""The bytes of the longest document."""
LONGEST_DESCRIPTION: Final = 2_000
CURRENT, PREVIOUS, PENDING = "AWSCURRENT", "AWSPREVIOUS", "strongroom-pending"
EXPIRES: Final = "strongroom:expires"
"""The tag with the date."""
DAYS: Final = 30
"""The days for which a deleted entry is kept, the most that the engine allows."""


def open_place(place: EnginePlace, secret: SecretValue | None = None) -> "AwsSecrets":  # noqa: ARG001 - as other engines
    """Return the community at `place`, with the login of AWS's own tools."""
    return AwsSecrets(place, SecretsManagerClient(place))


class VersionId(NamedTuple):
    """Hold a version's id: its number, the key of the version before it, its own key."""

    number: int
    before: str
    own: str

    def __str__(self) -> str:
        return f"strongroom-{self.number:08d}-{self.before}-{self.own}"

    @classmethod
    def parse(cls, text: str) -> "VersionId":
        """Return the parts of an id.

        A version of another program is the first one of a chain.
        """
        parts = text.split("-")
        if len(parts) == 4 and parts[0] == "strongroom" and parts[1].isdecimal():
            return cls(int(parts[1]), parts[2], parts[3])
        return cls(1, "0" * 16, blake2b(text.encode(), digest_size=8).hexdigest())

    def next(self) -> "VersionId":
        """Return a new id for the version after this one."""
        return VersionId(self.number + 1, self.own, os.urandom(8).hex())


FIRST: Final = VersionId(0, "0" * 16, "0" * 16)


class AwsSecrets:
    """Hold one community at a place of AWS Secrets Manager."""

    def __init__(self, place: EnginePlace, client: SecretsManagerClient) -> None:
        self.community = place.community
        self.place = place.words
        self._client = client
        self._root = place.path

    # -- reading ------------------------------------------------------------------------------

    def names(self, *, are_deleted: bool = False) -> Sequence[Entry]:
        """Return what the community holds by name, or the deleted entries."""
        return sorted(
            _listed_entry(name, kind, row)
            for name, kind, row in self._listed()
            if ("DeletedDate" in row) is are_deleted
        )

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
            state = self._state(name, kind)
            if state is None:
                continue
            for one, _ in self._chain(name, kind, state):
                if VersionId.parse(one).number == version:
                    document = self._document(name, kind, one, state)
                    entry = found.entry(name) if found else _entry(name, kind, state, document)
                    return Held(entry, document.value)
        raise unknown_version(name, self.community, version)

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return the versions that are kept, newest first."""
        found = self._find(name)
        if found is None:
            raise unknown_name(name, self.community)
        return tuple(
            Version(VersionId.parse(one).number, moment(created), one == found.state.current)
            for one, created in self._chain(name, found.kind, found.state)
        )

    def _chain(self, name: str, kind: Kind, state: "_State") -> Iterator[tuple[str, Any]]:
        """Yield the id and time of each version that is or was current, newest first."""
        rows = self._client.versions(self._id(name, kind))
        by_own = {VersionId.parse(row["VersionId"]).own: row for row in rows}
        row = by_own.get(VersionId.parse(state.current).own)
        while row is not None:
            yield row["VersionId"], row["CreatedDate"]
            row = by_own.pop(VersionId.parse(row["VersionId"]).before, None)

    def watch(self) -> str:
        """Return a digest of all names and their versions."""
        digest = blake2b(digest_size=16)
        for name, kind, row in sorted(self._listed(), key=lambda one: one[:2]):
            digest.update(repr((name, kind.value, _current(row), "DeletedDate" in row)).encode())
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
        state = self._state(put.name, put.kind)
        self._compare(put.name, state, expected)
        is_live = state is not None and not state.deleted
        before = self._document(put.name, put.kind, state.current, state) if state and is_live else NOTHING
        after = before.changed(put)
        need_value(after)
        written = self._write(put.name, put.kind, state, after)
        if not is_live:
            self._refuse_twins(put, other)
        return _entry(put.name, put.kind, written, after)

    def _write(self, name: str, kind: Kind, state: "_State | None", document: EntryDocument) -> "_State":
        text = json.dumps(document.plain(), ensure_ascii=False)
        if len(text.encode()) > LONGEST:
            raise ValueTooLong(
                f"The value has more than {LONGEST:,} bytes with its note, the most that {self.place} keeps.",
                "Store a shorter one; nothing was changed.",
            )
        identity = self._id(name, kind)
        if state is None:
            new = FIRST.next()
            try:
                self._client.create(identity, str(new), text, document.note, document.expires)
            except Exists:
                raise EntryChanged(name, self.community, "added") from None
        else:
            if state.deleted:
                self._client.restore(identity)
            new = VersionId.parse(state.current).next()
            self._replace(name, identity, state, new, text)
            self._client.describe(identity, document.note[:LONGEST_DESCRIPTION], document.expires)
        # The version that was written, although another person may have written the next one by now.
        return _State.of(self._client.describe_secret(identity))._replace(current=str(new), deleted=False)

    def _replace(self, name: str, identity: str, state: "_State", new: VersionId, text: str) -> None:
        """Add a version, and make it current if the version that was seen still is.

        A request that is sent a second time, because its answer was lost, is refused after a success. So the labels
        decide, which are read again.
        """
        is_moved = True
        try:
            self._client.add_version(identity, str(new), text, PENDING)
            self._client.move_label(identity, CURRENT, str(new), state.current)
        except Conflict:
            is_moved = False
        finally:
            self._client.drop_label(identity, PENDING, str(new))
        labels = _State.of(self._client.describe_secret(identity)).labels
        was_current = {CURRENT, PREVIOUS}.intersection(labels.get(str(new), ()))
        if not (is_moved or was_current):
            raise EntryChanged(name, self.community, "changed")
        if CURRENT in was_current and PREVIOUS not in labels.get(state.current, ()):
            raise EntryChanged(name, self.community, "changed at the same time")

    def delete(self, name: str, expected: bytes | None = None, *, for_good: bool = False) -> Entry:
        """Delete an entry, or remove everything of its name."""
        if for_good:
            return self._purge(name, expected)
        found = self._find(name)
        if found is None:
            if expected is not None:
                raise EntryChanged(name, self.community, "deleted")
            raise unknown_name(name, self.community)
        self._compare(name, found.state, expected)
        identity = self._id(name, found.kind)
        self._client.delete(identity, DAYS)
        now = _State.of(self._client.describe_secret(identity))
        if now.current != found.state.current:  # somebody wrote between the look and the deletion
            self._client.restore(identity)
            raise EntryChanged(name, self.community, "changed")
        return found.entry(name)._replace(value=None, tag=now.tag)

    def _purge(self, name: str, expected: bytes | None) -> Entry:
        states = [(kind, state) for kind in Kind if (state := self._state(name, kind)) is not None]
        if not states:
            raise unknown_name(name, self.community)
        kind, state = min(states, key=lambda one: one[1].deleted)  # the live one, if there is one
        if expected not in (None, state.tag):
            raise EntryChanged(name, self.community, "changed")
        for one, _ in states:
            self._client.purge(self._id(name, one))
        return Entry(name, kind, "", "", None, "", "", 0, UNKNOWN)

    def _compare(self, name: str, state: "_State | None", expected: bytes | None) -> None:
        """Raise `EntryChanged` if the entry is not the one that the caller saw."""
        if expected is None:
            return
        if state is None or state.deleted:
            if expected not in (ABSENT, state and state.tag):
                raise EntryChanged(name, self.community, "deleted")
        elif expected == ABSENT:
            raise EntryChanged(name, self.community, "added")
        elif expected != state.tag:
            raise EntryChanged(name, self.community, "changed", state.created)

    def _refuse_other(self, put: Put, other: Kind) -> None:
        """Raise `DuplicateName` if the name is of the other kind."""
        state = self._state(put.name, other)
        if state is not None and not state.deleted:
            raise duplicate(put.name, self.community, other.value)

    def _refuse_twins(self, put: Put, other: Kind) -> None:
        """Take a new entry back if its name was given to the other kind at the same time."""
        try:
            self._refuse_other(put, other)
        except BaseException:
            self._client.delete(self._id(put.name, put.kind), DAYS)
            raise

    # -- the engine's own ---------------------------------------------------------------------

    def _id(self, name: str, kind: Kind) -> str:
        return f"{self._root}/{FOLDERS[kind.value]}/{name}"

    def _listed(self) -> Iterator[tuple[str, Kind, Mapping[str, Any]]]:
        for row in self._client.listed(f"{self._root}/"):
            for kind in Kind:
                folder = self._id("", kind)
                name = row["Name"].removeprefix(folder)
                if name != row["Name"] and "/" not in name and _current(row):
                    yield name, kind, row

    def _find(self, name: str) -> "_Found | None":
        """Return the live entry of this name."""
        for kind in Kind:
            state = self._state(name, kind)
            if state is not None and not state.deleted:
                return _Found(kind, state, self._document(name, kind, state.current, state))
        return None

    def _state(self, name: str, kind: Kind) -> "_State | None":
        """Return an entry without its value, or None if there is none."""
        try:
            return _State.of(self._client.describe_secret(self._id(name, kind)))
        except NotFound:
            return None

    def _document(self, name: str, kind: Kind, version: str, state: "_State") -> EntryDocument:
        """Return the document of a version. A deleted entry is restored for that.

        The engine reads no deleted ones.
        """
        identity = self._id(name, kind)
        if not state.deleted:
            return _document(self._client.read(identity, version))
        self._client.restore(identity)
        try:
            return _document(self._client.read(identity, version))
        finally:
            self._client.delete(identity, DAYS)


class _State(NamedTuple):
    """Hold what the engine says of an entry without its value."""

    current: str
    deleted: bool
    labels: Mapping[str, Sequence[str]]
    created: str

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "_State":
        labels = answer.get("VersionIdsToStages") or {}
        current = next((one for one, stages in labels.items() if CURRENT in stages), "")
        return cls(current, "DeletedDate" in answer, labels, moment(answer.get("LastChangedDate")))

    @property
    def tag(self) -> bytes:
        return _tag(self.current, is_deleted=self.deleted)


class _Found(NamedTuple):
    kind: Kind
    state: _State
    document: EntryDocument

    def entry(self, name: str) -> Entry:
        return _entry(name, self.kind, self.state, self.document)


def _document(text: str) -> EntryDocument:
    """Return the document of a stored text.

    A text of another program is a value as it is.
    """
    try:
        found = read_document(json.loads(text))
    except ValueError:
        found = None
    return found or EntryDocument(SecretValue(text))


def _entry(name: str, kind: Kind, state: _State, document: EntryDocument) -> Entry:
    value = document.value.reveal() if kind is Kind.VARIABLE else None
    number = VersionId.parse(state.current).number
    return Entry(name, kind, document.note, document.expires, value, "", state.created, number, state.tag)


def _listed_entry(name: str, kind: Kind, row: Mapping[str, Any]) -> Entry:
    is_deleted = "DeletedDate" in row
    expires = next((tag["Value"] for tag in row.get("Tags") or () if tag["Key"] == EXPIRES), "")
    current = _current(row)
    changed = moment(row.get("LastChangedDate"))
    number = VersionId.parse(current).number
    tag = _tag(current, is_deleted=is_deleted)
    return Entry(name, kind, row.get("Description", ""), expires, None, "", changed, number, tag)


def _current(row: Mapping[str, Any]) -> str:
    labels = row.get("SecretVersionsToStages") or {}
    return next((one for one, stages in labels.items() if CURRENT in stages), "")


def _tag(current: str, *, is_deleted: bool) -> bytes:
    return f"{'deleted ' if is_deleted else ''}{current}".encode()


def moment(at: Any) -> str:
    """Return a time of the engine as Strongroom writes times."""
    from datetime import UTC

    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else ""
