"""Random edits against a language server: its text must equal ours after each, its findings a fresh check's.

    python benchmarks/lsp_random_edits.py --seconds 300
    python benchmarks/lsp_random_edits.py --edits 500 --seed 7 --encoding utf-8

The client is written against the protocol alone and shares no code with the server. Ends with status 1 at the
first difference, after printing the seed and the edit that made it.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

PIECES = [
    "", "x", "{", "}", "[", "]", '"', ",", ":", "\\", "\\n", "\\u00e9", "\\ud83d\\ude42", "'", "\n", "\r\n",
    "\r", "\u2028", "\u2029", "\u0085", "é", "🙂", "𝒳", "\t", "{{ get_secret('a') }}",
    '{{ get_secret(\\"b\\") }}',
    "{{ pathParams.id }}", "{% if user.id %}", "{% endif %}", "{# strongroom: ignore[secret-quotes] #}",
    '{"key": "A", "value": "b"}',
    '"headers": [{"key": "X", "value": "{{ get_secret( \'c\' ) }}"}]', '{"name": "N", "url": "https://a.example"},',
]  # fmt: skip
UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class Client:
    """A language server's client over pipes."""

    def __init__(self, folder: pathlib.Path, encoding: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "strongroom_lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
        )
        self.codec, self.width = UNITS[encoding]
        self.last_id = 0
        self.published: dict[int, list[dict[str, object]]] = {}
        capabilities = {"general": {"positionEncodings": [encoding]}}
        self.request("initialize", {"capabilities": capabilities, "rootUri": folder.as_uri()})
        self.notify("initialized", {})

    def send(self, message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def notify(self, method: str, params: object) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, params: object) -> object:
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == self.last_id and "method" not in message:
                if "error" in message:
                    raise AssertionError(f"{method}: {message['error']}")
                return message["result"]

    def receive(self) -> dict[str, object]:
        length = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            if not line:
                raise AssertionError("the server ended")
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self.published[params.get("version", -1)] = params["diagnostics"]
        return message

    def diagnostics(self, version: int) -> list[dict[str, object]]:
        while version not in self.published:
            self.receive()
        return self.published[version]

    def place(self, text: str, offset: int) -> dict[str, int]:
        """The position of an offset: lines end with \\n, \\r\\n and \\r, and with nothing else."""
        head = text[:offset].replace("\r\n", "\x00\n").replace("\r", "\n")
        line = head.count("\n")
        start = head.rfind("\n") + 1
        column = text[start:offset]
        return {"line": line, "character": len(column.encode(self.codec, "surrogatepass")) // self.width}


def lines_of(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def as_checked(client: Client, text: str, found: list[dict[str, object]]) -> list[tuple[object, ...]]:
    """Diagnostics as `strongroom check` tells them: lines and columns from 1, in code points."""
    lines = lines_of(text)

    def place(point: dict[str, int]) -> tuple[int, int]:
        line, units = lines[point["line"]], point["character"] * client.width
        data = line.encode(client.codec, "surrogatepass")
        # A place between \r and \n lies behind the line's end; the command line counts it all the same.
        behind = max(0, units - len(data)) // client.width
        return point["line"] + 1, len(data[:units].decode(client.codec, "surrogatepass")) + behind + 1

    return sorted(
        (one["code"], *place(one["range"]["start"]), *place(one["range"]["end"]), one["message"])
        for one in found
    )


def checked(folder: pathlib.Path, text: str) -> list[tuple[object, ...]]:
    done = subprocess.run(
        [sys.executable, "-m", "strongroom_cli", "check", "--format", "json",
         "--stdin-filename", str(folder / "connectors_registry.json"), "-"],
        input=text.encode(), capture_output=True, cwd=folder, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr.decode())
    return sorted(
        (f["rule"], f["line"], f["column"], f["end_line"], f["end_column"], f["message"])
        for f in json.loads(done.stdout)
    )


def edit(random_: random.Random, text: str) -> tuple[int, int, str]:
    """A range that does not cut a line break in two, and what replaces it."""
    start = random_.randint(0, len(text))
    end = min(len(text), start + random_.choice([0, 0, 0, 1, 1, 2, 5, 40]))
    return start, end, random_.choice(PIECES)


def cuts_a_break(text: str, offset: int) -> bool:
    return 0 < offset < len(text) and text[offset - 1] == "\r" and text[offset] == "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--edits", type=int, default=10**9)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--encoding", choices=list(UNITS), default="utf-16")
    parser.add_argument(
        "--check-every", type=int, default=25, help="edits between two runs of strongroom check"
    )
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(10**6)
    print(f"seed {seed}, {options.encoding}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        (folder / ".git").mkdir()
        return run(folder, random.Random(seed), options)


def run(folder: pathlib.Path, random_: random.Random, options: argparse.Namespace) -> int:
    first = {
        "name": "é🙂",
        "url": "https://a.example/{{ pathParams.id }}",
        "path_parameters": [{"key": "id"}],
    }
    rows = [{"key": "A", "value": "Bearer {{ get_secret('a') }}"}]
    start = json.dumps({"connectors": [first, {**first, "headers": rows}]}, indent=1, ensure_ascii=False)
    text, version = start, 0
    client = Client(folder, options.encoding)
    uri = (folder / "connectors_registry.json").as_uri()
    document = {"uri": uri, "languageId": "json", "version": 0, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    end, done, compared = time.monotonic() + options.seconds, 0, 0
    while done < options.edits and time.monotonic() < end:
        changes, history = [], []
        for _ in range(random_.choice([1, 1, 1, 2, 4])):
            if random_.random() < 0.02 or len(text) > 20_000:
                text = start
                changes.append({"text": text})
                continue
            begin, stop, new = edit(random_, text)
            if cuts_a_break(text, begin) or cuts_a_break(text, stop):
                continue
            span = {"start": client.place(text, begin), "end": client.place(text, stop)}
            changes.append({"range": span, "text": new})
            history.append((begin, stop, new))
            text = text[:begin] + new + text[stop:]
        version += 1
        client.published.clear()
        identity = {"uri": uri, "version": version}
        client.notify("textDocument/didChange", {"textDocument": identity, "contentChanges": changes})
        theirs = client.request("strongroom/documentText", {"textDocument": {"uri": uri}})
        if theirs != {"version": version, "text": text}:
            print(f"edit {version}: the texts differ after {history!r}\nours:   {text!r}\ntheirs: {theirs!r}")
            return 1
        done += 1
        if done % options.check_every == 0:
            told = as_checked(client, text, client.diagnostics(version))
            fresh = checked(folder, text)
            compared += 1
            if told != fresh:
                print(
                    f"edit {version}: the findings differ\nserver: {told}\ncheck:  {fresh}\ntext:   {text!r}"
                )
                return 1
    client.request("shutdown", None)
    client.notify("exit", None)
    status = client.process.wait(10)
    print(f"{done} edits, {compared} checks compared, no difference; the server ended with status {status}")
    return status


if __name__ == "__main__":
    sys.exit(main())
