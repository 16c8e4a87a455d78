"""List the keys of a file of test cases, as data.

The reader, the JSON Schema and the language server use the lists.

The format is TOML. `TABLES` lists the tables, `KEYS` the keys of each table, and `SHAPES` the values that each key may
have. Imports next to nothing, because a language server starts with it.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

SUFFIX: Final = ".tests.toml"
"""The end of the name of a file of test cases, which is beside its connectors.

An example is `connectors.tests.toml` beside `connectors.json`.
"""

JSON_TYPES: Final = ("string", "number", "boolean", "null", "array", "object")
"""The values of `type` of a check on the body: the types of JSON."""

_TEXT: Final[Mapping[str, Any]] = {"type": "string", "minLength": 1}
_STATUS: Final[Mapping[str, Any]] = {
    "anyOf": [{"type": "integer", "minimum": 100, "maximum": 599}, {"enum": [f"{n}xx" for n in range(1, 6)]}]
}


class Shape(NamedTuple):
    """Describe the values that a key may have, in words and as JSON Schema.

    The schema is without the tables that `table` names.
    """

    words: str
    schema: Mapping[str, Any]
    table: str = ""
    """The table whose keys the value may have."""


SHAPES: Final[Mapping[str, Shape]] = {
    "text": Shape("a text that is not empty", _TEXT),
    "any text": Shape("a text", {"type": "string"}),
    "texts": Shape("a list of texts", {"type": "array", "items": _TEXT}),
    "expressions": Shape(
        "a text or a list of texts", {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
    ),
    "flag": Shape("true or false", {"type": "boolean"}),
    "skip": Shape("true, or a text that says why", {"anyOf": [{"type": "boolean"}, _TEXT]}),
    "pairs": Shape(
        "a table of names and texts",
        {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
    ),
    "user": Shape("a table, or the path of a JSON file", {"anyOf": [{"type": "object"}, _TEXT]}),
    "payload": Shape(
        'a text, "@" with the path of a file, or a table or list that is sent as JSON',
        {"type": ["string", "object", "array"]},
    ),
    "status": Shape(
        'a status (200), a class of them ("2xx"), or a list of these',
        {"anyOf": [*_STATUS["anyOf"], {"type": "array", "items": _STATUS, "minItems": 1}]},
    ),
    "milliseconds": Shape("a number of milliseconds above 0", {"type": "number", "exclusiveMinimum": 0}),
    "number": Shape("a number", {"type": "number"}),
    "length": Shape("a whole number, 0 or more", {"type": "integer", "minimum": 0}),
    "value": Shape("any value", {}),
    "pattern": Shape("a regular expression", {"type": "string", "format": "regex"}),
    "json type": Shape("one of " + ", ".join(JSON_TYPES), {"enum": list(JSON_TYPES)}),
    "tests": Shape("[[test]] tables", {"type": "array"}, "test"),
    "defaults": Shape("a table", {"type": "object"}, "defaults"),
    "expect": Shape("a table", {"type": "object"}, "expect"),
    "header checks": Shape(
        "a table of header names, each with a text or a table of checks", {"type": "object"}, "header"
    ),
    "text checks": Shape("a table of checks", {"type": "object"}, "body_text"),
    "body checks": Shape("a list of tables, each with a path and a check", {"type": "array"}, "body"),
}
"""Every shape, by name."""


class Key(NamedTuple):
    """Describe one key: its table, the shape of its value, and its meaning."""

    table: str
    name: str
    shape: str
    meaning: str
    required: bool = False


_INPUTS: Final = (
    ("community", "text", "The community whose secrets and variables are meant."),
    ("user", "user", "Who calls: a table, or a JSON file. {} is a visitor who is not signed in."),
    ("tenant_id", "text", "The value of `tenant_id`."),
    (
        "query",
        "pairs",
        "The caller's query parameters; they replace overridable ones, and undeclared ones are sent on.",
    ),
    ("path_parameters", "pairs", "The caller's path parameters."),
    ("headers", "pairs", "The caller's headers; they replace overridable ones."),
    ("payload", "payload", "The incoming body: a text, @FILE, or a table or list that is sent as JSON."),
    ("tags", "texts", "Words to choose tests by, with --tag."),
    ("expect", "expect", "The expectations of the answer. Without `status` any 2xx passes."),
)

_TEXT_CHECKS: Final = (
    ("equals", "any text", "The text is exactly this."),
    ("not_equals", "any text", "The text is anything but this."),
    ("contains", "text", "This is somewhere in it."),
    ("matches", "pattern", "This regular expression is found in it."),
)

KEYS: Final = (
    Key("", "test", "tests", "The test cases."),
    Key("", "defaults", "defaults", "The defaults of every test of the file."),
    *(Key("defaults", *row) for row in _INPUTS),
    Key("test", "name", "text", "The name of the test. No other test of the file has it.", True),
    Key(
        "test",
        "connector",
        "text",
        "The permalink or the name of the connector.",
        True,
    ),
    *(Key("test", *row) for row in _INPUTS),
    Key("test", "skip", "skip", "Leave it out; a text says why."),
    Key("test", "recorded", "text", "The file of the recorded answers, where it is not the usual one."),
    Key("expect", "status", "status", "The status, as the caller of the connector gets it."),
    Key("expect", "max_ms", "milliseconds", "The longest time that the whole run may take."),
    Key("expect", "all_secrets_resolve", "flag", "True if every secret and variable must resolve."),
    Key("expect", "headers", "header checks", "The answer's headers, by name."),
    Key("expect", "body", "body checks", "Values in the JSON body, by JSONPath (RFC 9535)."),
    Key("expect", "body_text", "text checks", "The body as text."),
    Key(
        "expect", "that", "expressions", "Comparisons in which @ is the body: `@.count > 2 && @.ok == true`."
    ),
    Key("body", "path", "text", "A JSONPath (RFC 9535): `$.items[0].price`.", True),
    Key("body", "equals", "value", "The value is this; all values, as a list, where the path gives several."),
    Key("body", "not_equals", "value", "The value is anything but this."),
    Key("body", "contains", "value", "A text holds this text, a list this item, an object this key."),
    Key("body", "matches", "pattern", "The text matches this regular expression somewhere."),
    Key("body", "exists", "flag", "True if there must be a value at the path, false if there must be none."),
    Key("body", "type", "json type", "The JSON type of the value."),
    Key("body", "length", "length", "The length of the text, list or object."),
    Key("body", "count", "length", "The number of values that the path gives."),
    Key("body", "at_least", "number", "The number is this or more."),
    Key("body", "at_most", "number", "The number is this or less."),
    *(Key("header", *row) for row in _TEXT_CHECKS),
    Key("header", "exists", "flag", "True if the header must be there, false if it must not."),
    *(Key("body_text", *row) for row in _TEXT_CHECKS),
)
"""Every key.

`docs/test-cases.md` lists them, and a test compares the two.
"""

_BY_TABLE: Final[dict[str, dict[str, Key]]] = {}
for _key in KEYS:
    _BY_TABLE.setdefault(_key.table, {})[_key.name] = _key


def keys_of(table: str) -> Mapping[str, Key]:
    """Return the keys of a table by name; none for an unknown table."""
    return _BY_TABLE.get(table, {})


def table_at(path: tuple[str | int, ...]) -> str | None:
    """Return the table (as in `KEYS`) at a path like ("test", 0, "expect"), or None."""
    table = ""
    for index, step in enumerate(path):
        if isinstance(step, int):
            continue
        if table == "headers":
            return "header" if index == len(path) - 1 else None
        key = keys_of(table).get(step)
        if key is None:
            return None
        below = SHAPES[key.shape].table
        if not below:
            return None
        table = "headers" if below == "header" else below
    return None if table == "headers" else table
