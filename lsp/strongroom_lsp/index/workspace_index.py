"""Index the workspace's files, and keep the index up to date.

The index is built in the background, in steps of a few milliseconds. A step runs when no message is queued, and no
step runs while the person types, so that building does not delay a key. When a request needs the whole index
(`when_ready`), it is built without a pause.

Files on the disk come into the index by a look at the folders (`FileTree`), each once, whatever paths lead to it.
Open documents count instead of their files. If several show one file, the last opened counts.
"""

# os.path, because pathlib would be imported for this alone.

import asyncio
import gc
import os
from collections.abc import Callable, Generator, Iterable
from functools import lru_cache
from typing import Final

from strongroom.document import Document, LineIndex
from strongroom.testcases.facts import case_facts
from strongroom.testcases.outline import CaseOutline
from strongroom.workspace import UnreadableFile, is_connector_path, read_text
from strongroom.workspace.call_references import code_facts
from strongroom.workspace.identity import FileId, file_id
from strongroom.workspace.index import (
    FileFacts,
    Placing,
    Span,
    WorkspaceIndex,
    facts_of,
    read_facts,
)
from strongroom.workspace.tree import FileTree
from strongroom.workspace.uris import scheme_of, uri_of
from strongroom.workspace.widget_files import WidgetProjects, read_code
from strongroom_lsp.context.file_context import Stamp, file_stamp
from strongroom_lsp.documents.case_files import is_case_file
from strongroom_lsp.documents.code_files import code_of, is_code_file
from strongroom_lsp.documents.connector_files import reads_as_connector_file
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.positions import Positions
from strongroom_lsp.services import Services

Work = Generator[None, None, None]

STEP: Final = 0.004
"""Seconds of building between two looks at the queue of messages."""

REST: Final = 0.05
"""Seconds without a message until building goes on."""

JUST_NOW: Final = 0.2
"""Seconds for which the files on the disk count as they were seen."""

LARGE: Final = 200_000
"""Characters of edited text that take long enough to parse to delay a key."""

WORTH_SHOWING: Final = 50
"""Files from which a progress bar is shown. Fewer are indexed before the bar could be read."""

SCHEMES: Final = ("file", "untitled")
"""Schemes of documents in the workspace. Others show an old revision or one side of a comparison."""


class IndexedWorkspace:
    """Index the folders and open documents.

    The key of a file is its path, the key of an unsaved buffer its uri. `on_built` is called each time when every file
    is indexed.
    """

    def __init__(self, services: Services, on_built: Callable[[], object]) -> None:
        self._services = services
        self._on_built = on_built
        self._index = WorkspaceIndex()
        self._tree = self._new_tree()
        self._stamps: dict[str, Stamp] = {}
        """The files of the disk that are in the index, and their stamps when they were read."""
        self._shown: dict[str, str] = {}
        """The keys and uris of the open documents in the index."""
        self._touched: set[str] = set()
        self._preferred = ""
        self._has_taken = False
        self._work: Work | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_built = False
        self._looked_at = float("-inf")
        self._waiting: list[Callable[[], object]] = []

    # -- building ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to build, unless the index is built or being built."""
        if self._work is None and not self._is_built:
            self._work = self._update()
            self._step_in(0.0)

    def restart(self) -> None:
        """Build the index again, because the folders have changed."""
        self._tree = self._new_tree()
        self._is_built = False
        self._work = None
        self.start()

    @property
    def is_built(self) -> bool:
        """Return True if every file is indexed, so that what is not there is missing."""
        return self._is_built

    def when_ready(self, call: Callable[[], object]) -> None:
        """Call `call` when every file is indexed: now, or when building is done."""
        if self._is_built:
            call()
        else:
            self._waiting.append(call)
            self.start()
            self._step_in(0.0)  # a request does not wait until the person pauses

    async def ready(self) -> None:
        """Wait until every file is indexed."""
        if not self._is_built:
            built = self._services.loop.create_future()
            self.when_ready(lambda: None if built.done() else built.set_result(None))
            await built

    def _new_tree(self) -> FileTree:
        return FileTree((one for one in self._services.folders if not _is_too_wide(one)), _is_indexed)

    def _step(self) -> None:
        loop, services = self._services.loop, self._services
        if self._work is None or services.is_shut_down:
            return
        if not self._waiting and loop.time() - services.last_message < REST:
            self._step_in(REST)
            return
        end = loop.time() + STEP
        try:
            while loop.time() < end:
                next(self._work)
        except StopIteration:
            self._end_building()
        except Exception:
            # Requests that wait get what there is. The loop logs what went wrong.
            self._end_building()
            raise
        else:
            self._step_in(0.0)

    def _step_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._services.loop.call_later(seconds, self._step)

    def _end_building(self) -> None:
        self._work = None
        self._is_built = True
        self._looked_at = self._services.loop.time()
        if len(self._stamps) >= WORTH_SHOWING:
            # The indexed facts stay. Without this the collector walks all of them many times, 0.2 s each time.
            gc.freeze()
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call()
        self._on_built()

    def _update(self) -> Work:
        """Look at the folders, read new and changed files, and forget missing ones."""
        files = self._without_foreign_code((yield from self._tree.look()))
        claimed: set[FileId] = {file_id(key) for key in self._open_documents() if os.path.isabs(key)}
        found: dict[str, Stamp] = {}
        for number, path in enumerate(files):
            stamp = file_stamp(path)
            identity = file_id(path) if stamp is None or not stamp[1] else stamp[:2]
            if stamp is not None and identity not in claimed:
                claimed.add(identity)  # type: ignore[arg-type]
                found[path] = stamp
            if number % 50 == 0:
                yield
        for path in [path for path in self._stamps if path not in found]:
            self._forget(path)
        changed = [path for path, stamp in found.items() if self._stamps.get(path) != stamp]
        progress = None
        if len(changed) >= WORTH_SHOWING:
            progress = self._services.show_progress("Reading connector files")
        try:
            for number, path in enumerate(changed):
                yield from self._read(path, found[path])
                if progress is not None and number % 20 == 0:
                    progress.report(f"{number} of {len(changed)} files", number, len(changed))
        finally:
            if progress is not None:
                progress.end(f"{len(changed)} files")

    def _read(self, path: str, stamp: Stamp) -> Work:
        """Index one file on the disk."""
        try:
            text = read_text(path)
        except UnreadableFile:
            self._index.remove(path)
            self._stamps[path] = stamp
            return
        yield
        if is_case_file(path):
            facts = case_facts(CaseOutline.of(text), self._placing(text, LineIndex(text)))
        elif is_code_file(path):
            facts = code_facts(read_code(path, text), self._placing(text, LineIndex(text)))
        else:
            document = Document.parse(text)
            yield
            facts = yield from read_facts(document, self._placing(text, document.lines))
        if path not in self._shown:
            self._index.put(path, facts)
            self._stamps[path] = stamp

    # -- asking ------------------------------------------------------------------------------------------------

    def touched(self, uri: str) -> None:
        """Note that a file has changed, on the screen or on the disk.

        The next answer looks at the file again.
        """
        self._touched.add(uri)

    def fresh(self, *, now: bool = False) -> WorkspaceIndex:
        """Return the index of the open documents as they are.

        Files on the disk are as they were a moment ago, or as they are with `now`.
        """
        has_disk_changed = any(self._services.documents.get(uri) is None for uri in self._touched)
        has_closed = self._take_open_documents()
        moment = self._services.loop.time()
        if self._is_built and (now or has_disk_changed or has_closed or moment - self._looked_at > JUST_NOW):
            for _ in self._update():
                pass
            # From its end, because on a slow disk the look itself may take longer than it counts.
            self._looked_at = self._services.loop.time()
        return self._index

    def roughly(self) -> WorkspaceIndex:
        """Return the index for requests that come after each key.

        Files on the disk and a large open document count as they were when they were last read.
        """
        documents = self._services.documents
        sizes = (
            len(found.document.text) for uri in self._touched if (found := documents.get(uri)) is not None
        )
        if sum(sizes) <= LARGE:
            self._take_open_documents()
        return self._index

    def unreadable(self) -> tuple[str, ...]:
        """Return the connector files on the disk that could not be read.

        A file in another encoding is one.
        """
        return tuple(
            path for path in self._stamps if self._index.get(path) is None and is_connector_path(path)
        )

    def prefer(self, uri: str) -> None:
        """Let this document count if several open ones show the same file."""
        self._preferred, self._has_taken = uri, False

    def uris(self) -> Callable[[str], str]:
        """Return a function that gives the uri of a file in the index.

        The uri of an open file is in the client's spelling.
        """
        known = dict(self._shown)

        def uri(key: str) -> str:
            found = known.get(key)
            if found is None:
                found = known[key] = _uri_of(key)
            return found

        return uri

    def _take_open_documents(self) -> bool:
        """Index the open documents as they are. Return True if one was closed."""
        if self._has_taken and not self._touched:
            return False
        self._has_taken = True
        touched, self._touched = self._touched, set()
        documents = self._open_documents()
        gone = [key for key in self._shown if key not in documents]
        for key in gone:
            del self._shown[key]
            self._index.remove(key)
        for key, opened in documents.items():
            if opened.uri in touched or self._shown.get(key) != opened.uri:
                self._shown[key] = opened.uri
                self._stamps.pop(key, None)
                self._index.put(key, self._facts(opened))
        return bool(gone)

    def _open_documents(self) -> dict[str, OpenDocument]:
        """Return the open documents by their keys, each file once."""
        by_file: dict[FileId, OpenDocument] = {}
        for opened in self._services.documents.all():
            if self._is_part(opened):
                key = file_id(opened.path) if opened.path is not None else opened.uri
                if key not in by_file or by_file[key].uri != self._preferred:
                    by_file[key] = opened
        return {opened.path or opened.uri: opened for opened in by_file.values()}

    def _without_foreign_code(self, files: Iterable[str]) -> list[str]:
        """Leave out the code that calls no connector of a project.

        Most of that code is not even looked at.
        """
        projects = WidgetProjects()
        return [file for file in files if not is_code_file(file) or projects.has_source(file)]

    def _is_part(self, opened: OpenDocument) -> bool:
        if scheme_of(opened.uri) not in SCHEMES:
            return False
        if is_code_file(opened.path):
            return WidgetProjects().has_source(opened.path or "")
        if not (is_case_file(opened.path) or reads_as_connector_file(opened)):
            return False
        return opened.path is None or self._tree.belongs(opened.path)

    def _facts(self, opened: OpenDocument) -> FileFacts:
        document = opened.document
        placing = self._placing(document.text, document.lines)
        if is_case_file(opened.path):
            return case_facts(CaseOutline.of(document.text), placing)
        if is_code_file(opened.path):
            return code_facts(code_of(opened), placing)
        return facts_of(document, placing)

    def _forget(self, path: str) -> None:
        self._stamps.pop(path, None)
        if path not in self._shown:
            self._index.remove(path)

    def _placing(self, text: str, lines: LineIndex) -> Placing:
        positions = Positions(text, lines, self._services.client.encoding)
        return lambda start, end: Span(*positions.position(start), *positions.position(end))


@lru_cache(maxsize=10_000)
def _uri_of(key: str) -> str:
    """Return the uri of a key.

    Making the uris of 2,000 files takes a quarter of the time of their references.
    """
    return uri_of(key) if os.path.isabs(key) else key


def _is_indexed(name: str) -> bool:
    return is_connector_path(name) or is_case_file(name) or is_code_file(name)


def _is_too_wide(folder: str) -> bool:
    """Return True if a folder is too large to walk.

    The home folder and the root of the disk are not projects.
    """
    return folder in (os.path.expanduser("~"), os.path.abspath(os.sep))
