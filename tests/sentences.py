"""Print every sentence of the product that a user may read: `make sentences`.

A sentence is a text of three words or more in the code, apart from docstrings that no command shows. What is filled in
later is shown as its expression in braces.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
FILES = [path for top in ("core", "cli", "lsp", "tui") for path in sorted((ROOT / top).rglob("*.py"))]
_WORDS = re.compile(r"(?:^|[\s(\"'`])[A-Za-z]{1,}(?:[ ,;:]+[\w`'\"{}().-]+){2,}")
# Texts for other programs: SQL, patterns, names of modules and the like.
_NO_SENTENCE = re.compile(
    r"^(?:SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|DROP|ALTER)\b|\(\?[:P!<]|^#!|[{}]{2}|\\[dws]"
)
_SHOWN = ("command", "group", "commands")


class Sentence(NamedTuple):
    """A text and the place of it: the file from the root, and the line."""

    file: str
    line: int
    text: str


def sentences(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of one file, in the order of the file."""
    tree = ast.parse(path.read_text("utf-8"))
    hidden = set(_docstrings(tree))
    file = str(path.relative_to(ROOT))
    found = []
    parts_of_others: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts_of_others |= {id(part) for part in ast.walk(node) if part is not node}
        if id(node) in hidden or id(node) in parts_of_others:
            continue
        text = _text(node)
        if text and _WORDS.search(text) and not _NO_SENTENCE.search(text):
            found.append(Sentence(file, node.lineno, " ".join(text.split())))  # type: ignore[attr-defined]
    yield from sorted(found, key=lambda one: one.line)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"  # type: ignore[attr-defined]
            for part in node.values
        )
    return None


def _docstrings(tree: ast.AST) -> Iterator[int]:
    """Yield the identity of each docstring that no command shows as its help."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        decorators = [] if isinstance(node, ast.Module) else node.decorator_list
        is_help = any(name in ast.unparse(one) for one in decorators for name in _SHOWN)
        for statement in node.body:
            # A text below an assignment is its docstring.
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and not is_help:
                yield id(statement.value)


def main() -> None:
    """Print the sentences, file by file."""
    for path in FILES:
        found = list(sentences(path))
        if found:
            sys.stdout.write(f"\n## {found[0].file}\n\n")
        for one in found:
            sys.stdout.write(f"{one.line}: {one.text}\n")


if __name__ == "__main__":
    main()
