"""Rename one entry of a vault or an engine, and be able to give it its old name back.

A child process renames the entry, and renames it back unless it is asked to keep the new name. The child ends with
its input. So whatever ends this process, a kill too, the entry has its old name again.
"""

import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple

from strongroom.names import Kind
from strongroom_lsp.commands.child import LONGEST, Child, EndedChild, ended_child, start
from strongroom_lsp.services import CommandServices

_KEEP: Final = b"keep\n"
_RENAMED: Final = b"renamed"
_BACK: Final = "renamed back"


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
    """Rename one entry in a child, and keep the new name or give it back later.

    `on_renamed` is called when the entry is renamed, `on_failed` with the reason when it cannot be.
    """

    def __init__(
        self,
        services: CommandServices,
        entry: StoreEntry,
        names: tuple[str, str],
        on_renamed: Callable[[], object],
        on_failed: Callable[[str], object],
    ) -> None:
        self._services = services
        self._entry = entry
        self._old, self._new = names
        self._on_renamed, self._on_failed = on_renamed, on_failed
        self._is_renamed = False
        self._is_wanted: bool | None = None
        self._ended: EndedChild | None = None
        self._on_settled: Callable[[str], object] | None = None
        arguments = [*self._arguments(*names), "--hold"]
        self._process = start(arguments, entry.folder, self._environment, subprocess.PIPE)
        self._limit = threading.Timer(LONGEST, self._process.kill)
        self._limit.daemon = True
        self._limit.start()
        threading.Thread(target=self._listen, name="child", daemon=True).start()

    def settle(self, *, keep: bool, on_settled: Callable[[str], object]) -> None:
        """Keep the new name, or give the entry its old name back.

        `on_settled` gets what went wrong, or "". An entry that is not renamed yet is renamed, and back.
        """
        self._is_wanted, self._on_settled = keep, on_settled
        stdin = self._process.stdin
        assert stdin is not None
        with suppress(OSError):
            if keep:
                stdin.write(_KEEP)
            stdin.close()
        if self._ended is not None:
            self._check()

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
        if out.readline().strip() == _RENAMED:
            self._limit.cancel()
            self._services.call_from_thread(self._renamed)
        rest, said = out.read(), error.read()
        self._process.wait()
        self._limit.cancel()
        self._services.call_from_thread(self._has_ended, ended_child(self._process, rest, said))

    def _renamed(self) -> None:
        self._is_renamed = True
        if self._is_wanted is None:
            self._on_renamed()

    def _has_ended(self, done: EndedChild) -> None:
        self._ended = done
        if self._is_wanted is not None:
            self._check()
        elif not self._is_renamed:
            self._on_failed(done.sentence)
        # Otherwise it was killed after the rename, and `settle` corrects the name.

    def _check(self) -> None:
        """Compare how the child ended with what was wanted.

        A child that was killed may have left the wrong name; another child corrects it.
        """
        done = self._ended
        assert done is not None
        is_right = done.status == 0 if self._is_wanted else not self._is_renamed or _BACK in done.out
        if is_right:
            self._settled("")
        elif self._is_wanted:
            self._ensure(self._old, self._new)
        else:
            self._ensure(self._new, self._old)

    def _ensure(self, old: str, new: str) -> None:
        def ended(done: EndedChild) -> None:
            trouble = "" if done.status == 0 else done.sentence
            community = self._entry.community
            self._settled(trouble and f'In the community "{community}" the name may be `{old}`: {trouble}')

        Child(self._services, self._arguments(old, new), self._entry.folder, self._environment, ended)

    def _settled(self, trouble: str) -> None:
        on_settled, self._on_settled = self._on_settled, None
        if on_settled is not None:
            on_settled(trouble)
