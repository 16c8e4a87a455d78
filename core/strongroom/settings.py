"""What the user has set: `strongroom.toml`, the environment, and the defaults.

The environment wins over the file and the file over the defaults; a flag on the command line wins over all
of them and is not known here. The file is the nearest `strongroom.toml` at or above a folder, looked for no
higher than the top of the repository (the folder that holds `.git`), so that a file which somebody left in a
shared folder above cannot steer a project.

What can be set is the table `KEYS`; what is read from the environment is `VARIABLES`. Unknown keys and wrong
types are errors with the line and the nearest key: a misspelt setting that is silently ignored is worse than
none. Kept free of `tomllib` and `pathlib` at import: most runs have no settings file, and `check` must start
quickly.
"""

# pathlib costs 5 ms at every start of `check`, and os.path does all that is needed here:
# ruff: noqa: PTH100, PTH109, PTH110, PTH111, PTH112, PTH113, PTH118, PTH120, PTH123

import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from strongroom.errors import StrongroomError

if TYPE_CHECKING:
    from strongroom.validator import Levels

FILE_NAME: Final = "strongroom.toml"
LEVELS: Final = ("error", "warning", "info", "off")


class SettingsError(StrongroomError):
    """The settings file cannot be used as it stands."""


class PathRules(NamedTuple):
    """Levels for the files that match one pattern: `[paths."widgets/old/**"]`."""

    pattern: str
    rules: Mapping[str, str]

    def applies_to(self, relative: str) -> bool:
        """Whether the pattern matches `relative`: a path below the settings file, with `/` between."""
        return _glob(self.pattern).fullmatch(relative) is not None


class Settings(NamedTuple):
    """The settings that hold for the files below one folder. Paths are absolute."""

    folder: str
    """Where relative paths start: the settings file's folder, or the folder that was asked about."""
    file: str | None = None
    """The `strongroom.toml` that was read, or None."""
    community: str | None = None
    community_source: str = ""
    """In words, where `community` came from; "" where there is none."""
    vault: str | None = None
    """The vault file to use, or None for the platform's own place."""
    key_file: str | None = None
    uses_keyring: bool = True
    names_files: tuple[str, ...] = ()
    rules: Mapping[str, str] = {}
    path_rules: tuple[PathRules, ...] = ()
    baseline: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    ca_file: str | None = None

    @property
    def levels(self) -> "Levels":
        """The rules' levels for a file that no `[paths]` table matches."""
        return levels_of(self.rules)

    def rules_for(self, path: str) -> Mapping[str, str]:
        """Rule name -> level as set for the file `path`; a later table wins over an earlier one."""
        if not self.path_rules:
            return self.rules
        relative = os.path.relpath(os.path.abspath(path), self.folder).replace(os.sep, "/")
        merged = dict(self.rules)
        for table in self.path_rules:
            if table.applies_to(relative):
                merged.update(table.rules)
        return merged

    def levels_for(self, path: str) -> "Levels":
        """The rules' levels for the file `path`."""
        return levels_of(self.rules_for(path))


class Key(NamedTuple):
    """One key of the settings file: where it stands, what it holds, and which setting it becomes."""

    table: str
    name: str
    shape: str
    field: str
    meaning: str


KEYS: Final = (
    Key("", "community", "text", "community", "The community whose secrets and variables are meant."),
    Key("", "vault", "path", "vault", "The vault file, where it is not the platform's own place."),
    Key("", "names", "paths", "names_files", "Names files, for machines without the vault (CI)."),
    Key("", "baseline", "path", "baseline", "A saved JSON report whose findings are not reported again."),
    Key("", "rules", "rules", "rules", "Rule name = level: error, warning, info or off."),
    Key("", "paths", "path rules", "path_rules", "The same for the files that match a pattern."),
    Key("test", "allow-hosts", "texts", "allowed_hosts", "Local hosts that a test run may call, by name."),
    Key("test", "ca-file", "path", "ca_file", "PEM file of certificate authorities that a test run trusts."),
)
"""Every key there is. `docs/settings.md` lists them, and a test compares the two."""


class Variable(NamedTuple):
    """One environment variable, and which setting it becomes."""

    name: str
    field: str
    read: Callable[[str], object]
    meaning: str


VARIABLES: Final = (
    Variable("STRONGROOM_VAULT", "vault", lambda v: _absolute(os.getcwd(), v), "The vault file."),
    Variable("STRONGROOM_KEY_FILE", "key_file", lambda v: _absolute(os.getcwd(), v), "The vault's key file."),
    Variable("STRONGROOM_COMMUNITY", "community", str, "The community that is meant."),
    Variable("STRONGROOM_NO_KEYRING", "uses_keyring", lambda v: v == "0", "1: never ask the keyring."),
)
"""Every variable that becomes a setting. An empty one counts as absent."""


def load_settings(folder: str, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings for `folder` (or for the folder of the file that it names).

    Raises `SettingsError` for a settings file that cannot be read, has an unknown key or a wrong type.
    """
    start = os.path.abspath(folder)
    if not os.path.isdir(start):
        start = os.path.dirname(start)
    return settings_from(find_settings_file(start), start, environ)


def find_settings_file(folder: str) -> str | None:
    """The `strongroom.toml` that holds for `folder`, or None."""
    return find_above(folder, FILE_NAME)


def find_above(folder: str, name: str) -> str | None:
    """The nearest file `name` at or above `folder`, no higher than the top of the repository, or None."""
    current = os.path.abspath(folder)
    while True:
        candidate = os.path.join(current, name)
        if os.path.isfile(candidate):
            return candidate
        parent = os.path.dirname(current)
        if parent == current or os.path.exists(os.path.join(current, ".git")):
            return None
        current = parent


def settings_from(file: str | None, folder: str, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that `file` gives under the environment; without a file, the defaults for `folder`."""
    environment = os.environ if environ is None else environ
    found: dict[str, Any] = {"folder": os.path.dirname(file) if file else folder, "file": file}
    if file:
        found.update(_File(file).read())
        if "community" in found:
            found["community_source"] = file
    for variable in VARIABLES:
        if value := environment.get(variable.name):
            found[variable.field] = variable.read(value)
            if variable.field == "community":
                found["community_source"] = variable.name
    return Settings(**found)


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
        return _absolute(self.folder, self._text(name, value))

    def _paths(self, name: str, value: object) -> tuple[str, ...]:
        return tuple(_absolute(self.folder, item) for item in self._texts(name, value))

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
        return tuple(PathRules(pattern, self._rules(pattern, rules)) for pattern, rules in value.items())

    def _unknown(self, what: str, name: str, candidates: Iterable[str]) -> SettingsError:
        return SettingsError(f"{self._place(name)}: {what}.", did_you_mean(name, candidates))

    def _wrong(self, name: str, value: object, wanted: str) -> SettingsError:
        last = name.rpartition(".")[2] if name.startswith("test.") else name
        is_what = _TYPES.get(type(value), "something else")
        return SettingsError(f'{self._place(last)}: "{last}" must be {wanted}, not {is_what}.')

    def _place(self, name: str) -> str:
        """The file, and the first line that mentions `name` as a key or in a table's header."""
        quoted = re.escape(name)
        pattern = rf"^[ \t]*(?:\[+.*)?[\"']?{quoted}[\"']?[ \t]*[=.\]]"
        match = re.search(pattern, self.text, re.MULTILINE)
        return f"{self.path}:{self.text.count(chr(10), 0, match.start()) + 1}" if match else self.path


_READERS: Final = {
    "text": "_text",
    "texts": "_texts",
    "path": "_path",
    "paths": "_paths",
    "rules": "_rules",
    "path rules": "_path_rules",
}

_TYPES: Final = {
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """The way out for a name that is not among `candidates`: the nearest, or all of them, in a sentence."""
    from strongroom.validator import nearest

    known = list(candidates)
    if near := nearest(name, known):
        return f'Did you mean "{near[0]}"?'
    return f"There are: {', '.join(sorted(known))}." if len(known) <= 20 else ""


def levels_of(rules: Mapping[str, str]) -> "Levels":
    """The validator's levels for rule names and the levels as a settings file has them."""
    from strongroom.validator import DEFAULT_LEVELS

    return DEFAULT_LEVELS.with_settings(rules) if rules else DEFAULT_LEVELS


def _absolute(folder: str, path: str) -> str:
    return os.path.normpath(os.path.join(folder, os.path.expanduser(path)))


def _glob(pattern: str) -> re.Pattern[str]:
    """`**` crosses folders, `*` and `?` do not; a folder's name stands for everything below it."""
    pieces = []
    for piece in re.split(r"(\*\*/|\*\*|\*|\?)", pattern.removeprefix("./").rstrip("/")):
        pieces.append(_GLOB.get(piece, re.escape(piece)))
    return re.compile("".join(pieces) + "(?:/.*)?", re.DOTALL)


_GLOB: Final = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
