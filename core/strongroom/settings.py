"""What the user has set: `strongroom.toml`, the environment, and the defaults.

The environment wins over the file and the file over the defaults; a flag on the command line wins over all
of them and is not known here. The file is the nearest `strongroom.toml` at or above a folder, looked for no
higher than the top of the repository (the folder that holds `.git`), so that a file which somebody left in a
shared folder above cannot steer a project.

What can be set is the table `strongroom.settings_file.KEYS`; what is read from the environment is
`VARIABLES`. `check` starts with this module and most runs have no settings file: how one is read is a module
of its own.
"""

# pathlib costs 5 ms at every start of `check`, and os.path does all that is needed here:

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from strongroom.settings_file import PathRules
    from strongroom.validator import Levels

FILE_NAME: Final = "strongroom.toml"

OF_TRUSTED_FOLDERS: Final = ("community", "communities", "vault", "allowed_hosts", "ca_file")
"""The settings that decide which secrets are meant and where they may go: a folder that is not trusted sets none."""


class Settings(NamedTuple):
    """The settings that hold for the files below one folder. Paths are absolute."""

    folder: str
    """Where relative paths start: the settings file's folder, or the folder that was asked about."""
    file: str | None = None
    """The `strongroom.toml` that was read, or None."""
    community: str | None = None
    communities: tuple[str, ...] = ()
    """The communities that connectors are checked for, where they are several; empty: only `community`."""
    community_source: str = ""
    """In words, where `community` came from; "" where there is none."""
    vault: str | None = None
    """The vault file to use, or None for the platform's own place."""
    key_file: str | None = None
    uses_keyring: bool = True
    allows_network_vault: bool = False
    names_files: tuple[str, ...] = ()
    rules: Mapping[str, str] = {}
    path_rules: tuple["PathRules", ...] = ()
    exclude: tuple[str, ...] = ()
    """Patterns of the files and folders that are left out."""
    include: tuple[str, ...] = ()
    """Patterns of JSON files that count whatever they are called, and although git ignores them."""
    baseline: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    ca_file: str | None = None
    theme: str | None = None
    """The app's theme by its short name, or None where nobody chose one."""
    lock_after: int = 600
    """Seconds without a key or a click until the app locks the vault."""
    reveal_for: int = 15
    copy_for: int = 30

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


class Variable:
    """One environment variable, and which setting it becomes."""

    __slots__ = ("field", "meaning", "name", "read")

    def __init__(self, name: str, field: str, read: Callable[[str], object], meaning: str) -> None:
        self.name = name
        self.field = field
        self.read = read
        self.meaning = meaning


VARIABLES: Final = (
    Variable("STRONGROOM_VAULT", "vault", lambda v: absolute(os.getcwd(), v), "The vault file."),
    Variable("STRONGROOM_KEY_FILE", "key_file", lambda v: absolute(os.getcwd(), v), "The vault's key file."),
    Variable("STRONGROOM_COMMUNITY", "community", str, "The community that is meant."),
    Variable("STRONGROOM_NO_KEYRING", "uses_keyring", lambda v: v == "0", "1: never ask the keyring."),
    Variable(
        "STRONGROOM_ALLOW_NETWORK_VAULT",
        "allows_network_vault",
        lambda v: v != "0",
        "1: accept a vault on a network file system, whose locks cannot be trusted.",
    ),
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


def find_above(folder: str, name: str, known: dict[tuple[str, str], str | None] | None = None) -> str | None:
    """The nearest file `name` at or above `folder`, no higher than the top of the repository, or None.

    `known` remembers the answers, for a caller that asks about many folders.
    """
    answers = {} if known is None else known
    current = os.path.abspath(folder)
    passed = []
    while (current, name) not in answers:
        passed.append(current)
        candidate = os.path.join(current, name)
        parent = os.path.dirname(current)
        if os.path.isfile(candidate):
            answers[current, name] = candidate
        elif parent == current or os.path.exists(os.path.join(current, ".git")):
            answers[current, name] = None
        else:
            current = parent
    found = answers[current, name]
    answers.update(((below, name), found) for below in passed)
    return found


def settings_from(
    file: str | None, folder: str, environ: Mapping[str, str] | None = None, *, is_trusted: bool = True
) -> Settings:
    """The settings that `file` gives under the environment; without a file, the defaults for `folder`.

    Of a file that is not trusted, `OF_TRUSTED_FOLDERS` do not count.
    """
    environment = os.environ if environ is None else environ
    found: dict[str, Any] = {"folder": os.path.dirname(file) if file else folder, "file": file}
    if file:
        from strongroom.settings_file import read_settings_file

        read = read_settings_file(file)
        found.update((key, read[key]) for key in read if is_trusted or key not in OF_TRUSTED_FOLDERS)
        if "community" in found:
            found["community_source"] = file
    for variable in VARIABLES:
        if value := environment.get(variable.name):
            found[variable.field] = variable.read(value)
            if variable.field == "community":
                found["community_source"] = variable.name
                found["communities"] = ()
    return Settings(**found)


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """The way out for a name that is not among `candidates`: the nearest, or all of them, in a sentence."""
    from strongroom.validator import nearest

    known = list(candidates)
    if near := nearest(name, known):
        return f'Did you mean "{near[0]}"?'
    return f"There are: {', '.join(sorted(known))}." if 0 < len(known) <= 20 else ""


def levels_of(rules: Mapping[str, str]) -> "Levels":
    """The validator's levels for rule names and the levels as a settings file has them."""
    from strongroom.validator import DEFAULT_LEVELS

    return DEFAULT_LEVELS.with_settings(rules) if rules else DEFAULT_LEVELS


def absolute(folder: str, path: str) -> str:
    """`path` as it is meant by something that stands in `folder`; `~` is the home folder."""
    return os.path.normpath(os.path.join(folder, os.path.expanduser(path)))
