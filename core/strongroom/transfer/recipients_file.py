"""Read `strongroom.recipients`: who may open the bundles of which community.

    [people]
    ann = "strongroom1..."
    ci = ["strongroom1...", "strongroom1..."]

    [groups]
    developers = ["ann", "bob"]

    [communities]
    staging = ["developers", "ci"]
    production = ["ann"]

The file is TOML, holds public keys only, and is kept in the repository.
"""

# os.path, because settings and their files are found with it.

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from strongroom.files.paths import find_above
from strongroom.store.identity import Identity
from strongroom.text.phrases import joined
from strongroom.text.suggest import did_you_mean
from strongroom.transfer.bundle_header import MOST_RECIPIENTS
from strongroom.transfer.errors import RecipientInvalid, TransferError
from strongroom.transfer.recipient import PREFIX, Recipient

FILE_NAME: Final = "strongroom.recipients"
LARGEST_FILE: Final = 1 << 20
_TABLES: Final = ("people", "groups", "communities")
_LONGEST_NAME: Final = 100


class RecipientsFile(NamedTuple):
    """Hold who is listed.

    `people` has the keys of each person, `groups` the people of each group, `communities` the people of each community.
    """

    path: str
    people: Mapping[str, tuple[Recipient, ...]]
    groups: Mapping[str, tuple[str, ...]]
    communities: Mapping[str, tuple[str, ...]]

    def of_community(self, community: str) -> dict[Recipient, str]:
        """Return a community's recipients with their names. Raises `TransferError`."""
        if community not in self.communities:
            raise TransferError(
                f"{self.path} does not list community `{community}`.",
                did_you_mean(community, self.communities) or "Add it under [communities].",
            )
        return self._of_people(self.communities[community])

    def named(self, names: Iterable[str]) -> dict[Recipient, str]:
        """Return the recipients of people and groups.

        Raises `TransferError` for an unknown name.
        """
        known = (*self.people, *self.groups)
        found: list[str] = []
        for name in names:
            if name not in known:
                raise TransferError(f"{self.path} does not list `{name}`.", did_you_mean(name, known))
            found += self.groups.get(name, (name,))
        return self._of_people(found)

    def name_of(self, recipient: Recipient | None) -> str:
        """Return the name of the person with this key, or ""."""
        return next((name for name, keys in self.people.items() if recipient in keys), "")

    def _of_people(self, names: Iterable[str]) -> dict[Recipient, str]:
        return {recipient: name for name in dict.fromkeys(names) for recipient in self.people[name]}


def find_recipients_file(folder: str) -> str | None:
    """Return the recipients file that holds for `folder`, or None."""
    return find_above(folder, FILE_NAME)


def read_recipients_file(path: str) -> RecipientsFile:
    """Return the file at `path`. Raises `TransferError` with what is wrong and where."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "it is not a path").lower()
        raise TransferError(f"{path} could not be read: {reason}.", "Check the path.") from None
    if len(data) > LARGEST_FILE:
        raise TransferError(f"{path} is larger than 1 MiB.", "Check that it is a recipients file.")
    try:
        tables = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is not UTF-8 text"
        raise TransferError(f"{path} is not TOML: {reason}.", "Mend it there.") from None
    return _Reader(os.path.relpath(path) if len(os.path.relpath(path)) < len(path) else path, tables).read()


def sender_among(mine: Sequence[Identity], listed: RecipientsFile | None) -> Identity:
    """Return the identity that colleagues know: one that is listed, else the first."""
    return next((one for one in mine if listed and listed.name_of(Recipient.of_identity(one))), mine[0])


class _Reader:
    def __init__(self, path: str, tables: Mapping[str, Any]) -> None:
        self._path = path
        self._tables = tables

    def read(self) -> RecipientsFile:
        for name in self._tables:
            if name not in _TABLES:
                raise self._error(f"the file has no table `{name}`", did_you_mean(name, _TABLES))
        people = {name: self._keys(name, given) for name, given in self._table("people").items()}
        groups = {
            name: self._names("groups", name, given, people) for name, given in self._table("groups").items()
        }
        if both := sorted(set(people) & set(groups)):
            raise self._error(f"`{both[0]}` is a person and a group", "Rename one of them.")
        communities = {
            name: self._people(self._names("communities", name, given, (*people, *groups)), groups)
            for name, given in self._table("communities").items()
        }
        self._check_keys(people)
        return RecipientsFile(self._path, people, groups, communities)

    def _table(self, name: str) -> Mapping[str, Any]:
        table = self._tables.get(name, {})
        if not isinstance(table, dict):
            raise self._error(f"`{name}` is not a table", f"Begin it with a line [{name}].")
        for key in table:
            if not key.strip() or not key.isprintable() or len(key) > _LONGEST_NAME:
                raise self._error(f"a name in [{name}] is empty, too long or cannot be shown", "Change it.")
        return table

    def _keys(self, name: str, given: Any) -> tuple[Recipient, ...]:
        texts = self._texts("people", name, given, f'"{PREFIX}..."')
        try:
            return tuple(Recipient.parse(text) for text in texts)
        except RecipientInvalid as error:
            raise self._error(
                f"a key of `{name}` is not a recipient, or a character of it is wrong", error.way_out
            ) from None

    def _names(self, table: str, name: str, given: Any, known: Iterable[str]) -> tuple[str, ...]:
        names = self._texts(table, name, given, '["ann", "bob"]')
        known = list(known)
        for one in names:
            if one not in known:
                raise self._error(
                    f"`{name}` in [{table}] names `{one}`, who is not listed", did_you_mean(one, known)
                )
        return tuple(dict.fromkeys(names))

    def _texts(self, table: str, name: str, given: Any, example: str) -> Sequence[str]:
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            raise self._error(
                f"`{name}` in [{table}] is not a text or a list of texts", f"Write: {name} = {example}"
            )
        return texts

    def _people(self, names: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(person for name in names for person in groups.get(name, (name,))))

    def _check_keys(self, people: Mapping[str, tuple[Recipient, ...]]) -> None:
        owners: dict[Recipient, list[str]] = {}
        for name, keys in people.items():
            for key in dict.fromkeys(keys):
                owners.setdefault(key, []).append(name)
        for names in owners.values():
            if len(names) > 1:
                raise self._error(
                    f"{joined(names)} have the same key", "Give each person a key of their own."
                )
        if len(owners) > MOST_RECIPIENTS:
            raise self._error(f"it has more than {MOST_RECIPIENTS:,} keys", "Take some out.")

    def _error(self, reason: str, way_out: str) -> TransferError:
        return TransferError(f"{self._path} cannot be used: {reason}.", way_out)
