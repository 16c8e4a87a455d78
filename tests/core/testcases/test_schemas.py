"""The JSON Schemas are current, accept what is right, and refuse what is wrong."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "editors/schemas"
CORPUS = ROOT / "../shared/corpus"


def schema(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.schema.json").read_text())


def mistakes(name: str, data: Any) -> list[str]:
    return [error.json_path for error in jsonschema.Draft202012Validator(schema(name)).iter_errors(data)]


def test_the_schemas_are_what_the_programs_own_data_gives():
    spec = importlib.util.spec_from_file_location("generate_schemas", FOLDER / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    for name, made in generate.schemas().items():
        jsonschema.Draft202012Validator.check_schema(made)
        current = (FOLDER / name).read_text(encoding="utf-8")
        assert generate.written(made) == current, f"run `make pages`: it writes editors/schemas/{name}"


@pytest.mark.parametrize(
    "file", sorted((ROOT / "tests/core/validator/silent").glob("*.json")), ids=lambda file: file.name
)
def test_files_in_every_form_are_accepted(file: Path):
    assert mistakes("connectors", json.loads(file.read_text())) == []


def test_published_files_are_accepted_but_for_what_the_platform_refuses_too():
    files = sorted(CORPUS.glob("*/*.json"))
    if not files:
        pytest.skip("the corpus of published files is not here")
    read, refused = 0, {}
    for file in files:
        try:
            data = json.loads(file.read_text(encoding="utf-8-sig"))
        except ValueError:
            continue
        read += 1
        if found := mistakes("connectors", data):
            refused[file.name] = found
    assert read > 30
    assert refused == {}


CONNECTOR = {"name": "A", "url": "https://api.example.com", "headers": [{"key": "K", "value": "v"}]}
KEY = {"type": "api_key", "config": {"key": "k", "value": "v", "in": "header"}}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"method": "FETCH"}, "$.connectors[0].method"),
        ({"name": None}, "$.connectors[0].name"),
        ({"url": "x" * 2049}, "$.connectors[0].url"),
        ({"permalink": "Not A Slug"}, "$.connectors[0].permalink"),
        ({"headers": {}}, "$.connectors[0].headers"),
        ({"headers": [{"value": "v"}]}, "$.connectors[0].headers[0]"),
        ({"authentication": {"type": "magic"}}, "$.connectors[0].authentication.type"),
        ({"authentication": {**KEY, "config": {"key": "k"}}}, "$.connectors[0].authentication.config"),
        (
            {"authentication": {"type": "api_key", "config": {"key": "k", "value": "v", "in": "body"}}},
            "$.connectors[0].authentication.config.in",
        ),
    ],
)  # fmt: skip
def test_mistakes_in_connectors_are_found_where_they_are(change: dict[str, Any], where: str):
    good = {"connectors": [{**CONNECTOR, "authentication": KEY, "anything": 1}]}
    assert mistakes("connectors", good) == []
    found = mistakes("connectors", {"connectors": [{**CONNECTOR, **change}]})
    assert set(found) == {where}


def test_composites_and_files_of_every_shape():
    composite = {"name": "C", "steps": [{**CONNECTOR, "name": "one"}]}
    assert mistakes("connectors", {"composite_connectors": [composite]}) == []
    assert (
        mistakes("connectors", composite)
        == mistakes("connectors", CONNECTOR)
        == mistakes("connectors", [CONNECTOR])
        == []
    )
    assert mistakes("connectors", {"composite_connectors": [{**composite, "steps": []}]}) == [
        "$.composite_connectors[0].steps"
    ]
    assert mistakes("connectors", [{"name": "A"}]) == ["$[0]"]


def test_the_settings_of_the_documentation_are_accepted_and_misspelt_ones_refused():
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    data = tomllib.loads(example)
    assert mistakes("strongroom", data) == []
    for change in (
        {"comunity": "x"},
        {"rules": {"no-such-rule": "off"}},
        {"rules": {"json-syntax": "loud"}},
        {"test": {"hosts": []}},
    ):
        assert mistakes("strongroom", {**data, **change})


def test_test_cases_of_the_demo_are_accepted_and_mistakes_refused():
    demo = tomllib.loads(
        (ROOT / "cli/strongroom_cli/demo/data/connectors.tests.toml").read_text(encoding="utf-8")
    )
    assert mistakes("tests", demo) == []
    test = {"name": "a", "connector": "c"}
    for bad in (
        {"test": [{"name": "a"}]},
        {"test": [{**test, "conector": "x"}]},
        {"test": [{**test, "expect": {"status": 2000}}]},
        {"test": [{**test, "expect": {"status": "2xxx"}}]},
        {"test": [{**test, "expect": {"body": [{"path": "$.a"}]}}]},
        {"test": [{**test, "expect": {"body": [{"path": "$.a", "type": "text"}]}}]},
        {"test": [{**test, "expect": {"headers": {"x": {}}}}]},
        {"test": [{**test, "expect": {"max_ms": 0}}]},
        {"test": [{**test, "skip": 1}]},
        {"defaults": {"name": "x"}, "test": []},
    ):
        assert mistakes("tests", bad), bad


def test_the_reader_and_the_schema_agree_on_every_shape():
    from strongroom.testcases.keys import SHAPES
    from strongroom.testcases.structure import _CHECKS

    samples: list[Any] = ["", "x", "2xx", "9xx", "(", "object", 0, 1, 200, 999, -1, 1.5, True, False]
    samples += [[], ["a"], [""], [1], {}, {"a": "b"}, {"a": []}]
    for name, shape in SHAPES.items():
        if shape.table:
            continue
        validator = jsonschema.Draft202012Validator(shape.schema)
        for sample in samples:
            # A schema calls 1.0 a whole number, and leaves regular expressions to whoever wants to look.
            if name != "pattern":
                assert validator.is_valid(sample) == (_CHECKS[name](sample) is None), (name, sample)
