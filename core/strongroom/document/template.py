"""Template fields: the text, its calls, and the way back from the decoded text to the JSON source."""

from typing import Final, NamedTuple

from strongroom.document.json_values import StringValue
from strongroom.document.template_parser import Node, ParsedTemplate, parse_template
from strongroom.document.template_scope import Usage, usage_of
from strongroom.platform.places import FieldPlace
from strongroom.platform.template_names import FUNCTIONS
from strongroom.text.expressions import expression


class Field(NamedTuple):
    """Where a template stands: its place, a label such as "headers[0].value", and its JSON Pointer."""

    place: FieldPlace
    label: str
    pointer: str


class Call(NamedTuple):
    """A call of one of the platform's functions. All offsets are source offsets.

    `name` is the literal name that get_secret or get_variable is asked for, and None where the argument
    is not exactly one literal text. Then the argument's places are those of all the arguments.
    `argument_start` and `argument_end` lie inside the quotes, `literal_start` and `literal_end` outside
    of them; `inner_start` and `inner_end` enclose everything between the parentheses of the call, and
    `function_start` and `function_end` the function's name. `quote` is ' or " or empty.
    """

    function: str
    name: str | None
    start: int
    end: int
    argument_start: int
    argument_end: int
    literal_start: int
    literal_end: int
    inner_start: int
    inner_end: int
    function_start: int
    function_end: int
    quote: str


class NameSlot(NamedTuple):
    """The place of a name between the quotes of get_secret('...') or get_variable('...'), finished or not.

    `start` and `end` are source offsets of `text`; `end` is where the name ends, so the whole of it can
    be replaced.
    """

    function: str
    text: str
    start: int
    end: int
    quote: str
    field: Field


_SLOT: Final = expression(r"""\b(get_secret|get_variable)\s*\(\s*(['"])""")
_SLOT_END: Final = expression(r"""['"\n\r)]|\}\}|%\}|\Z""")


class Template:
    """One template field. `start` and `end` enclose its content in the source, without the JSON quotes.

    `in_composite` chooses the availability table. `is_damaged` says that the JSON string around it was
    read around a mistake, so that nothing in it can be judged.
    """

    __slots__ = ("_calls", "base", "field", "in_composite", "string")

    def __init__(self, field: Field, string: StringValue, base: int, in_composite: bool) -> None:
        self.field = field
        self.string = string
        self.base = base
        self.in_composite = in_composite
        self._calls: tuple[Call, ...] | None = None

    @property
    def text(self) -> str:
        """The decoded text, as the platform renders it."""
        text: str = self.string.data
        return text

    @property
    def start(self) -> int:
        """Source offset at which the content begins."""
        return self.base + self.string.inner_start

    @property
    def end(self) -> int:
        """Source offset at which the content ends."""
        return self.base + self.string.inner_end

    @property
    def is_damaged(self) -> bool:
        """Whether the JSON string holds a mistake that may have changed its text."""
        return self.string.is_damaged

    @property
    def parsed(self) -> ParsedTemplate:
        """The template's parts, with offsets in the decoded text; parsed when first asked for, then kept."""
        found = self.string.template
        if not isinstance(found, ParsedTemplate):
            found = self.string.template = parse_template(self.text)
        return found

    @property
    def usage(self) -> Usage:
        """Which names it takes from outside; worked out when first asked for, then kept."""
        return usage_of(self.parsed)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of the platform's functions, in the order in which they end."""
        if self._calls is None:
            parsed = self.parsed
            self._calls = tuple(
                self._call(node)
                for node in parsed.calls
                if node.value in FUNCTIONS and node.value not in parsed.stores
            )
        return self._calls

    def to_source(self, offset: int) -> int:
        """The source offset of an offset in `text`."""
        return self.base + self.string.to_source(offset)

    def from_source(self, offset: int) -> int:
        """The offset in `text` of a source offset; outside the content, that of its nearest end."""
        return self.string.from_source(offset - self.base)

    def _call(self, node: Node) -> Call:
        function, *arguments = node.children
        place = self.to_source
        start, end = node.inner_start, node.inner_end
        name: str | None = None
        quote = ""
        if len(arguments) == 1 and arguments[0].kind == "const" and isinstance(arguments[0].value, str):
            only = arguments[0]
            if only.inner_start != only.inner_end:
                name, quote = only.value, self.text[only.start]
                start, end = only.start, only.end
        elif arguments:
            start, end = arguments[0].start, arguments[-1].end
        inside = 1 if quote else 0
        return Call(
            node.value,
            name,
            place(node.start),
            place(node.end),
            place(start + inside),
            place(end - inside),
            place(start),
            place(end),
            place(node.inner_start),
            place(node.inner_end),
            place(function.start),
            place(function.end),
            quote,
        )

    def slot_at(self, offset: int) -> NameSlot | None:
        """The name slot that the source offset lies in, or touches at either end."""
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
