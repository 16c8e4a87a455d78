"""Options as data, and a small reader of them.

`check` runs on every save and in every hook, and importing click costs more than checking a file. So the
options of `check` are one table: this module reads the arguments by it, and click's command, with its help
and its place in the list of commands, is made from the same table (`strongroom_cli.commands`).
"""

import os
import re
from collections.abc import Iterable, Sequence
from typing import Final

from strongroom.errors import StrongroomError

GLOBAL_OPTIONS: Final = {"--vault": "STRONGROOM_VAULT", "--key-file": "STRONGROOM_KEY_FILE"}
"""Options before the command, and the environment variables that they set."""


class UsageError(StrongroomError):
    """The command line was not understood."""


def take_global_options(arguments: list[str]) -> None:
    """Remove the global options from the beginning of `arguments`, and set their environment variables."""
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
    """Return the error for an argument that must be one of `known`, and is not.

    It may be a value that was typed in a wrong place, so it is repeated only where it is a known word mistyped.
    """
    from strongroom.text.suggest import did_you_mean, nearest

    words = list(known)
    if not nearest(given, words):
        return UsageError(f"There is no such {what}.", way_out)
    shown = given if given.startswith("-") else f'"{given}"'
    return UsageError(f"There is no {what} {shown}.", did_you_mean(given, words))


def without_values(text: str, arguments: Iterable[str]) -> str:
    """Return `text` with nothing of NAME=VALUE and NAME:VALUE but the name, for each of `arguments` that is one.

    What a command takes for a name, a community or a path may be such a pair, and the message about it goes to the
    screen and to logs. A path that exists is no secret.
    """
    pieces = {one for one in arguments if not one.startswith("-")}
    pieces |= {one.partition("=")[2] for one in arguments if one.startswith("-")}
    for piece in sorted(pieces, key=len, reverse=True):
        found = _PAIR.match(piece)
        if found and not os.path.lexists(piece):
            text = text.replace(piece, f"{found[1]}…")
    return text


_PAIR = re.compile(r"(?![A-Za-z]:[\\/])([^=:]*[=:]).")
"""The name of a pair with its sign; not a Windows path with its drive."""


class Option:
    """One option: `--name`. Without a `metavar` it is a flag.

    With `many` it may be given several times, and its value is a tuple; with `commas` each one is split at
    commas too.
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


class Parsed:
    """What the arguments said: the flags that were given, the values, and the rest."""

    __slots__ = ("flags", "lists", "rest", "values")

    def __init__(self, options: Sequence[Option]) -> None:
        self.flags: set[str] = set()
        self.values = {option.key: option.default for option in options if option.default}
        self.lists: dict[str, tuple[str, ...]] = {}
        self.rest: list[str] = []

    def value(self, key: str) -> str | None:
        """The value of the option, or None where it was not given and has no default."""
        return self.values.get(key)


def parse(command: str, options: Sequence[Option], arguments: Sequence[str]) -> Parsed:
    """The arguments of `command`, read by the table: `--name value`, `--name=value`, `--flag`, and `--`.

    An option may be shortened as long as it is clear which one is meant. Raises `UsageError`.
    """
    parsed = Parsed(options)
    given: set[str] = set()
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
        option = _find(command, options, name)
        if option.key in given and not option.many:
            raise repeated(option.name)
        given.add(option.key)
        if not option.metavar:
            if equals:
                raise UsageError(f"{option.name} takes no value.", _help(command))
            parsed.flags.add(option.key)
            continue
        if not equals:
            if not waiting:
                raise UsageError(
                    f"{option.name} needs a value: {option.name} {option.metavar}.", _help(command)
                )
            value = waiting.pop(0)
        if option.choices and value not in option.choices:
            raise UsageError(f"{option.name} can be {_listed(option.choices)}.", _help(command))
        if option.many:
            pieces = [piece.strip() for piece in value.split(",")] if option.commas else [value]
            parsed.lists[option.key] = parsed.lists.get(option.key, ()) + tuple(filter(None, pieces))
        else:
            parsed.values[option.key] = value
    return parsed


def _find(command: str, options: Sequence[Option], name: str) -> Option:
    exact = [option for option in options if option.name == name]
    begun = exact or [option for option in options if option.name.startswith(name) and len(name) > 2]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise UsageError(f"{name} could be {_listed([option.name for option in begun])}.", _help(command))
    raise unknown("option", name, [option.name for option in options], _help(command))


def repeated(name: str) -> UsageError:
    """Return the error for an option that was given again, although it has one value."""
    return UsageError(f"{name} was given more than once.", _ONE_EACH.get(name, "Say it once."))


_ONE_EACH = {"--to": "A bundle is for one recipient: export once for each of them."}


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]


def _help(command: str) -> str:
    return f"See `strongroom {command} --help`."
