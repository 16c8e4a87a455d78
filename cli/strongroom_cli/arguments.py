"""Options as data, and a small reader of them.

`check` runs on every save and in every hook, and importing click costs more than checking a file. So the
options of `check` are one table: this module reads the arguments by it, and click's command, with its help
and its place in the list of commands, is made from the same table (`strongroom_cli.commands`).
"""

from collections.abc import Sequence

from strongroom.errors import StrongroomError


class UsageError(StrongroomError):
    """The command line was not understood."""


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
        if not option.metavar:
            if equals:
                raise UsageError(f"{name} takes no value.", _help(command))
            parsed.flags.add(option.key)
            continue
        if not equals:
            if not waiting:
                raise UsageError(f"{name} needs a value: {name} {option.metavar}.", _help(command))
            value = waiting.pop(0)
        if option.choices and value not in option.choices:
            raise UsageError(f'{name} is "{value}"; it can be {_listed(option.choices)}.', "")
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
    from strongroom.settings import did_you_mean

    raise UsageError(
        f"There is no option {name}.",
        did_you_mean(name, [option.name for option in options]) or _help(command),
    )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]


def _help(command: str) -> str:
    return f"See `strongroom {command} --help`."
