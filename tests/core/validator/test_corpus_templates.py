"""Published files: what the rules about templates and names find in them, whole, by file."""

from pathlib import Path

import pytest

from strongroom.document import Document
from strongroom.validator import Levels, validate

CORPUS = Path(__file__).parents[3] / "../shared/corpus"
PATHS = sorted(CORPUS.glob("*/*.json"))
RULES = Levels().select(
    [
        "wrong-kind",
        "misplaced-variable",
        "misplaced-function",
        "misplaced-name",
        "computed-name",
        "bare-call",
        "undefined-name",
        "unknown-filter",
        "dict-method",
        "lost-accumulator",
        "raw-from-json",
        "none-text",
        "unguarded-response",
        "unknown-step",
        "unused-ignore",
    ]
)
_CALLED = [("unknown-filter", "json_encode"), ("undefined-name", "payload")]
_EMAIL = [("none-text", "user.email")] * 2
_COUNTRIES = [("unguarded-response", "response.body | from_json")]
FOUND = {
    "austinlamb97__custom-widgets/216f8f3d": _EMAIL,
    "austinlamb97__custom-widgets/25d96c24": _EMAIL,
    "austinlamb97__custom-widgets/f0a7e8ce": _EMAIL,
    "gainsight-hub__widgets-repository-template/5520e003": _COUNTRIES,
    "gainsight-hub__widgets-repository-template/970275d6__connectors": _COUNTRIES,
    "gainsight-hub__widgets-repository-template/970275d6__widgets": _COUNTRIES,
    "gs-cjimenez__my-widgets/6b85caa1": [("none-text", "user.id")] * 2,
    "gs-cjimenez__my-widgets/be60bf1e": [("misplaced-name", "body_text")],
    "gs-lukaszwnek__my-widgets/2db25271": [("undefined-name", "queryParams")] * 2,
    "gs-lukaszwnek__my-widgets/4b04da25": [("undefined-name", "payload")],
    "gs-lukaszwnek__my-widgets/ae37ba61": [("undefined-name", "queryParams")] * 3,
    "gs-lukaszwnek__my-widgets/e375776b": _CALLED,
}
"""Beginning of the file's name -> (rule, flagged text) of every finding."""


@pytest.mark.parametrize("path", PATHS or [None], ids=lambda path: path and f"{path.parent.name}/{path.name}")
def test_a_published_file_has_exactly_its_mistakes_in_templates(path):
    if path is None:
        pytest.skip("the corpus of published files is not here")
    text = path.read_bytes().decode()
    found = [(f.rule, text[f.start : f.end]) for f in validate(Document.parse(text), levels=RULES)]
    name = f"{path.parent.name}/{path.name}"
    assert found == next((rows for key, rows in FOUND.items() if name.startswith(key)), [])
