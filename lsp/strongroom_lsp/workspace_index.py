"""The index of the workspace's files, kept up to date: built in the background, in steps of a few milliseconds.

A step runs when no message is queued, and none runs while somebody is typing, so that building is never felt. Who
needs the whole of it (`when_ready`) waits for it, and then it is built without a break.
"""

# os.path, because pathlib would be imported for this alone: ruff: noqa: PTH

import gc
import os
from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Final

from strongroom.document import Document, LineIndex
from strongroom.testcases.outline import Outline
from strongroom.workspace import UnreadableFile, is_connector_path, read_text
from strongroom.workspace.files import walk_connector_files
from strongroom.workspace.index import (
    FileFacts,
    Placing,
    Span,
    WorkspaceIndex,
    case_facts,
    facts_of,
    read_facts,
)

from .case_files import is_case_file
from .loop import Timer
from .paths import path_of, uri_of
from .positions import Positions
from .progress import Progress
from .publishing import is_ours
from .surroundings import Stamp, file_stamp

if TYPE_CHECKING:
    from .session import Session

STEP: Final = 0.004
"""Seconds of building between two looks at what the client says."""

REST: Final = 0.05
"""Seconds without a message until building goes on."""

JUST_NOW: Final = 0.2
"""Seconds for which the files of the disk count as they were seen."""

STALE: Final = 5.0
"""Seconds after which new files are looked for, where the client does not tell of them."""

LARGE: Final = 200_000
"""Characters of edited text whose reading is felt while typing."""

WORTH_SHOWING: Final = 50
"""Files. Fewer are indexed before a progress bar could be read."""


class IndexedWorkspace:
    """The index of a session's folders and open documents. A file's key is its path, of an unsaved buffer its uri."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._index = WorkspaceIndex()
        self._stamps: dict[str, Stamp | None] = {}
        self._touched = {opened.uri for opened in session.documents.all()}
        self._work: Generator[None, None, None] | None = None
        self._timer: Timer | None = None
        self._is_built = False
        self._built_at = 0.0
        self._looked_at = float("-inf")
        self._waiting: list[Callable[[], object]] = []

    # -- building ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to build; what is built or being built already stays."""
        if self._work is None and not self._is_built:
            self._work = self._build()
            self._step_in(0.0)

    def restart(self) -> None:
        """The folders are others: build anew. What is known meanwhile is what was known before."""
        self._is_built = False
        self._work = None
        self.start()

    @property
    def is_built(self) -> bool:
        """Whether every file is indexed, so that what is not there does not exist."""
        return self._is_built

    def when_ready(self, call: Callable[[], object]) -> None:
        """Call this when every file is indexed: now, or when building is done."""
        loop = self._session.loop
        if self._is_built and not self._session.client.watches_files and loop.now() - self._built_at > STALE:
            self.restart()  # nobody tells of new files: look for them; those that are known are not read again
        if self._is_built:
            call()
        else:
            self._waiting.append(call)
            self.start()
            self._step_in(0.0)  # whoever waits for the person's rest waits no longer

    def _step(self) -> None:
        loop, session = self._session.loop, self._session
        if self._work is None or session.is_shut_down:
            return
        if not self._waiting and loop.now() - session.last_message < REST:
            self._step_in(REST)
            return
        end = loop.now() + STEP
        try:
            while loop.now() < end:
                next(self._work)
        except StopIteration:
            self._end_building()
        except Exception:
            # Those who wait get what there is; the loop logs what went wrong.
            self._end_building()
            raise
        else:
            self._step_in(0.0)

    def _step_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._session.loop.call_later(seconds, self._step)

    def _end_building(self) -> None:
        self._work = None
        self._is_built = True
        self._built_at = self._session.loop.now()
        if len(self._stamps) >= WORTH_SHOWING:
            # What is indexed stays: the collector would walk all of it again and again, for 0.2 s each time.
            gc.freeze()
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call()
        self._session.background.was_indexed()

    def _build(self) -> Generator[None, None, None]:
        paths: dict[str, None] = {}
        for folder in self._session.folders:
            if _is_too_wide(folder):
                continue
            for path in walk_connector_files(folder, is_wanted=_is_indexed):
                if path is not None:
                    paths[path] = None
                yield
        for path in [path for path in self._stamps if path not in paths]:
            self._forget(path)
        progress = None
        if len(paths) >= WORTH_SHOWING:
            progress = Progress(self._session, "Reading connector files")
        try:
            for number, path in enumerate(paths):
                yield from self._read(path)
                if progress is not None and number % 20 == 0:
                    progress.report(f"{number} of {len(paths)} files", number, len(paths))
        finally:
            if progress is not None:
                progress.end(f"{len(paths)} files")

    def _read(self, path: str) -> Generator[None, None, None]:
        """Index one file, unless it is known as it is; an open one is indexed as it is on the screen."""
        stamp = file_stamp(path)
        if (path in self._stamps and self._stamps[path] == stamp) or path in self._open_paths():
            return
        try:
            text = read_text(path)
        except UnreadableFile:
            self._forget(path)
            return
        yield
        if is_case_file(path):
            lines = LineIndex(text)
            self._put(path, case_facts(Outline.of(text), self._placing(text, lines)), stamp)
            return
        document = Document.parse(text)
        yield
        facts = yield from read_facts(document, self._placing(text, document.lines))
        self._put(path, facts, stamp)

    # -- asking ------------------------------------------------------------------------------------------------

    def touched(self, uri: str) -> None:
        """A file was opened, edited, closed, or changed on the disk: it is read again before the next answer."""
        self._touched.add(uri)

    def fresh(self) -> WorkspaceIndex:
        """The index, with all that was touched read again; also what changed unseen, for clients that watch nothing."""
        touched, self._touched = self._touched, set()
        for uri in touched:
            self._refresh(uri)
        now = self._session.loop.now()
        if not self._session.client.watches_files and now - self._looked_at > JUST_NOW:
            self._looked_at = now
            self._look_for_changes()
        return self._index

    def roughly(self) -> WorkspaceIndex:
        """The index for what is asked after each key: a large open file counts as it was when it was last read."""
        documents = self._session.documents
        sizes = (
            len(found.document.text) for uri in self._touched if (found := documents.get(uri)) is not None
        )
        return self._index if sum(sizes) > LARGE else self.fresh()

    def uris(self) -> Callable[[str], str]:
        """Gives the uri of a file in the index, as the client spells it where the file is open."""
        known = self._open_paths()

        def uri(key: str) -> str:
            found = known.get(key)
            if found is None:
                found = known[key] = uri_of(key) if os.path.isabs(key) else key
            return found

        return uri

    def reread(self, keys: Iterable[str]) -> None:
        """Index those of these files again that are on the disk other than they were; open ones are up to date."""
        opened = self._open_paths()
        for key in keys:
            if key not in opened and self._stamps.get(key) != file_stamp(key):
                self._refresh(uri_of(key))

    def _refresh(self, uri: str) -> None:
        opened = self._session.documents.get(uri)
        path = path_of(uri)
        if opened is not None and (is_ours(opened) or is_case_file(path)):
            document = opened.document
            placing = self._placing(document.text, document.lines)
            if is_case_file(path):
                facts = case_facts(Outline.of(document.text), placing)
            else:
                facts = facts_of(document, placing)
            self._put(path or uri, facts, None)
        elif opened is not None or path is None:
            self._forget(path or uri)
        elif _is_indexed(path) and not os.path.isdir(path):
            self._stamps.pop(path, None)
            for _ in self._read(path):
                pass
        else:
            self._forget(path)

    def _look_for_changes(self) -> None:
        self.reread(list(self._stamps))

    def _put(self, path: str, facts: FileFacts, stamp: Stamp | None) -> None:
        self._index.put(path, facts)
        self._stamps[path] = stamp

    def _forget(self, path: str) -> None:
        self._index.remove(path)
        self._stamps.pop(path, None)

    def _open_paths(self) -> dict[str, str]:
        return {opened.path or opened.uri: opened.uri for opened in self._session.documents.all()}

    def _placing(self, text: str, lines: LineIndex) -> Placing:
        positions = Positions(text, lines, self._session.client.encoding)
        return lambda start, end: Span(*positions.place(start), *positions.place(end))


def _is_indexed(path: str) -> bool:
    return is_connector_path(path) or is_case_file(path)


def _is_too_wide(folder: str) -> bool:
    """A home folder or the root of the disk is no project: walking all of it would help nobody."""
    return folder in (os.path.expanduser("~"), os.path.abspath(os.sep))
