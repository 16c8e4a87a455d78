"""The commands that only read names or one value, run without click: importing click takes longer than they do.

Only what is plainly one of them is run here: the command, its arguments, and each option at most once and in
full. Everything else (help, mistakes, unusual forms) goes to click, whose words are then the only ones. What a
command does is the same function on both ways (`reading`).
"""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from strongroom.names import Kind
from strongroom.platform.naming import is_valid_name
from strongroom_cli.secrets import reading
from strongroom_cli.terminal.session import Session


class QuickCommand:
    """One such command. `options` and `flags` give the keyword that an option becomes."""

    __slots__ = ("arguments", "choices", "flags", "options", "run")

    def __init__(
        self,
        run: Callable[..., None],
        arguments: Sequence[str] = (),
        flags: Mapping[str, str] | None = None,
    ) -> None:
        self.run = run
        self.arguments = arguments
        self.options = {"--community": "community", "--format": "form"}
        self.choices = {"form": ("text", "json")}
        self.flags = flags or {}


def _list_secrets(session: Session, form: str = "text") -> None:
    reading.list_entries(session, Kind.SECRET, form)


def _list_variables(session: Session, form: str = "text") -> None:
    reading.list_entries(session, Kind.VARIABLE, form)


COMMANDS: Final[Mapping[tuple[str, ...], QuickCommand]] = {
    ("names",): QuickCommand(reading.show_names),
    ("secret", "list"): QuickCommand(_list_secrets),
    ("secret", "show"): QuickCommand(reading.show_secret, ["name"], {"--reveal": "reveal"}),
    ("variable", "list"): QuickCommand(_list_variables),
    ("variable", "show"): QuickCommand(reading.show_variable, ["name"]),
}


def run_quick(arguments: Sequence[str]) -> bool:
    """Run the command line if it is plainly one of these; False where click has to read it.

    Raises what the command raises.
    """
    for words in (tuple(arguments[:1]), tuple(arguments[:2])):
        command = COMMANDS.get(words)
        if command is not None:
            given = _read(command, arguments[len(words) :])
            # Where a shell asks click for completions, click has to answer.
            if given is None or "_STRONGROOM_COMPLETE" in os.environ:
                return False
            texts, flags = given
            session = Session(texts.pop("community", None))
            command.run(session, **texts, **dict.fromkeys(flags, True))
            return True
    return False


def _read(command: QuickCommand, arguments: Sequence[str]) -> tuple[dict[str, str], set[str]] | None:
    """The keywords with a text and the flags that the arguments give, or None for anything out of the ordinary."""
    texts: dict[str, str] = {}
    flags: set[str] = set()
    waiting = list(arguments)
    positional = []
    while waiting:
        argument = waiting.pop(0)
        name, equals, value = argument.partition("=")
        if not argument.startswith("-"):
            positional.append(argument)
            continue
        if argument in command.flags:
            if command.flags[argument] in flags:
                return None
            flags.add(command.flags[argument])
            continue
        key = command.options.get(name)
        if key is None or key in texts:
            return None
        if not equals:
            if not waiting or waiting[0].startswith("-"):
                return None
            value = waiting.pop(0)
        if key in command.choices and value not in command.choices[key]:
            return None
        texts[key] = value
    if len(positional) != len(command.arguments) or not all(map(is_valid_name, positional)):
        return None
    texts.update(zip(command.arguments, positional, strict=True))
    return texts, flags
