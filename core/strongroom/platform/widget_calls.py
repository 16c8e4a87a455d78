"""List what a widget's call of a connector may say (PLATFORM §8)."""

from collections.abc import Mapping
from typing import Final

CALL_OPTIONS: Final[Mapping[str, str]] = {
    "permalink": "The permalink of a standard connector.",
    "method": "The method of the connector. Another one is refused.",
    "payload": "The body, as an object. The SDK makes JSON of it; it is sent with POST, PUT and PATCH.",
    "queryParams": "Query parameters. They replace overridable ones of the connector; others are sent as well.",
    "pathParams": "A text or number for each path parameter of the connector.",
    "headers": "Headers of this call.",
}
"""The options of `connectors.execute`, and what each one is."""
COMPOSITE_OPTIONS: Final = ("permalink", "payload", "queryParams")
"""The options of `connectors.composite.execute`."""
REQUIRED_OPTIONS: Final = ("permalink", "method")
METHODS_WITH_PAYLOAD: Final = ("POST", "PUT", "PATCH")
"""The methods with which the SDK sends a payload."""
