"""Read the user's key map, `keys.toml`, into the registry of actions.

    [secrets]
    new = "a"
    delete = ["d", "ctrl+d"]

A table is a tab, or `app` for the actions of every tab. A key of it is an action (`?` lists them), a value one key or
several. A mistake in the file is an error that names the mistake.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from strongroom.errors import StrongroomError
from strongroom.text.suggest import did_you_mean
from strongroom_tui.frame.actions import ACTIONS, Action, Tab
from strongroom_tui.model.text.words import key_label

MODIFIERS: Final = ("ctrl", "shift", "alt")

NAMED: Final = frozenset(
    (
        *("enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end"),
        *("pageup", "pagedown", "up", "down", "left", "right"),
        *(f"f{number}" for number in range(1, 25)),
    )
)

MOVES: Final = frozenset(("up", "down", "j", "k", "g", "G", "home", "end", "pageup", "pagedown"))
"""The keys that move in every list. No action can have them."""


class KeyMapError(StrongroomError):
    """Report that the key map has a mistake."""


def read_key_map(path: str, actions: Sequence[Action] = ACTIONS) -> tuple[Action, ...]:
    """Return `actions` with the keys of the file `path`. Raises `KeyMapError`."""
    import tomllib

    try:
        with open(path, "rb") as file:
            tables = tomllib.load(file)
    except OSError as error:
        raise KeyMapError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KeyMapError(f"{path} is not valid TOML: {error}.", "Mend that line.") from error
    chosen = _read_tables(path, tables, actions)
    mapped = tuple(action._replace(keys=chosen.get(_name(action), action.keys)) for action in actions)
    _refuse_conflicts(path, mapped, set(chosen))
    return mapped


def textual_keymap(actions: Sequence[Action]) -> dict[str, str]:
    """Return the bindings that differ from the built-in ones, as Textual takes them."""
    built_in = {_name(action): action.keys for action in ACTIONS}
    return {
        binding_id(action): ",".join(action.keys)
        for action in actions
        if action.keys != built_in.get(_name(action))
    }


def binding_id(action: Action) -> str:
    """Return the id of an action's binding."""
    return f"{action.tab.value}.{action.id}"


def _name(action: Action) -> tuple[Tab, str]:
    return action.tab, action.id


def _read_tables(
    path: str, tables: Mapping[str, Any], actions: Sequence[Action]
) -> dict[tuple[Tab, str], tuple[str, ...]]:
    tabs = {tab.value: tab for tab in Tab}
    chosen: dict[tuple[Tab, str], tuple[str, ...]] = {}
    for table, entries in tables.items():
        if table not in tabs or not isinstance(entries, dict):
            raise KeyMapError(f"{path}: [{table}] is not a tab.", did_you_mean(table, tabs))
        known = [action.id for action in actions if action.tab is tabs[table]]
        for action, keys in entries.items():
            if action not in known:
                raise KeyMapError(f'{path}: [{table}] has no action "{action}".', did_you_mean(action, known))
            listed = [keys] if isinstance(keys, str) else keys
            if not isinstance(listed, list) or not all(isinstance(key, str) for key in listed):
                raise KeyMapError(f"{path}: {table}.{action} must be a key or a list of keys.")
            chosen[tabs[table], action] = tuple(read_key(path, f"{table}.{action}", key) for key in listed)
    return chosen


def read_key(path: str, where: str, key: str) -> str:
    """Return Textual's name of a key as people write it ("?", "F2").

    Raises `KeyMapError`.
    """
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    wrong = [modifier for modifier in modifiers if modifier.lower() not in MODIFIERS]
    if wrong or not last:
        raise KeyMapError(f'{path}: {where}: "{key}" is not a key.', "Write it like a, ?, f2 or ctrl+d.")
    if len(last) == 1:
        from textual.keys import _character_to_key

        last = _character_to_key(last.lower() if "ctrl" in map(str.lower, modifiers) else last)
    elif last.lower() in NAMED:
        last = last.lower()
    else:
        raise KeyMapError(f'{path}: {where}: "{key}" is not a key.', did_you_mean(last, NAMED))
    found = "+".join([*(modifier.lower() for modifier in modifiers), last])
    if found in MOVES:
        raise KeyMapError(f"{path}: {where}: {key_label(found)} moves in lists.", "Choose another key.")
    return found


def _refuse_conflicts(path: str, actions: Sequence[Action], chosen: set[tuple[Tab, str]]) -> None:
    """Raise `KeyMapError` if two actions that are reachable at once share a key.

    At least one of the two has the key from the user's key map.
    """
    for number, first in enumerate(actions):
        for second in actions[number + 1 :]:
            if Tab.APP not in (first.tab, second.tab) and first.tab is not second.tab:
                continue
            shared = set(first.keys) & set(second.keys)
            if shared and {_name(first), _name(second)} & chosen:
                key = key_label(sorted(shared)[0])
                raise KeyMapError(
                    f"{path}: {key} is given to both {_in_words(first)} and {_in_words(second)}.",
                    "Give one of them another key.",
                )


def _in_words(action: Action) -> str:
    return f'{action.tab.value}.{action.id} ("{action.title}")'
