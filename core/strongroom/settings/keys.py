"""List the keys of a `strongroom.toml`, as data.

The reader, the documentation and the app's settings screen follow the list.
"""

from typing import Final, NamedTuple

LEVELS: Final = ("error", "warning", "info", "off")
THEMES: Final = ("dark", "light", "mono")
LONGEST_SECONDS: Final = 86_400


class SettingKey(NamedTuple):
    """Describe a key of the settings file: its table, its value's shape, the setting."""

    table: str
    name: str
    shape: str
    field: str
    meaning: str


KEYS: Final = (
    SettingKey("", "community", "text", "community", "The community whose secrets and variables are meant."),
    SettingKey(
        "",
        "communities",
        "texts",
        "communities",
        "Several communities that connectors are checked for at once.",
    ),
    SettingKey("", "vault", "path", "vault", "The vault file, if it is not at the platform's own place."),
    SettingKey("", "names", "paths", "names_files", "Names files, for machines without the vault (CI)."),
    SettingKey("", "baseline", "path", "baseline", "Findings that are known and not reported again."),
    SettingKey("", "exclude", "patterns", "exclude", "Files and folders that are left out."),
    SettingKey(
        "",
        "include",
        "patterns",
        "include",
        "JSON files that count under any name and in any folder.",
    ),
    SettingKey("", "rules", "rules", "rules", "Rule name = level: error, warning, info or off."),
    SettingKey("", "paths", "path rules", "path_rules", "The same for the files that match a pattern."),
    SettingKey("", "backends", "backends", "backends", "Community = the engine that holds it, for a team."),
    SettingKey(
        "test", "allow-hosts", "texts", "allowed_hosts", "Local hosts that a test run may call, by name."
    ),
    SettingKey(
        "test", "ca-file", "path", "ca_file", "PEM file of certificate authorities that a test run trusts."
    ),
    SettingKey("app", "theme", "theme", "theme", "The app's colours: dark, light or mono."),
    SettingKey(
        "app", "lock-after", "seconds", "lock_after", "Seconds without a key or a click until the app locks."
    ),
    SettingKey("app", "reveal-for", "seconds", "reveal_for", "Seconds that a revealed value is shown."),
    SettingKey(
        "app", "copy-for", "seconds", "copy_for", "Seconds until a copied value leaves the clipboard."
    ),
)
"""Every key.

`docs/settings.md` lists them, and a test compares the two.
"""
