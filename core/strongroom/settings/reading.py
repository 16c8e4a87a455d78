"""Read a `strongroom.toml` as settings, or give the first mistake as a sentence.

Unknown keys and wrong types are errors, with the line and the nearest key: a misspelt setting that is ignored
is worse than a missing one.
"""

# os.path, because pathlib costs 5 ms at every start of `check`.

import os
import re
from collections.abc import Iterable, Mapping
from typing import Final

from strongroom.backends.place import ENGINES, EnginePlace, place_of
from strongroom.errors import StrongroomError
from strongroom.files.paths import absolute
from strongroom.files.patterns import why_it_never_matches
from strongroom.settings.keys import KEYS, LEVELS, LONGEST_SECONDS, THEMES
from strongroom.settings.model import PathRules
from strongroom.text.phrases import joined
from strongroom.text.suggest import did_you_mean


class SettingsError(StrongroomError):
    """Report a settings file that cannot be read or used."""


def read_settings_file(path: str) -> dict[str, object]:
    """Return the settings in the file `path`, by the name of their field.

    Raises `SettingsError`.
    """
    return _File(path).read()


_READERS: Final = {
    "text": "_text",
    "texts": "_texts",
    "path": "_path",
    "paths": "_paths",
    "patterns": "_patterns",
    "rules": "_rules",
    "path rules": "_path_rules",
    "backends": "_backends",
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


class _File:
    """Read one settings file; the first mistake is raised with its line."""

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
        """Return the settings of one table and of the tables in it."""
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
                raise self._unknown(f'no key{where} is named "{name}"', name, [*keys, *below])
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
                raise self._unknown(f'no rule is named "{rule}"', rule, RULES)
            if level not in LEVELS:
                raise self._wrong(rule, level, 'one of "error", "warning", "info" and "off"')
        return dict(value)

    def _path_rules(self, name: str, value: object) -> tuple[PathRules, ...]:
        if not isinstance(value, dict):
            raise self._wrong(name, value, 'tables such as [paths."widgets/old/**"]')
        return tuple(
            PathRules(self._pattern(pattern), self._rules(pattern, rules)) for pattern, rules in value.items()
        )

    def _backends(self, name: str, value: object) -> dict[str, EnginePlace]:
        if not isinstance(value, dict):
            raise self._wrong(name, value, "tables such as [backends.production]")
        return {community: self._backend(community, table) for community, table in value.items()}

    def _backend(self, community: str, table: object) -> EnginePlace:
        if not isinstance(table, dict):
            raise self._wrong(community, table, "a table")
        for key, text in table.items():
            self._text(key, text)
        engine = table.get("engine", "")
        if engine not in ENGINES:
            raise SettingsError(
                f'{self._place(community)}: "engine" of community "{community}" must be one of '
                f"{joined([*ENGINES], 'or')}."
            )
        keys = ("engine", *ENGINES[engine].keys)
        for key in table:
            if key not in keys:
                raise self._unknown(f'engine "{engine}" has no key "{key}"', key, keys)
        try:
            place = place_of(community, table)
        except ValueError as error:
            raise SettingsError(f'{self._place(community)}: community "{community}": {error}.') from None
        return place._replace(ca_file=absolute(self.folder, place.ca_file)) if place.ca_file else place

    def _unknown(self, what: str, name: str, candidates: Iterable[str]) -> SettingsError:
        return SettingsError(f"{self._place(name)}: {what}.", did_you_mean(name, candidates))

    def _wrong(self, name: str, value: object, wanted: str) -> SettingsError:
        last = name.rpartition(".")[2] if name.startswith(("test.", "app.")) else name
        is_what = f'"{value}"' if isinstance(value, str) else _TYPES.get(type(value), "something else")
        return SettingsError(f'{self._place(last)}: "{last}" must be {wanted}, not {is_what}.')

    def _place(self, name: str) -> str:
        """Return the file and line of `name` as a key, in a table's header, or in quotes."""
        quoted = re.escape(name)
        pattern = rf"^[ \t]*(?:\[+.*)?[\"']?{quoted}[\"']?[ \t]*[=.\]]"
        match = re.search(pattern, self.text, re.MULTILINE) or re.search(rf"[\"']{quoted}[\"']", self.text)
        return f"{self.path}:{self.text.count(chr(10), 0, match.start()) + 1}" if match else self.path
