"""Read JSON without ever failing, and give each mistake with its exact place.

The reading yields everything that could be read. One regular expression takes the common tokens, and `json_mistakes`
looks at everything else. The open containers are a list, so nesting costs no recursion.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

from strongroom.document.json_mistakes import JsonProblem, bare_key, bare_word, inner_quotes, read_odd
from strongroom.document.json_values import LITERALS, StringValue, Value
from strongroom.text.edits import Edit
from strongroom.text.expressions import expression

MAX_DEPTH: Final = 200
"""Limit the nesting that is read. Deeper values are skipped and reported: no connector comes near it."""

ELEMENT_ARRAYS: Final = ("connectors", "composite_connectors")

ElementReader = Callable[[Value, str, int], tuple[int, bool]]
"""Read elements into an array that has a key, or "", from an offset on.

Return the offset at which reading stopped, and True if the last element's own brace ended it.
"""

TOKEN: Final = expression(
    r"[ \t\n\r]*+(?:([{}\[\]:,])"
    r'|"([^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+)"'
    r"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.+-])"
    r"|(?:true|false|null)(?![\w.+-])))"
)
_MARK, _STRING = 1, 2
"""The groups of a token. The third one is a literal or a number."""
_BLANK: Final = expression(r"[ \t\n\r]*")


class Reading(NamedTuple):
    """Hold the outcome of a reading.

    `root` is None for an empty text. `problems` are in the order of the text. `end` is the offset at which reading
    stopped, and `is_closed` says that the root's own bracket was read. `is_apart` says that nothing past the bracket of
    an element was looked at, so that the element reads the same in any text.
    """

    root: Value | None
    problems: tuple[JsonProblem, ...]
    end: int
    is_closed: bool
    is_apart: bool


def read_json(text: str, elements: ElementReader | None = None) -> Reading:
    """Read a whole JSON text.

    `elements` reads the objects in a connectors array, or in an array at the top.
    """
    return _Run(text, elements, is_nested=False).read()


def read_element(text: str) -> Reading:
    """Read the object at the beginning of a text."""
    return _Run(text, None, is_nested=True).read()


class _Run:
    """Hold one reading: its open containers, outermost first, and what it expects."""

    def __init__(self, text: str, elements: ElementReader | None, *, is_nested: bool) -> None:
        self.text = text
        self.elements = elements
        self.is_nested = is_nested
        self.pos = 0
        self.is_going_on = True
        self.is_closed = False
        self.is_apart = is_nested
        self.root: Value | None = None
        self.open: list[Value] = []
        self.expected: Literal["key", "colon", "value", "comma", "end"] = "value"
        # The key that has no value so far.
        self.key: StringValue | None = None
        # The offset of a comma after which nothing has come so far, or -1.
        self.comma = -1
        # The end of the last key, colon or value.
        self.last_end = 0
        self.problems: list[JsonProblem] = []
        # False after a mistake that leaves a doubt about the structure: nothing that seems to be missing is certain.
        self.is_certain = True
        # True after a mistake that may have swallowed brackets: mistakes that follow from it are not reported.
        self.is_lost = False

    def read(self) -> Reading:
        text, match = self.text, TOKEN.match
        while self.is_going_on:
            token = match(text, self.pos)
            if token is None:
                self._odd()
                continue
            self.pos = end = token.end()
            group = token.lastindex or 0
            start, content = token.start(group), token.group(group)
            if group == _MARK:
                self._mark(content, start)
            elif group == _STRING:
                self._scalar(StringValue(start - 1, end, content))
            elif content in LITERALS:
                self._scalar(Value("literal", start, end, LITERALS[content]))
            else:
                self._scalar(Value("number", start, end, _number(content)))
        while self.open:
            self._close_unclosed()
        if self.root is None and not self.problems:
            self._problem("The file is empty: expected a JSON object.", 0, 0)
        is_apart = self.is_apart and self.is_closed
        return Reading(self.root, tuple(self.problems), self.pos, self.is_closed, is_apart)

    def _mark(self, mark: str, at: int) -> None:
        if mark in "{[":
            self._open(mark, at)
        elif mark in "}]":
            self._close(mark, at)
        elif mark == ",":
            self._comma(at)
        elif self.expected == "colon":
            self.expected = "value"
            self.last_end = at + 1
        elif not self.is_lost:
            self._problem("Unexpected colon.", at, at + 1)

    def _comma(self, at: int) -> None:
        if self.expected == "end":
            if self.is_lost:
                self._stop(at)  # A mistake has closed the root too early.
            else:
                self._problem("Unexpected text after the end of the JSON value.", at, at + 1)
            return
        if self.expected == "comma":
            self.comma = at
        elif self.expected == "colon" or (self.key is not None and not self.is_lost):
            self._without_value()
            self.comma = at
        elif not self.is_lost:
            self._remove_comma("Remove the extra comma.", at)
        self._expect_next()

    def _expect_next(self) -> None:
        """Expect the next member or item of the innermost container."""
        self.key = None
        self.expected = "key" if self._is_in("object") else "value"

    def _is_in(self, kind: str) -> bool:
        return bool(self.open) and self.open[-1].kind == kind

    # -- keys and values -----------------------------------------------------------------------------------

    def _scalar(self, value: Value) -> None:
        if not self._is_ready(value.start):
            return
        if self.expected == "key" or (self.expected == "comma" and self._begins_member(value)):
            self._key(value)
            return
        if value.kind == "word":
            self._report(bare_word(value))
        elif isinstance(value, StringValue) and self.open:
            value = self._whole(value)
        self._add(value)

    def _is_ready(self, at: int) -> bool:
        """Report a mark that is missing before a key or value at `at`.

        Return False, and stop, after the end of the root.
        """
        if self.expected == "comma":
            self._missing(",", at, "Missing comma after this value.", "Add the comma")
        elif self.expected == "colon":
            self._missing(":", at, "Missing colon after this key.", "Add the colon")
        elif self.expected == "end":
            self._problem("Unexpected text after the end of the JSON value.", at, len(self.text.rstrip()))
            self._stop(at)
        return self.is_going_on

    def _begins_member(self, value: Value) -> bool:
        """Return True if a value, right after a member, is the key of the next one.

        A colon follows such a key.
        """
        if not self._is_in("object") or value.kind not in ("string", "word"):
            return False
        following = TOKEN.match(self.text, value.end)
        return following is not None and following.group(_MARK) == ":"

    def _key(self, value: Value) -> None:
        if isinstance(value, StringValue):
            self.key = value
        else:
            self.key, problem = bare_key(self.text, value.start, value.end)
            self._report(problem)
        self.comma = -1
        self.last_end = value.end
        self.expected = "colon"

    def _whole(self, string: StringValue) -> StringValue:
        """Return the string that was meant, if quotes inside it are not escaped."""
        if TOKEN.match(self.text, string.end) is not None:
            return string
        found = inner_quotes(self.text, string.start, string.end)
        if found is None:
            return string
        string, problem = found
        self.is_apart = False
        self._report(problem)
        self.pos = string.end
        return string

    def _add(self, value: Value) -> None:
        if not self.open:
            self.root = value
        elif self.open[-1].kind == "array":
            self.open[-1].items.append(value)
            self.open[-1].data.append(value.data)
        elif self.key is not None:
            self.open[-1].members.append((self.key, value))
            self.open[-1].data[self.key.data] = value.data
        self._ended(value.end)

    def _ended(self, end: int) -> None:
        """Expect what comes after a value."""
        self.key = None
        self.comma = -1
        self.last_end = end
        self.expected = "comma" if self.open else "end"

    # -- containers ----------------------------------------------------------------------------------------

    def _open(self, mark: str, at: int) -> None:
        if not self._is_ready(at):
            return
        if self.expected == "key":
            if self.is_lost and self.is_nested and mark == "{":
                self._stop(at)
                return
            if not self.is_lost:
                self._problem("Expected a key in double quotes.", at, at + 1)
        if len(self.open) >= MAX_DEPTH:
            self._skip(at)
        elif mark == "{" and self.elements is not None and (key := self._element_array()) is not None:
            end, is_closed = self.elements(self.open[-1], key, at)
            self.pos = end
            self.is_lost = not is_closed
            self._ended(end)
        else:
            value = Value("object", at, at + 1, {}) if mark == "{" else Value("array", at, at + 1, [])
            value.members, value.items = [], []
            self._add(value)
            self.open.append(value)
            self._expect_next()

    def _skip(self, at: int) -> None:
        """Skip a value that is nested too deeply, with its brackets balanced."""
        self.is_apart = False
        self._problem(f"Nested too deeply: at most {MAX_DEPTH} levels are read.", at, at + 1)
        depth = 1
        while depth and self.pos < len(self.text):
            token = TOKEN.match(self.text, self.pos)
            if token is None:
                self.pos += 1
                continue
            self.pos = token.end()
            mark = token.group(_MARK)
            if mark:
                depth += (mark in "{[") - (mark in "}]")
        self._add(Value("literal", at, self.pos, None))

    def _element_array(self) -> str | None:
        """Return the key of the open array of elements: "" for one at the top, or None."""
        if len(self.open) == 1:
            return "" if self._is_in("array") else None
        if len(self.open) == 2 and self.open[0].members:
            key, value = self.open[0].members[-1]
            if value is self.open[1] and value.kind == "array" and key.data in ELEMENT_ARRAYS:
                return str(key.data)
        return None

    def _close(self, mark: str, at: int) -> None:
        kind = "object" if mark == "}" else "array"
        if all(value.kind != kind for value in self.open):
            self._close_unopened(mark, at)
            return
        if self.comma >= 0:
            self._remove_comma("Remove the trailing comma: JSON does not allow one.", self.comma)
        elif self.key is not None:
            self._without_value()
        while not self._is_in(kind):
            self._close_unclosed()
        self._pop(self.pos)
        if not self.open:
            self.is_closed = True
            self.is_going_on = not self.is_nested

    def _close_unopened(self, mark: str, at: int) -> None:
        if self.is_nested:
            # The bracket belongs to a container outside: this element was never closed.
            self._stop(at)
            return
        if not self.is_lost:
            self._problem(f"`{mark}` has no matching opening bracket.", at, at + 1)
        self.is_lost = True
        self.is_going_on = self.expected != "end"

    def _close_unclosed(self) -> None:
        """Close the innermost container, whose bracket is missing, after its last value."""
        if not self.is_lost:
            start = self.open[-1].start
            opener, closer = "{}" if self._is_in("object") else "[]"
            self._problem(f"`{opener}` is not closed: `{closer}` is missing.", start, start + 1)
        self.is_lost = True
        self._pop(self.last_end)

    def _pop(self, end: int) -> None:
        value = self.open.pop()
        # It holds at least its own bracket.
        value.end = max(end, value.end)
        self._ended(value.end)

    def _stop(self, at: int) -> None:
        self.pos = at
        self.is_going_on = False

    # -- mistakes ------------------------------------------------------------------------------------------

    def _odd(self) -> None:
        """Read text that is not a JSON token, or the end of the text."""
        self.is_apart = False
        blank = _BLANK.match(self.text, self.pos)
        at = blank.end() if blank else self.pos
        if at == len(self.text):
            self._stop(at)
            return
        odd = read_odd(self.text, at)
        if odd.value is None or self.expected != "end":
            for problem in odd.problems:
                self._report(problem)
        self.is_lost = self.is_lost or odd.is_lost
        self.pos = odd.end
        if odd.value is not None:
            self._scalar(odd.value)

    def _missing(self, mark: str, at: int, message: str, title: str) -> None:
        """Report that `mark` is missing before `at`.

        An edit can put it in if only blanks are in between.
        """
        end = self.last_end
        if self.is_lost:
            return
        if self.text[end:at].strip(" \t\n\r"):
            self._problem(message, end - 1, end)
        else:
            edits = (Edit(end, end, mark),)
            self._report(JsonProblem(message, end - 1, end, title, edits, self.is_certain))

    def _without_value(self) -> None:
        self._problem("This key has no value.", self.last_end - 1, self.last_end)

    def _remove_comma(self, message: str, at: int) -> None:
        edits = (Edit(at, at + 1, ""),)
        self._report(JsonProblem(message, at, at + 1, "Remove the comma", edits, True, True))

    def _problem(self, message: str, start: int, end: int) -> None:
        self._report(JsonProblem(message, start, end))

    def _report(self, problem: JsonProblem) -> None:
        self.problems.append(problem)
        self.is_certain = self.is_certain and (problem.is_safe or problem.is_harmless)


def _number(word: str) -> Any:
    if word.removeprefix("-").isdigit():
        # Python refuses to convert longer ones; a float loses digits, as JSON readers elsewhere do.
        return int(word) if len(word) < 4000 else float(word)
    return float(word)
