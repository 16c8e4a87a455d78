"""Test one connector from the editor.

`strongroom test` runs as a child, which has the key, asks nothing, and sends nothing to a host that the person has
not agreed to. The person is asked here, and the child runs again.
"""

import asyncio
import json
import os
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from strongroom.errors import StrongroomError
from strongroom.settings.model import Settings
from strongroom.workspace import UnreadableFile, read_text
from strongroom_lsp.commands import consent
from strongroom_lsp.commands.child import EndedChild, run_child
from strongroom_lsp.commands.run_report import headline_of, report_page, save_page
from strongroom_lsp.commands.trust import check_trusted
from strongroom_lsp.documents.case_files import is_case_file
from strongroom_lsp.protocol.errors import RequestFailed
from strongroom_lsp.protocol.messages import look_up, text_at
from strongroom_lsp.services import CommandServices, Services

if TYPE_CHECKING:
    from strongroom_lsp.documents.open_documents import OpenDocument

SHOW_REPORT: Final = "strongroom.showReport"
"""The command of a client that has a view of its own for reports."""

_SHOW: Final = "Show report"


MOST_QUESTIONS: Final = 10
"""Questions about hosts in one test, because a file could go on naming hosts."""


class NotSaved(StrongroomError):  # noqa: N818 - reads as what it says
    """Report that the text on the screen is not the one that would be tested."""


class ConnectionTest:
    """Run one test, from the request to its report.

    The program reads files, so nothing runs while a document has unsaved changes, because the report would be about
    another text than the one on the screen.
    """

    def __init__(self, services: CommandServices, argument: Any, token: types.ProgressToken | None) -> None:
        self._services = services
        self._argument = argument
        self._token = token
        uri, self._connector = text_at(argument, "uri"), text_at(argument, "connector")
        opened = services.documents.get(uri)
        self._path = opened.path if opened is not None else None
        self._folder = _project(services, services.contexts.of(self._path).settings, self._path)
        _refuse_unsaved(services, opened, self._folder)

    async def run(self) -> Any:
        """Return the reports of `strongroom test --json`, or a page of them."""
        agreed: list[consent.Withheld] = []
        reports = await self._reports()
        for _ in range(MOST_QUESTIONS):
            new = [one for one in consent.withheld_in(reports) if one not in agreed]
            if not new or not await consent.ask(self._services, new):
                break
            check_trusted(self._services)
            consent.remember(self._folder, new)
            agreed += new
            reports = await self._reports()
        return self._shown(reports)

    async def _reports(self) -> list[Any]:
        """Return what the child reports. Raises `RequestFailed` with the child's sentence."""
        options = self._services.contexts.options
        inputs, payload = _inputs(self._argument)
        arguments = ["test", "--json", *inputs]
        if options.community:
            arguments.append(f"--community={options.community}")
        arguments += ["--", self._connector]  # a name may begin with a dash
        environment = {"STRONGROOM_VAULT": options.vault} if options.vault else {}
        task = asyncio.current_task()
        assert task is not None
        token, self._token = self._token, None
        progress = self._services.show_progress(f"Testing {self._connector}", token, on_cancel=task.cancel)
        try:
            ended = await run_child(self._services, arguments, self._folder, environment, given=payload)
        finally:
            progress.end()
        reports = _reports(ended)
        if reports is None:
            raise RequestFailed(ended.sentence)
        return reports

    def _shown(self, reports: list[Any]) -> Any:
        """Return the reports, and show them to the person unless the client does."""
        services, connector = self._services, self._connector
        explained = [consent.with_way_out(report, self._folder) for report in reports]
        if SHOW_REPORT not in services.client.commands:
            remarks = _where(explained, self._path, self._folder) + consent.remark(explained, self._folder)
            # Behind the answer, which is sent when this task is done.
            show = partial(_show, services, self._folder, connector, explained, remarks)
            services.loop.call_later(0.0, show)
        return report_page(connector, explained) if look_up(self._argument, "page") is True else explained


def _project(services: Services, settings: Settings, path: str | None) -> str:
    """Return the folder to run in: the one of the settings, else the workspace's.

    A file outside the workspace is tested in its own folder.
    """
    if settings.file is not None or path is None:
        return settings.folder
    around = [folder for folder in services.folders if path.startswith(folder.rstrip(os.sep) + os.sep)]
    return max(around, key=len, default=os.path.dirname(path))


def _inputs(argument: Any) -> tuple[list[str], bytes]:
    """Return the options for the client's inputs, and the child's standard input.

    The payload goes there, because an option holds no large text.
    """
    found, payload = [], b""
    for key, option in (("pathParameters", "--path-param"), ("query", "--query")):
        given = look_up(argument, key)
        if isinstance(given, Mapping):
            for name, value in given.items():
                found.append(f"{option}={name}={value}")
    if isinstance(user := look_up(argument, "user"), str) and user:
        found.append(f"--user={user}")
    if isinstance(text := look_up(argument, "payload"), str) and text:
        if not text.startswith("@"):
            text, payload = "@-", text.encode("utf-8", "replace")
        found.append(f"--payload={text}")
    return found, payload


def _reports(ended: EndedChild) -> list[Any] | None:
    try:
        reports = json.loads(ended.out)
    except ValueError:
        return None
    return reports if isinstance(reports, list) and reports else None


def _refuse_unsaved(services: Services, opened: "OpenDocument | None", folder: str) -> None:
    """Raise `NotSaved` if the file or its project's test cases are not saved."""
    cases = [
        one
        for one in services.documents.all()
        if is_case_file(one.path) and (one.path or "").startswith(folder.rstrip(os.sep) + os.sep)
    ]
    for one in [opened, *cases] if opened is not None else cases:
        if one.path is not None and _is_unsaved(one):
            raise NotSaved(
                f"{os.path.basename(one.path)} has changes that are not saved.",
                "Save the file, and test again.",
            )


def _is_unsaved(opened: "OpenDocument") -> bool:
    if opened.path is None:
        return False
    try:
        return read_text(opened.path) != opened.document.text
    except UnreadableFile:
        return True


def _where(reports: list[Any], path: str | None, folder: str) -> str:
    """Return a sentence about the tested file, if it is not the one on the screen.

    If two connectors have one permalink, the registry's counts, as on the platform.
    """
    tested = look_up(reports[0], "file")
    if not isinstance(tested, str) or path is None or is_case_file(tested):
        return ""
    tested = os.path.realpath(os.path.join(folder, tested))
    if tested == os.path.realpath(path):
        return ""
    return f" The connector of this name in {os.path.relpath(tested, os.path.realpath(folder))} was tested."


def _show(services: CommandServices, folder: str, connector: str, reports: list[Any], remarks: str) -> None:
    """Show how the test went, and offer the whole report.

    A window that opens by itself would take the focus.
    """
    headline = headline_of(connector, reports) + remarks
    has_passed = all(look_up(report, "passed") is True for report in reports)
    kind = types.MessageType.Info if has_passed else types.MessageType.Error
    if not services.client.shows_documents:
        services.say(kind, headline)
        return

    def chosen(title: str | None) -> None:
        if title == _SHOW:
            uri = save_page(folder, connector, report_page(connector, reports))
            params = types.ShowDocumentParams(uri, take_focus=True)
            services.ask(types.WINDOW_SHOW_DOCUMENT, params)

    services.offer(kind, headline, [_SHOW], chosen)
