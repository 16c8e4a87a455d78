"""The language server beside others: start, first diagnostics, edit to fresh diagnostics, memory.

Each server gets a file of the same size and the same kind of edit: a character too many in the middle of the file,
then taken away again, so that every answer differs from the one before and a stale one is not taken for a fresh one.
Servers take turns, round after round. The client speaks plain JSON-RPC over pipes and shares no code with the
project.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any, NamedTuple

from check import connectors_file

BURST = 31
"""How many edits are sent at once: a fast sentence."""


class Peer(NamedTuple):
    """A server: how it is started, which file it gets, and what is inserted before which text in the middle."""

    command: list[str]
    language: str
    file: str
    before: str
    insertion: str


class Client:
    """One server process, from its start to its end."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder
        )
        self._answers: Queue[dict[str, Any]] = Queue()
        self._published: Queue[tuple[float, list[Any]]] = Queue()
        self._number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream
        while header := stream.readline():
            length = 0
            while header.strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
                header = stream.readline()
            data = stream.read(length)
            if len(data) < length:
                return  # the server was ended in the middle of a message
            message = json.loads(data)
            if message.get("method") == "textDocument/publishDiagnostics":
                self._published.put((time.perf_counter(), message["params"]["diagnostics"]))
            elif "method" in message and "id" in message:
                items = (
                    message.get("params", {}).get("items", [])
                    if isinstance(message.get("params"), dict)
                    else []
                )
                self._send({"id": message["id"], "result": [None for _ in items] if items else None})
            elif "id" in message:
                self._answers.put(message)

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while (answer := self._answers.get(timeout=60))["id"] != self._number:
            pass
        return answer.get("result")

    def diagnostics(self, differ_from: list[Any] | None = None) -> tuple[float, list[Any]]:
        """When fresh diagnostics came, and which; those equal to `differ_from` are stale."""
        while True:
            when, found = self._published.get(timeout=60)
            if differ_from is None or found != differ_from:
                return when, found

    def quiet(self, seconds: float) -> tuple[float, list[Any]] | None:
        """The last diagnostics that came, once none has come for so long."""
        last = None
        while True:
            try:
                last = self._published.get(timeout=seconds)
            except Empty:
                return last

    def peak_memory(self) -> float:
        """MB at the most, of the process and its children."""
        pids, total = [self._process.pid], 0.0
        while pids:
            pid = pids.pop()
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            total += int(status.split("VmHWM:")[1].split()[0]) / 1024
            for task in Path(f"/proc/{pid}/task").iterdir():
                pids += [int(child) for child in (task / "children").read_text(encoding="utf-8").split()]
        return total

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def measure(peer: Peer, folder: Path, edits: int) -> dict[str, float]:
    """One server's life: its figures in milliseconds and MB."""
    path = folder / peer.file
    text = path.read_text(encoding="utf-8")
    uri, root = path.as_uri(), folder.as_uri()
    begin = time.perf_counter()
    client = Client(peer.command, folder)
    try:
        publishing = {"publishDiagnostics": {"versionSupport": True}, "synchronization": {"didSave": True}}
        client.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root,
                "capabilities": {"textDocument": publishing, "workspace": {"configuration": True}},
                "workspaceFolders": [{"uri": root, "name": "bench"}],
            },
        )
        figures = {"start": (time.perf_counter() - begin) * 1000}
        client.notify("initialized", {})
        document = {"uri": uri, "languageId": peer.language, "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": document})
        when, last = client.diagnostics()
        figures["first"] = (when - begin) * 1000
        when, last = client.quiet(0.4) or (when, last)
        edit = Edit(client, uri, text, peer)
        times = []
        for _ in range(edits):
            sent = edit.toggle()
            when, last = client.diagnostics(last)
            times.append((when - sent) * 1000)
        figures["edit"] = statistics.median(times)
        for _ in range(BURST):
            sent = edit.toggle()
        came = client.quiet(1.0)
        figures["burst"] = (came[0] - sent) * 1000 if came else float("nan")
        figures["memory"] = client.peak_memory()
        return figures
    finally:
        client.close()


class Edit:
    """Inserts a text near the middle of the file, and takes it away the next time."""

    def __init__(self, client: Client, uri: str, text: str, peer: Peer) -> None:
        self._client, self._uri, self._insertion = client, uri, peer.insertion
        at = text.index(peer.before, len(text) // 2)
        line = text.count("\n", 0, at)
        self._start = {"line": line, "character": at - (text.rfind("\n", 0, at) + 1)}
        self._end = {**self._start, "character": self._start["character"] + len(peer.insertion)}
        self._is_in = False
        self._version = 1

    def toggle(self) -> float:
        """Send one edit; returns when."""
        self._version += 1
        end = self._end if self._is_in else self._start
        change = {"range": {"start": self._start, "end": end}, "text": "" if self._is_in else self._insertion}
        self._is_in = not self._is_in
        sent = time.perf_counter()
        document = {"uri": self._uri, "version": self._version}
        self._client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        return sent


def peers(node_modules: Path | None) -> Iterator[tuple[str, Peer]]:
    beside = str(Path(sys.executable).parent)
    binaries = f"{node_modules / '.bin'}" if node_modules else None
    json_file = "connectors_registry.json"
    ours = [f"{beside}/strongroom", "lsp"]
    # What is typed most: a name in a template. Only Strongroom has something to say about it.
    yield "strongroom, in a name", Peer(ours, "json", json_file, "_secret(", "s")
    yield "strongroom", Peer(ours, "json", json_file, '"permalink"', "}")
    for label, program in (
        ("vscode-json", "vscode-json-language-server"),
        ("yaml-language-server", "yaml-language-server"),
    ):
        found = shutil.which(program, path=binaries) or shutil.which(program)
        if found:
            language = "json" if label == "vscode-json" else "yaml"
            yield label, Peer([found, "--stdio"], language, json_file, '"permalink"', "}")
        else:
            print(f"{program}: not installed, left out", file=sys.stderr)
    found = shutil.which("ruff", path=beside) or shutil.which("ruff")
    if found:
        yield "ruff", Peer([found, "server"], "python", "same_size.py", "def", ")")


def write_files(folder: Path, size: int, one_line: bool) -> None:
    text = connectors_file(size)
    if one_line:
        text = json.dumps(json.loads(text))
    (folder / "connectors_registry.json").write_text(text, encoding="utf-8")
    source = "def total(rows: list[int]) -> int:\n    return sum(rows)\n\n\n" * (size // 62)
    (folder / "same_size.py").write_text(source, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="bytes in the file (default 10,000)")
    parser.add_argument("--one-line", action="store_true", help="the JSON without line breaks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--node-modules", type=Path, help="where the servers written for Node are installed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder, options.size, options.one_line)
        servers = list(peers(options.node_modules))
        rounds: dict[str, list[dict[str, float]]] = {label: [] for label, _ in servers}
        for _ in range(options.rounds):
            for label, peer in servers:
                rounds[label].append(measure(peer, folder, options.edits))
    names = ("start", "first", "edit", "burst", "memory")
    print(
        f"{'median':22}" + "".join(f"{name + (' MB' if name == 'memory' else ' ms'):>12}" for name in names)
    )
    for label, rows in rounds.items():
        print(
            f"{label:22}" + "".join(f"{statistics.median(row[name] for row in rows):12.1f}" for name in names)
        )


if __name__ == "__main__":
    main()
