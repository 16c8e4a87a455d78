"""The layout of the product: no circle of imports, no crowded folder, no module that is named like a test."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOPS = ("core", "cli", "lsp", "tui")
FOLDERS = (*TOPS, "tests", "docs", "editors")
MOST_FILES = 26  # of modules in one folder, `__init__` apart
CROWDED = {"rules"}  # one file a rule, however many there are


def modules() -> dict[str, Path]:
    """Return every module of the product by its name."""
    found = {}
    for top in TOPS:
        for path in (ROOT / top).rglob("*.py"):
            parts = path.relative_to(ROOT / top).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(text: str, known: Iterable[str]) -> Iterator[str]:
    """Yield the modules among `known` that a text imports: late imports and those for types only count as well."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if name in known or node.module in known:
                    yield name if name in known else node.module


def circles(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the groups of nodes that reach each other (Tarjan's strongly connected components of two and more)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_nodes: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        order[node] = lowest[node] = len(order)
        open_nodes.append(node)
        for other in edges.get(node, ()):
            if other not in order:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in open_nodes:
                lowest[node] = min(lowest[node], order[other])
        if lowest[node] == order[node]:
            at = open_nodes.index(node)
            if len(open_nodes) - at > 1:
                found.append(sorted(open_nodes[at:]))
            del open_nodes[at:]

    for node in edges:
        if node not in order:
            visit(node)
    return found


def test_the_circle_finder_finds_late_and_type_only_imports() -> None:
    texts = {
        "p.a": "def f():\n    from p import b",
        "p.b": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.c import C",
        "p.c": "import p.a",
        "p.d": "from p import a, b, c",
    }
    edges = {name: set(imports(text, texts)) for name, text in texts.items()}
    assert circles(edges) == [["p.a", "p.b", "p.c"]]


def test_no_module_imports_itself_through_others() -> None:
    known = modules()
    edges = {name: set(imports(path.read_text("utf-8"), known)) - {name} for name, path in known.items()}
    assert circles(edges) == []


def test_no_folder_is_crowded() -> None:
    counts = Counter(path.parent for path in modules().values() if path.name != "__init__.py")
    crowded = {
        folder.name: n for folder, n in counts.items() if n > MOST_FILES and folder.name not in CROWDED
    }
    assert crowded == {}, "put the modules of one concept into a folder below"


@pytest.mark.parametrize("pattern", ["test_*.py", "*_test.py"])
def test_no_module_of_the_product_is_named_like_a_test(pattern: str) -> None:
    assert [path.name for top in TOPS for path in (ROOT / top).rglob(pattern)] == []


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])
def test_each_file_that_a_page_names_is_there(page: str) -> None:
    codes = re.findall(r"`([^`\n]+)`", (ROOT / page).read_text("utf-8"))
    words = {word for code in codes for word in code.split() if "my_" not in word}
    files = {word for word in words if re.fullmatch(r"(?:[\w.]+/)+[\w.]+\.\w+", word)}
    folders = {word for word in words - files if re.match(rf"(?:{'|'.join(FOLDERS)})/", word)}
    there = [f"/{path.relative_to(ROOT)}" for top in FOLDERS for path in (ROOT / top).rglob("*.*")]
    assert files
    assert {name for name in files if not any(path.endswith(f"/{name}") for path in there)} == set()
    assert {name for name in folders if not (ROOT / name).exists()} == set()


TABLES = {
    "`core/strongroom`:": "core/strongroom",
    "`core/strongroom/store`,": "core/strongroom/store",
    "`core/strongroom/resolver`,": "core/strongroom/resolver",
    "### `lsp/strongroom_lsp`:": "lsp/strongroom_lsp",
    "### `cli/strongroom_cli`:": "cli/strongroom_cli",
    "### `tui/strongroom_tui`:": "tui/strongroom_tui",
}
"""The beginning of the line above a table of parts -> the package that the table lists."""


@pytest.mark.parametrize(("above", "package"), TABLES.items(), ids=TABLES.values())
def test_the_map_lists_each_part_of_a_package(above: str, package: str) -> None:
    table = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition(above)[2].partition("|---")[2]
    first = [line.split("|")[1] for line in table.partition("\n\n")[0].splitlines()[1:]]
    listed = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}
    # Git leaves a moved folder behind with what Python compiled in it.
    modules = [path.relative_to(ROOT / package) for path in (ROOT / package).rglob("*.py")]
    assert listed == {path.parts[0].removesuffix(".py") for path in modules} - {"__init__", "__main__"}


def test_each_name_on_the_way_through_the_code_is_in_its_file() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    ways = re.findall(r"`([\w/]+\.py)` \(`([\w.]+)`", text)
    files = {f"/{path.relative_to(ROOT)}": path for path in modules().values()}
    for name, called in ways:
        found = [path.read_text("utf-8") for way, path in files.items() if way.endswith(f"/{name}")]
        definitions = [rf"(?:def|class) {part}\b" for part in called.split(".")]
        assert any(all(re.search(one, code) for one in definitions) for code in found), (name, called)
    assert len(ways) > 10
