"""Give a command its settings, its vault and its community."""

# pathlib, json and click are imported late, because listing names needs none of them:

import os
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.settings.loading import load_settings
from strongroom.settings.model import Settings
from strongroom.store.errors import UnknownName, WrongKind
from strongroom.store.file.places import default_vault_path, usual_vault_path
from strongroom.text.suggest import did_you_mean
from strongroom.workspace import choose_community
from strongroom.workspace.known_names import unknown_community

if TYPE_CHECKING:
    from strongroom.backends.names_only import NamesOnly
    from strongroom.backends.place import EnginePlace
    from strongroom.backends.shared_vault import SharedVault
    from strongroom.store.keys.ways import Way
    from strongroom.store.opened import OpenStore
    from strongroom.store.reader import NamesReader
    from strongroom.store.rows.listing import Entry
    from strongroom.store.vault import Vault


class CommandSession:
    """Hold one run of a command."""

    def __init__(self, community: str | None = None) -> None:
        self.given_community = community

    @cached_property
    def settings(self) -> Settings:
        """Return the settings of the current folder."""
        return load_settings(os.curdir)

    @property
    def vault_path(self) -> str:
        """Return the path of the vault. The file may be missing."""
        return self.settings.vault or str(default_vault_path())

    @cached_property
    def place(self) -> "EnginePlace | None":
        """Return the engine that holds the community that is meant, or None for the vault."""
        backends = self.settings.backends
        meant = self.given_community or self.settings.community
        if not meant and backends:
            meant = self._meant_without_a_choice()
        return backends.get(meant) if meant else None

    def _meant_without_a_choice(self) -> str | None:
        """Return the community that the vault uses, else the only one, else None."""
        known = set(self.settings.backends)
        if os.path.exists(self.vault_path):
            with self.reader() as reader:
                current = reader.current_community()
                known.update(reader.communities())
            if current:
                return current
        return known.pop() if len(known) == 1 else None

    def reader(self) -> "NamesReader":
        """Open the vault's names. Needs no key."""
        from strongroom.store.reader import NamesReader

        return NamesReader.open(self.vault_path)

    def names(self) -> "NamesReader | NamesOnly":
        """Open the names of the community that is meant. A vault needs no key.

        If an engine does not answer, these are the names that were read last, with a note.
        """
        if self.place is None:
            return self.reader()
        from strongroom.backends.names_only import NamesOnly
        from strongroom_cli.terminal.engines import open_place
        from strongroom_cli.terminal.messages import say

        return NamesOnly(open_place(self.settings, self.place), say)

    def open(self) -> "OpenStore":
        """Open the vault or the engine that holds the community that is meant."""
        return self.unlock() if self.place is None else self.open_place(self.place)

    def unlock_for_bundle(self) -> "Vault":
        """Open the vault for a bundle.

        Raises `StrongroomError` if an engine holds the community that is meant.
        """
        if self.place is not None:
            raise StrongroomError(
                f'{self.place.words} holds community "{self.place.community}", and bundles are between vaults.',
                "Colleagues who may use the engine need no bundle. `strongroom community copy` copies it to a vault.",
            )
        return self.unlock()

    def open_place(self, place: "EnginePlace") -> "SharedVault":
        """Open the engine at a place. The engine is asked at the first use."""
        from strongroom_cli.terminal.engines import open_place

        return open_place(self.settings, place)

    def unlock(self, *, heed: bool = True) -> "Vault":
        """Open the vault.

        The key file, the remembered key, the keyring and the passphrase are tried. With `heed`, the vault's warnings
        are a question, and without a yes the vault is not opened.
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
        ways += own_vault_ways(self.vault_path)
        vault = Vault.unlock(self.vault_path, with_remembered(ways))
        say_notices(vault)
        if heed and vault.warnings:
            heed_warnings(vault)
        return vault

    def community(self, store: "NamesOnly | NamesReader | OpenStore") -> str:
        """Return the community that is meant. Raises `NoCommunity` if that is not clear."""
        return choose_community(
            self.settings, store.communities(), store.current_community(), self.given_community
        )

    def find(
        self, store: "NamesOnly | NamesReader | OpenStore", community: str, name: str, kind: Kind
    ) -> "Entry":
        """Return the entry.

        Raises `UnknownName` with the nearest name, `NoCommunity`, or `WrongKind`.
        """
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

    def refuse_unknown(self, store: "NamesOnly | NamesReader | OpenStore", community: str) -> None:
        """Raise `NoCommunity` for a community that is missing in the vault.

        A vault without any community raises nothing.
        """
        known = store.communities()
        if known and community not in known:
            raise unknown_community(community, known)

    def connectors_with(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return the (file, connector) pairs here that use a name.

        A home folder without settings is not read.
        """
        from pathlib import Path

        from strongroom.workspace import find_connector_files
        from strongroom.workspace.uses import connectors_with

        folder = self.settings.folder
        if self.settings.file is None and folder in (str(Path.home()), Path(folder).anchor):
            return ()
        return connectors_with(name, find_connector_files([folder]))


def own_vault_ways(vault_path: str) -> "list[Way]":
    """Return the identity of the person's own vault as a way into another vault.

    The own vault is in its usual place. It is opened only if the other one has a slot for an identity, and
    nothing else opened that one.
    """
    from strongroom.store.identity import identity_of_vault
    from strongroom.store.keys.ways import PrivateKey, default_ways
    from strongroom.store.vault import Vault
    from strongroom_cli.terminal.prompts import TRIES, can_ask_for_passphrase, passphrase_prompt

    own = usual_vault_path()
    if not os.path.exists(own) or (os.path.exists(vault_path) and os.path.samefile(own, vault_path)):
        return []

    def find() -> bytes:
        prompt = passphrase_prompt(f"the vault {own}") if can_ask_for_passphrase() else None
        with Vault.unlock(own, default_ways(prompt, tries=TRIES)) as vault:
            return identity_of_vault(vault).private

    return [PrivateKey(find, f"the identity of {own}")]


def print_json(data: object) -> None:
    """Print JSON as every command writes it."""
    import json

    print(json.dumps(data, indent=2))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of text."""
    text = "\n".join(lines)
    if text:
        print(text)
