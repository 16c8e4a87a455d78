"""The places of a connector that hold a template (PLATFORM §2, the columns of the availability table)."""

from enum import StrEnum


class FieldPlace(StrEnum):
    """The place of a template. The value is the connector's own key for that place."""

    URL = "url"
    HEADER = "headers"
    QUERY = "query_parameters"
    AUTH = "authentication"
    REQUEST_BODY = "request_body"
    RESPONSE_BODY = "response_body"
