"""Find the names of the chosen community, in the vault or in a names file.

Three states are possible (`Knowledge`). The vault is asked first. A names file is used for communities that the vault
does not hold, typically in CI without a vault. A vault without any community is known to be empty. With neither,
nothing is known: rules about unknown names stay silent, `Names.looked` has the places that were tried, and
`Names.others` has the communities that could be chosen.

A names file is JSON, is committed, holds names and kinds only, and is made by `strongroom names export`:

    {"version": 1, "communities": {"production": [{"name": "api_key", "kind": "secret"}]}}

`"complete": false` beside `"version"` says that the lists are not complete. Then no name is called unknown.
"""

# pathlib costs 5 ms at every start of `check`, and os.path does all that is needed here.

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from strongroom.backends.place import EnginePlace
from strongroom.errors import StrongroomError
from strongroom.files.paths import find_above
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.settings.model import Settings
from strongroom.text.phrases import joined
from strongroom.text.suggest import did_you_mean
from strongroom.workspace.files import read_text

if TYPE_CHECKING:
    from strongroom.store.reader import NamesReader

NAMES_FILE: Final = "strongroom.names.json"
"""The names file that is found without a setting.

It is the nearest at or above the settings' folder.
"""

VERSION: Final = 1


class NoCommunity(StrongroomError):  # noqa: N818 - a plain name for the failure
    """Report that it is not clear which community is meant."""


class NamesFileError(StrongroomError):
    """Report a file that is not a names file."""


def resolve_names(
    settings: Settings,
    vault_path: str | None = None,
    community: str | None = None,
    names_files: Sequence[str] = (),
) -> Names:
    """Return the names that are known for the chosen community.

    `community` and `names_files` are those of the command line. They win over the settings, and a names file given
    there is the only source. `vault_path` None means the settings' vault or the platform's own place. Raises
    `StrongroomError` for a vault or names file that is there and cannot be used, and `NoCommunity` for a `community`
    that no source knows though there is a source.
    """
    looked: list[str] = []
    vault = None if names_files else _open_vault(vault_path or settings.vault, looked)
    files = names_in_files(settings, looked, names_files)
    with vault or nullcontext():
        known = _communities(settings, vault, files)
        current = vault.current_community() if vault else None
        wanted = community or settings.community or current or (known[0] if len(known) == 1 else None)
        names = names_of(settings, wanted or "", vault, files, looked)
    if names.knowledge is Knowledge.NONE and community and known:
        raise unknown_community(community, known)
    return names


def names_of(  # the places that were tried come last
    settings: Settings,
    community: str,
    vault: "NamesReader | None",
    files: Mapping[str, Names],
    looked: Sequence[str] = (),
) -> Names:
    """Return the known names of one community.

    This is the one place that separates "nothing is known" and "known to be empty". `vault` is None if it is missing;
    `files` are the lists of the names files. A vault without any community is known to be empty. Of a community that
    neither has, nothing is known: it may be a name with a typing mistake. Of a community that an engine holds, the
    names are known as they were read last.
    """
    if place := settings.backends.get(community):
        return _shared_names(place, files, looked)
    if vault is not None and community in vault.communities():
        return vault.names(community)._replace(looked=tuple(looked))
    if community in files:
        others = tuple(names for name, names in files.items() if name != community)
        return files[community]._replace(others=others, looked=tuple(looked))
    known = _communities(settings, vault, files)
    if vault is not None and not known:
        return Names(Knowledge.COMPLETE, {}, community, "the vault, which is empty", tuple(looked))
    if community and known:
        looked = [*looked, f'community "{community}", which is none of {_listed(known, "or")}']
    elif known:
        looked = [*looked, f"{_listed(known)}: none of these communities is chosen"]
    return Names(Knowledge.NONE, community=community, looked=tuple(looked), others=_all_lists(vault, files))


def _shared_names(place: EnginePlace, files: Mapping[str, Names], looked: Sequence[str]) -> Names:
    """Return the names of an engine's community: read last, else from a names file."""
    from strongroom.backends.names_cache import read_cached

    names = read_cached(place)
    if names.knowledge is Knowledge.NONE and place.community in files:
        names = files[place.community]
    return names._replace(looked=(*looked, *names.looked))


def names_in_files(
    settings: Settings, looked: list[str] | None = None, given: Sequence[str] = ()
) -> dict[str, Names]:
    """Return the lists by community of the first names file that exists.

    `looked` gets the places that were tried. Raises `StrongroomError` for a names file that cannot be used.
    """
    found: dict[str, Names] = {}
    for file in given or _names_files(settings, [] if looked is None else looked):
        for community, names in read_names_file(file).items():
            found.setdefault(community, names)
    return found


def _communities(settings: Settings, vault: "NamesReader | None", files: Mapping[str, Names]) -> list[str]:
    return list(dict.fromkeys([*(vault.communities() if vault else ()), *settings.backends, *files]))


def _all_lists(vault: "NamesReader | None", files: Mapping[str, Names]) -> tuple[Names, ...]:
    """Return the list of every community, without the other lists beside it."""
    lists = {name: vault.names(name)._replace(others=()) for name in vault.communities()} if vault else {}
    return (*lists.values(), *(names for name, names in files.items() if name not in lists))


def resolve_all_names(
    settings: Settings,
    vault_path: str | None = None,
    communities: Sequence[str] = (),
    names_files: Sequence[str] = (),
) -> tuple[Names, ...]:
    """Return the names of each community that connectors are checked for.

    The communities are `communities`, else those of the settings, else the one that is meant. Raises as
    `resolve_names` does.
    """
    meant: Sequence[str | None] = communities or settings.communities or (None,)
    return tuple(
        resolve_names(settings, vault_path, community, names_files) for community in dict.fromkeys(meant)
    )


def choose_community(
    settings: Settings, known: Iterable[str], current: str | None, given: str | None = None
) -> str:
    """Return the community that is meant.

    The flag decides, then the settings, then the vault's own choice, then the only community. Raises
    `NoCommunity` if none of them does. The community need not exist yet, because first use makes it.
    """
    names = list(known)
    chosen = given or settings.community or current or (names[0] if len(names) == 1 else None)
    if chosen:
        return chosen
    if not names:
        raise NoCommunity(
            "There is no community yet.",
            "Name one with --community NAME, such as staging: a community is a tenant, and first use makes it.",
        )
    raise NoCommunity(
        f"It is not clear which community is meant: there are {_listed(names)}.",
        "Give --community NAME, or choose one for good with `strongroom community use NAME`.",
    )


def unknown_community(name: str, known: Iterable[str]) -> NoCommunity:
    """Return the error for an unknown community, with the nearest known one."""
    return NoCommunity(f'No community is named "{name}".', did_you_mean(name, known))


_EXPORT: Final = "A names file is made by `strongroom names export FILE`."


def read_names_file(path: str) -> dict[str, Names]:
    """Return community -> names from a names file.

    Raises `StrongroomError` for any other file.
    """
    import json  # late: most runs have no names file

    try:
        data = json.loads(read_text(path))
    except ValueError as error:
        raise NamesFileError(f"{path} is not valid JSON: {error}.", _EXPORT) from error
    except RecursionError as error:
        raise NamesFileError(f"{path} is nested too deeply to be a names file.", _EXPORT) from error
    if not isinstance(data, dict) or "communities" not in data:
        raise NamesFileError(f"{path} is not a names file.", _EXPORT)
    if data.get("version") != VERSION:
        raise NamesFileError(
            f"{path} is a names file of version {data.get('version')}; this program reads version {VERSION}.",
            "Update Strongroom, or write the file again with `strongroom names export`.",
        )
    complete = data.get("complete", True)
    knowledge = Knowledge.PARTIAL if complete is False else Knowledge.COMPLETE
    communities = data["communities"]
    if not isinstance(communities, dict):
        raise NamesFileError(f'{path}: "communities" must be an object.', _EXPORT)
    found = {}
    for community, entries in communities.items():
        where = f'"{path}", community "{community}"'
        found[community] = Names(
            knowledge,
            {entry.name: entry for entry in _entries(where, entries)},
            community,
            os.path.basename(path),
        )
    return found


def format_names_file(communities: Mapping[str, Iterable[Name]], complete: bool = True) -> str:
    """Return the text of a names file, sorted, with one name a line for reviews."""
    import json

    lines = ["{", f'  "version": {VERSION},']
    if not complete:
        lines.append('  "complete": false,')
    blocks = []
    for community in sorted(communities):
        entries = sorted(communities[community], key=lambda entry: entry.name)
        rows = ",\n".join(f"      {json.dumps({'name': e.name, 'kind': e.kind.value})}" for e in entries)
        block = f"[\n{rows}\n    ]" if rows else "[]"
        blocks.append(f"    {json.dumps(community, ensure_ascii=False)}: {block}")
    body = ",\n".join(blocks)
    lines.append(f'  "communities": {{\n{body}\n  }}' if body else '  "communities": {}')
    return "\n".join([*lines, "}", ""])


def _open_vault(path: str | None, looked: list[str]) -> "NamesReader | None":
    """Return the vault's names.

    Without a vault, return None and add its place to `looked`.
    """
    from strongroom.store.file.places import default_vault_path

    place = path or str(default_vault_path())
    # Asked before opening, so that a machine without a vault does not pay for sqlite.
    if not os.path.exists(place):
        looked.append(f'the vault "{place}", which does not exist')
        return None
    looked.append(f'the vault "{place}"')
    from strongroom.store.reader import NamesReader

    return NamesReader.open(place)


def _names_files(settings: Settings, looked: list[str]) -> tuple[str, ...]:
    if settings.names_files:
        looked.extend(f'the names file "{file}"' for file in settings.names_files)
        return settings.names_files
    usual = find_above(settings.folder, NAMES_FILE)
    if usual:
        looked.append(f'the names file "{usual}"')
        return (usual,)
    looked.append(f'{NAMES_FILE} in "{settings.folder}" and above, where there is none')
    return ()


_KINDS: Final = tuple(kind.value for kind in Kind)


def _entries(where: str, entries: object) -> list[Name]:
    if not isinstance(entries, list):
        raise NamesFileError(f"{where}: must be a list of names.", _EXPORT)
    found = []
    for entry in entries:
        name = entry.get("name") if isinstance(entry, dict) else None
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if not isinstance(name, str) or kind not in _KINDS:
            raise NamesFileError(
                f"{where}: every entry must be like "
                '{"name": "api_key", "kind": "secret"} or {..., "kind": "variable"}.',
                _EXPORT,
            )
        found.append(Name(name, Kind(kind)))
    return found


def _listed(names: Iterable[str], conjunction: str = "and") -> str:
    return joined([f'"{name}"' for name in names], conjunction)
