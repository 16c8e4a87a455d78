"""List a connector's places for templates, the columns of the availability table.

See PLATFORM §2.
"""

from enum import StrEnum


class FieldPlace(StrEnum):
    """Name the place of a template by the connector's own key for that place."""

    URL = "url"
    HEADER = "headers"
    QUERY = "query_parameters"
    AUTH = "authentication"
    REQUEST_BODY = "request_body"
    RESPONSE_BODY = "response_body"
