"""The fields of a connector, of a composite, and of a row (PLATFORM §4).

A row is one header or parameter.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

_SOURCE = "PLATFORM §4"


class FieldFact(NamedTuple):
    """Describe one field: JSON type, required or not, default, limit, allowed values."""

    name: str
    type: str
    required: bool = False
    default: object = None
    limit: int | None = None
    allowed: tuple[str, ...] = ()
    doc: str = ""
    source: str = _SOURCE


BODILESS_METHODS: Final = ("GET", "HEAD")
"""The methods that send no body.

The source is PLATFORM §4: a body has no effect on GET, and HEAD is GET without the answer's body.
"""
PAYLOAD_METHODS: Final = ("POST", "PUT", "PATCH")
"""The methods with which the SDK sends a payload (PLATFORM §8)."""
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
PERMALINK_PATTERN: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
STEP_NAME_PATTERN: Final = r"[a-z0-9-]+"


def _table(*facts: FieldFact) -> Mapping[str, FieldFact]:
    return {fact.name: fact for fact in facts}


CONNECTOR_FIELDS: Final = _table(
    FieldFact("name", "string", required=True, limit=255, doc="The connector's name, as people see it."),
    FieldFact(
        "permalink", "string", limit=255, doc="The connector's identity; made from the name if it is missing."
    ),
    FieldFact(
        "url", "string", required=True, limit=2048, doc="The URL of the request: https, a public host."
    ),
    FieldFact("method", "string", default="GET", allowed=METHODS, doc="The HTTP method of the request."),
    FieldFact("headers", "array", default=(), doc="Headers to send; each row's value is a template."),
    FieldFact(
        "query_parameters", "array", default=(), doc="Query parameters; each row's value is a template."
    ),
    FieldFact("path_parameters", "array", default=(), doc="One row for each {{ pathParams.X }} in the url."),
    FieldFact("authentication", "object", doc="The authentication of the request: a type and its config."),
    FieldFact(
        "request_body", "string", default="", doc="Template of the body; blank forwards the incoming one."
    ),
    FieldFact("response_body", "string", default="", doc="Template of the answer; blank passes it through."),
    FieldFact("response_content_type", "string", default="", limit=255, doc="Content type of the answer."),
)
"""A standard connector, and a step of a composite."""

COMPOSITE_FIELDS: Final = _table(
    FieldFact("name", "string", required=True, limit=255, doc="The composite's name, as people see it."),
    FieldFact(
        "permalink", "string", limit=255, doc="The composite's identity; made from the name if it is missing."
    ),
    FieldFact("steps", "array", required=True, doc="The connectors to run, in order; at least one."),
)

ROW_FIELDS: Final = _table(
    FieldFact("key", "string", required=True, limit=255, doc="The header's or parameter's name; unique."),
    FieldFact("value", "scalar", default="", limit=1000, doc="A template."),
    FieldFact("overridable", "boolean", default=False, doc="True if the caller may replace the value."),
)
"""The fields of a row of headers or query_parameters.

Rows without a value occur in published files and are accepted.
"""

PATH_ROW_FIELDS: Final = _table(
    FieldFact("key", "string", required=True, doc="The X of {{ pathParams.X }}; unique."),
    FieldFact("value", "scalar", doc="A value to use where the caller gives none."),
    FieldFact("overridable", "boolean", default=False, doc="True if the caller may replace the value."),
)

ROW_LISTS: Final = {"headers": ROW_FIELDS, "query_parameters": ROW_FIELDS, "path_parameters": PATH_ROW_FIELDS}
"""The fields of a connector that hold rows, and the fields of their rows."""

AUTHENTICATION_FIELDS: Final = _table(
    FieldFact("type", "string", required=True, doc="One of the authentication types.", source="PLATFORM §5"),
    FieldFact("config", "object", doc="The fields of that type.", source="PLATFORM §5"),
)

REGISTRY_FIELDS: Final = _table(
    FieldFact("connectors", "array", doc="Standard connectors."),
    FieldFact("composite_connectors", "array", doc="Composite connectors."),
)
