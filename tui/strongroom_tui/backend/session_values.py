"""Read the values that a run asks for, on the vault's thread."""

from typing import TYPE_CHECKING

from strongroom.names import Kind, Names

if TYPE_CHECKING:
    from strongroom.resolver.templates.values import MappingValues
    from strongroom.values.secret_value import SecretValue
    from strongroom_tui.backend.session import VaultSession


class SessionValues:
    """Serve the resolver's `Values`.

    `asked` collects requested names, missing ones too. Without `with_secrets` no secret resolves, and the vault may
    be locked.
    """

    def __init__(
        self, session: "VaultSession", community: str, names: Names, *, with_secrets: bool = True
    ) -> None:
        self._session = session
        self._community = community
        self._names = names
        self._with_secrets = with_secrets
        self.asked: dict[str, None] = {}

    def secret(self, name: str) -> "SecretValue | None":
        """Return the secret's value, or None if no secret has this name."""
        self.asked[name] = None
        entry = self._names.get(name)
        if entry is None or entry.kind is not Kind.SECRET or not self._with_secrets:
            return None
        return self._session.value(self._community, name)

    def variable(self, name: str) -> str | None:
        """Return the variable's text, or None if no variable has this name."""
        self.asked[name] = None
        entry = self._names.get(name)
        return entry.value if entry is not None and entry.kind is Kind.VARIABLE else None

    def everything(self) -> "MappingValues":
        """Return all values of the community, for a template that computes a name."""
        from strongroom.resolver.templates.values import MappingValues

        secrets = {name: value for name in self._names.by_name if (value := self.secret(name)) is not None}
        variables = {name: text for name in self._names.by_name if (text := self.variable(name)) is not None}
        return MappingValues(secrets, variables)
