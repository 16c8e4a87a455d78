"""Describe the commands that only read names or one value, as tables.

They run without click, because importing click takes longer than they do. click shows their help and their
completions.
"""

import os
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from strongroom.names import Kind
from strongroom_cli.secrets import reading
from strongroom_cli.terminal.arguments import (
    COMMUNITY,
    FORMAT,
    Argument,
    Command,
    Option,
    Parsed,
    asks_for_help,
    parse,
)
from strongroom_cli.terminal.session import CommandSession


class QuickCommand(NamedTuple):
    """Describe one command that only reads."""

    table: Command
    read: Callable[[CommandSession, Parsed], None]

    def run(self, arguments: Sequence[str]) -> int:
        """Read the arguments and run the command.

        Raises the errors of both.
        """
        parsed = parse(self.table, arguments)
        self.read(CommandSession(parsed.value(COMMUNITY.key)), parsed)
        return 0


REVEAL: Final = Option("--reveal", "", "Write the value itself to standard output, byte for byte.")
_NAME: Final = Argument("NAME", is_entry_name=True)

NAMES: Final = QuickCommand(
    Command(
        "names",
        "Show the names and kinds that are known for the chosen community. Needs no key.",
        (COMMUNITY, FORMAT),
    ),
    lambda session, parsed: reading.show_names(session, parsed.values[FORMAT.key]),
)
SECRET_LIST: Final = QuickCommand(
    Command("secret list", "List the secrets of a community. Needs no key.", (COMMUNITY, FORMAT)),
    lambda session, parsed: reading.list_entries(session, Kind.SECRET, parsed.values[FORMAT.key]),
)
SECRET_SHOW: Final = QuickCommand(
    Command(
        "secret show",
        "Show a secret: its first character, or with --reveal its value.",
        (COMMUNITY, REVEAL, FORMAT),
        (_NAME,),
    ),
    lambda session, parsed: reading.show_secret(
        session, parsed.rest[0], REVEAL.key in parsed.flags, parsed.values[FORMAT.key]
    ),
)
VARIABLE_LIST: Final = QuickCommand(
    Command(
        "variable list",
        "List the variables of a community, with their values. Needs no key.",
        (COMMUNITY, FORMAT),
    ),
    lambda session, parsed: reading.list_entries(session, Kind.VARIABLE, parsed.values[FORMAT.key]),
)
VARIABLE_SHOW: Final = QuickCommand(
    Command(
        "variable show",
        "Write a variable's value to standard output, byte for byte. Needs no key.",
        (COMMUNITY, FORMAT),
        (_NAME,),
    ),
    lambda session, parsed: reading.show_variable(session, parsed.rest[0], parsed.values[FORMAT.key]),
)
COMMANDS: Final = {
    tuple(command.table.name.split()): command
    for command in (NAMES, SECRET_LIST, SECRET_SHOW, VARIABLE_LIST, VARIABLE_SHOW)
}


def run_quick(arguments: Sequence[str]) -> bool:
    """Run one of these commands.

    Return False for another command, and for help and completions.

    Raises the errors of the command.
    """
    if asks_for_help(arguments) or "_STRONGROOM_COMPLETE" in os.environ:
        return False
    for words in (tuple(arguments[:1]), tuple(arguments[:2])):
        command = COMMANDS.get(words)
        # `names` is a group, too. The command after it may follow its options.
        if command is not None and not (command is NAMES and "export" in arguments):
            command.run(arguments[len(words) :])
            return True
    return False
