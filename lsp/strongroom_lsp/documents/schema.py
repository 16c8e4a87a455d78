"""Find the fields of an object in a connector file, by its path.

The facts are the platform's tables.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from strongroom.document import Connector
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.platform.fields import (
    AUTHENTICATION_FIELDS,
    COMPOSITE_FIELDS,
    CONNECTOR_FIELDS,
    REGISTRY_FIELDS,
    ROW_LISTS,
)

Path = tuple[str | int, ...]


class FieldText(NamedTuple):
    """Hold one field for completion and hover.

    `type` is its JSON type. `allowed` are its values, if they are fixed.
    """

    name: str
    type: str
    is_required: bool
    allowed: tuple[str, ...]
    text: str


def rooted(connector: Connector, path: Path) -> tuple[Path, Any]:
    """Return a connector's path and data as those of a registry with it alone."""
    name = "composite_connectors" if connector.is_composite else "connectors"
    return (name, 0, *path), {name: [connector.data]}


def fields_at(path: Path, root: Any) -> Mapping[str, FieldText]:
    """Return the fields of the object at `path`.

    `root` is the decoded content of the file. An object that may have any keys has no fields.
    """
    kind, rest = _kind(path, root)
    if kind == "registry":
        return _texts(REGISTRY_FIELDS)
    if kind == "composite" and len(rest) >= 2 and rest[0] == "steps":
        kind, rest = "connector", rest[2:]
    if kind == "composite":
        return _texts(COMPOSITE_FIELDS) if not rest else {}
    if kind != "connector":
        return {}
    if not rest:
        return _texts(CONNECTOR_FIELDS)
    if rest[0] in ROW_LISTS and len(rest) == 2:
        return _texts(ROW_LISTS[str(rest[0])])
    if rest == ("authentication",):
        return _authentication()
    if rest == ("authentication", "config"):
        return _config(_value(root, path[:-1]))
    return {}


def item_kind(path: Path, root: Any) -> str:
    """Return the kind of an item of the list at `path`.

    It is "connector", "composite", "step", the name of a list of rows, or "".
    """
    kind, rest = _kind((*path, 0), root)
    if kind in ("connector", "composite") and not rest:
        return kind
    if kind == "composite" and len(rest) == 2 and rest[0] == "steps":
        return "step"
    inner = rest[2:] if kind == "composite" and rest[:1] == ("steps",) else rest
    return str(inner[0]) if len(inner) == 2 and inner[0] in ROW_LISTS else ""


def _kind(path: Path, root: Any) -> tuple[str, Path]:
    """Return the kind that the path's beginning leads to, and the rest of the path."""
    if isinstance(root, list):
        return ("connector", path[1:]) if path else ("", ())
    if path[:1] in (("connectors",), ("composite_connectors",)):
        kind = "connector" if path[0] == "connectors" else "composite"
        return (kind, path[2:]) if len(path) >= 2 else ("", ())
    keys = root.keys() if isinstance(root, dict) else set()
    if keys & {"connectors", "composite_connectors"} or not keys:
        return ("registry", ()) if not path else ("", ())
    return "composite" if "steps" in keys and "url" not in keys else "connector", path


def _texts(facts: Mapping[str, Any]) -> dict[str, FieldText]:
    return {
        fact.name: FieldText(fact.name, fact.type, fact.required, fact.allowed, _text(fact))
        for fact in facts.values()
    }


def _text(fact: Any) -> str:
    parts = [fact.doc, "Required." if fact.required else "Optional."]
    if fact.limit:
        parts.append(f"At most {fact.limit} characters.")
    if fact.allowed:
        parts.append(f"One of {', '.join(fact.allowed)}.")
    if fact.default not in (None, "", ()):
        parts.append(f"{fact.default} unless set.")
    return " ".join(part for part in parts if part)


def _authentication() -> dict[str, FieldText]:
    fields = _texts(AUTHENTICATION_FIELDS)
    types = tuple(kind.name for kind in AUTH_TYPES.values() if not kind.replaced_by)
    return {**fields, "type": fields["type"]._replace(allowed=types)}


def _config(authentication: Any) -> dict[str, FieldText]:
    kind = authentication.get("type") if isinstance(authentication, dict) else None
    found = AUTH_TYPES.get(kind) if isinstance(kind, str) else None
    return {
        field.name: FieldText(
            field.name,
            "number" if field.type == "integer" else field.type,
            field.required,
            field.allowed,
            " ".join(
                part
                for part in (
                    field.doc,
                    "Required." if field.required else "Optional.",
                    f"{field.default} unless set." if field.default is not None else "",
                )
                if part
            ),
        )
        for field in (found.fields.values() if found is not None else ())
    }


def _value(root: Any, path: Path) -> Any:
    for step in path:
        if isinstance(root, dict) and isinstance(step, str):
            root = root.get(step)
        elif isinstance(root, list) and isinstance(step, int) and step < len(root):
            root = root[step]
        else:
            return None
    return root
