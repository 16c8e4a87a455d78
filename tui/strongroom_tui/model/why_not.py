"""Explain why an action does not apply now.

The explanation is a sentence that a person can act on. Each tab gives its facts. The registry of actions asks
here before an action runs, from a key, a click, the palette or the help.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from strongroom_tui.vault_state import VaultState


class Facts(NamedTuple):
    """Hold the facts that a tab's actions depend on.

    With the defaults every action applies.
    """

    vault: VaultState = VaultState.UNLOCKED
    rows: int = 1
    """The number of rows, hidden ones too."""
    has_row: bool = True
    """True if the cursor is on a row."""
    name: str = ""
    """The stored entry under the cursor, or ""."""
    missing: str = ""
    """The missing name under the cursor, or ""."""
    selected: int = 0
    has_connector: bool = True
    fixes: int = 1
    """The number of findings with a fix."""
    has_target: bool = True
    has_result: bool = True
    has_value: bool = True
    """True if the cursor is on a value of the response's tree."""


Reason = Callable[[Facts], str]
"""Returns the sentence, or "" if the action applies."""

_VAULT: Final[Mapping[VaultState, str]] = {
    VaultState.UNKNOWN: "the names are being read: a moment",
    VaultState.NEVER: "there is no vault yet: n makes it",
    VaultState.GONE: "the vault has gone: u says where it was",
    VaultState.UNREADABLE: "the vault cannot be read: u says why",
}


def _no_row(facts: Facts) -> str:
    if facts.has_row:
        return ""
    if facts.rows:
        return "nothing matches the filter: esc shows all"
    return _VAULT.get(facts.vault, "nothing is stored here yet: n adds an entry")


def _no_entry(facts: Facts) -> str:
    if facts.missing:
        return f"{facts.missing} is not stored yet: ⏎ adds it"
    return _no_row(facts)


def _no_entries(facts: Facts) -> str:
    return "" if facts.selected else _no_entry(facts)


def _no_file(facts: Facts) -> str:
    if facts.has_row:
        return ""
    if facts.rows:
        return "nothing matches the filter: esc shows all"
    return "no connector file is in this folder"


def _no_connector(facts: Facts) -> str:
    return _no_file(facts) or (
        "" if facts.has_connector else "go to a connector first: this row is not in one"
    )


def _no_fix(facts: Facts) -> str:
    return "" if facts.fixes else "nothing to fix: no finding has a fix"


def _no_target(facts: Facts) -> str:
    return "" if facts.has_target else "no connector is in this folder"


def _no_result(facts: Facts) -> str:
    return _no_target(facts) or ("" if facts.has_result else "nothing was run yet: ⏎ runs the test")


def _no_value(facts: Facts) -> str:
    return _no_result(facts) or ("" if facts.has_value else "go to a value of the response first")


def _is_open(facts: Facts) -> str:
    return "the vault is unlocked already: ^l locks it" if facts.vault is VaultState.UNLOCKED else ""


WHY_NOT: Final[Mapping[tuple[str, str], Reason]] = {
    ("secrets", "edit"): _no_row,
    **{("secrets", action): _no_entry for action in ("reveal", "copy", "rename", "history")},
    **{("secrets", action): _no_entries for action in ("delete", "expire")},
    ("secrets", "test"): _no_row,
    **{
        ("secrets", action): _no_row
        for action in ("select", "select_to", "extend_down", "extend_up", "select_all", "sort")
    },
    **{("connectors", action): _no_file for action in ("open", "fold", "next_finding", "previous_finding")},
    ("connectors", "test"): _no_connector,
    ("connectors", "fix_all"): _no_fix,
    **{("test", action): _no_target for action in ("pick", "inputs")},
    **{("test", action): _no_result for action in ("next_view", "previous_view")},
    ("test", "whole"): _no_value,
    ("app", "unlock"): _is_open,
}
"""Place and action -> the tests of its facts.

Actions that always apply have no entry.
"""


def why_not(tab: str, action: str, facts: Facts) -> str | None:
    """Return why an action does not apply now, or None if it does."""
    reason = WHY_NOT.get((tab, action))
    return (reason(facts) or None) if reason is not None else None
