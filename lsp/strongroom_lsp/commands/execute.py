"""Run the commands of code lenses and code actions.

They test a connector, say how to create a secret, and rename in the files. No command takes or returns a secret's
value: what needs one runs as a child process, which asks nothing.
"""

import shlex
from collections.abc import Callable, Mapping
from typing import Any, Final

from strongroom.names import Kind
from strongroom.workspace.references import Symbol, Thing
from strongroom.workspace.renaming import check_new_name
from strongroom_lsp.commands.connector_run import ConnectionTest
from strongroom_lsp.commands.rename_transaction import apply_to_files
from strongroom_lsp.commands.trust import check_trusted
from strongroom_lsp.features.navigation import when_indexed
from strongroom_lsp.protocol.capabilities import look_up
from strongroom_lsp.protocol.conversation import INFO
from strongroom_lsp.protocol.later import Later
from strongroom_lsp.protocol.messages import InvalidParams, text_at
from strongroom_lsp.services import CommandServices


def answer(services: CommandServices, params: Any) -> object:
    """Answer `workspace/executeCommand`."""
    command = _COMMANDS.get(text_at(params, "command"))
    if command is None:
        raise InvalidParams("the server has no such command")
    arguments = look_up(params, "arguments")
    first = arguments[0] if isinstance(arguments, list) and arguments else None
    return command(services, first, look_up(params, "workDoneToken"))


def _test(services: CommandServices, argument: Any, token: object) -> Later:
    """Test one connector, and show the report."""
    check_trusted(services)
    return ConnectionTest(services, argument, token).later


def _create_secret(services: CommandServices, argument: Any, _token: object) -> None:
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
        INFO,
        f"Run `{program} {kind} add {name}{where}` in a terminal, or press a in the app that `strongroom` starts. "
        "The finding disappears as soon as the name exists.",
    )


def _rename_in_files(services: CommandServices, argument: Any, _token: object) -> object:
    """Rename a secret or variable in the files, and leave the vault as it is."""
    symbol, new = Symbol(Thing.NAME, text_at(argument, "name")), text_at(argument, "newName")
    check_new_name(symbol, new)
    return when_indexed(services, lambda: apply_to_files(services, symbol, new))


_COMMANDS: Final[Mapping[str, Callable[[CommandServices, Any, object], object]]] = {
    "strongroom.testConnection": _test,
    "strongroom.createSecret": _create_secret,
    "strongroom.renameInFiles": _rename_in_files,
}
