"""What the rules about path parameters ask: which are declared, and how rows are added."""

from strongroom.platform.fields import CONNECTOR_FIELDS
from strongroom.validator.editing import add_rows
from strongroom.validator.findings import Edit
from strongroom.validator.outline import Outline
from strongroom.validator.rules.near_fields import near_field

_LIST = "path_parameters"


def declared_keys(outline: Outline) -> list[str] | None:
    """The keys of the rows of `path_parameters`; None where something that is no list stands there."""
    found = outline.members.get(_LIST)
    if found is not None and found[1].kind != "array" and found[1].data is not None:
        return None
    rows = outline.rows_of(_LIST)
    return [key.data for row in rows if (key := row.part.text("key")) is not None]


def declaring(outline: Outline, names: list[str]) -> Edit | None:
    """The edit that adds a row for each name; None where there is no list to add to."""
    return add_rows(outline, _LIST, names)


def misspelt_list(outline: Outline) -> str:
    """The key of a field that was probably meant to be `path_parameters`; empty where there is none."""
    if _LIST in outline.members:
        return ""
    for name, (_, value) in outline.members.items():
        is_unknown = name not in CONNECTOR_FIELDS and value.kind == "array"
        if is_unknown and near_field(name, CONNECTOR_FIELDS) == _LIST:
            return name
    return ""
