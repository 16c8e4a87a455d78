"""Describe what a feature or command may ask of the server: protocols only, without state or code.

`Session` satisfies all of them. A feature takes `Services`, a command `CommandServices`; neither imports `Session`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from strongroom_lsp.context.file_context import FileContext, FileContexts
from strongroom_lsp.documents.open_documents import OpenDocument, OpenDocuments
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.conversation import OnAnswer
from strongroom_lsp.protocol.loop import Loop
from strongroom_lsp.protocol.progress import Progress

if TYPE_CHECKING:
    from strongroom.workspace.index import WorkspaceIndex
    from strongroom.workspace.references import Symbol


class Index(Protocol):
    """The index of the connectors and names in the workspace."""

    @property
    def is_built(self) -> bool:
        """Whether every file is indexed."""

    def start(self) -> None:
        """Begin to build the index, if it is not built."""

    def when_ready(self, call: Callable[[], object]) -> None:
        """Call `call` when every file is indexed."""

    def fresh(self, *, now: bool = False) -> "WorkspaceIndex":
        """Return the index of the open documents as they are, and of the disk as it was a moment ago, or is `now`."""

    def roughly(self) -> "WorkspaceIndex":
        """Return the index without waiting for large documents or the disk."""

    def prefer(self, uri: str) -> None:
        """Let this document count among the open ones of the same file."""

    def uris(self) -> Callable[[str], str]:
        """Return a function that gives the uri of a path of the index."""


class Services(Protocol):
    """What every feature may use: the client, its documents, and what the server knows about them."""

    client: Client
    documents: OpenDocuments
    contexts: FileContexts
    folders: tuple[str, ...]
    loop: Loop
    last_message: float
    """The loop's time of the client's last message."""
    is_shut_down: bool

    @property
    def index(self) -> Index: ...

    def context_of(self, opened: OpenDocument) -> FileContext:
        """Return the settings and names of a document, and show the person what is wrong with them, once."""

    def ask(self, method: str, params: Any, on_answer: OnAnswer = ...) -> None:
        """Send a request to the client. `on_answer` gets the result or error, and whether it is a result."""

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification to the client."""

    def progress(
        self, title: str, token: object = None, on_cancel: Callable[[], object] | None = None
    ) -> Progress:
        """Show long work in the editor, under the token of the client's request if there is one."""


class PendingRename(Protocol):
    """A rename whose vault and files do not agree yet."""

    symbol: "Symbol"

    @property
    def is_at_vault(self) -> bool:
        """Whether the vault is being renamed, there or back."""

    def look_at(self, opened: OpenDocument) -> None:
        """Keep the new name if the document shows it."""

    def take_back(self) -> None:
        """Give the vault's entry its old name again."""

    def leave(self) -> None:
        """Keep the new name if the client has the edit."""

    def wait(self) -> None:
        """Wait until the vault's rename has ended."""

    def when_over(self, call: Callable[[], object]) -> None:
        """Call `call` when this rename is over."""


class CommandServices(Services, Protocol):
    """What a command may use as well: messages to the person, and renames that change the vault."""

    renamings: list[PendingRename]

    def say(self, kind: int, sentence: str) -> None:
        """Show the person a message. `kind` is a `MessageType`."""

    def take_names_over(self) -> None:
        """Read changed names and settings now, and check the open documents a moment later."""
