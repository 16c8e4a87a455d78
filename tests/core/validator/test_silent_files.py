"""Files that use every legal feature of the platform yield no finding at all."""

from pathlib import Path

import pytest

from strongroom.document import Document
from strongroom.validator import validate

FILES = sorted(Path(__file__).parent.glob("silent/*.json"))


def test_the_silent_files_are_here():
    assert len(FILES) >= 4


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_legal_file_yields_nothing(path, known):
    text = path.read_text(encoding="utf-8")
    document = Document.parse(text)
    assert document.connectors
    assert [(f.rule, text[f.start : f.end], f.message) for f in validate(document, known)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_legal_file_without_a_list_of_names_yields_nothing(path):
    assert validate(Document.parse(path.read_text(encoding="utf-8"))) == []
