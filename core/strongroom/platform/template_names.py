"""The names that a template can call and read (PLATFORM §2).

These are functions, context names, filters, tests and Jinja2's globals.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Described(NamedTuple):
    """Describe a function, name or filter: its form, its result and its source."""

    name: str
    signature: str
    doc: str
    source: str = "PLATFORM §2"


def _table(*rows: Described) -> Mapping[str, Described]:
    return {row.name: row for row in rows}


JWT_ENCODE_ALGORITHM: Final = "HS256"
"""The algorithm of `jwt_encode` without a third argument (PLATFORM §2).

RS256 is the default of the authentication types alone.
"""

FUNCTIONS: Final = _table(
    Described(
        "get_secret", "get_secret('name')", "The value of a Secret, put in on the server.", "PLATFORM §1"
    ),
    Described(
        "get_variable", "get_variable('name')", "The value of a Variable, in plain text.", "PLATFORM §1"
    ),
    Described(
        "jwt_encode",
        f"jwt_encode(payload, key, algorithm='{JWT_ENCODE_ALGORITHM}', headers=None)",
        "A signed JWT.",
    ),
    Described("now", "now(offset=0)", "The Unix time in whole seconds, moved by `offset` seconds."),
)


class Arguments(NamedTuple):
    """Hold the arguments of a function in their order, and the form to show."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    form: str


ARGUMENTS: Final[Mapping[str, Arguments]] = {
    "now": Arguments((), ("offset",), FUNCTIONS["now"].signature),
    "jwt_encode": Arguments(("payload", "key"), ("algorithm", "headers"), FUNCTIONS["jwt_encode"].signature),
    "by_id": Arguments(("id",), (), "user.profile_fields.by_id(12)"),
}
"""The functions whose arguments are not a name, by their own names (PLATFORM §2)."""

CONTEXT_NAMES: Final = _table(
    Described("user", "user.email", "The signed-in person; every field is None for an anonymous one."),
    Described("tenant_id", "tenant_id", "The community's identity."),
    Described("pathParams", "pathParams.name", "The path parameters of this call."),
    Described("body_text", "body_text", "The incoming body, as text."),
    Described("body_raw", "body_raw", "The incoming body, as bytes."),
    Described("response", "response.body", "The external API's answer."),
    Described("request", "request.body_text", "The incoming request, in a composite's step."),
    Described("steps", "steps['name'].body", "The answers of earlier steps of a composite."),
)

MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "user": ("email", "first_name", "id", "last_name", "username", "profile_fields"),
    "response": ("body", "status_code", "headers"),
    "request": ("body_text", "body_raw", "headers", "query_parameters"),
}
"""The fields of each context name that has fixed ones."""

USER_FIELDS: Final = frozenset(MEMBERS["user"]) - {"profile_fields"}
"""The fields of `user` that are text or a number, and `None` for an anonymous visitor."""

CALLER_HEADER: Final = "Content-Type"
"""The only header that `request.headers` has, whatever else the caller sends (PLATFORM §2)."""

STEP_MEMBERS: Final = ("body", "status_code", "headers")
"""The fields of `steps.<name>`."""

PROFILE_MEMBERS: Final = ("by_id",)
"""The fields of `user.profile_fields`."""

PLATFORM_FILTERS: Final = _table(
    Described("from_json", "text | from_json", "The value of a JSON text; invalid JSON fails the run."),
    Described("json_encode", "value | json_encode", "The value as JSON text."),
    Described("base64_encode", "text | base64_encode", "The text in base64."),
    Described("base64_decode", "text | base64_decode", "The text that a base64 text encodes."),
)

JINJA_FILTERS: Final = frozenset(
    [
        "abs",
        "attr",
        "batch",
        "capitalize",
        "center",
        "count",
        "d",
        "default",
        "dictsort",
        "e",
        "escape",
        "filesizeformat",
        "first",
        "float",
        "forceescape",
        "format",
        "groupby",
        "indent",
        "int",
        "items",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "pprint",
        "random",
        "reject",
        "rejectattr",
        "replace",
        "reverse",
        "round",
        "safe",
        "select",
        "selectattr",
        "slice",
        "sort",
        "string",
        "striptags",
        "sum",
        "title",
        "tojson",
        "trim",
        "truncate",
        "unique",
        "upper",
        "urlencode",
        "urlize",
        "wordcount",
        "wordwrap",
        "xmlattr",
    ]
)
"""Jinja2 3.1's own filters, by name.

A test compares them with the installed Jinja2.
"""

JINJA_TESTS: Final = frozenset(
    [
        "!=",
        "<",
        "<=",
        "==",
        ">",
        ">=",
        "boolean",
        "callable",
        "defined",
        "divisibleby",
        "eq",
        "equalto",
        "escaped",
        "even",
        "false",
        "filter",
        "float",
        "ge",
        "greaterthan",
        "gt",
        "in",
        "integer",
        "iterable",
        "le",
        "lessthan",
        "lower",
        "lt",
        "mapping",
        "ne",
        "none",
        "number",
        "odd",
        "sameas",
        "sequence",
        "string",
        "test",
        "true",
        "undefined",
        "upper",
    ]
)
"""Jinja2 3.1's own tests, by name."""

NAMING_FILTERS: Final[Mapping[str, tuple[int, str]]] = {
    "map": (1, "filter"),
    "select": (1, "test"),
    "reject": (1, "test"),
    "selectattr": (2, "test"),
    "rejectattr": (2, "test"),
}
"""The filters that take the name of a filter or test.

The number says which argument it is, from 1. These are Jinja2 3.1's own filters.
"""

JINJA_GLOBALS: Final = frozenset(["cycler", "dict", "joiner", "lipsum", "namespace", "range"])
"""The names that Jinja2 3.1 defines in every template."""

FILTERS: Final = frozenset(PLATFORM_FILTERS) | JINJA_FILTERS
"""Every filter that a template may use."""

ALWAYS_DEFINED: Final = JINJA_GLOBALS | {"self"}
"""Names that Jinja2 itself gives to every template."""

DICT_METHODS: Final = (
    "items", "keys", "values", "get", "update", "pop", "popitem", "copy", "clear", "setdefault",
)  # fmt: skip
"""The methods that hide a key of the same name.

`data.items` is the method (PLATFORM §4). The documentation names the first five; Python's dict has the others too.
"""

_JSON: Final = "`{}` prints Python notation, not JSON: add `| tojson`."
_BYTES: Final = "`{}` is bytes, and prints Python notation: print the body as text, or leave the field blank."
_FIELD: Final = "`{}` is an object, and prints Python notation: print one of its fields."

OBJECTS: Final[Mapping[str, str]] = {
    "user": _FIELD,
    "user.profile_fields": "`{}` is an object, and prints Python notation: print one field of it, with by_id(1).",
    "pathParams": _FIELD,
    "body_raw": _BYTES,
    "request": _FIELD,
    "request.body_raw": _BYTES,
    "request.headers": _JSON,
    "request.query_parameters": _JSON,
    "response": _FIELD,
    "response.headers": _JSON,
    "steps": _FIELD,
    "steps.*": _FIELD,
    "steps.*.headers": _JSON,
}
"""What to say where a name or field that holds no text and no number is printed as it is (PLATFORM §2)."""

NAME_HINTS: Final[Mapping[str, str]] = {
    "payload": "The incoming body is `body_text`, in request_body; read it with `body_text | from_json`.",
    "body": "The incoming body is `body_text`, in request_body; read it with `body_text | from_json`.",
    "queryParams": "A connector cannot read the caller's query: declare a path parameter and use "
    "`pathParams`, or use `request.query_parameters` in a composite.",
    "query_params": "A connector cannot read the caller's query: declare a path parameter and use "
    "`pathParams`, or use `request.query_parameters` in a composite.",
    "query_parameters": "A connector cannot read the caller's query: declare a path parameter and use "
    "`pathParams`, or use `request.query_parameters` in a composite.",
    "params": "Path parameters are in `pathParams`, in url.",
    "null": "Jinja2 writes it `none`.",
    "nil": "Jinja2 writes it `none`.",
    "secrets": "A secret is read with `get_secret('name')`.",
    "variables": "A variable is read with `get_variable('name')`.",
    "env": "A variable is read with `get_variable('name')`.",
}
"""The names that other systems use, and a hint on what to write here."""

FILTER_HINTS: Final[Mapping[str, str]] = {
    "json": "tojson",
    "json_decode": "from_json",
    "json_parse": "from_json",
    "parse_json": "from_json",
    "to_string": "string",
    "b64encode": "base64_encode",
    "b64decode": "base64_decode",
    "encode_uri": "urlencode",
    "len": "length",
    "size": "length",
    "strip": "trim",
    "lowercase": "lower",
    "downcase": "lower",
    "uppercase": "upper",
    "upcase": "upper",
}
"""Filters that other template languages have, and the one that does it here."""

NAMED: Final = frozenset(FUNCTIONS) | frozenset(CONTEXT_NAMES)
"""Every function and context name of the platform."""
