"""Convert uris to paths and back, byte for byte.

Only `file:` uris have a path. An unsaved buffer has none.
"""

# os.path, because pathlib would cost a part of the server's start-up.

import os
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlsplit

_WINDOWS: Final = os.name == "nt"


def path_of(uri: str) -> str | None:
    """Return the path of a readable `file:` uri, and None for every other uri.

    Bytes that are not UTF-8 are decoded as the system's calls decode them (`os.fsdecode`).
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or not parts.path:
        return None
    # A `?` or `#` in a file name that a client left unescaped belongs to the name.
    path = _unquoted(uri.split(":", 1)[1].removeprefix("//" + parts.netloc))
    if "\0" in path:
        return None
    host = _unquoted(parts.netloc)
    if host and host != "localhost":
        path = f"//{host}{path}"
    return _windows_path(path) if _WINDOWS else path


def uri_of(path: str) -> str:
    """Return the `file:` uri of an absolute path."""
    reference = reference_of(path)
    return "file://" + ("" if reference.startswith("/") else "/") + reference


def reference_of(path: str) -> str:
    """Return a path, even a relative one, percent-encoded by bytes, with `/` between."""
    return quote(os.fsencode(path.replace(os.sep, "/")), safe="/:" if _WINDOWS else "/")


def scheme_of(uri: str) -> str:
    """Return the scheme of a uri in lower case."""
    return uri.partition(":")[0].lower()


def _unquoted(text: str) -> str:
    return os.fsdecode(unquote_to_bytes(text))


def _windows_path(path: str) -> str:
    """Return a path with its drive's letter in one case, because clients write either."""
    if path[2:3] == ":":
        path = path[1].upper() + path[2:]
    return path.replace("/", "\\")
