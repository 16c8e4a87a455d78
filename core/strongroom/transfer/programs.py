"""List the columns of other programs' CSV files, by which each program is known.

Columns are those of the programs' own exports (KeePassXC 2.7, 1Password 8, Bitwarden 2024, LastPass, Chromium
and Firefox). Names are compared in lower case.
"""

from typing import Final, NamedTuple


class Layout(NamedTuple):
    """Hold one program's columns.

    All of `columns` must be in the header; `fields` maps the fields here to the program's columns.
    """

    what: str
    columns: frozenset[str]
    fields: dict[str, str]


_KEEPASSXC = frozenset({"group", "title", "username", "password", "url", "notes"})
_ONE_PASSWORD = frozenset({"title", "username", "password", "notes"})
_BITWARDEN = frozenset({"name", "notes", "login_username", "login_password"})
_LASTPASS = frozenset({"url", "username", "password", "extra", "name", "grouping"})
_BROWSER = frozenset({"name", "url", "username", "password"})
_FIREFOX = frozenset({"url", "username", "password", "guid"})

LAYOUTS: Final = (
    Layout("a CSV file of KeePassXC", _KEEPASSXC, {"name": "title", "value": "password"}),
    Layout("a CSV file of 1Password", _ONE_PASSWORD, {"name": "title", "value": "password"}),
    Layout("a CSV file of Bitwarden", _BITWARDEN, {"name": "name", "value": "login_password"}),
    Layout("a CSV file of LastPass", _LASTPASS, {"name": "name", "value": "password"}),
    Layout("a CSV file of a browser", _BROWSER, {"name": "name", "value": "password"}),
    Layout("a CSV file of Firefox", _FIREFOX, {"name": "url", "value": "password"}),
)
"""The known layouts, in the order of trying."""

LEFT_OUT: Final = (
    "names and passwords are taken; user names, addresses and the rest are left out, and so are notes, which may be "
    "secret there and are readable without a key here"
)


def find_layout(header: list[str]) -> Layout | None:
    """Return the layout of the program that writes these columns, or None."""
    columns = set(header)
    return next((layout for layout in LAYOUTS if layout.columns <= columns), None)
