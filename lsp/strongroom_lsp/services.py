"""Describe what a feature or command may ask of the server.

These are protocols only, without state or code. `StrongroomServer` satisfies all of them. A feature takes `Services`,
a command `CommandServices`; neither imports the server.

A feature is a function of (services, lsprotocol's params) to lsprotocol's result, or to `Later` of it: a coroutine,
which `$/cancelRequest` cancels. The function itself runs at once, so what depends on the text that the client asked
about is read there, and only what has to wait is in the coroutine.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from lsprotocol import types

from strongroom_lsp.context.file_context import FileContext, FileContexts
from strongroom_lsp.documents.open_documents import OpenDocument, OpenDocuments
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.encoded import Encoded
from strongroom_lsp.protocol.progress import Progress

if TYPE_CHECKING:
    from strongroom.workspace.index import WorkspaceIndex
    from strongroom.workspace.references import Symbol

Result = TypeVar("Result")

Later = Coroutine[Any, Any, Result]
"""The part of an answer that has to wait: for the index, a child process or the person."""

OnAnswer = Callable[[Any, bool], object]
"""Takes the client's answer to a request of the server, and whether it is a result. If not, it is an exception."""


class Index(Protocol):
    """Ask for the connectors and names of the workspace."""

    @property
    def is_built(self) -> bool:
        """Return True if every file is indexed."""

    def start(self) -> None:
        """Begin to build the index if it is not built."""

    def when_ready(self, call: Callable[[], object]) -> None:
        """Call `call` when every file is indexed."""

    async def ready(self) -> None:
        """Wait until every file is indexed."""

    def fresh(self, *, now: bool = False) -> "WorkspaceIndex":
        """Return the index of the open documents as they are.

        Files on the disk are as they were a moment ago, or as they are with `now`.
        """

    def roughly(self) -> "WorkspaceIndex":
        """Return the index without waiting for large documents or the disk."""

    def unreadable(self) -> tuple[str, ...]:
        """Return the connector files on the disk that could not be read."""

    def prefer(self, uri: str) -> None:
        """Let this document count if several open ones show the same file."""

    def uris(self) -> Callable[[str], str]:
        """Return a function that gives the uri of a path of the index."""


class Services(Protocol):
    """Give a feature the client, its documents, and what the server knows about them."""

    client: Client
    documents: OpenDocuments
    contexts: FileContexts
    folders: tuple[str, ...]
    loop: asyncio.AbstractEventLoop
    last_message: float
    """When the client's last message came, in seconds of the loop's clock."""
    is_shut_down: bool

    @property
    def index(self) -> Index: ...

    def context_of(self, opened: OpenDocument) -> FileContext:
        """Return a document's settings and names, and show the person their problems."""

    def ask(self, method: str, params: Any, on_answer: OnAnswer = ...) -> None:
        """Send a request to the client.

        `on_answer` gets the result or an exception, and whether it is a result.
        """

    def notify(self, method: str, params: Any) -> None:
        """Send a notification to the client."""

    def encoded(self, value: Any) -> Encoded:
        """Return a value of the protocol, or of JSON around such values, as JSON text."""

    def notify_encoded(self, method: str, params: Encoded) -> None:
        """Send a notification whose parameters are JSON already."""

    def when_idle(self, call: Callable[[], object]) -> None:
        """Call `call` when no message is queued, or after many of them."""

    def show_progress(
        self,
        title: str,
        token: types.ProgressToken | None = None,
        on_cancel: Callable[[], object] | None = None,
    ) -> Progress:
        """Show long work in the editor, with the token of the request if it has one."""


class PendingRename(Protocol):
    """Settle a rename whose vault and files do not agree yet."""

    symbol: "Symbol"

    @property
    def is_at_vault(self) -> bool:
        """Return True if the vault is being changed, to the new name or back."""

    def look_at(self, opened: OpenDocument) -> None:
        """Keep the new name if the document shows it."""

    def take_back(self) -> None:
        """Give the vault's entries their old name again."""

    def leave(self) -> None:
        """Keep the new name if the client has the edit."""

    def wait(self) -> None:
        """Wait until the vault's rename has ended."""

    def when_over(self, call: Callable[[], object]) -> None:
        """Call `call` when this rename is over."""


class CommandServices(Services, Protocol):
    """Give a command messages to the person, and renames, as well."""

    renamings: list[PendingRename]

    def say(self, kind: types.MessageType, sentence: str) -> None:
        """Show the person a message."""

    def offer(
        self,
        kind: types.MessageType,
        sentence: str,
        titles: Iterable[str],
        on_choice: Callable[[str | None], object],
    ) -> None:
        """Show the person a message with buttons. `on_choice` gets a title, or None."""

    def call_from_thread(self, call: Callable[..., object], *arguments: object) -> None:
        """Call `call` in the loop's thread, unless the session is over."""

    def when_cancelled_late(self, call: Callable[[], object]) -> Callable[[], None]:
        """Call `call` if the client cancels the request at work after its answer.

        Return a function that ends this.
        """

    def take_names_over(self) -> None:
        """Read changed names now, and check the open documents a moment later."""
