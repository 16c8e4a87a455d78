"""Find a folder's connector files, the known names, and their uses.

`files` decides which files count and reads them. `known_names` finds the names of the chosen community, in
the vault or in a committed file. `references`, `index` and `uses` find the connectors that use a name.
"""

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

__all__ = [
    "NAMES_FILE",
    "NoCommunity",
    "PathFilter",
    "Source",
    "UnreadableFile",
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
