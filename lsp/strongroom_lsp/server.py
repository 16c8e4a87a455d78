"""Serve one client: documents, folders, settings, names and diagnostics.

`StrongroomServer` is pygls' `LanguageServer` with the state of one client. It gives features and commands what
`services` describes. `session` has what happens at the client's notifications, `registration` says which function
answers which request.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from strongroom.version import __version__
from strongroom_lsp.context.file_context import FileContext, FileContexts
from strongroom_lsp.context.options import Options
from strongroom_lsp.diagnostics.publishing import Publisher, connector_diagnostics
from strongroom_lsp.documents.case_files import is_case_file
from strongroom_lsp.documents.code_files import is_code_file
from strongroom_lsp.documents.open_documents import OpenDocument, OpenDocuments
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.converter import make_converter
from strongroom_lsp.protocol.encoded import Encoded
from strongroom_lsp.protocol.errors import log, log_exception
from strongroom_lsp.protocol.language_protocol import StrongroomProtocol
from strongroom_lsp.protocol.progress import Progress
from strongroom_lsp.protocol.reading import Inbox
from strongroom_lsp.services import OnAnswer, PendingRename

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pygls.server import ServerErrors

    from strongroom_lsp.background import Background
    from strongroom_lsp.index.workspace_index import IndexedWorkspace

POLL: Final = 0.15
"""Seconds between two looks at the vault, names, settings and project. A change shows within twice that."""

IDLE_POLL: Final = 2.0
"""The same while no document is open. The status and the workspace's diagnostics may be on the screen then."""

REST: Final = 50
"""The pause after a look, in times of the look's own length. In a project of thousands of widgets a look takes long."""

SETTLED: Final = 0.3
"""Seconds from the handshake until the background work begins."""

LONGEST_DELAY: Final = 0.1
"""Seconds that what waits for an idle moment waits at most."""


class StrongroomServer(LanguageServer):
    """Hold the state of one client: capabilities, documents, folders, contexts."""

    protocol: StrongroomProtocol

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            "strongroom", __version__, protocol_cls=StrongroomProtocol, converter_factory=make_converter
        )
        self.loop = loop
        self.inbox = Inbox(loop, self.protocol.expect_cancellation)
        self.last_message = loop.time()
        self.stopped = threading.Event()
        self.status = 1
        """The exit status: 1 unless the client said `shutdown` before it left."""
        self.is_local = False
        """The client's process started this one."""
        self.is_shut_down = False
        self.client = Client()
        self.documents = OpenDocuments(self.client.encoding)
        self.first_options = Options()
        self.contexts = FileContexts(self.first_options, os.getcwd())
        self.publisher = Publisher(self, self._diagnostics_of)
        self.folders: tuple[str, ...] = ()
        self.renamings: list[PendingRename] = []
        """The renames whose vault and files do not agree yet."""
        self._background: Background | None = None
        self._problems: dict[str, tuple[str, ...]] = {}
        self._polling: asyncio.TimerHandle | None = None
        self._look_took = 0.0
        """Seconds of processor time of the last look."""
        loop.set_exception_handler(_log_failed_callback)

    # -- life --------------------------------------------------------------------------------------------------

    def message_came(self) -> None:
        """Note the time of a message. The index is not built while the person types."""
        self.last_message = self.loop.time()

    def complete(self, capabilities: types.ServerCapabilities) -> None:
        """Announce only what this client can use.

        A client that can be asked to request again pulls its diagnostics, and so does one that takes no pushed ones.
        To every other client they are pushed, because a change of the vault has to reach the screen although nothing
        was typed. No client gets both, because each finding would show twice.
        """
        if not self.client.pulls:
            capabilities.diagnostic_provider = None
        if not self.client.literal_actions:
            capabilities.code_action_provider = False
        # A client registers the commands in this list. One that it runs itself would be registered twice.
        ours = [name for name in self.protocol.fm.commands if name not in self.client.commands]
        capabilities.execute_command_provider = types.ExecuteCommandOptions(ours, work_done_progress=True)

    def begin_background(self) -> None:
        """Begin what does not belong to any message."""
        self.background.start()
        self.keep_looking()

    def stop(self, status: int) -> None:
        """End the process with this exit status. The first one counts."""
        if not self.stopped.is_set():
            self.status = status
            self.stopped.set()
            self.inbox.end()

    def end(self) -> None:
        """Wait for the renames before this process ends, because the client is gone."""
        for renaming in self.renamings:
            renaming.wait()

    def report_server_error(self, error: Exception, source: "ServerErrors") -> None:
        """Take what pygls could not do.

        A request has its answer already, and a notification's error is logged.
        """
        if source is JsonRpcException and isinstance(error, (ValueError, RecursionError)):
            self.protocol.answer_unreadable()

    # -- messages to the client --------------------------------------------------------------------------------

    def say(self, kind: types.MessageType, sentence: str) -> None:
        """Show the person a message."""
        self.window_show_message(types.ShowMessageParams(kind, f"Strongroom: {sentence}"))

    def offer(
        self,
        kind: types.MessageType,
        sentence: str,
        titles: Iterable[str],
        on_choice: Callable[[str | None], object],
    ) -> None:
        """Show the person a message with a button for each title.

        `on_choice` gets the title of the chosen button, or None if there is no such choice.
        """

        def answered(answer: Any, is_result: bool) -> None:
            on_choice(answer.title if is_result and isinstance(answer, types.MessageActionItem) else None)

        actions = [types.MessageActionItem(title) for title in titles]
        params = types.ShowMessageRequestParams(kind, f"Strongroom: {sentence}", actions)
        self.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params, answered)

    def ask(self, method: str, params: Any, on_answer: OnAnswer = lambda _answer, _is_result: None) -> None:
        """Send a request to the client.

        `on_answer` is called with the answer. Without one, because the session is over, it is not.
        """

        def answered(answer: "Future[Any]") -> None:
            if answer.cancelled():
                return
            error = answer.exception()
            try:
                on_answer(answer.result() if error is None else error, error is None)
            except Exception as problem:
                log_exception("an answer of the client could not be used", problem)

        self.protocol.send_request(method, params).add_done_callback(answered)

    def notify(self, method: str, params: Any) -> None:
        """Send a notification to the client."""
        self.protocol.notify(method, params)

    def encoded(self, value: Any) -> Encoded:
        """Return a value of the protocol, or of JSON around such values, as JSON text."""
        return self.protocol.encoded(value)

    def notify_encoded(self, method: str, params: Encoded) -> None:
        """Send a notification whose parameters are JSON already."""
        self.protocol.notify_encoded(method, params)

    def show_progress(
        self,
        title: str,
        token: types.ProgressToken | None = None,
        on_cancel: Callable[[], object] | None = None,
    ) -> Progress:
        """Show long work in the editor, with the token of the request if it has one."""
        return Progress(self.work_done_progress, title, token, on_cancel, is_shown=self.client.progress)

    # -- when ----------------------------------------------------------------------------------------------------

    def when_idle(self, call: Callable[[], object]) -> None:
        """Call `call` when no message is queued, or after many of them."""
        due = self.loop.time() + LONGEST_DELAY

        def attempt() -> None:
            if self.inbox.is_empty or self.loop.time() > due:
                call()
            else:
                self.loop.call_soon(attempt)

        self.loop.call_soon(attempt)

    def call_from_thread(self, call: Callable[..., object], *arguments: object) -> None:
        """Call `call` in the loop's thread, unless the session is over."""
        with suppress(RuntimeError):  # the loop is closed
            self.loop.call_soon_threadsafe(call, *arguments)

    def when_cancelled_late(self, call: Callable[[], object]) -> Callable[[], None]:
        """Call `call` if the client cancels the request at work after its answer.

        Return a function that ends this.
        """
        return self.protocol.when_cancelled_late(call)

    # -- contexts ------------------------------------------------------------------------------------------

    def context_of(self, opened: OpenDocument) -> FileContext:
        """Return a document's settings and names, and show the person their problems.

        Each problem is shown once.
        """
        context = self.contexts.of(opened.path)
        folder = os.path.dirname(opened.path or "")
        known = {problem for problems in self._problems.values() for problem in problems}
        self._problems[folder] = context.problems
        for problem in context.problems:
            if problem not in known:
                log(problem)
                self.say(types.MessageType.Warning, problem)
        return context

    def configure(self, section: object) -> None:
        """Take the options of the client's section `strongroom`.

        A section without any of the options changes nothing. An option that the section does not name is as the
        client set it at the start.
        """
        if Options.are_in(section) and self.contexts.configure(self.first_options.changed_by(section)):
            self.all_changed()

    def look_around(self) -> None:
        """Check the open documents again if names or settings have changed."""
        if self.contexts.refresh(opened.path for opened in self.documents.all()):
            self.all_changed()

    def take_names_over(self) -> None:
        """Read changed names now, and check the open documents a moment later.

        The client is about to send the edits of a rename.
        """
        if self.contexts.refresh(opened.path for opened in self.documents.all()):
            self.loop.call_later(SETTLED, self.all_changed)

    def keep_looking(self) -> None:
        """Look around at intervals.

        The intervals are longer while no document is open, and after a long look.
        """
        if self._polling is not None:
            self._polling.cancel()
        interval = POLL if self.documents.all() else IDLE_POLL
        self._polling = self.loop.call_later(max(interval, REST * self._look_took), self._poll)

    def _poll(self) -> None:
        if self.is_shut_down:
            return
        began = time.thread_time()
        try:
            # While a name is changed in the vault, the files still have the old one.
            if not any(renaming.is_at_vault for renaming in self.renamings):
                self.look_around()
        finally:
            self._look_took = time.thread_time() - began
            self.keep_looking()

    # -- diagnostics -------------------------------------------------------------------------------------------

    def check(self, opened: OpenDocument) -> None:
        """Publish a document's diagnostics, unless the client pulls them."""
        if not self.client.pulls:
            self.publisher.changed(opened)

    def all_changed(self) -> None:
        """Check everything on the screen again, because names or settings have changed."""
        for opened in self.documents.all():
            self.check(opened)
        if self._background is not None or self.client.pulls:
            self.background.refresh()

    def cases_changed(self) -> None:
        """Check the open files of test cases again."""
        for opened in self.documents.all():
            if is_case_file(opened.path):
                self.check(opened)

    def _diagnostics_of(self, opened: OpenDocument) -> Any:
        if is_case_file(opened.path):
            from strongroom_lsp.features.case_diagnostics import case_diagnostics

            return case_diagnostics(self, opened)
        if is_code_file(opened.path):
            from strongroom_lsp.features.widgets.diagnostics import code_diagnostics

            return code_diagnostics(self, opened)
        return connector_diagnostics(self, opened)

    # -- parts -------------------------------------------------------------------------------------------------

    @property
    def index(self) -> "IndexedWorkspace":
        """Return the index of the workspace."""
        return self.background.index

    @property
    def background(self) -> "Background":
        """Return the work beside the client's messages: index, configuration, watching."""
        if self._background is None:
            from strongroom_lsp.background import Background

            self._background = Background(self, self.configure, self.cases_changed)
        return self._background

    @property
    def has_background(self) -> bool:
        """Return True if the work beside the client's messages has begun."""
        return self._background is not None


def _log_failed_callback(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a failed check. It must not end the server for all other files."""
    error = context.get("exception")
    log_exception("a check failed", error) if error is not None else log(context["message"])
