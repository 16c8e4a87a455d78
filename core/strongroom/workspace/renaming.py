"""Plan the exact edits that rename a secret, variable, path parameter or step.

Planning reads and changes nothing, so a screen can show the changes before they are made. `rename_transaction` carries
a plan out.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from strongroom.document import Document, encode
from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.platform.fields import PERMALINK_PATTERN, STEP_NAME_PATTERN
from strongroom.platform.naming import is_valid_name, why_invalid
from strongroom.text.edits import Edit, apply_edits
from strongroom.workspace.files import Source, UnreadableFile, read_source
from strongroom.workspace.identity import file_id
from strongroom.workspace.names_places import edits_in_names
from strongroom.workspace.references import Occurrence, Symbol, SymbolKind, same_symbol


class InvalidNewName(StrongroomError):  # noqa: N818 - a plain name for the failure
    """Refuse a new name that the platform does not accept, or that is taken."""


class FileRename(NamedTuple):
    """Hold the changes of a rename in one file.

    `edits` are in source offsets, in order, and do not overlap.
    """

    source: Source
    edits: tuple[Edit, ...]

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def text(self) -> str:
        """Return the whole new text."""
        return apply_edits(self.source.text, self.edits)


class RenamePlan(NamedTuple):
    """Hold the changes of a rename in all files.

    `files` has only those with an edit, `unread` those that cannot be read.
    """

    old: str
    new: str
    files: tuple[FileRename, ...]
    unread: tuple[str, ...] = ()

    @property
    def places(self) -> int:
        """Return the number of places that change."""
        return sum(len(file.edits) for file in self.files)


_STEP: Final = re.compile(STEP_NAME_PATTERN)
_PERMALINK: Final = re.compile(PERMALINK_PATTERN)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def check_new_name(symbol: Symbol, new: str) -> None:
    """Raise `InvalidNewName` if the platform would not take the name `new`.

    The name is checked for this kind of symbol.
    """
    if symbol.kind is SymbolKind.NAME and not is_valid_name(new):
        raise InvalidNewName(
            f"`{new}` is not a name for a secret or variable: it {why_invalid(new)}.",
            "Use letters, digits and underscores; not a digit first.",
        )
    if symbol.kind is SymbolKind.STEP and _STEP.fullmatch(new) is None:
        raise InvalidNewName(
            f"`{new}` is not a name for a step.", "Use lowercase letters, digits and hyphens only."
        )
    if symbol.kind is SymbolKind.PATH_PARAMETER and not _IDENTIFIER.fullmatch(new):
        raise InvalidNewName(
            f"`{new}` is not a name for a path parameter.", "Use letters, digits and underscores."
        )
    if symbol.kind in (SymbolKind.CONNECTOR, SymbolKind.COMPOSITE) and not _PERMALINK.fullmatch(new):
        raise InvalidNewName(
            f"`{new}` is not a permalink.", "Use lowercase letters and digits, with single hyphens between."
        )


def check_is_free(document: Document, symbol: Symbol, new: str) -> None:
    """Raise `InvalidNewName` if `new` is a step or path parameter of the connector."""
    taken = Symbol(symbol.kind, new, symbol.scope)
    if symbol.scope and any(found.is_definition for found in same_symbol(document, taken)):
        raise InvalidNewName(f"This connector already has a {symbol.kind.value} `{new}`.")


def edits_in(document: Document, symbol: Symbol, new: str, kind: Kind | None = None) -> tuple[Edit, ...]:
    """Return the edits that rename `symbol` in a document.

    With `kind`, only calls that ask for that kind change.
    """
    found = (
        _edit(occurrence, new)
        for occurrence in same_symbol(document, symbol)
        if kind is None or occurrence.kind is kind
    )
    return tuple(sorted(found))


def plan_rename(
    paths: Iterable[str],
    old: str,
    new: str,
    kind: Kind | None = None,
    *,
    names_files: Iterable[str] = (),
    communities: Collection[str] = (),
) -> RenamePlan:
    """Return the changes that rename a secret or variable in these files.

    Its name `old` becomes `new`, and each file is read once. `paths` are connector files; with `kind`, only calls of
    its function change. In `names_files` the name changes in the lists of `communities`. Raises `InvalidNewName`. A
    file that cannot be read is listed.
    """
    symbol = Symbol(SymbolKind.NAME, old)
    check_new_name(symbol, new)
    files, unread = [], []

    def in_connectors(text: str) -> tuple[Edit, ...]:
        return edits_in(Document.parse(text), symbol, new, kind)

    def in_names(text: str) -> tuple[Edit, ...]:
        return edits_in_names(text, communities, old, new)

    seen = set()
    for wanted, edits_of in ((paths, in_connectors), (names_files, in_names)):
        for path in wanted:
            if (identity := file_id(path)) in seen:
                continue
            seen.add(identity)
            try:
                source = read_source(path)
            except UnreadableFile:
                unread.append(path)
                continue
            # An escape may spell a name in another way; without one, a text without the name has no use of it.
            if (old in source.text or "\\" in source.text) and (edits := edits_of(source.text)):
                files.append(FileRename(source, edits))
    return RenamePlan(old, new, tuple(files), tuple(unread))


def _edit(occurrence: Occurrence, new: str) -> Edit:
    # `steps.new-name` would be a subtraction: a name that is not an identifier is read as an item.
    if occurrence.dot >= 0 and not _IDENTIFIER.fullmatch(new):
        return Edit(occurrence.dot, occurrence.end, f"['{new}']")
    return Edit(occurrence.start, occurrence.end, encode(new))
