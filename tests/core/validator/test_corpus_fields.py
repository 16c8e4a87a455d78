"""Published files: what the rules about fields find in them, whole, by file."""

from pathlib import Path

import pytest

from strongroom.document import Document
from strongroom.validator import Levels, validate

CORPUS = Path(__file__).parents[3] / "../shared/corpus"
PATHS = sorted(CORPUS.glob("*/*.json"))
FIELD_RULES = Levels().select(
    [
        "literal-credential",
        "visible-credential",
        "single-brace",
        "missing-field",
        "wrong-type",
        "too-long",
        "invalid-method",
        "invalid-permalink",
        "duplicate-permalink",
        "duplicate-key",
        "unknown-field",
        "insecure-url",
        "private-host",
        "templated-protocol",
        "templated-host",
        "url-characters",
        "undeclared-path-parameter",
        "unused-path-parameter",
        "unknown-auth-type",
        "missing-auth-field",
        "misplaced-auth-field",
        "invalid-algorithm",
        "invalid-auth-location",
        "deprecated-auth-type",
        "overridable-identity",
        "ignored-body",
        "empty-composite",
        "invalid-step-name",
        "duplicate-step",
        "composite-path-parameters",
        "token-step",
    ]
)
FOUND = {
    "gainsight-hub__gainsight-hub-extensions-plugin/8ca6585f": [
        ("deprecated-auth-type", "apikey"),
        ("literal-credential", "sk-1234567890abcdef"),
    ],
    "gs-cjimenez__my-widgets/18f091fa": [("undeclared-path-parameter", "topicId")],
    "gs-cjimenez__my-widgets/27f05acd": [("single-brace", "{topicId}")],
    "gs-cjimenez__my-widgets/6b85caa1": [
        ("undeclared-path-parameter", "topicId"),
        ("unknown-field", "pathParams"),
    ],
    "gs-cjimenez__my-widgets/98d29fef": [
        ("undeclared-path-parameter", "categoryId"),
        ("undeclared-path-parameter", "topicId"),
    ],
    "gs-lukaszwnek__my-widgets/4b04da25": [("deprecated-auth-type", "apikey")] * 3,
}
"""Beginning of the file's name -> (rule, flagged text) of every finding; a file not named here has none."""


def test_the_named_files_are_in_the_corpus():
    if not PATHS:
        pytest.skip("the corpus of published files is not here")
    assert all(any(f"{p.parent.name}/{p.name}".startswith(key) for p in PATHS) for key in FOUND)


@pytest.mark.parametrize("path", PATHS or [None], ids=lambda path: path and f"{path.parent.name}/{path.name}")
def test_a_published_file_has_exactly_its_mistakes_of_fields(path):
    if path is None:
        pytest.skip("the corpus of published files is not here")
    text = path.read_bytes().decode()
    found = [(f.rule, text[f.start : f.end]) for f in validate(Document.parse(text), levels=FIELD_RULES)]
    name = f"{path.parent.name}/{path.name}"
    assert found == next((rows for key, rows in FOUND.items() if name.startswith(key)), [])
