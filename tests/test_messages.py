"""What messages look like, whoever says them."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [path for folder in ("core", "cli", "lsp", "tui") for path in sorted((ROOT / folder).rglob("*.py"))]
_PATH = re.compile(
    r"(?:visible\()?(?:\w+\.)*(?:path|file|folder|vault_path|key_file|target|here)\)?|.*\b(?:realpath|relpath|abspath)\(.*"
)
_MARK = re.compile(r"[.,?!](?:\s|\Z)")


def bare_paths(text):
    """The line of each path in a sentence that a mark of the sentence follows, so that it is read as part of it."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.JoinedStr):
            continue
        parts = [part.value if isinstance(part, ast.Constant) else part for part in node.values]
        for number, part in enumerate(parts):
            after = parts[number + 1 : number + 2]
            is_marked = after and isinstance(after[0], str) and _MARK.match(after[0])
            if isinstance(part, str) or not is_marked or (len(after[0]) == 1 and number + 2 < len(parts)):
                continue
            before = parts[number - 1] if number else ""
            is_quoted = isinstance(before, str) and before.endswith(('"', "`"))
            if _PATH.fullmatch(ast.unparse(part.value)) and not is_quoted:
                yield node.lineno


@pytest.mark.parametrize(
    "line", ['f"There is no vault at {path}."', 'f"in {folder}, and so on"', 'f"Is it {self.file}?"']
)
def test_a_path_before_a_mark_of_the_sentence_is_seen(line):
    assert list(bare_paths(line)) == [1]
    assert list(bare_paths(line.replace("{", "`{").replace("}", "}`"))) == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_mark_of_a_sentence_can_be_read_as_part_of_a_path(file):
    assert list(bare_paths(file.read_text(encoding="utf-8"))) == []
