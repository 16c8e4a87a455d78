"""A workspace of thousands of connector files: how long symbols, references and rename take, and typing meanwhile.

    python benchmarks/lsp_workspace.py --files 2000 --connectors 4

Times are from the request's last byte to the answer's, over pipes, in milliseconds: the best and the median of
`--runs`. The client is the one of `lsp_random_edits.py`.
"""

import argparse
import json
import pathlib
import statistics
import tempfile
import time

from lsp_random_edits import Client

METHODS = {
    "symbols": ("workspace/symbol", {"query": "conn"}),
    "one symbol": ("workspace/symbol", {"query": "conn-7-1"}),
    "references of a name in every file": ("textDocument/references", {"at": "'api_key'"}),
    "references of a name in some files": ("textDocument/references", {"at": "'other_0'"}),
    "rename of a name in every file": ("textDocument/rename", {"at": "'api_key'", "newName": "fresh"}),
    "rename of a name in some files": ("textDocument/rename", {"at": "'other_0'", "newName": "fresh"}),
}


def connector(file: int, number: int) -> dict[str, object]:
    rows = [{"key": "X", "value": f"{{{{ get_secret('other_{file % 50}') }}}}"}]
    if number == 0:
        rows.append({"key": "Authorization", "value": "Bearer {{ get_secret('api_key') }}"})
    return {
        "name": f"Conn {file}-{number}",
        "permalink": f"conn-{file}-{number}",
        "url": "https://api.example.com/x/{{ pathParams.id }}",
        "path_parameters": [{"key": "id"}],
        "headers": rows,
        "response_body": "{% set d = response.body | from_json %}{{ d['items'] | tojson }}",
    }


def make(folder: pathlib.Path, files: int, connectors: int) -> pathlib.Path:
    (folder / ".git").mkdir()
    for file in range(files):
        path = folder / "widgets" / str(file) / "connectors.json"
        path.parent.mkdir(parents=True)
        registry = {"connectors": [connector(file, number) for number in range(connectors)]}
        path.write_text(json.dumps(registry, indent=2), "utf-8")
    return folder / "widgets" / "0" / "connectors.json"


def typed(client: Client, uri: str, times: int) -> list[float]:
    """Milliseconds from an edit to its diagnostics, for edits as somebody types them."""
    found = []
    for version in range(1, times + 1):
        span = {"start": {"line": 3, "character": 15}, "end": {"line": 3, "character": 15}}
        client.published.clear()
        begun = time.perf_counter()
        identity = {"uri": uri, "version": version}
        client.notify(
            "textDocument/didChange",
            {"textDocument": identity, "contentChanges": [{"range": span, "text": "x"}]},
        )
        client.diagnostics(version)
        found.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.08)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--connectors", type=int, default=4, help="connectors in each file")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        path = make(folder, options.files, options.connectors)
        text, uri = path.read_text("utf-8"), path.as_uri()
        client = Client(folder, "utf-16")
        document = {"uri": uri, "languageId": "json", "version": 0, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": document})
        client.diagnostics(0)
        time.sleep(0.4)
        print(f"typing while the files are read: {told(typed(client, uri, 25))}")
        begun = time.perf_counter()
        client.request("workspace/symbol", {"query": "nothing is called so"})
        print(f"indexed {time.perf_counter() - begun:.1f} s after the last key")
        print(f"typing afterwards: {told(typed(client, uri, 25))}")
        text = client.request("strongroom/documentText", {"textDocument": {"uri": uri}})["text"]
        for label, (method, given) in METHODS.items():
            params = {key: value for key, value in given.items() if key != "at"}
            if "at" in given:
                place = client.place(text, text.index(given["at"]) + 2)
                params |= {
                    "textDocument": {"uri": uri},
                    "position": place,
                    "context": {"includeDeclaration": True},
                }
            times, count = [], 0
            for _ in range(options.runs):
                begun = time.perf_counter()
                answer = client.request(method, params)
                times.append((time.perf_counter() - begun) * 1000)
                count = len(answer) if isinstance(answer, list) else len(answer.get("changes", ()))
            print(f"{label}: {count} answers, {told(times)}")
        client.process.kill()


def told(times: list[float]) -> str:
    return f"best {min(times):.1f} ms, median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms"


if __name__ == "__main__":
    main()
