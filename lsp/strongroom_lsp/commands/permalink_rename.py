"""Rename a permalink in connector files, in test cases, and in widgets' code.

In code these are the permalinks of calls, also where a call imports them. What is put together from parts is not found.
"""

from collections.abc import Iterator

from lsprotocol import types

from strongroom.document import LineIndex
from strongroom.errors import StrongroomError
from strongroom.workspace import UnreadableFile, read_text
from strongroom.workspace.call_references import places_of
from strongroom.workspace.references import Symbol
from strongroom.workspace.renaming import InvalidNewName
from strongroom.workspace.uris import path_of, uri_of
from strongroom.workspace.widget_files import WidgetProjects, code_with_calls
from strongroom_lsp.commands.rename_edit import Edits, edits_of_files
from strongroom_lsp.documents.edits import workspace_edit
from strongroom_lsp.protocol.positions import Positions
from strongroom_lsp.services import CommandServices


class NotSaved(StrongroomError):  # noqa: N818
    """Report that a file on the disk is not what the editor shows."""


def rename_permalink(services: CommandServices, symbol: Symbol, new: str) -> types.WorkspaceEdit:
    """Return the edit that gives a connector another permalink.

    Raises `InvalidNewName` for a permalink that is taken, or that no file has.
    """
    index, noun = services.index.fresh(now=True), symbol.kind.value
    if not any(place.occurrence.is_definition for _, place in index.places(symbol)):
        raise InvalidNewName(
            f"No {noun} here has the permalink `{symbol.name}` in its file.",
            "Write it into the file first: a permalink may also be made from the name.",
        )
    if any(place.occurrence.is_definition for _, place in index.places(symbol._replace(name=new))):
        raise InvalidNewName(f"Another {noun} has the permalink `{new}` already.")
    edits = edits_of_files(services, symbol, new)
    for uri, edit in _imported(services, symbol, new, edits):
        edits.setdefault(uri, (None, []))[1].append(edit)
    services.say(
        types.MessageType.Info,
        f"`{symbol.name}` is now `{new}`. The platform takes it for another {noun}: the next publish makes "
        "one and deletes the one of before.",
    )
    return workspace_edit(edits, services.client)


def _imported(
    services: CommandServices, symbol: Symbol, new: str, edits: Edits
) -> Iterator[tuple[str, types.TextEdit]]:
    """Yield (uri, edit) for each constant that a call imports.

    The constants in files that have edits already are left out.
    """
    projects = WidgetProjects()
    files = [path for uri in edits if (path := path_of(uri)) is not None]
    folders = dict.fromkeys(filter(None, map(projects.folder_of, files)))
    places = {
        place for folder in folders for code in code_with_calls(folder) for place in places_of(code, symbol)
    }
    for path, start, end in sorted(places):
        uri = uri_of(path)
        if path not in files:
            yield uri, types.TextEdit(_range(services, uri, path, start, end), new)


def _range(services: CommandServices, uri: str, path: str, start: int, end: int) -> types.Range:
    try:
        text = read_text(path)
    except UnreadableFile as problem:
        raise NotSaved(problem.message, problem.way_out) from problem
    opened = services.documents.get(uri)
    if opened is not None and opened.document.text != text:
        raise NotSaved(f"{path} is not saved.", "Save it, and rename again.")
    positions = Positions(text, LineIndex(text), services.client.encoding)
    return types.Range(types.Position(*positions.position(start)), types.Position(*positions.position(end)))
