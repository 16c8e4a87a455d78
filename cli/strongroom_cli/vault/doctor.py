"""Run `strongroom doctor`: examine the parts of Strongroom here.

Changes nothing and asks nothing.
"""

import os
import platform
import shlex
import sqlite3
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import click

from strongroom.errors import StrongroomError
from strongroom.files.paths import find_foreign_above
from strongroom.names import Knowledge
from strongroom.platform.project import REGISTRY
from strongroom.settings.loading import FILE_NAME, VARIABLES, load_settings
from strongroom.settings.trusted_hosts import ENVIRONMENT
from strongroom.store.errors import VaultMissing
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom.version import __version__
from strongroom.workspace import choose_community, find_connector_files, resolve_names
from strongroom.workspace.published import convention_of, project_of
from strongroom_cli.terminal.click_options import format_option
from strongroom_cli.terminal.session import CommandSession, print_json
from strongroom_cli.terminal.style import Style, padded

OK: Final = "ok"
NOTE: Final = "note"
PROBLEM: Final = "problem"

_OTHER_VARIABLES: Final = (
    "STRONGROOM_NO_KEYRING",
    "STRONGROOM_ALLOW_NETWORK_VAULT",
    ENVIRONMENT,
    "NO_COLOR",
)
"""The variables that are not settings.

The store, consent and colours read them themselves.
"""


class Line(NamedTuple):
    """Describe one part that was examined."""

    topic: str
    state: str
    text: str
    way_out: str = ""


@click.command(name="doctor", context_settings={"help_option_names": ["-h", "--help"]})
@format_option
def command(form: str) -> int:
    """Show what Strongroom finds here, and what is wrong with it.

    Exit status 1 if a part has a problem.
    """
    lines = list(examine())
    if form == "json":
        print_json([line._asdict() for line in lines])
    else:
        style = Style()
        looks = {OK: "good", NOTE: "info", PROBLEM: "error"}
        width = max(len(line.topic) for line in lines)
        for line in lines:
            state = style(padded(line.state, len(PROBLEM)), looks[line.state])
            print(f"{state}  {padded(line.topic, width)}  {visible(line.text)}")
            if line.way_out:
                print(f"{' ' * (len(PROBLEM) + width + 4)}{visible(line.way_out)}")
    return int(any(line.state == PROBLEM for line in lines))


def examine() -> Iterator[Line]:
    """Examine all parts.

    A part that fails is one line, and the others are still examined.
    """
    yield Line("versions", OK, _versions())
    yield Line("environment", OK, _environment())
    try:
        load_settings(os.curdir)
    except StrongroomError as error:
        yield Line("settings", PROBLEM, error.message, error.way_out)
        return
    session = CommandSession()
    for topic, look in _LOOKS:
        try:
            yield from look(session)
        except StrongroomError as error:
            yield Line(topic, PROBLEM, error.message, error.way_out)


def _versions() -> str:
    return (
        f"strongroom {__version__}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {' '.join(ssl.OPENSSL_VERSION.split()[:2])}"
    )


def _environment() -> str:
    names = [*(variable.name for variable in VARIABLES), *_OTHER_VARIABLES]
    given = [f"{name}={os.environ[name]}" for name in names if os.environ.get(name)]
    return ", ".join(given) or "no STRONGROOM_ variable is set"


def _settings(session: CommandSession) -> Iterator[Line]:
    settings = session.settings
    if settings.file is None:
        yield Line("settings", NOTE, f'no strongroom.toml at or above "{settings.folder}": defaults hold')
        if foreign := find_foreign_above(settings.folder, FILE_NAME):
            yield Line(
                "settings",
                NOTE,
                f"{foreign} belongs to another user, so it does not count here.",
                "Put a strongroom.toml of your own into your folder.",
            )
        return
    yield Line("settings", OK, settings.file)
    for what, path in (("ca-file", settings.ca_file), ("baseline", settings.baseline)):
        if path is not None and not Path(path).is_file():
            yield Line(
                "settings", PROBLEM, f'{what} is "{path}", which does not exist.', "Correct strongroom.toml."
            )
    if settings.allowed_hosts:
        yield Line("settings", NOTE, f"test runs may call local hosts: {', '.join(settings.allowed_hosts)}")


def _vault(session: CommandSession) -> Iterator[Line]:
    path = session.vault_path
    try:
        with session.reader() as reader:
            held = {name: len(reader.entries(name)) for name in reader.communities()}
    except VaultMissing:
        yield Line(
            "vault", NOTE, f"there is none yet; it would be {path}", "Make one: `strongroom vault init`."
        )
        return
    contents = ", ".join(f"{name} ({counted(number, 'name')})" for name, number in held.items())
    yield Line("vault", OK, f"{path}: {contents or 'no communities yet'}")


def _key(session: CommandSession) -> Iterator[Line]:
    """Yield a line about opening the vault without a question."""
    from strongroom.store.errors import NoKey
    from strongroom.store.file.seen import find_obstacle
    from strongroom.store.keys.ways import default_ways
    from strongroom.store.vault import Vault

    yield from _key_file()
    if not Path(session.vault_path).exists():
        return
    try:
        with Vault.unlock(session.vault_path, default_ways()) as vault:
            problems = list(vault.verify())
    except NoKey as error:
        # A passphrase is asked for when it is needed, which is not a problem.
        yield Line("key", NOTE, f"not opened without asking: {error.message}", error.way_out)
        return
    for notice in vault.notices:
        if notice != find_obstacle(session.vault_path):  # the vault itself has a line of its own
            yield Line("key", NOTE, notice)
    doubts = [concern for concern in vault.warnings if concern.can_be_accepted]
    for problem in problems:
        yield Line("key", PROBLEM, problem)
    for concern in doubts:
        way_out = f"{concern.way_out} To accept it: `strongroom vault verify --accept`."
        yield Line("key", PROBLEM, f"no command works without a question: {concern.message}", way_out)
    if not problems and not doubts:
        yield Line("key", OK, "the vault opens without a question")


def _memory(session: CommandSession) -> Iterator[Line]:
    """Yield a line if the newest state cannot be remembered.

    An old file is not noticed then.
    """
    from strongroom.store.file.seen import find_obstacle

    obstacle = find_obstacle(session.vault_path)
    if obstacle:
        way_out = "Give it back to you, if `sudo strongroom` made it, or name another with XDG_STATE_HOME."
        yield Line("memory", PROBLEM, obstacle, way_out)


def _leftovers(session: CommandSession) -> Iterator[Line]:
    """Yield a line for each replaced vault, and each file of an interrupted write."""
    from strongroom.store.file.leftovers import find_replaced, find_unfinished

    for path in find_replaced(session.vault_path):
        said = f"{path} is a vault that a backup replaced; it still opens with the ways in that it had."
        yield Line("leftovers", NOTE, said, f"Remove it when it is not needed: rm {shlex.quote(path)}")
    folders = {os.path.dirname(os.path.abspath(session.vault_path)), os.getcwd(), session.settings.folder}
    for path in sorted({found for folder in folders for found in find_unfinished(os.path.abspath(folder))}):
        said = f"{path} was left by something that was interrupted; values may be in it in clear."
        yield Line("leftovers", PROBLEM, said, f"If nothing is writing it now: rm {shlex.quote(path)}")


def _key_file() -> Iterator[Line]:
    """Yield a line if other people than the owner may read the key file.

    Opening the vault judges the same.
    """
    from strongroom.store.errors import VaultExposed
    from strongroom.store.file.places import default_key_file
    from strongroom.store.keys.key_file import read_key_file

    path = os.environ.get("STRONGROOM_KEY_FILE") or default_key_file()
    if not os.path.isfile(path):
        return  # a pipe gives its key only once
    remarks: list[str] = []
    try:
        read_key_file(path, remarks.append)
    except VaultExposed as error:
        yield Line("key", PROBLEM, f"{path} is open to others on this machine.", error.way_out)
    except StrongroomError:
        return  # the vault reports it
    for remark in remarks:
        yield Line("key", NOTE, remark)


def _engines(session: CommandSession) -> Iterator[Line]:
    """Yield a line for each community that an engine holds. Sends nothing."""
    from strongroom.backends.names_cache import cached_age
    from strongroom.backends.opening import check_library

    for place in session.settings.backends.values():
        try:
            check_library(place)
        except StrongroomError as error:
            yield Line("engine", PROBLEM, error.message, error.way_out)
            continue
        age = cached_age(place)
        what = f'"{place.community}" is in {place.words}'
        if age:
            yield Line("engine", OK, f"{what}; its names were read {age}")
        else:
            way_out = f'Read them: `strongroom names --community "{place.community}"`.'
            yield Line("engine", NOTE, f"{what}; its names were not read yet", way_out)


def _community(session: CommandSession) -> Iterator[Line]:
    if session.place is not None:
        yield Line("community", OK, f'"{session.place.community}", in {session.place.words}')
        return
    if not Path(session.vault_path).exists():
        return
    with session.reader() as reader:
        known, current = reader.communities(), reader.current_community()
    if not known and not session.settings.community_source:
        way_out = "First use makes one: `strongroom secret add NAME --community production`."
        yield Line("community", NOTE, "the vault has none yet", way_out)
        return
    chosen = choose_community(session.settings, known, current)
    source = session.settings.community_source or "the vault"
    if chosen in known:
        yield Line("community", OK, f'"{chosen}", says {source}')
    else:
        way_out = "Choose one of them: `strongroom community use NAME`." if known else ""
        have = f"the vault has {', '.join(known)}" if known else "the vault has no community yet"
        yield Line("community", NOTE, f'"{chosen}", says {source}; {have}', way_out)


def _names(session: CommandSession) -> Iterator[Line]:
    names = resolve_names(session.settings)
    if names.knowledge is Knowledge.NONE:
        way_out = "Make a vault, or commit what `strongroom names export` writes."
        looked = "; ".join(names.looked)
        yield Line("names", NOTE, f"none are known, so they are not checked. Looked in: {looked}", way_out)
    else:
        whole = "" if names.knowledge is Knowledge.COMPLETE else ", an incomplete list"
        yield Line("names", OK, f"{counted(len(names.by_name), 'name')} from {names.source}{whole}")


def _files(session: CommandSession) -> Iterator[Line]:
    from strongroom.testcases.connectors import Connectors

    folder = session.settings.folder
    files = find_connector_files([folder])
    if not files:
        way_out = "They are called connectors_registry.json or connectors.json, or end so."
        yield Line("files", NOTE, f'no connector files below "{folder}"', way_out)
        return
    connectors = Connectors.of_folder(folder)
    for problem in connectors.problems:
        yield Line("files", PROBLEM, problem.message, problem.way_out)
    number = counted(len(files), "connector file")
    yield Line("files", OK, f'{number} below "{folder}", {counted(len(connectors.unique()), "connector")}')
    for project in dict.fromkeys(filter(None, map(project_of, files))):
        widgets = [file for file in files if project_of(file) == project and not file.endswith(REGISTRY)]
        yield from _convention(project, len(widgets))


def _convention(project: str, widgets: int) -> Iterator[Line]:
    """Say what the widgets' connector files of a project are, where that is known."""
    from strongroom.validator.publication import Convention

    convention = convention_of(project)
    if convention is Convention.BUILT:
        yield Line("files", OK, f'{REGISTRY} in "{project}" is built from widgets/*/connectors.json')
    elif convention is Convention.WRITTEN and widgets:
        files = counted(widgets, "connector file")
        what = f'{REGISTRY} in "{project}" is written by hand (gsds 1.8); nothing reads the widgets\' {files}'
        yield Line("files", NOTE, what, "`strongroom check` names what only they have.")


_LOOKS: Final[tuple[tuple[str, Callable[[CommandSession], Iterator[Line]]], ...]] = (
    ("settings", _settings),
    ("vault", _vault),
    ("key", _key),
    ("memory", _memory),
    ("leftovers", _leftovers),
    ("engine", _engines),
    ("community", _community),
    ("names", _names),
    ("files", _files),
)
