"""How a `strongroom.toml` is read: the table of its keys, and what is said about a mistake in it.

Unknown keys and wrong types are errors with the line and the nearest key: a misspelt setting that is silently
ignored is worse than none.
"""

# Paths are handled as in `strongroom.settings`:

import os
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.patterns import glob, why_it_never_matches
from strongroom.settings import absolute, did_you_mean

LEVELS: Final = ("error", "warning", "info", "off")
THEMES: Final = ("dark", "light", "mono")
LONGEST_SECONDS: Final = 86_400


class SettingsError(StrongroomError):
    """The settings file cannot be used as it stands."""


class PathRules(NamedTuple):
    """Levels for the files that match one pattern: `[paths."widgets/old/**"]`."""

    pattern: str
    rules: Mapping[str, str]

    def applies_to(self, relative: str) -> bool:
        """Whether the pattern matches `relative`: a path below the settings file, with `/` between."""
        return glob(self.pattern).fullmatch(relative) is not None


class Key(NamedTuple):
    """One key of the settings file: where it stands, what it holds, and which setting it becomes."""

    table: str
    name: str
    shape: str
    field: str
    meaning: str


KEYS: Final = (
    Key("", "community", "text", "community", "The community whose secrets and variables are meant."),
    Key(
        "",
        "communities",
        "texts",
        "communities",
        "Several communities that connectors are checked for at once.",
    ),
    Key("", "vault", "path", "vault", "The vault file, where it is not the platform's own place."),
    Key("", "names", "paths", "names_files", "Names files, for machines without the vault (CI)."),
    Key("", "baseline", "path", "baseline", "Findings that are known and not reported again."),
    Key("", "exclude", "patterns", "exclude", "Files and folders that are left out."),
    Key(
        "",
        "include",
        "patterns",
        "include",
        "JSON files that count whatever they are called, and where they are.",
    ),
    Key("", "rules", "rules", "rules", "Rule name = level: error, warning, info or off."),
    Key("", "paths", "path rules", "path_rules", "The same for the files that match a pattern."),
    Key("test", "allow-hosts", "texts", "allowed_hosts", "Local hosts that a test run may call, by name."),
    Key("test", "ca-file", "path", "ca_file", "PEM file of certificate authorities that a test run trusts."),
    Key("app", "theme", "theme", "theme", "The app's colours: dark, light or mono."),
    Key(
        "app", "lock-after", "seconds", "lock_after", "Seconds without a key or a click until the app locks."
    ),
    Key("app", "reveal-for", "seconds", "reveal_for", "Seconds that a revealed value is shown."),
    Key("app", "copy-for", "seconds", "copy_for", "Seconds until a copied value leaves the clipboard."),
)
"""Every key there is. `docs/settings.md` lists them, and a test compares the two."""


def read_settings_file(path: str) -> dict[str, object]:
    """The settings in the file `path`, by the name of their field. Raises `SettingsError`."""
    return _File(path).read()


class _File:
    """Reads one settings file and says exactly what is wrong with it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.folder = os.path.dirname(path)
        self.text = ""

    def read(self) -> dict[str, object]:
        import tomllib

        try:
            with open(self.path, "rb") as stream:
                self.text = stream.read().decode("utf-8-sig")
            tables = tomllib.loads(self.text)
        except OSError as error:
            raise SettingsError(f"{self.path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise SettingsError(
                f"{self.path} is not UTF-8 (byte {error.start}).", "Save the file as UTF-8."
            ) from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{self.path} is not valid TOML: {error}.", "Mend that line.") from error
        return self._table("", tables)

    def _table(self, table: str, entries: Mapping[str, object]) -> dict[str, object]:
        """The settings of one table, its sub-tables included."""
        keys = {key.name: key for key in KEYS if key.table == table}
        below = {key.table for key in KEYS if key.table} if not table else set()
        found: dict[str, object] = {}
        for name, value in entries.items():
            if name in below:
                if not isinstance(value, dict):
                    raise self._wrong(name, value, "a table")
                found.update(self._table(name, value))
            elif name in keys:
                read = getattr(self, _READERS[keys[name].shape])
                found[keys[name].field] = read(f"{table}.{name}".lstrip("."), value)
            else:
                where = f" in [{table}]" if table else ""
                raise self._unknown(f'there is no key "{name}"{where}', name, [*keys, *below])
        return found

    def _text(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self._wrong(name, value, "a text that is not empty")
        return value

    def _texts(self, name: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self._wrong(name, value, "a list of texts")
        return tuple(value)

    def _path(self, name: str, value: object) -> str:
        return absolute(self.folder, self._text(name, value))

    def _paths(self, name: str, value: object) -> tuple[str, ...]:
        return tuple(absolute(self.folder, item) for item in self._texts(name, value))

    def _patterns(self, name: str, value: object) -> tuple[str, ...]:
        return tuple(self._pattern(item) for item in self._texts(name, value))

    def _pattern(self, pattern: str) -> str:
        if reason := why_it_never_matches(pattern):
            raise SettingsError(f'{self._place(pattern)}: the pattern "{pattern}" can never match: {reason}.')
        return pattern

    def _theme(self, name: str, value: object) -> str:
        if value not in THEMES:
            raise self._wrong(name, value, 'one of "dark", "light" and "mono"')
        return str(value)

    def _seconds(self, name: str, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LONGEST_SECONDS:
            raise self._wrong(name, value, f"a whole number of seconds from 1 to {LONGEST_SECONDS}")
        return value

    def _rules(self, name: str, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise self._wrong(name, value, "a table of rule names and levels")
        from strongroom.validator import RULES

        for rule, level in value.items():
            if rule not in RULES:
                raise self._unknown(f'there is no rule "{rule}"', rule, RULES)
            if level not in LEVELS:
                raise self._wrong(rule, level, 'one of "error", "warning", "info" and "off"')
        return dict(value)

    def _path_rules(self, name: str, value: object) -> tuple[PathRules, ...]:
        if not isinstance(value, dict):
            raise self._wrong(name, value, 'tables such as [paths."widgets/old/**"]')
        return tuple(
            PathRules(self._pattern(pattern), self._rules(pattern, rules)) for pattern, rules in value.items()
        )

    def _unknown(self, what: str, name: str, candidates: Iterable[str]) -> SettingsError:
        return SettingsError(f"{self._place(name)}: {what}.", did_you_mean(name, candidates))

    def _wrong(self, name: str, value: object, wanted: str) -> SettingsError:
        last = name.rpartition(".")[2] if name.startswith(("test.", "app.")) else name
        is_what = f'"{value}"' if isinstance(value, str) else _TYPES.get(type(value), "something else")
        return SettingsError(f'{self._place(last)}: "{last}" must be {wanted}, not {is_what}.')

    def _place(self, name: str) -> str:
        """The file, and the first line that mentions `name` as a key, in a table's header, or else in quotes."""
        quoted = re.escape(name)
        pattern = rf"^[ \t]*(?:\[+.*)?[\"']?{quoted}[\"']?[ \t]*[=.\]]"
        match = re.search(pattern, self.text, re.MULTILINE) or re.search(rf"[\"']{quoted}[\"']", self.text)
        return f"{self.path}:{self.text.count(chr(10), 0, match.start()) + 1}" if match else self.path


_READERS: Final = {
    "text": "_text",
    "texts": "_texts",
    "path": "_path",
    "paths": "_paths",
    "patterns": "_patterns",
    "rules": "_rules",
    "path rules": "_path_rules",
    "theme": "_theme",
    "seconds": "_seconds",
}

_TYPES: Final = {
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}
