"""Hold template fields: the text, its calls, and the way back to the source.

The way back leads from the decoded text to the JSON source.
"""

from functools import cached_property
from typing import Final, NamedTuple

from strongroom.document.json_values import StringValue
from strongroom.document.template_nodes import Node, ParsedTemplate
from strongroom.document.template_parser import parse_template
from strongroom.platform.places import FieldPlace
from strongroom.platform.template_names import FUNCTIONS
from strongroom.text.expressions import expression


class Field(NamedTuple):
    """Name a template's place, its label ("headers[0].value") and JSON Pointer."""

    place: FieldPlace
    label: str
    pointer: str


class Call(NamedTuple):
    """Hold a call of one of the platform's functions.

    Offsets are those of the decoded text. `name` is the literal name that get_secret or get_variable is asked
    for, and None if the argument is not exactly one literal text. `argument` encloses that name inside the
    quotes, or all of the arguments. `quote` is ' or " or empty.
    """

    node: Node
    name: str | None
    argument: tuple[int, int]
    quote: str

    @property
    def function(self) -> str:
        """Return the name of the function."""
        return str(self.node.value)

    @property
    def literal(self) -> tuple[int, int]:
        """Return the place of the argument with its quotes."""
        start, end = self.argument
        return start - len(self.quote), end + len(self.quote)


class NameSlot(NamedTuple):
    """Hold the place of a name in get_secret('...') or get_variable('...').

    The quotes may be finished or not. `start` and `end` are source offsets of `text`. `end` is the end of the name, so
    that the whole name can be replaced.
    """

    function: str
    text: str
    start: int
    end: int
    quote: str
    field: Field


_SLOT: Final = expression(r"""\b(get_secret|get_variable)\s*\(\s*(['"])""")
_SLOT_END: Final = expression(r"""['"\n\r)]|\}\}|%\}|\Z""")


class TemplateText:
    """Hold a template's decoded text in one kind of field: all that rules look at.

    It has no place in a file. `place` and `in_composite` decide which names are available in it. `parsed` is given if
    the text was parsed before.
    """

    def __init__(
        self, text: str, place: FieldPlace, *, in_composite: bool, parsed: ParsedTemplate | None = None
    ) -> None:
        self.text = text
        self.place = place
        self.in_composite = in_composite
        if parsed is not None:
            self.parsed = parsed

    @cached_property
    def parsed(self) -> ParsedTemplate:
        """Return the template's parts."""
        return parse_template(self.text)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Return the platform's functions that it calls, in the order of their ends."""
        parsed = self.parsed
        return tuple(
            self._call(node)
            for node in parsed.calls
            if node.value in FUNCTIONS and node.value not in parsed.stores
        )

    def _call(self, node: Node) -> Call:
        _function, *arguments = node.children
        if not arguments:
            return Call(node, None, (node.inner_start, node.inner_end), "")
        first, last = arguments[0], arguments[-1]
        # Several literals side by side are one text, which does not have one place.
        if (
            first is last
            and first.kind == "const"
            and isinstance(first.value, str)
            and first.inner_start != first.inner_end
        ):
            return Call(node, first.value, (first.start + 1, first.end - 1), self.text[first.start])
        return Call(node, None, (first.start, last.end), "")


class Template:
    """Hold one template field of a file.

    `start` and `end` enclose its content in the source, without the JSON quotes. `text` is the decoded text, as the
    platform renders it, and `content` the same with its kind of field. `is_damaged` says that the JSON string was read
    around a mistake, so that nothing in it can be judged.
    """

    __slots__ = ("base", "content", "end", "field", "in_composite", "is_damaged", "start", "string", "text")

    def __init__(self, field: Field, string: StringValue, base: int, in_composite: bool) -> None:
        self.field = field
        self.string = string
        self.base = base
        self.in_composite = in_composite
        self.text: str = string.data
        self.content = TemplateText(self.text, field.place, in_composite=in_composite)
        self.start = base + string.inner_start
        self.end = base + string.inner_end
        self.is_damaged = string.is_damaged

    @property
    def parsed(self) -> ParsedTemplate:
        """Return the template's parts, with offsets in the decoded text."""
        return self.content.parsed

    def to_source(self, offset: int) -> int:
        """Return the source offset of an offset in `text`."""
        return self.base + self.string.to_source(offset)

    def from_source(self, offset: int) -> int:
        """Return the offset in `text` of a source offset.

        Outside the content it is the offset of the content's nearest end.
        """
        return self.string.from_source(offset - self.base)

    def slot_at(self, offset: int) -> NameSlot | None:
        """Return the name slot that has the source offset, or touches it at an end."""
        text, cursor = self.text, self.from_source(offset)
        opened = None
        for match in _SLOT.finditer(text, 0, len(text)):
            if match.end() > cursor:
                break
            opened = match
        if opened is None or text.rfind("{#", 0, opened.start()) > text.rfind("#}", 0, opened.start()):
            return None
        start = opened.end()
        stop = _SLOT_END.search(text, start)
        end = stop.start() if stop else len(text)
        if end == len(text) or text[end] not in "'\"":
            end = max(start + len(text[start:end].rstrip()), min(cursor, end))
        if cursor > end:
            return None
        place = self.to_source
        return NameSlot(
            opened.group(1), text[start:end], place(start), place(end), opened.group(2), self.field
        )
