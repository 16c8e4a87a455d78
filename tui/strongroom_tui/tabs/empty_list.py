"""Say why a list of secrets is empty, and what to do."""

import textwrap
from typing import Final

from strongroom_tui.frame.app_words import in_app
from strongroom_tui.model.text.words import visible
from strongroom_tui.vault_state import Snapshot, VaultState
from strongroom_tui.widgets.secret_details import folded

_EMPTY: Final = {
    VaultState.NEVER: (
        "",
        "There is no vault yet.",
        "",
        "A vault is one encrypted file on this machine that holds your",
        "connectors' secrets and variables, community by community.",
        "",
        "n  makes the vault, and then your first secret",
        "T  takes the tour: a sample vault that is thrown away",
        "?  shows every key",
    ),
    VaultState.GONE: (
        "",
        "The vault has gone.",
        "",
        "It was at",
        "{path}",
        "This app did not delete it. Put it back,",
        "and it is shown as soon as it is there.",
        "",
        "u  makes a new, empty one in its place, after a question",
    ),
    VaultState.LOCKED: (
        "",
        "Nothing is stored in this community yet.",
        "",
        "n  adds a secret or variable",
        "i  imports a .env, JSON or CSV file, or a bundle",
        "c  shows another community",
    ),
    VaultState.UNKNOWN: ("", "Reading the names …"),
}

_EMPTY_VAULT: Final = (
    "",
    "The vault is empty.",
    "",
    "n  adds your first secret or variable",
    "i  imports a .env, JSON or CSV file, or a bundle",
)


def empty_lines(snapshot: Snapshot, path: str, width: int, *, is_filtered: bool) -> tuple[str, ...]:
    """Return the lines for a list without rows, at most `width` cells wide.

    `path` is the path of the vault, also of one that has gone.
    """
    if is_filtered:
        return ("", "Nothing matches.", "", "esc  shows all again")
    if snapshot.state is VaultState.UNREADABLE:
        return ("", "The vault cannot be read.", "", *textwrap.wrap(visible(in_app(snapshot.problem)), width))
    if snapshot.state.is_there and not snapshot.communities:
        return _EMPTY_VAULT
    lines = _EMPTY.get(snapshot.state, _EMPTY[VaultState.LOCKED])
    return tuple(part for line in lines for part in folded(line.format(path=path), width))
