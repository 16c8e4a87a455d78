"""Find the place in a call where something is written, also in unfinished code."""

import re
from enum import StrEnum
from typing import Final, NamedTuple

from strongroom.widgets.calls import Call, CallKind
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.reading import CallReader
from strongroom.widgets.scripts import may_call, regions_of
from strongroom.widgets.tokens import MARK, TEMPLATE, TEXT, WORD, Token, Tokens


class SlotKind(StrEnum):
    """List what can be completed in a call."""

    PERMALINK = "permalink"
    METHOD = "method"
    OPTION = "option"
    PATH_PARAMETER = "pathParams"
    QUERY_PARAMETER = "queryParams"


class Slot(NamedTuple):
    """Hold a place in a call: what goes there, and the text that it replaces.

    `quote` is the quote that the text is in, or "". `permalinks` are those that the call has, and `present` the keys
    that are there already. `has_colon` is True if a key is followed by its colon.
    """

    kind: SlotKind
    call: CallKind
    start: int
    end: int
    quote: str
    permalinks: tuple[str, ...]
    present: frozenset[str]
    has_colon: bool


_REST: Final = re.compile(r"[\w-]*")
_COLON: Final = re.compile(r"[\w-]*[\"']?\s*:")


def slot_at(code: WidgetCode, offset: int) -> Slot | None:
    """Return the place in a call at an offset, or None outside of calls."""
    if not may_call(code.text):
        return None
    regions = [
        (start, min(end, offset)) for start, end in regions_of(code.path, code.text) if start <= offset
    ]
    if not regions or regions[-1][1] != offset:
        return None
    reader = CallReader(code.text, regions)
    tokens, last = reader.tokens, len(reader.tokens) - 1
    if last < 0 or any(start < offset <= end for start, end in tokens.comments):
        return None
    start, quote = _typed(tokens.items[last], offset)
    is_typing = start < offset or bool(quote)
    before = last - 1 if is_typing else last
    opener = tokens.opener[last] if is_typing else _innermost(tokens)
    place = _place(reader, opener, before)
    if place is None:
        return None
    kind, call, options = place
    end = offset + len(_REST.match(code.text, offset)[0])  # type: ignore[index]
    whole = code.call_at(offset)
    return Slot(
        kind,
        call,
        start,
        end,
        quote,
        _permalinks(whole, tokens, options),
        frozenset(_keys(tokens, opener, before) | _given(whole, kind)),
        _COLON.match(code.text, offset) is not None,
    )


def _typed(token: Token, offset: int) -> tuple[int, str]:
    """Return where the text before the cursor begins, and the quote that it is in."""
    if token.end == offset:
        if token.kind == WORD:
            return token.start, ""
        if token.kind in (MARK, TEMPLATE) and token.text[0] in "\"'`" and not token.text.endswith("${"):
            return token.start + 1, token.text[0]
    return offset, ""


def _innermost(tokens: Tokens) -> int:
    """Return the bracket that is open after the last token, or -1."""
    at = len(tokens) - 1
    while at >= 0:
        if tokens.text(at) in ("(", "[", "{") and at not in tokens.partner:
            return at
        at = tokens.partner.get(at, at) - 1
    return -1


def _place(reader: CallReader, opener: int, before: int) -> tuple[SlotKind, CallKind, int] | None:
    """Return the place after `before`, the call around it, and its options' bracket."""
    tokens = reader.tokens
    if opener < 0 or tokens.text(opener) != "{" or before < opener:
        return None
    key = _key_of_value(tokens, opener, before)
    is_key = before == opener or tokens.text(before) == ","
    if tokens.text(opener - 1) == "(":
        called = reader.callee(opener - 1)
        if called is None:
            return None
        if is_key:
            return SlotKind.OPTION, called[0], opener
        return (SlotKind(key), called[0], opener) if key in ("permalink", "method") else None
    around = tokens.opener[opener]
    name = _key_of_value(tokens, around, opener - 1)
    if is_key and name in ("pathParams", "queryParams") and tokens.text(around - 1) == "(":
        called = reader.callee(around - 1)
        return (SlotKind(name), called[0], around) if called is not None else None
    return None


def _key_of_value(tokens: Tokens, opener: int, before: int) -> str:
    """Return the key of the value that begins after a token.

    The result is "" if the token is not the colon after a key.
    """
    is_colon = tokens.text(before) == ":" and tokens.text(before - 2) in ("{", ",")
    if opener < 0 or not is_colon or tokens.kind(before - 1) not in (WORD, TEXT):
        return ""
    return tokens.text(before - 1).strip("\"'")


def _permalinks(whole: Call | None, tokens: Tokens, options: int) -> tuple[str, ...]:
    if whole is not None and whole.permalinks:
        return tuple(value.text for value in whole.permalinks)
    for at in range(options + 1, len(tokens) - 2):
        is_there = tokens.opener[at] == options and tokens.text(at).strip("\"'") == "permalink"
        if is_there and tokens.text(at + 1) == ":" and tokens.kind(at + 2) == TEXT:
            return (tokens.text(at + 2)[1:-1],)
    return ()


def _keys(tokens: Tokens, opener: int, before: int) -> set[str]:
    """Return the keys of an object that are written before the cursor."""
    return {
        tokens.text(at).strip("\"'")
        for at in range(opener + 1, before + 1)
        if tokens.opener[at] == opener
        and tokens.text(at - 1) in ("{", ",")
        and tokens.text(at + 1) in (":", ",", "(")
    }


def _given(whole: Call | None, kind: SlotKind) -> set[str]:
    """Return the keys of the object that the whole call has."""
    if whole is None:
        return set()
    if kind is SlotKind.OPTION:
        return {member.key for member in whole.options.members}
    found = whole.options.get(kind.value)
    return {member.key for member in found.value.members} if found is not None else set()
