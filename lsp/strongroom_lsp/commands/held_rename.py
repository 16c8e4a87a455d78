"""Rename one entry of a vault or an engine, and be able to take the rename back.

A child process renames the entry, and renames it back unless it is asked to keep the new name. The child ends with
its input. So whatever ends this process, a kill too, the entry has its old name again.
"""

import asyncio
import subprocess
import threading
from contextlib import suppress
from typing import Final, NamedTuple, TypeVar

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom_lsp.commands.child import LONGEST, EndedChild, ended_child, run_child, start
from strongroom_lsp.services import CommandServices

_KEEP: Final = b"keep\n"
_RENAMED: Final = b"renamed"
_BACK: Final = "renamed back"

_T = TypeVar("_T")


class StoreEntry(NamedTuple):
    """Name an entry, and the folder whose settings open its vault or engine.

    `where` is the vault or the engine in words.
    """

    vault: str
    community: str
    kind: Kind
    folder: str
    where: str


class HeldRename:
    """Rename one entry in a child, which holds the rename until `release`.

    `release` says which name stays. `renamed` waits for the new name, and `settled` for the name that stays.
    """

    def __init__(self, services: CommandServices, entry: StoreEntry, names: tuple[str, str]) -> None:
        self._services = services
        self._entry = entry
        self._old, self._new = names
        self._keeps = False
        self._is_renamed: asyncio.Future[bool] = services.loop.create_future()
        self._ended: asyncio.Future[EndedChild] = services.loop.create_future()
        arguments = [*self._arguments(*names), "--hold"]
        self._process = start(arguments, entry.folder, self._environment, subprocess.PIPE)
        self._limit = threading.Timer(LONGEST, self._process.kill)
        self._limit.daemon = True
        self._limit.start()
        threading.Thread(target=self._listen, name="child", daemon=True).start()

    async def renamed(self) -> None:
        """Wait until the entry has its new name.

        Raises `StrongroomError` with the reason if the entry cannot be renamed.
        """
        if not await self._is_renamed:
            raise StrongroomError((await self._ended).sentence)

    def release(self, *, keep: bool) -> None:
        """Keep the new name, or give the entry its old name back.

        An entry that is not renamed yet is renamed, and back.
        """
        self._keeps = keep
        stdin = self._process.stdin
        assert stdin is not None
        with suppress(OSError):
            if keep:
                stdin.write(_KEEP)
            stdin.close()

    async def settled(self) -> str:
        """Wait until the released entry has the name that stays.

        Return what went wrong, or "". A child that was killed may have left the wrong name; another child
        corrects it.
        """
        done = await self._ended
        is_renamed = await self._is_renamed
        if done.status == 0 if self._keeps else not is_renamed or _BACK in done.out:
            return ""
        old, new = (self._old, self._new) if self._keeps else (self._new, self._old)
        arguments = self._arguments(old, new)
        corrected = await run_child(self._services, arguments, self._entry.folder, self._environment)
        if corrected.status == 0:
            return ""
        return f'In the community "{self._entry.community}" the name may be `{old}`: {corrected.sentence}'

    def wait(self, seconds: float) -> None:
        """Let go of the entry, and wait until the child has ended.

        For the end of this process.
        """
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    @property
    def _environment(self) -> dict[str, str]:
        return {"STRONGROOM_VAULT": self._entry.vault}

    def _arguments(self, old: str, new: str) -> list[str]:
        return [self._entry.kind.value, "rename", old, new, f"--community={self._entry.community}"]

    def _listen(self) -> None:
        """Wait for the child's words, in a thread."""
        out, error = self._process.stdout, self._process.stderr
        assert out is not None
        assert error is not None
        is_renamed = out.readline().strip() == _RENAMED
        if is_renamed:
            self._limit.cancel()
            self._services.call_from_thread(_set, self._is_renamed, True)
        rest, said = out.read(), error.read()
        self._process.wait()
        self._limit.cancel()
        self._services.call_from_thread(_set, self._ended, ended_child(self._process, rest, said))
        if not is_renamed:
            self._services.call_from_thread(_set, self._is_renamed, False)


def _set(future: "asyncio.Future[_T]", result: _T) -> None:
    if not future.done():  # the session may be over
        future.set_result(result)
