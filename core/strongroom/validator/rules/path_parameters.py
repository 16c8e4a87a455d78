"""What the rules about path parameters ask: which are declared, and under which other key."""

from strongroom.platform.fields import CONNECTOR_FIELDS
from strongroom.validator.parts import Request
from strongroom.validator.rules.near_fields import near_field

_LIST = "path_parameters"


def declared_keys(request: Request) -> list[str] | None:
    """Return the keys of the rows of `path_parameters`.

    Return None if a value that is not a list is there.
    """
    found = request.data.get(_LIST)
    if found is not None and type(found) is not list:
        return None
    return [key for row in request.rows_of(_LIST) if (key := row.text("key")) is not None]


def misspelt_list(request: Request) -> str:
    """Return the key that was probably meant to be `path_parameters`; "" without one."""
    if _LIST in request.data:
        return ""
    for name, value in request.data.items():
        is_unknown = name not in CONNECTOR_FIELDS and type(value) is list
        if is_unknown and near_field(name, CONNECTOR_FIELDS) == _LIST:
            return name
    return ""
