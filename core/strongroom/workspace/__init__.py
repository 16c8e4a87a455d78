"""Which connector files there are, what is in them, which names are known, and who uses them.

Three questions, a module each: `files` (which files count, and their text), `known_names` (the names of the
chosen community, from the vault or a committed file), `uses` (which connector uses which name).
"""

from typing import TYPE_CHECKING

from strongroom.workspace.belonging import PathFilter
from strongroom.workspace.files import (
    Source,
    UnreadableFile,
    find_connector_files,
    is_connector_path,
    read_source,
    read_text,
    write_source,
)
from strongroom.workspace.known_names import (
    NAMES_FILE,
    NoCommunity,
    choose_community,
    format_names_file,
    names_in_files,
    names_of,
    read_names_file,
    resolve_all_names,
    resolve_names,
)

if TYPE_CHECKING:
    from strongroom.workspace.uses import Use, UseIndex

__all__ = [
    "NAMES_FILE",
    "NoCommunity",
    "PathFilter",
    "Source",
    "UnreadableFile",
    "Use",
    "UseIndex",
    "choose_community",
    "find_connector_files",
    "format_names_file",
    "is_connector_path",
    "names_in_files",
    "names_of",
    "read_names_file",
    "read_source",
    "read_text",
    "resolve_all_names",
    "resolve_names",
    "write_source",
]


def __getattr__(name: str) -> object:
    """`uses` is loaded when it is asked for: `check` does not need it."""
    if name in ("Use", "UseIndex"):
        from strongroom.workspace import uses

        return getattr(uses, name)
    raise AttributeError(name)
