"""The commands that a code lens or code action carries: test a connector, create a secret, rename in the files.

No command takes or gives a secret's value: what needs one runs as a child process, and asks nobody.
"""

import json
import os
import shlex
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.settings import Settings
from strongroom.workspace import UnreadableFile, read_text
from strongroom.workspace.references import Symbol, Thing
from strongroom.workspace.renaming import check_new_name

from .capabilities import look_up
from .case_files import is_case_file
from .child import Child, Done
from .later import Later
from .messages import REQUEST_FAILED, InvalidParams, text_at
from .navigation import when_indexed
from .progress import Progress
from .renaming import apply_to_files
from .run_report import headline_of, report_page, save_page

if TYPE_CHECKING:
    from .open_documents import OpenDocument
    from .session import Session

SHOW_REPORT: Final = "strongroom.showReport"
"""Run by the client where it has a view of its own for reports."""

_SHOW: Final = "Show report"


class NotSaved(StrongroomError):  # noqa: N818 - reads as what it says
    """What is on the screen is not what would be tested."""


def answer(session: "Session", params: Any) -> object:
    """`workspace/executeCommand`."""
    command = _COMMANDS.get(text_at(params, "command"))
    if command is None:
        raise InvalidParams("there is no such command")
    arguments = look_up(params, "arguments")
    first = arguments[0] if isinstance(arguments, list) and arguments else None
    return command(session, first, look_up(params, "workDoneToken"))


def _test(session: "Session", argument: Any, token: object) -> Later:
    """Test one connector, and show what came back; gives the reports of `strongroom test --json`, or them as a page.

    The program reads files. So where what is on the screen is not saved, nothing runs: the report would be of another
    text than the one above which it was asked for.
    """
    uri, connector = text_at(argument, "uri"), text_at(argument, "connector")
    opened = session.documents.get(uri)
    path = opened.path if opened is not None else None
    surroundings = session.surroundings.of(path)
    folder = _project(session, surroundings.settings, path)
    _refuse_unsaved(session, opened, folder)
    arguments = ["test", "--json", *_inputs(argument)]
    if community := session.surroundings.options.community:
        arguments.append(f"--community={community}")
    arguments += ["--", connector]  # a name may begin with a dash
    environment = {}
    if vault := session.surroundings.options.vault:
        environment["STRONGROOM_VAULT"] = vault
    running: list[Child] = []

    def stop() -> None:
        for child in running:
            child.stop()

    later = Later(on_stop=stop)
    progress = Progress(session, f"Testing {connector}", token, on_cancel=stop)

    def done(ended: Done) -> None:
        progress.end()
        later.attempt(lambda: end(ended))

    def end(ended: Done) -> None:
        reports = _reports(ended)
        if reports is None:
            later.fail(REQUEST_FAILED, ended.sentence)
            return
        later.give(report_page(connector, reports) if look_up(argument, "page") is True else reports)
        if SHOW_REPORT not in session.client.commands:
            _show(session, folder, connector, reports, _where(reports, path, folder))

    running.append(Child(session.loop, arguments, folder, environment, done))
    return later


def _project(session: "Session", settings: Settings, path: str | None) -> str:
    """Where the command runs: the settings' folder, else the folder of the workspace that the file lies in."""
    if settings.file is not None or path is None:
        return settings.folder
    around = [folder for folder in session.folders if path.startswith(folder.rstrip(os.sep) + os.sep)]
    return max(around, key=len, default=os.path.dirname(path))


def _inputs(argument: Any) -> list[str]:
    """What the client asked the person for: path parameters and query parameters of the call."""
    found = []
    for key, option in (("pathParameters", "--path-param"), ("query", "--query")):
        given = look_up(argument, key)
        if isinstance(given, Mapping):
            for name, value in given.items():
                found.append(f"{option}={name}={value}")
    return found


def _reports(ended: Done) -> list[Any] | None:
    try:
        reports = json.loads(ended.out)
    except ValueError:
        return None
    return reports if isinstance(reports, list) and reports else None


def _refuse_unsaved(session: "Session", opened: "OpenDocument | None", folder: str) -> None:
    """Raise `NotSaved` for the connector's file, or a file of test cases of its project, with unsaved changes."""
    cases = [
        one
        for one in session.documents.all()
        if is_case_file(one.path) and (one.path or "").startswith(folder.rstrip(os.sep) + os.sep)
    ]
    for one in [opened, *cases] if opened is not None else cases:
        if one.path is not None and _is_unsaved(one):
            raise NotSaved(
                f"{os.path.basename(one.path)} has changes that are not saved.", "Save it, and test again."
            )


def _is_unsaved(opened: "OpenDocument") -> bool:
    if opened.path is None:
        return False
    try:
        return read_text(opened.path) != opened.document.text
    except UnreadableFile:
        return True


def _where(reports: list[Any], path: str | None, folder: str) -> str:
    """Which file was tested, where it is not the one that the person looks at: of two connectors of one permalink the
    registry's counts, as on the platform.
    """
    tested = look_up(reports[0], "file")
    if not isinstance(tested, str) or path is None or is_case_file(tested):
        return ""
    tested = os.path.realpath(os.path.join(folder, tested))
    if tested == os.path.realpath(path):
        return ""
    return f" What {os.path.relpath(tested, os.path.realpath(folder))} has under this name was tested."


def _show(session: "Session", folder: str, connector: str, reports: list[Any], remarks: str) -> None:
    """Say how it went, and offer the whole report: a window that opens by itself would take the keys away."""
    headline = headline_of(connector, reports) + remarks
    passed = all(look_up(report, "passed") is True for report in reports)
    message = {"type": 3 if passed else 1, "message": f"Strongroom: {headline}"}
    if not session.client.shows_documents:
        session.notify("window/showMessage", message)
        return

    def chosen(answer: Any, is_result: bool) -> None:
        if is_result and look_up(answer, "title") == _SHOW:
            uri = save_page(folder, connector, report_page(connector, reports))
            session.ask("window/showDocument", {"uri": uri, "takeFocus": True})

    session.ask("window/showMessageRequest", {**message, "actions": [{"title": _SHOW}]}, chosen)


def _create_secret(session: "Session", argument: Any, _token: object) -> None:
    """Say how to create a secret: its value is typed into a terminal or the app, never into an editor's message."""
    name, kind = text_at(argument, "name"), look_up(argument, "kind")
    kind = kind if kind in tuple(Kind) else Kind.SECRET
    community = look_up(argument, "community")
    where = f" --community {shlex.quote(community)}" if isinstance(community, str) and community else ""
    vault = session.surroundings.options.vault
    program = f"STRONGROOM_VAULT={shlex.quote(vault)} strongroom" if vault else "strongroom"
    session.notify(
        "window/showMessage",
        {
            "type": 3,
            "message": f"Run `{program} {kind} add {name}{where}` in a terminal, or press a in the app that "
            "`strongroom` starts. The finding goes as soon as the name is there.",
        },
    )


def _rename_in_files(session: "Session", argument: Any, _token: object) -> Later:
    """Rename a secret or variable in the files, and leave the store as it is."""
    symbol, new = Symbol(Thing.NAME, text_at(argument, "name")), text_at(argument, "newName")
    check_new_name(symbol, new)
    return when_indexed(session, lambda: apply_to_files(session, symbol, new))


_COMMANDS: Final[Mapping[str, Callable[["Session", Any, object], object]]] = {
    "strongroom.testConnection": _test,
    "strongroom.createSecret": _create_secret,
    "strongroom.renameInFiles": _rename_in_files,
}
