"""Options as data, and a small reader of them.

`check` runs on every save and in every hook, and importing click costs more than checking a file. So the
options of `check` are one table: this module reads the arguments by it, and click's command, with its help
and its place in the list of commands, is made from the same table (`strongroom_cli.commands`).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from strongroom.errors import StrongroomError


class UsageError(StrongroomError):
    """The command line was not understood."""


class Option(NamedTuple):
    """One option: `--name`. Without a `metavar` it is a flag."""

    name: str
    metavar: str
    help: str
    choices: tuple[str, ...] = ()
    many: bool = False
    """Whether it may be given several times; then its value is a tuple, split at commas too."""
    default: str = ""

    @property
    def key(self) -> str:
        """The name that its value has in code."""
        return self.name.removeprefix("--").replace("-", "_")


class Parsed(NamedTuple):
    """What the arguments said: the flags that were given, the values, and the rest."""

    flags: frozenset[str]
    values: dict[str, str]
    lists: dict[str, tuple[str, ...]]
    rest: tuple[str, ...]

    def value(self, key: str) -> str | None:
        """The value of the option, or None where it was not given and has no default."""
        return self.values.get(key)


def parse(command: str, options: Sequence[Option], arguments: Sequence[str]) -> Parsed:
    """The arguments of `command`, read by the table: `--name value`, `--name=value`, `--flag`, and `--`.

    An option may be shortened as long as it is clear which one is meant. Raises `UsageError`.
    """
    parsed = Parsed(frozenset(), {o.key: o.default for o in options if o.default}, {}, ())
    flags: set[str] = set()
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            rest.extend(waiting)
            break
        if argument == "-" or not argument.startswith("-"):
            rest.append(argument)
            continue
        name, equals, value = argument.partition("=")
        option = _find(command, options, name)
        if not option.metavar:
            if equals:
                raise UsageError(f"{name} takes no value.", _help(command))
            flags.add(option.key)
            continue
        if not equals:
            if not waiting:
                raise UsageError(f"{name} needs a value: {name} {option.metavar}.", _help(command))
            value = waiting.pop(0)
        if option.choices and value not in option.choices:
            raise UsageError(f'{name} is "{value}"; it can be {_listed(option.choices)}.', "")
        if option.many:
            pieces = [piece.strip() for piece in value.split(",")] if "," in value else [value]
            parsed.lists[option.key] = parsed.lists.get(option.key, ()) + tuple(filter(None, pieces))
        else:
            parsed.values[option.key] = value
    return parsed._replace(flags=frozenset(flags), rest=tuple(rest))


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


COMMUNITY: Final = Option("--community", "NAME", "The community that is meant.")
