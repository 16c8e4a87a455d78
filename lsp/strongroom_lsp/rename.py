"""Renaming: a step or path parameter in its connector; a secret or variable in all files and the store together.

The store is renamed first, by a child process, as this one holds no key; only then is the edit given to the client.
Where the store cannot be renamed, no file is touched, and the person may choose to rename in the files only.
"""

from typing import TYPE_CHECKING, Any, Final

from strongroom.errors import StrongroomError
from strongroom.workspace.references import Occurrence, Symbol, Thing, symbol_at
from strongroom.workspace.renaming import check_is_free, check_new_name, edits_in

from .asking import place_of
from .conversation import INFO
from .edits import document_edit, text_edit, workspace_edit
from .later import Later
from .messages import REQUEST_FAILED, text_at
from .navigation import range_of
from .open_documents import OpenDocument
from .store_rename import StoreRename, entries_to_rename, left_behind, surroundings_of

if TYPE_CHECKING:
    from .session import Session

FILES_ONLY: Final = "Rename in the files only"


class NothingToRename(StrongroomError):  # noqa: N818
    """There is nothing at the cursor that has a name of its own."""


def prepare(session: "Session", params: Any) -> object:
    """`textDocument/prepareRename`."""
    place = place_of(session, params)
    if place is None:
        return None
    opened, offset = place
    found = symbol_at(opened.document, offset)
    if found is None or found.symbol.thing is Thing.CONNECTOR:
        return None
    return {"range": opened.positions.range(found.start, found.end), "placeholder": found.symbol.name}


def answer(session: "Session", params: Any) -> object:
    """`textDocument/rename`."""
    place, new = place_of(session, params), text_at(params, "newName")
    found = symbol_at(place[0].document, place[1]) if place is not None else None
    if place is None or found is None:
        raise NothingToRename("There is no name here that can be renamed.")
    check_new_name(found.symbol, new)
    if found.symbol.name == new:
        return None
    if found.symbol.thing is not Thing.NAME:
        return _in_document(session, place[0], found, new)
    return _everywhere(session, found.symbol, new)


def _in_document(session: "Session", opened: OpenDocument, found: Occurrence, new: str) -> dict[str, Any]:
    check_is_free(opened.document, found.symbol, new)
    edits = edits_in(opened.document, found.symbol, new)
    return document_edit(opened, [text_edit(opened, edit) for edit in edits], session.client)


def _everywhere(session: "Session", symbol: Symbol, new: str) -> Later:
    running: list[StoreRename] = []
    rest: list[str] = []

    def stop() -> None:
        for one in running:
            one.stop()

    later = Later(on_stop=stop)

    def begin() -> None:
        files = session.background.index.fresh().files_with(symbol.thing, symbol.name)
        surroundings = surroundings_of(session, files)
        entries = entries_to_rename(session, symbol.name, surroundings)
        rest.append(left_behind(symbol.name, entries, surroundings))
        if entries:
            running.append(StoreRename(session, entries, symbol.name, new, done))
            session.is_renaming = True
        else:
            later.give(edit_of_files(session, symbol, new))

    def done(trouble: str) -> None:
        session.is_renaming = False
        later.attempt(lambda: end(trouble))

    def end(trouble: str) -> None:
        if trouble:
            later.fail(REQUEST_FAILED, f"Nothing was renamed: {trouble}")
            _offer_files_only(session, symbol, new, trouble)
        else:
            # The new name is known before the edit comes back as changes: no file shows it as unknown meanwhile.
            session.take_names_over()
            later.give(edit_of_files(session, symbol, new))
            if any(rest):
                session.say(INFO, rest[0])

    session.background.index.when_ready(lambda: later.attempt(begin))
    return later


def edit_of_files(session: "Session", symbol: Symbol, new: str) -> dict[str, Any]:
    """The edit that renames a symbol in every file of the workspace, as the files are now."""
    workspace = session.background.index
    workspace.reread(workspace.fresh().files_with(symbol.thing, symbol.name))
    uri_of = workspace.uris()
    edits: dict[str, tuple[int | None, list[dict[str, Any]]]] = {}
    for path, place in workspace.fresh().places(symbol):
        uri = uri_of(path)
        if uri not in edits:
            opened = session.documents.get(uri)
            edits[uri] = (opened.version if opened is not None else None, [])
        edits[uri][1].append({"range": range_of(place), "newText": new})
    return workspace_edit(edits, session.client)


def _offer_files_only(session: "Session", symbol: Symbol, new: str, trouble: str) -> None:
    """Ask whether the files are to be renamed all the same; for clients that can be given an edit."""
    if not session.client.applies_edits:
        return

    def chosen(answer: Any, is_result: bool) -> None:
        if is_result and isinstance(answer, dict) and answer.get("title") == FILES_ONLY:
            apply_to_files(session, symbol, new)

    session.ask(
        "window/showMessageRequest",
        {
            "type": 2,
            "message": f"Strongroom could not rename `{symbol.name}` in the vault: {trouble}",
            "actions": [{"title": FILES_ONLY}],
        },
        chosen,
    )


def apply_to_files(session: "Session", symbol: Symbol, new: str) -> None:
    """Have the client rename in the files, without the store."""
    label = f"Rename {symbol.name} to {new}"
    edit = edit_of_files(session, symbol, new)
    session.ask("workspace/applyEdit", {"label": label, "edit": edit})
