"""Uris to paths and back. Only `file:` uris have a path; an unsaved buffer has none."""

import os
from typing import Final
from urllib.parse import quote, unquote, urlsplit

_WINDOWS: Final = os.name == "nt"


def path_of(uri: str) -> str | None:
    """The path that a `file:` uri names, or None for every other uri and for one that cannot be read."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or not parts.path:
        return None
    # A `?` or `#` in a file name that a client left unescaped belongs to the name.
    path = unquote(uri.split(":", 1)[1].removeprefix("//" + parts.netloc))
    if "\0" in path:
        return None
    host = unquote(parts.netloc)
    if host and host != "localhost":
        path = f"//{host}{path}"
    if _WINDOWS:
        path = path.removeprefix("/") if path[2:3] == ":" else path
        path = path.replace("/", "\\")
    return path


def uri_of(path: str) -> str:
    """The `file:` uri of an absolute path."""
    path = path.replace("\\", "/") if _WINDOWS else path
    return "file://" + ("" if path.startswith("/") else "/") + quote(path, safe="/:" if _WINDOWS else "/")
