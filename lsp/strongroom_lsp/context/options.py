"""Read the client's options, which win over strongroom.toml."""

# os.path, because pathlib would cost a part of the start-up.

import os
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeGuard

CHANGEABLE: Final = {
    "community": "community",
    "vault": "vault",
    "diagnostics": "diagnostics",
    "jsonSyntax": "json_syntax",
    "jsonKeys": "json_keys",
    "inlayHints": "inlay_hints",
    "codeLens": "code_lens",
}
"""The options that a configuration change can set, and their fields."""


class Options(NamedTuple):
    """Hold the client's options, which win over strongroom.toml.

    They come from `initializationOptions` or a changed configuration.
    """

    community: str | None = None
    vault: str | None = None
    diagnostics: bool = True
    json_syntax: bool = True
    """False leaves errors of JSON syntax to the editor's own JSON server."""
    json_keys: bool = True
    """False leaves keys and fixed values of connector files to the editor's JSON server and its schema."""
    inlay_hints: bool = True
    code_lens: bool = True
    status: bool = False
    commands: tuple[str, ...] = ()
    """The commands that the client runs itself."""
    is_trusted: bool = True
    """False until the person trusts the folders. No configuration sets it, because folders bring their own."""

    @classmethod
    def of(cls, data: object) -> "Options":
        """Read the options from the client's JSON.

        Null, other keys and values of a wrong type count as missing.
        """
        if not isinstance(data, dict):
            return cls()
        community, vault, commands, trusted = (
            data.get(key) for key in ("community", "vault", "commands", "trusted")
        )
        return cls(
            community=community if isinstance(community, str) and community else None,
            vault=os.path.expanduser(vault) if isinstance(vault, str) and vault else None,
            diagnostics=data.get("diagnostics") is not False,
            json_syntax=data.get("jsonSyntax") is not False,
            json_keys=data.get("jsonKeys") is not False,
            inlay_hints=data.get("inlayHints") is not False,
            code_lens=data.get("codeLens") is not False,
            status=data.get("status") is True,
            commands=tuple(name for name in commands if isinstance(name, str))
            if isinstance(commands, list)
            else (),
            is_trusted=trusted is None or trusted is True,
        )

    @staticmethod
    def are_in(data: object) -> TypeGuard[Mapping[str, object]]:
        """Return True if a client's JSON names any option that can be changed later."""
        return isinstance(data, dict) and not CHANGEABLE.keys().isdisjoint(data)

    def changed_by(self, data: Mapping[str, object]) -> "Options":
        """Return the options with those that a client's configuration names."""
        named = Options.of(data)
        return self._replace(
            **{field: getattr(named, field) for option, field in CHANGEABLE.items() if option in data}
        )
