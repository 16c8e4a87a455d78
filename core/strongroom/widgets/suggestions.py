"""Suggest what may be written in a call, and explain what is written there."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.platform.fields import METHODS
from strongroom.platform.widget_calls import CALL_OPTIONS, COMPOSITE_OPTIONS
from strongroom.widgets.calls import Call
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.known import KnownConnector, KnownConnectors
from strongroom.widgets.slots import Slot, SlotKind
from strongroom.widgets.values import Member, written


class Suggestion(NamedTuple):
    """Hold a text that may be written: its label, and a few words about it.

    `text` takes the slot's place.
    """

    label: str
    detail: str
    about: str
    text: str


class Explanation(NamedTuple):
    """Hold what is known of a place: Markdown, and the place."""

    text: str
    start: int
    end: int


_WORD: Final = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


def suggestions(slot: Slot, known: KnownConnectors) -> Iterator[Suggestion]:
    """Yield what may be written at a place, what is needed first."""
    is_composite = slot.call.is_composite
    called = [one for text in slot.permalinks for one in known.get(text, is_composite=is_composite)]
    if slot.kind is SlotKind.PERMALINK:
        for permalink in known.permalinks(is_composite=is_composite):
            one = known.get(permalink, is_composite=is_composite)[0]
            yield Suggestion(permalink, _headline(one), one.url, _value(slot, permalink))
    elif slot.kind is SlotKind.METHOD:
        for method in dict.fromkeys([one.method for one in called if one.method] or METHODS):
            detail = "the method of the connector" if called else ""
            yield Suggestion(method, detail, CALL_OPTIONS["method"], _value(slot, method))
    elif slot.kind is SlotKind.OPTION:
        for option in COMPOSITE_OPTIONS if is_composite else CALL_OPTIONS:
            if option not in slot.present:
                yield Suggestion(option, "option of the call", CALL_OPTIONS[option], _key(slot, option))
    else:
        yield from _parameters(slot, called)


def _parameters(slot: Slot, called: list[KnownConnector]) -> Iterator[Suggestion]:
    for one in called:
        is_path = slot.kind is SlotKind.PATH_PARAMETER
        for key in one.path_parameters if is_path else one.query_parameters:
            if key not in slot.present:
                noun = "path parameter" if is_path else "query parameter"
                detail = f"{noun}, needed" if key in one.needed and is_path else noun
                yield Suggestion(key, detail, f"{one.name}: {one.url}", _key(slot, key))


def _value(slot: Slot, text: str) -> str:
    return written(text, slot.quote) if slot.quote else f'"{text}"'


def _key(slot: Slot, key: str) -> str:
    bare = key if _WORD.fullmatch(key) else '"' + written(key, '"') + '"'
    text = written(key, slot.quote) if slot.quote else bare
    return text if slot.quote or slot.has_colon else f"{text}: "


def explanation(code: WidgetCode, offset: int, known: KnownConnectors) -> Explanation | None:
    """Return what is known of the permalink, option or path parameter at an offset."""
    call = code.call_at(offset)
    if call is None:
        return None
    for member in call.options.members:
        if _is_at(member.key_span, offset) and not member.is_short and member.key in CALL_OPTIONS:
            return Explanation(f"`{member.key}`: {CALL_OPTIONS[member.key]}", *member.key_span)
        if member.key == "permalink":
            for value in member.value.texts:
                if _is_at((value.start, value.end), offset) or _is_at(value.inner, offset):
                    return _of_permalink(call, value.text, known, value.start, value.end)
        if member.key == "pathParams":
            for key in member.value.members:
                if _is_at(key.key_span, offset):
                    return _of_path_parameter(call, key, known)
    return None


def _is_at(span: tuple[int, int], offset: int) -> bool:
    return span[0] <= offset <= span[1]


def _of_permalink(call: Call, permalink: str, known: KnownConnectors, start: int, end: int) -> Explanation:
    found = known.get(permalink, is_composite=call.kind.is_composite)
    if not found:
        noun = "composite" if call.kind.is_composite else "connector"
        return Explanation(f"No {noun} in these files has the permalink `{permalink}`.", start, end)
    return Explanation("\n\n".join(dict.fromkeys(map(_described, found))), start, end)


def _of_path_parameter(call: Call, key: Member, known: KnownConnectors) -> Explanation | None:
    found = [one for value in call.permalinks for one in known.get(value.text, is_composite=False)]
    one = next((one for one in found if key.key in one.path_parameters), None)
    if one is None:
        return None
    needed = " Every call needs it." if key.key in one.needed else ""
    return Explanation(f"`{key.key}`: path parameter of {_code(one.url)}.{needed}", *key.key_span)


def _headline(one: KnownConnector) -> str:
    return " ".join(filter(None, ("composite" if one.is_composite else one.method, one.name)))


def _described(one: KnownConnector) -> str:
    """Return a connector as Markdown."""
    noun = "composite connector" if one.is_composite else "connector"
    lines = [f"{noun} {_code(one.name or one.permalink)}"]
    if not one.is_composite:
        lines.append(_code(f"{one.method or '?'} {one.url}"))
    for label, keys in (("Path parameters", one.path_parameters), ("Query parameters", one.query_parameters)):
        if keys:
            lines.append(f"{label}: {', '.join(map(_code, keys))}")
    return "\n\n".join(lines)


def _code(text: str) -> str:
    """Return a text as code in Markdown, whatever backticks it has."""
    fence = "``" if "`" in text else "`"
    plain = " ".join(text.split())
    return f"{fence} {plain} {fence}" if "`" in plain else f"{fence}{plain}{fence}"
