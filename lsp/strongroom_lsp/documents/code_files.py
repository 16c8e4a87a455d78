"""Recognise the code of widgets by its name, and read it."""

from functools import lru_cache
from typing import TYPE_CHECKING

from strongroom.widgets.scripts import is_widget_path
from strongroom.workspace.widget_files import read_code
from strongroom_lsp.documents.open_documents import OpenDocument

if TYPE_CHECKING:
    from strongroom.widgets.code import WidgetCode


def is_code_file(path_or_uri: object) -> bool:
    """Return True if a path or uri is that of a file of code."""
    return isinstance(path_or_uri, str) and is_widget_path(path_or_uri)


def code_of(opened: OpenDocument) -> "WidgetCode":
    """Return the code of an open document as it is now."""
    return _read(opened.path or opened.uri, opened.document.text)


@lru_cache(maxsize=8)
def _read(path: str, text: str) -> "WidgetCode":
    """Read code once for all requests between two keys."""
    return read_code(path, text)
