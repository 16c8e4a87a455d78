"""Which connectors use which name: asked before a secret is renamed or deleted, and by the screens."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from strongroom.names import Kind

if TYPE_CHECKING:
    from strongroom.document import Connector, Document


class Use(NamedTuple):
    """One call of `get_secret` or `get_variable` with a literal name."""

    name: str
    kind: Kind
    """What the call asks for, whatever the name really is."""
    path: str
    connector: str
    step: str
    """The composite connector's step, or ""."""
    field: str
    """As a reader would say it: `headers[0].value`."""
    start: int
    end: int
    """The name between its quotes, in code points of the file's text."""


_KINDS = {kind.function: kind for kind in Kind}


class UseIndex:
    """Every use of every name in a set of documents."""

    def __init__(self, documents: Mapping[str, "Document"]) -> None:
        self._uses: dict[str, list[Use]] = {}
        for path, document in documents.items():
            for use in _uses(path, document):
                self._uses.setdefault(use.name, []).append(use)

    @classmethod
    def of_files(cls, paths: Iterable[str]) -> "UseIndex":
        """The uses in these files; a file that cannot be read has none."""
        from strongroom.document import Document
        from strongroom.workspace.files import UnreadableFile, read_text

        documents = {}
        for path in paths:
            try:
                documents[path] = Document.parse(read_text(path))
            except UnreadableFile:
                continue
        return cls(documents)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is used, sorted."""
        return tuple(sorted(self._uses))

    def uses(self, name: str, kind: Kind | None = None) -> tuple[Use, ...]:
        """Where `name` is used, in the order of files and text; with `kind`, only by that function."""
        return tuple(use for use in self._uses.get(name, ()) if kind in (None, use.kind))

    def connectors(self, name: str) -> tuple[tuple[str, str], ...]:
        """The (file, connector) pairs that use `name`, each once."""
        return tuple(dict.fromkeys((use.path, use.connector) for use in self.uses(name)))


def _uses(path: str, document: "Document") -> Iterable[Use]:
    for connector in document.connectors:
        parts: list[tuple[str, Connector]] = [(step.name, step) for step in connector.steps]
        if not connector.is_composite:
            parts.append(("", connector))
        for step, part in parts:
            for template in part.templates:
                for call in template.calls:
                    if call.name is not None and call.function in _KINDS:
                        yield Use(
                            call.name,
                            _KINDS[call.function],
                            path,
                            connector.name,
                            step,
                            template.field.label,
                            call.argument_start,
                            call.argument_end,
                        )
