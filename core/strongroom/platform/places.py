"""List the places of a connector that hold a template.

They are the columns of the availability table (PLATFORM §2).
"""

from enum import StrEnum


class FieldPlace(StrEnum):
    """Name the place of a template.

    The value is the connector's own key for that place.
    """

    URL = "url"
    HEADER = "headers"
    QUERY = "query_parameters"
    AUTH = "authentication"
    REQUEST_BODY = "request_body"
    RESPONSE_BODY = "response_body"
