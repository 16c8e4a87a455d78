"""Run `strongroom community` commands for a community that an engine holds.

Its place is a table in `strongroom.toml`. Only that table changes, and nothing is sent to the engine.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import click

from strongroom.backends.place import ENGINES, place_of
from strongroom.settings.loading import FILE_NAME
from strongroom.settings.trusted_hosts import TrustedHosts
from strongroom.settings.writing import (
    remove_engines_community,
    rename_engines_community,
    write_setting,
)
from strongroom.store.rows.saving import clean_community
from strongroom.text.terminal import visible
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.click_options import Decorated
from strongroom_cli.terminal.prompts import confirm
from strongroom_cli.terminal.session import CommandSession

if TYPE_CHECKING:
    from strongroom.backends.place import EnginePlace

_MEANINGS: Final = {
    "address": "OpenBao: the server, such as https://bao.example.com:8200.",
    "mount": "OpenBao: the mount of the KV engine, if not `secret`.",
    "path": "The folder of the community, if not strongroom/NAME.",
    "namespace": "OpenBao: the namespace, where there are any.",
    "login": "OpenBao: token, approle, userpass or jwt; token without it.",
    "role": "OpenBao: the role of an AppRole or JWT login.",
    "user": "OpenBao: the user of a userpass login.",
    "ca-file": "OpenBao: a PEM file with the authority that signed the server's certificate.",
    "region": "AWS: the region, such as eu-central-1.",
    "profile": "AWS: the profile of AWS's own configuration, if not the default one.",
}
"""The keys of a `[backends.COMMUNITY]` table, as options."""


def engine_options(function: Decorated) -> Decorated:
    """Add the options that describe a place in an engine."""
    for key, meaning in reversed(_MEANINGS.items()):
        function = click.option(f"--{key}", metavar="TEXT", help=meaning)(function)
    return click.option(
        "--engine", type=click.Choice(list(ENGINES)), help="The engine that holds the community, for a team."
    )(function)


def refuse_without_engine(given: Mapping[str, str | None]) -> None:
    """Raise `UsageError` for options of an engine without `--engine`."""
    for key, value in given.items():
        if value is not None:
            raise UsageError(
                f"--{key.replace('_', '-')} is about an engine.", "Say which one: --engine openbao or aws."
            )


def add_engine(session: CommandSession, name: str, engine: str, given: Mapping[str, str | None]) -> None:
    """Write a community's place into the settings file, which is made if missing."""
    name = clean_community(name)
    settings = session.settings
    if place := settings.backends.get(name):
        raise UsageError(f'Community "{name}" is in {place.words} already.', f"Look at `{settings.file}`.")
    table = {"engine": engine}
    for key, value in ((key.replace("_", "-"), value) for key, value in given.items() if value is not None):
        if key not in ENGINES[engine].keys:
            raise UsageError(
                f"{ENGINES[engine].title} has no --{key}.", "See `strongroom community add --help`."
            )
        # A file is named from the folder of the settings file.
        table[key] = os.path.relpath(value, settings.folder) if key == "ca-file" else value
    try:
        place = place_of(name, table)
    except ValueError as error:
        raise UsageError(f'Community "{name}" cannot be there: {error}.', "See docs/teams.md.") from None
    file = settings.file or os.path.join(settings.folder, FILE_NAME)
    write_setting(file, "backends", name, table)
    print(f'Added community "{visible(name)}", in {place.words}, to `{visible(file)}`.')


def use_engine(session: CommandSession, place: "EnginePlace") -> None:
    """Write the community as the one that is meant in this folder."""
    file = session.settings.file
    assert file is not None  # a place comes from a file
    write_setting(file, "", "community", place.community)
    print(
        f'Community "{visible(place.community)}" is meant in this folder from now on: {visible(file)} says so.'
    )


def rename_engine(session: CommandSession, place: "EnginePlace", new: str) -> None:
    """Give a community another name in the settings. Its place in the engine stays."""
    settings = session.settings
    new = clean_community(new)
    assert settings.file is not None
    rename_engines_community(settings.file, place.community, new)
    trusted = TrustedHosts()
    if not trusted.missing(settings.folder, place.community, [place.host]):
        trusted.agree(settings.folder, new, [place.host])
    print(
        f'Renamed community "{visible(place.community)}" to "{visible(new)}" in `{visible(settings.file)}`.'
    )
    print(f"It stays at {place.path} in {place.words}.")


def delete_engine(session: CommandSession, place: "EnginePlace", *, yes: bool) -> int:
    """Remove a community from the settings. What the engine holds stays there."""
    file = session.settings.file
    assert file is not None
    stays = f"What {place.words} holds at {place.path} stays there."
    question = f'Remove community "{place.community}" from `{file}`? {stays}'
    if not yes and not confirm(visible(question), "--yes"):
        print("Nothing was removed.")
        return 1
    remove_engines_community(file, place.community)
    print(f'Removed community "{visible(place.community)}" from `{visible(file)}`. {stays}')
    return 0
