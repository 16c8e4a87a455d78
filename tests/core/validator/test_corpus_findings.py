"""Published files: their authors' known mistakes are found, and nothing else is."""

from pathlib import Path

import pytest

from strongroom.document import Document
from strongroom.validator import Levels, validate

CORPUS = Path(__file__).parents[3] / "../shared/corpus"
PATHS = sorted(CORPUS.glob("*/*.json"))
SEED = Levels().select(
    [
        "unknown-secret",
        "unknown-variable",
        "secret-quotes",
        "secret-spacing",
        "misplaced-secret",
        "invalid-secret-name",
        "json-syntax",
        "template-syntax",
    ]
)
MISTAKES = {
    "gs-lukaszwnek__my-widgets/e375776b": [("misplaced-secret", "get_secret('SUPABASE_URL')", "url")] * 3,
    "gs-cjimenez__my-widgets/18f091fa": [("json-syntax", ",", "")] * 2,
}
"""Beginning of the file's name -> (rule, flagged text, field) of every finding of the seed's rules."""


def test_the_corpus_is_whole():
    if not PATHS:
        pytest.skip("the corpus of published files is not here")
    assert all(any(f"{p.parent.name}/{p.name}".startswith(key) for p in PATHS) for key in MISTAKES)


@pytest.mark.parametrize("path", PATHS or [None], ids=lambda path: path and f"{path.parent.name}/{path.name}")
def test_a_published_file_has_exactly_its_known_mistakes(path):
    if path is None:
        pytest.skip("the corpus of published files is not here")
    text = path.read_bytes().decode()
    document = Document.parse(text)
    assert document.is_connector_file
    found = [(f.rule, text[f.start : f.end], f.field) for f in validate(document, levels=SEED)]
    expected = [
        mistakes for key, mistakes in MISTAKES.items() if f"{path.parent.name}/{path.name}".startswith(key)
    ]
    assert found == (expected[0] if expected else [])
