"""Run the commands of code lenses and code actions.

They test a connector, say how to create a secret, store one that is written out, and rename in the files. Each takes
its argument, which is the client's JSON, and a token for its progress. No command takes or returns a secret's value:
what needs one runs as a child process, which asks nothing.
"""

import shlex
from typing import Any

from lsprotocol import types

from strongroom.names import Kind
from strongroom.workspace.references import Symbol, SymbolKind
from strongroom.workspace.renaming import check_new_name
from strongroom_lsp.commands.connector_run import ConnectionTest
from strongroom_lsp.commands.rename_transaction import apply_to_files
from strongroom_lsp.commands.store_literal import StoredLiteral
from strongroom_lsp.commands.trust import check_trusted
from strongroom_lsp.protocol.messages import look_up, text_at
from strongroom_lsp.services import CommandServices, Later

Token = types.ProgressToken | None


def test_connection(services: CommandServices, argument: Any, token: Token) -> Later[Any]:
    """Test one connector, and show the report."""
    check_trusted(services)
    return ConnectionTest(services, argument, token).run()


def create_secret(services: CommandServices, argument: Any, _token: Token) -> None:
    """Show how to create a secret.

    The value is typed into a terminal or the app, never into a message of an editor.
    """
    check_trusted(services)
    name, kind = text_at(argument, "name"), look_up(argument, "kind")
    kind = kind if kind in tuple(Kind) else Kind.SECRET
    community = look_up(argument, "community")
    where = f" --community {shlex.quote(community)}" if isinstance(community, str) and community else ""
    vault = services.contexts.options.vault
    program = f"STRONGROOM_VAULT={shlex.quote(vault)} strongroom" if vault else "strongroom"
    services.say(
        types.MessageType.Info,
        f"Run `{program} {kind} add {name}{where}` in a terminal, or press a in the app that `strongroom` starts. "
        "The finding disappears as soon as the name exists.",
    )


def store_literal(services: CommandServices, argument: Any, token: Token) -> Later[None]:
    """Store a credential that is written out as a secret, and reference it."""
    check_trusted(services)
    return StoredLiteral(services, argument, token).run()


def rename_in_files(services: CommandServices, argument: Any, _token: Token) -> Later[None]:
    """Rename a secret or variable in the files, and leave the vault as it is."""
    symbol, new = Symbol(SymbolKind.NAME, text_at(argument, "name")), text_at(argument, "newName")
    check_new_name(symbol, new)

    async def rename() -> None:
        await services.index.ready()
        apply_to_files(services, symbol, new)

    return rename()
