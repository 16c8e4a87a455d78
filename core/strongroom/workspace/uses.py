"""Find connectors that use a secret or variable, in some files, without an index."""

from collections.abc import Iterable

from strongroom.document import Document
from strongroom.workspace.files import UnreadableFile, read_text
from strongroom.workspace.references import Symbol, SymbolKind, same_symbol


def connectors_with(name: str, paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the (path, connector) pairs that use the name, each once.

    A file that cannot be read has none.
    """
    found: dict[tuple[str, str], None] = {}
    for path in paths:
        try:
            document = Document.parse(read_text(path))
        except UnreadableFile:
            continue
        uses = same_symbol(document, Symbol(SymbolKind.NAME, name))
        found.update(dict.fromkeys((path, use.connector) for use in uses))
    return tuple(found)
