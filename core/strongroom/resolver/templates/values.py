"""Give templates their values, from a vault, from memory or from a list of names."""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from strongroom.document.template_facts import texts_of
from strongroom.names import Kind, Names
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from strongroom.store.opened import OpenStore


class Values(Protocol):
    """Give the secrets and variables of one community.

    None means that the community has no such name of that kind.
    """

    def secret(self, name: str) -> SecretValue | None:
        """Return the secret of exactly this name."""

    def variable(self, name: str) -> str | None:
        """Return the variable of exactly this name."""


class MappingValues:
    """Hold values in memory, for tests and for runs that need no vault."""

    def __init__(
        self,
        secrets: Mapping[str, SecretValue | str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._secrets = {
            name: value if isinstance(value, SecretValue) else SecretValue(value)
            for name, value in (secrets or {}).items()
        }
        self._variables = dict(variables or {})

    def secret(self, name: str) -> SecretValue | None:
        """Return the secret of exactly this name, or None."""
        return self._secrets.get(name)

    def variable(self, name: str) -> str | None:
        """Return the variable of exactly this name, or None."""
        return self._variables.get(name)


NO_VALUES = MappingValues()
"""The values of a run without a vault: nothing resolves."""


class NamedValues:
    """Resolve the names of a list, for runs with recorded answers, without a vault.

    A listed secret resolves to a text that is not the value of anything, a variable to its listed text. Other
    names do not resolve.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._stand_in = SecretValue(f"stand-in-{secrets.token_hex(16)}")

    def secret(self, name: str) -> SecretValue | None:
        """Return a text in place of the secret's value, or None for an unlisted secret."""
        entry = self._names.get(name)
        return self._stand_in if entry is not None and entry.kind is Kind.SECRET else None

    def variable(self, name: str) -> str | None:
        """Return the variable's text as listed, or None."""
        entry = self._names.get(name)
        return (entry.value or "") if entry is not None and entry.kind is Kind.VARIABLE else None

    def everything(self) -> "MappingValues":
        """Return all values, for a template that computes the name it asks for."""
        listed = self._names.by_name.values()
        found = {entry.name: self._stand_in for entry in listed if entry.kind is Kind.SECRET}
        return MappingValues(
            found, {entry.name: entry.value or "" for entry in listed if entry.kind is Kind.VARIABLE}
        )


class VaultValues:
    """Give the values of one community of an unlocked vault.

    The names are listed once, so that a run sees one state of the vault; each value is decrypted only when a
    template asks for it. A name of the other kind does not resolve, as on the platform.
    """

    def __init__(self, vault: "OpenStore", community: str) -> None:
        self._vault = vault
        self._community = community
        self._kinds = {entry.name: entry.kind for entry in vault.entries(community)}

    def secret(self, name: str) -> SecretValue | None:
        """Return the secret of exactly this name, or None."""
        return self._vault.get(self._community, name) if self._kinds.get(name) is Kind.SECRET else None

    def everything(self) -> "MappingValues":
        """Return all values of the community, for a template that computes a name."""
        secrets = {
            name: self._vault.get(self._community, name)
            for name, kind in self._kinds.items()
            if kind is Kind.SECRET
        }
        variables = {
            name: self._vault.variable(self._community, name)
            for name, kind in self._kinds.items()
            if kind is Kind.VARIABLE
        }
        return MappingValues(secrets, variables)

    def variable(self, name: str) -> str | None:
        """Return the variable of exactly this name, or None."""
        return self._vault.variable(self._community, name) if self._kinds.get(name) is Kind.VARIABLE else None


def snapshot(values: Values, connector: Any) -> Values:
    """Return the values that a connector asks for, fetched now and in this thread.

    Rendering happens in a thread of its own, and a vault belongs to the thread that opened it. If a name is
    computed, all values are fetched from a source that can list them.
    """
    if isinstance(values, MappingValues):
        return values
    from strongroom.resolver.templates.source_calls import scan

    names: set[str] = set()
    is_computed = False
    for text in texts_of(connector):
        seen = scan(text)
        is_computed = is_computed or seen.is_computed
        names.update(call.name for call in seen.calls if call.name is not None)
    if is_computed:
        everything = getattr(values, "everything", None)
        return everything() if everything is not None else values
    secrets = {name: secret for name in names if (secret := values.secret(name)) is not None}
    variables = {name: value for name in names if (value := values.variable(name)) is not None}
    return MappingValues(secrets, variables)
