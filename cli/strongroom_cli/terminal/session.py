"""What most commands start from: the settings of the current folder, the vault, and the community meant."""

# pathlib, json and click are slow to import, and listing names needs none of them:

import os
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from strongroom.names import Kind
from strongroom.settings.loading import load_settings
from strongroom.settings.model import Settings
from strongroom.store.errors import UnknownName, WrongKind
from strongroom.store.file.places import default_vault_path
from strongroom.text.suggest import did_you_mean
from strongroom.workspace import choose_community
from strongroom.workspace.known_names import unknown_community

if TYPE_CHECKING:
    from strongroom.store.reader import Entry, NamesReader
    from strongroom.store.vault import Vault


class Session:
    """One run of a command."""

    def __init__(self, community: str | None = None) -> None:
        self.given_community = community

    @cached_property
    def settings(self) -> Settings:
        """The settings of the current folder."""
        return load_settings(os.curdir)

    @property
    def vault_path(self) -> str:
        """The vault that is meant, whether or not it exists."""
        return self.settings.vault or str(default_vault_path())

    def reader(self) -> "NamesReader":
        """The vault's names, without a key."""
        from strongroom.store.reader import NamesReader

        return NamesReader.open(self.vault_path)

    def unlock(self, *, heed: bool = True) -> "Vault":
        """The vault, opened with the key file, the remembered key, the keyring or the passphrase.

        With `heed`, what the vault warns of is asked about, and without a yes it is not opened.
        """
        from strongroom.store.keys.ways import default_ways, with_remembered
        from strongroom.store.vault import Vault
        from strongroom_cli.terminal.messages import say
        from strongroom_cli.terminal.prompts import (
            TRIES,
            can_ask_for_passphrase,
            heed_warnings,
            passphrase_prompt,
            say_notices,
        )

        ways = default_ways(passphrase_prompt() if can_ask_for_passphrase() else None, tries=TRIES, tell=say)
        vault = Vault.unlock(self.vault_path, with_remembered(ways))
        say_notices(vault)
        if heed and vault.warnings:
            heed_warnings(vault)
        return vault

    def community(self, store: "NamesReader | Vault") -> str:
        """The community that is meant; raises `NoCommunity` where that is not clear."""
        return choose_community(
            self.settings, store.communities(), store.current_community(), self.given_community
        )

    def find(self, store: "NamesReader | Vault", community: str, name: str, kind: Kind) -> "Entry":
        """The entry; raises `UnknownName` with the nearest name, `NoCommunity`, or `WrongKind`."""
        entry = store.find(community, name)
        if entry is None:
            self.refuse_unknown(store, community)
            candidates = [other.name for other in store.entries(community) if other.kind is kind]
            raise UnknownName(
                f'Community "{community}" has no {kind.value} "{name}".', did_you_mean(name, candidates)
            )
        if entry.kind is not kind:
            raise WrongKind(
                f'"{name}" is a {entry.kind.value}, not a {kind.value}.',
                f"See `strongroom {entry.kind.value} --help`.",
            )
        return entry

    def refuse_unknown(self, store: "NamesReader | Vault", community: str) -> None:
        """Raises `NoCommunity` for a community that a vault with others does not have."""
        known = store.communities()
        if known and community not in known:
            raise unknown_community(community, known)

    def connectors_with(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return the (file, connector) pairs here that use a name; none in a home folder."""
        from pathlib import Path

        from strongroom.workspace import find_connector_files
        from strongroom.workspace.uses import connectors_with

        folder = self.settings.folder
        if self.settings.file is None and folder in (str(Path.home()), Path(folder).anchor):
            return ()
        return connectors_with(name, find_connector_files([folder]))


def print_json(data: object) -> None:
    """JSON as every command writes it."""
    import json

    print(json.dumps(data, indent=2))


def print_lines(lines: Iterable[str]) -> None:
    """Lines of text."""
    text = "\n".join(lines)
    if text:
        print(text)
