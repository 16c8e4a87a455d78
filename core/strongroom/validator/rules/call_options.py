"""What the rules about options of a call ask: which option an unknown one was meant to be."""

from collections.abc import Collection
from typing import Final

from strongroom.text.suggest import is_slip, nearest

_MEANT: Final = {
    "body": "payload",
    "data": "payload",
    "json": "payload",
    "requestBody": "payload",
    "query": "queryParams",
    "search": "queryParams",
    "searchParams": "queryParams",
    "queryParameters": "queryParams",
    "query_parameters": "queryParams",
    "path_parameters": "pathParams",
    "pathParameters": "pathParams",
    "urlParams": "pathParams",
    "header": "headers",
    "slug": "permalink",
    "connector": "permalink",
    "connectorPermalink": "permalink",
    "connector_permalink": "permalink",
    "httpMethod": "method",
    "verb": "method",
}
"""Words of other libraries, and the option that each one means here."""


def meant(key: str, options: Collection[str]) -> str:
    """Return the option that an unknown key probably means; "" if none is near."""
    found = _MEANT.get(key, "")
    if found:
        return found if found in options else ""
    near = nearest(key, options)
    return near[0] if len(near) == 1 else ""


def means_permalink(key: str) -> bool:
    """Return True if a key was probably meant to be `permalink`."""
    return _MEANT.get(key) == "permalink" or is_slip(key, "permalink") or bool(nearest(key, ("permalink",)))


def is_foreign(key: str, options: Collection[str]) -> bool:
    """Return True if a key is neither an option nor near to one."""
    return key not in options and not meant(key, options)
