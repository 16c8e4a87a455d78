"""Describe a command as data, and read its arguments.

`check` and the commands that only read are tables, because importing click takes longer than they do. `parse`
reads their arguments, and `strongroom_cli.terminal.click_commands` makes their help from the same tables.
"""

import os
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.text.expressions import expression
from strongroom.text.phrases import joined

GLOBAL_OPTIONS: Final = {"--vault": "STRONGROOM_VAULT", "--key-file": "STRONGROOM_KEY_FILE"}
"""Options before the command, and the environment variables that they set."""


class UsageError(StrongroomError):
    """Refuse a command line that is not understood."""


def take_global_options(arguments: list[str]) -> None:
    """Take the global options from `arguments`, and set their variables."""
    seen = set()
    while arguments and (name := arguments[0].partition("=")[0]) in GLOBAL_OPTIONS:
        if name in seen:
            raise repeated(name)
        seen.add(name)
        _, equals, value = arguments.pop(0).partition("=")
        if not equals:
            value = arguments.pop(0) if arguments else ""
        if not value:
            raise UsageError(f"{name} needs a value: {name} FILE.", "See `strongroom --help`.")
        os.environ[GLOBAL_OPTIONS[name]] = value


def unknown(what: str, given: str, known: Iterable[str], way_out: str) -> UsageError:
    """Return the error for an argument that is not one of `known`.

    The argument may be a value in a wrong place, so it is repeated only if it is similar to a known word.
    """
    from strongroom.text.suggest import did_you_mean, nearest

    words = list(known)
    if not nearest(given, words):
        return UsageError(f"The given {what} does not exist.", way_out)
    shown = given if given.startswith("-") else f'"{given}"'
    return UsageError(f"No {what} is named {shown}.", did_you_mean(given, words))


def unknown_option(given: str, known: Iterable[str], way_out: str) -> UsageError:
    """Return the error for an option that a command does not have."""
    if given in GLOBAL_OPTIONS:
        return UsageError(
            f"{given} is not an option of this command.",
            f"Put it before the command: `strongroom {given} FILE ...`.",
        )
    return unknown("option", given, known, way_out)


_PAIR = expression(r"(?![A-Za-z]:[\\/])([^=:]*[=:]).")
"""The name of a pair with its sign. A Windows path with its drive is not a pair."""


def without_values(text: str, arguments: Iterable[str]) -> str:
    """Return `text` without the values of pairs among `arguments`.

    Pairs are NAME=VALUE and NAME:VALUE. A name, a community or a path may be such a pair by mistake, and a message
    about it goes to the screen and to logs. A path that exists is not a secret.
    """
    pieces = {one for one in arguments if not one.startswith("-")}
    pieces |= {one.partition("=")[2] for one in arguments if one.startswith("-")}
    for piece in sorted(pieces, key=len, reverse=True):
        found = _PAIR.match(piece)
        if found and not os.path.lexists(piece):
            text = text.replace(piece, f"{found[1]}…")
    return text


class Option:
    """Describe one option: `--name`. Without a `metavar` it is a flag.

    With `many` it may be given several times, and its value is a tuple. With `commas` each value is split at commas,
    too.
    """

    __slots__ = ("choices", "commas", "default", "help", "key", "many", "metavar", "name")

    def __init__(
        self,
        name: str,
        metavar: str,
        help_text: str,
        choices: tuple[str, ...] = (),
        *,
        many: bool = False,
        commas: bool = False,
        default: str = "",
    ) -> None:
        self.name = name
        self.key = name.removeprefix("--").replace("-", "_")
        self.metavar = metavar
        self.help = help_text
        self.choices = choices
        self.many = many
        self.commas = commas
        self.default = default


class Argument(NamedTuple):
    """Describe one argument that is not an option.

    One that is not `many` is needed once.
    """

    metavar: str
    help: str = ""
    many: bool = False
    is_entry_name: bool = False


class Command(NamedTuple):
    """Describe one command: its words after `strongroom`, and its arguments."""

    name: str
    help: str
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...] = ()
    epilog: str = ""

    @property
    def hint(self) -> str:
        """Return the sentence that names the command's help."""
        return f"See `strongroom {self.name} --help`."


COMMUNITY: Final = Option("--community", "NAME", "The community that is meant.")
FORMAT: Final = Option("--format", "FORMAT", "The format of the output.", ("text", "json"), default="text")


class Parsed:
    """Hold the arguments of one command line: flags, values, and the rest."""

    __slots__ = ("flags", "lists", "rest", "values")

    def __init__(self, options: Sequence[Option]) -> None:
        self.flags: set[str] = set()
        self.values = {option.key: option.default for option in options if option.default}
        self.lists: dict[str, tuple[str, ...]] = {}
        self.rest: list[str] = []

    def value(self, key: str) -> str | None:
        """Return the value of an option; None if it was not given and has no default."""
        return self.values.get(key)


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Return True if `--help` or `-h` is among the options."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return any(one in ("--help", "-h") for one in arguments[:end])


def parse(command: Command, arguments: Sequence[str]) -> Parsed:
    """Read the arguments of `command`.

    Their forms are `--name value`, `--name=value`, `--flag`, and `--`. An option may be shortened as long as it is
    clear which one is meant. Raises `UsageError`, and `InvalidName` for an entry's name.
    """
    parsed = Parsed(command.options)
    given: list[tuple[Option, str]] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            parsed.rest.extend(waiting)
            break
        if argument == "-" or not argument.startswith("-"):
            parsed.rest.append(argument)
            continue
        name, equals, value = argument.partition("=")
        option = _find(command, name)
        if not option.many and any(option is other for other, _ in given):
            raise repeated(option.name)
        if option.metavar and not equals:
            if not waiting:
                raise UsageError(
                    f"{option.name} needs a value: {option.name} {option.metavar}.", command.hint
                )
            value = waiting.pop(0)
        elif equals and not option.metavar:
            raise UsageError(f"{option.name} takes no value.", command.hint)
        given.append((option, value))
    for option, value in given:
        _put(parsed, command, option, value)
    _check_rest(command, parsed.rest)
    return parsed


def _put(parsed: Parsed, command: Command, option: Option, value: str) -> None:
    if option.choices and value not in option.choices:
        raise UsageError(f"{option.name} can be {joined(option.choices, 'or')}.", command.hint)
    if not option.metavar:
        parsed.flags.add(option.key)
    elif option.many:
        pieces = [piece.strip() for piece in value.split(",")] if option.commas else [value]
        parsed.lists[option.key] = parsed.lists.get(option.key, ()) + tuple(filter(None, pieces))
    else:
        parsed.values[option.key] = value


def _check_rest(command: Command, rest: Sequence[str]) -> None:
    if any(argument.many for argument in command.arguments):
        return
    if len(rest) < len(command.arguments):
        raise UsageError(f"Missing argument '{command.arguments[len(rest)].metavar}'.", command.hint)
    if len(rest) > len(command.arguments):
        raise UsageError("There are more arguments than this command takes.", command.hint)
    for argument, text in zip(command.arguments, rest, strict=True):
        if argument.is_entry_name:
            from strongroom_cli.terminal.entry_names import check_entry_name

            check_entry_name(text)


def _find(command: Command, name: str) -> Option:
    exact = [option for option in command.options if option.name == name]
    begun = exact or [option for option in command.options if option.name.startswith(name) and len(name) > 2]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise UsageError(f"{name} could be {joined([option.name for option in begun], 'or')}.", command.hint)
    raise unknown_option(name, [option.name for option in command.options], command.hint)


def repeated(name: str) -> UsageError:
    """Return the error for an option that was given again, although it has one value."""
    return UsageError(f"{name} was given more than once.", "Give it once.")
