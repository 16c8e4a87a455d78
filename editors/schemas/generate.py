"""Writes the JSON Schemas of this folder from the program's own data: `python editors/schemas/generate.py`.

A test holds the files equal to what this would write. The schemas are for editors that know JSON Schema and no
language server; they say what a file may hold, and leave what needs more to `strongroom check`.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from strongroom.backends.place import ENGINES
from strongroom.platform.authentication import AUTH_TYPES, AuthType
from strongroom.platform.fields import (
    AUTHENTICATION_FIELDS,
    COMPOSITE_FIELDS,
    CONNECTOR_FIELDS,
    PATH_ROW_FIELDS,
    PERMALINK_PATTERN,
    REGISTRY_FIELDS,
    ROW_FIELDS,
    STEP_NAME_PATTERN,
    FieldFact,
)
from strongroom.settings.keys import KEYS as SETTINGS
from strongroom.settings.keys import LEVELS, LONGEST_SECONDS, THEMES
from strongroom.testcases.keys import SHAPES, keys_of
from strongroom.validator import RULES

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """File name -> schema."""
    return {
        "connectors.schema.json": connectors(),
        "strongroom.schema.json": settings(),
        "tests.schema.json": tests(),
    }


def _table(title: str, properties: Mapping[str, Schema], required: list[str], *, is_open: bool) -> Schema:
    schema: Schema = {"title": title, "type": "object", "properties": dict(properties)}
    if required:
        schema["required"] = required
    return schema if is_open else {**schema, "additionalProperties": False}


# -- connector files ------------------------------------------------------------------------

_SCALAR: Final[Schema] = {"type": ["string", "number", "boolean", "null"]}
_ROWS: Final = {"headers": "row", "query_parameters": "row", "path_parameters": "path_row"}


def connectors() -> Schema:
    """A registry, a widget's file, one connector alone, or a list of them (PLATFORM §4)."""
    ref = {name: {"$ref": f"#/$defs/{name}"} for name in ("connector", "composite")}
    registry = {
        "connectors": {"items": ref["connector"]},
        "composite_connectors": {"items": ref["composite"]},
    }
    permalink = {"permalink": {"pattern": f"^{PERMALINK_PATTERN}$"}}
    nested = {field: {"items": {"$ref": f"#/$defs/{row}"}} for field, row in _ROWS.items()}
    inside = {**nested, "authentication": {"$ref": "#/$defs/authentication"}}
    step = {**inside, **permalink, "name": {"pattern": f"^{STEP_NAME_PATTERN}$"}}
    either: Schema = {"if": {"required": ["steps"]}, "then": ref["composite"], "else": ref["connector"]}
    whole: Schema = {"if": {"type": "object", "anyOf": [{"required": [name]} for name in registry]}}
    return {
        "$schema": DRAFT,
        "title": "Connectors of a Gainsight Customer Community",
        "type": ["object", "array"],
        "items": either,
        **whole,
        "then": {"$ref": "#/$defs/registry"},
        "else": {"if": {"type": "object"}, "then": either},
        "$defs": {
            "registry": _facts("Connector file", REGISTRY_FIELDS, registry),
            "connector": _facts("Connector", CONNECTOR_FIELDS, {**inside, **permalink}),
            "composite": _facts(
                "Composite connector",
                COMPOSITE_FIELDS,
                {**permalink, "steps": {"items": {"$ref": "#/$defs/step"}, "minItems": 1}},
            ),
            "step": _facts("Step of a composite connector", CONNECTOR_FIELDS, step),
            "row": _facts("Header or query parameter", ROW_FIELDS, {}),
            "path_row": _facts("Path parameter", PATH_ROW_FIELDS, {}),
            "authentication": _authentication(),
        },
    }


def _facts(title: str, facts: Mapping[str, FieldFact], more: Mapping[str, Schema]) -> Schema:
    """Other keys are legal (PLATFORM §4), so none is forbidden."""
    properties = {name: {**_fact(fact), **more.get(name, {})} for name, fact in facts.items()}
    required = [fact.name for fact in facts.values() if fact.required]
    return _table(title, properties, required, is_open=True)


def _fact(fact: FieldFact) -> Schema:
    schema: Schema = {"description": fact.doc}
    # An optional field that is null counts as absent.
    plain: Schema = {"type": fact.type if fact.required else [fact.type, "null"]}
    schema |= _SCALAR if fact.type == "scalar" else plain
    if fact.limit is not None:
        schema["maxLength"] = fact.limit
    if fact.allowed:
        schema["enum"] = list(fact.allowed) if fact.required else [*fact.allowed, None]
    if fact.default is not None:
        schema["default"] = list(fact.default) if isinstance(fact.default, tuple) else fact.default
    return schema


def _authentication() -> Schema:
    schema = _facts("Authentication", AUTHENTICATION_FIELDS, {"type": {"enum": list(AUTH_TYPES)}})
    schema["type"] = ["object", "null"]
    schema["allOf"] = [
        {"if": {"properties": {"type": {"const": name}}}, "then": {"properties": {"config": _config(kind)}}}
        for name, kind in AUTH_TYPES.items()
        if kind.fields
    ]
    return schema


def _config(kind: AuthType) -> Schema:
    properties = {}
    for name, field in kind.fields.items():
        properties[name] = {"description": field.doc}
        if field.allowed:
            # A template may stand for each of these, too.
            properties[name]["anyOf"] = [{"enum": list(field.allowed)}, {"pattern": r"\{\{"}]
        if field.default is not None:
            properties[name]["default"] = field.default
    return _table(kind.name, properties, [f.name for f in kind.fields.values() if f.required], is_open=True)


# -- strongroom.toml ------------------------------------------------------------------------

_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
_LEVELS: Final[Schema] = {"$ref": "#/$defs/levels"}
_SETTING_SHAPES: Final[Mapping[str, Schema]] = {
    "theme": {"enum": list(THEMES)},
    "seconds": {"type": "integer", "minimum": 1, "maximum": LONGEST_SECONDS},
    "text": _TEXT,
    "path": _TEXT,
    "texts": _TEXTS,
    "paths": _TEXTS,
    "patterns": _TEXTS,
    "rules": _LEVELS,
    "path rules": {"type": "object", "additionalProperties": _LEVELS},
    "backends": {
        "type": "object",
        "additionalProperties": {
            "oneOf": [
                _table(
                    engine.title,
                    {
                        "engine": {"const": name},
                        **dict.fromkeys(engine.keys, _TEXT),
                    },
                    ["engine", *engine.needed],
                    is_open=False,
                )
                for name, engine in ENGINES.items()
            ]
        },
    },
}


def settings() -> Schema:
    """`strongroom.toml`."""
    levels: Schema = {
        "type": "object",
        "properties": {
            name: {"description": f"How to treat {name}: see docs/rules/{name}.md", "enum": list(LEVELS)}
            for name in RULES
        },
        "additionalProperties": False,
    }
    tables: dict[str, dict[str, Schema]] = {}
    for key in SETTINGS:
        shape = _SETTING_SHAPES[key.shape]
        tables.setdefault(key.table, {})[key.name] = {"description": key.meaning, **shape}
    top = tables.pop("")
    top |= {name: _table(f"[{name}]", keys, [], is_open=False) for name, keys in tables.items()}
    whole = _table("Settings of Strongroom", top, [], is_open=False)
    return {"$schema": DRAFT, **whole, "$defs": {"levels": levels}}


# -- test cases -----------------------------------------------------------------------------


def tests() -> Schema:
    """`*.tests.toml`."""
    tables = ("defaults", "test", "expect", "body", "header", "body_text")
    return {
        "$schema": DRAFT,
        **_keys("", "Test cases of connectors"),
        "required": ["test"],
        "$defs": {table: _keys(table, table) for table in tables},
    }


def _keys(table: str, title: str) -> Schema:
    keys = keys_of(table)
    properties = {name: {"description": key.meaning, **_shape(key.shape)} for name, key in keys.items()}
    required = [key.name for key in keys.values() if key.required]
    schema = _table(title, properties, required, is_open=False)
    if table in ("body", "header", "body_text"):
        schema["minProperties"] = 2 if table == "body" else 1
    return schema


def _shape(name: str) -> Schema:
    shape = SHAPES[name]
    schema: Schema = dict(shape.schema)
    below: Schema = {"$ref": f"#/$defs/{shape.table}"}
    if name in ("tests", "body checks"):
        return {**schema, "items": below}
    if name == "header checks":
        return {**schema, "additionalProperties": {"anyOf": [{"type": "string"}, below]}}
    return {**schema, **below} if shape.table else schema


def written(schema: Schema) -> str:
    """A schema as its file has it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Writes every schema."""
    for name, schema in schemas().items():
        (Path(__file__).parent / name).write_text(written(schema), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
