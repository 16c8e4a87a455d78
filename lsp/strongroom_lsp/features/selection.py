"""Widen a selection step by step, from a word to the whole file.

The steps are word, call, tag, text of the template, string, member, object, connector, file.
"""

from collections.abc import Iterator

from lsprotocol import types

from strongroom.document import Document, Template
from strongroom.document.json_values import StringValue, Value
from strongroom.document.template_lexer import tokenize
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.request_targets import document_of
from strongroom_lsp.services import Services

Offsets = tuple[int, int]

_CLOSERS = {"}}": "{{", "%}": "{%", ")": "(", "]": "[", "}": "{"}


def selection_range(
    services: Services, params: types.SelectionRangeParams
) -> list[types.SelectionRange] | None:
    """Answer `textDocument/selectionRange`.

    The ranges of each position go from the smallest to the whole text.
    """
    opened = document_of(services, params)
    if opened is None:
        return None
    return [_chain(opened, opened.offset_at_position(position)) for position in params.positions]


def _chain(opened: OpenDocument, offset: int) -> types.SelectionRange:
    chain: types.SelectionRange | None = None
    for start, end in reversed(ranges_at(opened.document, offset)):
        chain = types.SelectionRange(opened.range(start, end), chain)
    return chain or types.SelectionRange(opened.range(offset, offset))


def ranges_at(document: Document, offset: int) -> list[Offsets]:
    """Return the ranges around an offset, the smallest first.

    Each is inside the next one, and smaller.
    """
    found: list[Offsets] = [(0, len(document.text))]
    connector = document.connector_at(offset)
    if document.root is not None:
        found.extend(_values(document.root, 0, offset))
    if connector is not None:
        found.extend(_values(connector.value, connector.base, offset))
    template = document.template_at(offset)
    if template is not None:
        found.extend(_in_template(template, offset))
    inner: list[Offsets] = []
    # From the outside to the inside. A range that is not inside the one before it is left out.
    for start, end in sorted(set(found), key=lambda place: (place[0] - place[1], place)):
        if start <= offset <= end and (not inner or (inner[-1][0] <= start and end <= inner[-1][1])):
            inner.append((start, end))
    return inner[::-1]


def _values(value: Value, base: int, offset: int) -> Iterator[Offsets]:
    """Yield the values and members around the offset.

    The insides of strings and brackets are among them.
    """
    at_offset = offset - base
    found: Value | None = value
    while found is not None:
        yield base + found.start, base + found.end
        if isinstance(found, StringValue):
            yield base + found.inner_start, base + found.inner_end
        following: Value | None = None
        for key, member in found.members:
            if key.start <= at_offset <= member.end:
                yield base + key.start, base + member.end
                following = key if at_offset <= key.end else member
        for item in found.items:
            if item.start <= at_offset <= item.end:
                following = item
        found = following


def _in_template(template: Template, offset: int) -> Iterator[Offsets]:
    """Yield the word, the brackets and calls around it, and the tag."""
    place = template.to_source
    cursor = template.from_source(offset)
    opened: list[tuple[str, int, int]] = []
    word_start = -1
    for token in tokenize(template.text):
        kind = token.type
        if kind in ("name", "string", "int", "float"):
            if token.start <= cursor <= token.end:
                yield place(token.start), place(token.end)
                if kind == "string":
                    yield place(token.start + 1), place(token.end - 1)
            word_start = token.start if kind == "name" else -1
            continue
        if kind in _CLOSERS.values():
            opened.append(
                (kind, token.start, word_start if kind in "([" and word_start >= 0 else token.start)
            )
        elif kind in _CLOSERS and opened and opened[-1][0] == _CLOSERS[kind]:
            _, start, whole = opened.pop()
            if start <= cursor <= token.end:
                yield place(start), place(token.end)
                yield place(whole), place(token.end)
        word_start = -1
