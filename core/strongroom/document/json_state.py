"""Hold the state of a JSON reading: open containers, next token, mistakes."""

from collections.abc import Callable
from typing import Final, NamedTuple

from strongroom.document.json_problems import JsonProblem
from strongroom.document.json_values import StringValue, Value
from strongroom.text.edits import Edit

# The tokens that may come next.
VALUE, FIRST_ITEM, FIRST_KEY, KEY, COLON, AFTER, DONE = range(7)


class Element(NamedTuple):
    """Hold the result of a nested reading of one array element.

    `end` is the offset at which reading stopped. `is_closed` says that the element's own brace ended it. `is_kept` says
    that the reading looked at nothing past that brace either. Then it is a function of its own text and may be used
    again.
    """

    value: Value
    end: int
    problems: tuple[JsonProblem, ...]
    is_closed: bool
    is_kept: bool


class Reading(NamedTuple):
    """Hold the outcome of `read_json`: the root and the problems.

    The root is None for an empty text. The problems are in the order of the text.
    """

    root: Value | None
    problems: tuple[JsonProblem, ...]


ElementReader = Callable[[str, int, str, int], tuple[int, bool]]
"""Read the element at an offset of a text: give its end, and True if its own brace ended it.

The arguments are the text, the offset, the key of the array or "", and the offset of a brace to pass over or -1.
"""

ELEMENT_ARRAYS: Final = ("connectors", "composite_connectors")


class ElementValue(Value):
    """Hold the place of an element of a connectors array inside the root.

    The element has a reading of its own. Its data are in that reading, and None here.
    """

    __slots__ = ()

    def __init__(self, start: int, end: int) -> None:
        super().__init__("object", start, end, None)


class ReadingState:
    """Hold the state of one reading, and note values and mistakes in it.

    The reader itself is in json_reader.py.
    """

    def __init__(self, text: str, elements: ElementReader | None, *, is_nested: bool) -> None:
        self.text = text
        self.pos = 0
        self.elements = elements
        self.is_nested = is_nested
        self.problems: list[JsonProblem] = []
        self.root: Value | None = None
        self.is_closed = False
        self.stack: list[tuple[Value, StringValue | None]] = []
        self.top: Value | None = None
        self.key: StringValue | None = None
        self.state = VALUE
        # Set after a mistake that may have swallowed brackets. Mistakes that follow from it are not reported.
        self.is_lost = False
        self.looked_ahead = False
        self.last_end = 0
        self.last_value: Value | None = None
        self.comma = -1
        self._certain = 0

    def _add(self, value: Value) -> None:
        top = self.top
        if top is None:
            self.root = value
        elif top.kind == "object":
            if self.key is not None:
                top.members.append((self.key, value))
                top.data[self.key.data] = value.data
                self.key = None
        else:
            top.items.append(value)
            top.data.append(value.data)
        self.last_end = value.end
        self.last_value = value
        self.state = DONE if top is None else AFTER

    def _missing(self, mark: str, at: int, message: str, title: str) -> None:
        """Report that `mark` is missing before `at`.

        An edit can put it in if only blanks are in between.
        """
        if self.is_lost:
            return
        end = self.last_end
        edit = Edit(end, end, mark)
        is_known = not self.text[end:at].strip(" \t\n\r")
        is_safe = self._is_certain_so_far()
        self._problem(
            message, end - 1, end, edit if is_known else None, title if is_known else "", is_safe=is_safe
        )

    def _is_certain_so_far(self) -> bool:
        """Return True if every mistake so far leaves no doubt about the structure.

        After a lost quote texts and marks change places, and nothing that seems to be missing is.
        """
        while self._certain < len(self.problems):
            problem = self.problems[self._certain]
            if not (problem.is_safe or problem.is_harmless):
                return False
            self._certain += 1
        return True

    def _before_close(self) -> None:
        """Report the parts that are missing in the container's last member."""
        comma = self.comma
        if comma >= 0 and self.state in (KEY, VALUE):
            message = "Remove the trailing comma: JSON does not allow one."
            edit = Edit(comma, comma + 1, "")
            self._problem(message, comma, comma + 1, edit, "Remove the comma", is_harmless=True)
        elif self.state in (COLON, VALUE):
            self._problem("This key has no value.", self.last_end - 1, self.last_end)
        self.comma = -1

    def _pop(self, end: int) -> None:
        value, self.key = self.stack.pop()
        # A container that was never closed ends at its last value, and holds at least its own bracket.
        value.end = max(end, value.end)
        self.top = self.stack[-1][0] if self.stack else None
        self._add(value)

    def _never_closed(self) -> None:
        if self.is_lost or self.top is None:
            return
        start = self.top.start
        opener, closer = "{}" if self.top.kind == "object" else "[]"
        self._problem(f"`{opener}` is not closed: `{closer}` is missing.", start, start + 1)
        self.is_lost = True

    def _replace_last(self, string: StringValue) -> None:
        top = self.top
        assert top is not None
        if top.kind == "object":
            if top.members:
                key, _ = top.members[-1]
                top.members[-1] = (key, string)
                top.data[key.data] = string.data
        else:
            top.items[-1] = string
            top.data[-1] = string.data
        self.last_value = string
        self.last_end = string.end

    def _misplaced(self, mark: str, at: int) -> None:
        state = self.state
        if self.is_lost and state != COLON:
            if mark == ",":
                self.state = KEY if self.top is not None and self.top.kind == "object" else VALUE
            return
        if mark == ",":
            if state == COLON or (state == VALUE and self.comma < 0 and self.top is not None):
                self._problem("This key has no value.", self.last_end - 1, self.last_end)
                self.key = None
                self.state = KEY
                self.comma = at
            elif state == DONE:
                self._problem("Unexpected text after the end of the JSON value.", at, at + 1)
            else:
                edit = Edit(at, at + 1, "")
                self._problem(
                    "Remove the extra comma.", at, at + 1, edit, "Remove the comma", is_harmless=True
                )
        else:
            self._problem("Unexpected colon.", at, at + 1)

    def _problem(
        self,
        message: str,
        start: int,
        end: int,
        edit: Edit | None = None,
        title: str = "",
        *,
        is_safe: bool = True,
        is_harmless: bool = False,
    ) -> None:
        edits = (edit,) if edit else ()
        is_safe = bool(edit) and is_safe
        self.problems.append(JsonProblem(message, max(start, 0), end, title, edits, is_safe, is_harmless))
