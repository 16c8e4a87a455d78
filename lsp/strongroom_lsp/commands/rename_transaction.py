"""Rename a secret or variable in the files and in its store, or nowhere.

The store is the vault or engine of the name's community.

A client does not answer whether it applied the edit of a rename. Its document shows that, because it has the new name
then. Until that, or until the client shuts down in good order, a child process holds the vault's rename, and takes it
back when the client cancels or dies.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

from lsprotocol import types

from strongroom.errors import StrongroomError
from strongroom.text.phrases import joined
from strongroom.text.terminal import visible
from strongroom.workspace.references import Symbol, same_symbol
from strongroom_lsp.commands.held_rename import StoreEntry
from strongroom_lsp.commands.rename_edit import contexts_of, edit_of_files, files_with
from strongroom_lsp.commands.store_rename import StoreRename, entries_to_rename, left_behind
from strongroom_lsp.commands.trust import NotTrusted
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.errors import RequestFailed
from strongroom_lsp.services import CommandServices

FILES_ONLY: Final = "Rename in the files only"
CHANGE_FILES: Final = "Change the files"
TAKE_BACK: Final = "Take the rename back"

PATIENCE: Final = 20.0
"""Seconds after which a client is asked why its document has the old name, although it has the edit."""

LAST_WAIT: Final = 10.0
"""Seconds that the end of this process waits for the vault."""


class Renaming:
    """Run one rename, from the request until vault and files agree."""

    def __init__(self, services: CommandServices, opened: OpenDocument, symbol: Symbol, new: str) -> None:
        self.answer: asyncio.Future[types.WorkspaceEdit] = services.loop.create_future()
        """The answer that the client gets. The client may cancel its request before this, or a moment after."""
        self.answer.add_done_callback(self._was_answered)
        self._end_late_cancel = services.when_cancelled_late(self.take_back)
        self.symbol = symbol
        self._services = services
        self._opened = opened
        self._new = new
        self._store: StoreRename | None = None
        self._work: asyncio.Task[None] | None = None  # a task without a reference may be collected
        self._where = ""
        self._is_given = self._is_settling = self._keeps = False
        self._when_over: list[Callable[[], object]] = []
        services.index.when_ready(lambda: self._attempt(self._begin))

    @property
    def is_at_vault(self) -> bool:
        """Return True if the vault is being changed, to the new name or back."""
        return not self._is_given or self._is_settling

    # -- on the way there --------------------------------------------------------------------------------------

    def _begin(self) -> None:
        services, symbol = self._services, self.symbol
        for other in services.renamings:
            if other.is_at_vault or other.symbol == symbol:
                if not other.is_at_vault:
                    other.take_back()  # the client asks again, so it has not applied the first edit
                other.when_over(lambda: self._attempt(self._begin))
                return
        services.index.prefer(self._opened.uri)
        edit = edit_of_files(services, symbol, self._new, self._opened)
        contexts = contexts_of(services, files_with(services, symbol, self._opened))
        try:
            entries = entries_to_rename(services, symbol.name, contexts)
        except StrongroomError as error:
            self._failed(str(error))
            return
        if not entries:
            self._end_late_cancel()
            self.answer.set_result(edit)
            return
        if not services.contexts.options.is_trusted:
            self._failed(str(NotTrusted()))
            return
        self._where = joined(sorted({entry.where for entry in entries}))
        sentences = self._sentences(entries, left_behind(symbol.name, entries, contexts))
        services.renamings.append(self)
        self._store = StoreRename(services, entries, (symbol.name, self._new))
        self._work = services.loop.create_task(self._rename(self._store, sentences))

    def _sentences(self, entries: Sequence[StoreEntry], left: Sequence[str]) -> list[str]:
        """Return what the person should know once the client has the edit."""
        communities = ", ".join(sorted({entry.community for entry in entries}))
        old, where = self.symbol.name, self._where
        return [
            f"`{old}` is `{self._new}` now, in the files and in {where} ({communities}).",
            *left,
            *(
                f"{visible(path)} cannot be read, and keeps the old name if it has it."
                for path in self._services.index.unreadable()
            ),
            f"Undo in the editor does not change {where}. To have the old name back, rename again.",
        ]

    async def _rename(self, store: StoreRename, sentences: Sequence[str]) -> None:
        """Rename in the store, give the client the edit, and wait for both.

        The wait ends when both have the name that stays.
        """
        try:
            is_renamed = await store.rename()
        except StrongroomError as error:
            self._failed(str(error))
            return
        if is_renamed:
            self._attempt(lambda: self._give(sentences))
        trouble = await store.settled()
        self._over()
        if trouble:
            self._warn(f"The files and {self._where} do not agree. {trouble}")
        elif not self._keeps and self._is_given:
            self._warn(
                f"The name in {self._where} is `{self.symbol.name}` again, because the files did not change."
            )

    def _warn(self, sentence: str) -> None:
        if not self._services.is_shut_down:
            self._services.say(types.MessageType.Warning, sentence)

    def _attempt(self, work: Callable[[], object]) -> None:
        """Do a part of the work, and answer with its error if it fails."""
        if self.answer.done():
            return
        try:
            work()
        except Exception as error:
            self.answer.set_exception(error)

    def _was_answered(self, answer: "asyncio.Future[types.WorkspaceEdit]") -> None:
        if answer.cancelled():
            self.take_back()

    def _failed(self, trouble: str) -> None:
        self._over()
        if not self.answer.done():
            self.answer.set_exception(RequestFailed(f"Nothing was renamed: {trouble}"))
            _offer_files_only(self._services, self.symbol, self._new, trouble)

    def _give(self, sentences: Sequence[str]) -> None:
        """Give the client the edit, because the vault has the new name.

        The edit is built again, because the person may have typed meanwhile.
        """
        services = self._services
        try:
            edit = edit_of_files(services, self.symbol, self._new, self._opened)
        except BaseException:
            self.take_back()
            raise
        # The new name is known before the client applies the edit, so that no file shows it as unknown.
        services.take_names_over()
        self._is_given = True
        self.answer.set_result(edit)
        # Behind the answer, which is sent when its callbacks run.
        services.loop.call_soon(services.say, types.MessageType.Info, " ".join(sentences))
        services.loop.call_later(PATIENCE, self._ask)

    # -- what the client does ----------------------------------------------------------------------------------

    def look_at(self, opened: OpenDocument) -> None:
        """Keep the new name if the document shows it."""
        if self._is_given and opened is self._opened and self._is_applied():
            self.keep()

    def keep(self) -> None:
        """Keep the new name in the vault, because the files have it."""
        self._settle(keep=True)

    def take_back(self) -> None:
        """Give the vault's entries their old name, because the files have it."""
        self._settle(keep=False)

    def leave(self) -> None:
        """Settle the rename when the client shuts down: it keeps what it was given."""
        if self._is_given:
            self.keep()
        else:
            self.take_back()

    def when_over(self, call: Callable[[], object]) -> None:
        """Call `call` when this rename is over."""
        self._when_over.append(call)

    def wait(self) -> None:
        """Wait until the vault's rename has ended, as this process is about to."""
        if self._store is not None:
            self._store.wait(LAST_WAIT)

    def _is_applied(self) -> bool:
        return next(same_symbol(self._opened.document, self.symbol), None) is None

    def _settle(self, *, keep: bool) -> None:
        if self._store is not None and not self._is_settling:
            self._is_settling, self._keeps = True, keep
            self._store.release(keep=keep)

    def _over(self) -> None:
        self._end_late_cancel()
        if self in self._services.renamings:
            self._services.renamings.remove(self)
        when_over, self._when_over = self._when_over, []
        for call in when_over:
            call()

    def _ask(self) -> None:
        """Ask about a rename that the document does not show.

        The client refused the edit, or failed.
        """
        services = self._services
        if self._is_settling or services.is_shut_down:
            return

        def applied(answer: Any, is_result: bool) -> None:
            if is_result and answer.applied:
                self.keep()
            else:
                self.take_back()

        def chosen(title: str | None) -> None:
            if title == CHANGE_FILES:
                apply_edit(
                    services, self.symbol, self._new, edit_of_files(services, self.symbol, self._new), applied
                )
            elif title == TAKE_BACK:
                self.take_back()

        actions = [CHANGE_FILES, TAKE_BACK] if services.client.applies_edits else [TAKE_BACK]
        services.offer(
            types.MessageType.Warning,
            f"The name in {self._where} is `{self._new}`, and this file has the old name `{self.symbol.name}`.",
            actions,
            chosen,
        )


def apply_to_files(services: CommandServices, symbol: Symbol, new: str) -> None:
    """Ask the client to rename in the files, but not in the vault or names files."""
    apply_edit(services, symbol, new, edit_of_files(services, symbol, new, with_names=False))


def apply_edit(
    services: CommandServices,
    symbol: Symbol,
    new: str,
    edit: types.WorkspaceEdit,
    on_answer: Callable[[Any, bool], object] = lambda _answer, _is_result: None,
) -> None:
    """Ask the client to apply the edit of a rename."""
    params = types.ApplyWorkspaceEditParams(edit, label=f"Rename {symbol.name} to {new}")
    services.ask(types.WORKSPACE_APPLY_EDIT, params, on_answer)


def _offer_files_only(services: CommandServices, symbol: Symbol, new: str, trouble: str) -> None:
    """Ask whether to rename in the files only, if the client can take an edit."""
    if not services.client.applies_edits:
        return

    def chosen(title: str | None) -> None:
        if title == FILES_ONLY:
            apply_to_files(services, symbol, new)

    problem = f"`{symbol.name}` could not be renamed: {trouble}"
    services.offer(types.MessageType.Warning, problem, [FILES_ONLY], chosen)
