"""The session of a command: settings, vault, and community."""

# pathlib, json and click are imported late, because listing names needs none of them:

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

    def reader(self) -> "NamesReader":
        """Open the vault's names. Needs no key."""
        from strongroom.store.reader import NamesReader

        return NamesReader.open(self.vault_path)

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
        vault = Vault.unlock(self.vault_path, with_remembered(ways))
        say_notices(vault)
        if heed and vault.warnings:
            heed_warnings(vault)
        return vault

    def community(self, store: "NamesReader | Vault") -> str:
        """Return the community that is meant. Raises `NoCommunity` if that is not clear."""
        return choose_community(
            self.settings, store.communities(), store.current_community(), self.given_community
        )

    def find(self, store: "NamesReader | Vault", community: str, name: str, kind: Kind) -> "Entry":
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

    def refuse_unknown(self, store: "NamesReader | Vault", community: str) -> None:
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


def print_json(data: object) -> None:
    """Print JSON as every command writes it."""
    import json

    print(json.dumps(data, indent=2))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of text."""
    text = "\n".join(lines)
    if text:
        print(text)
