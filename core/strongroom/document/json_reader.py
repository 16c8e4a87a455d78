"""Read JSON without ever failing, and give each mistake with its exact place.

The reader yields everything that could be read. One regular expression takes the common tokens, and `json_mistakes`
looks at everything else. The reader keeps its own stack, so nesting costs no recursion. While it reads the outer
structure of a connector file it hands every element of a connectors array to a nested reading of its own, whose offsets
are relative to the element. Because of that, `Document.edit` can keep the elements that are already read.
"""

from typing import Any, Final

from strongroom.document.json_state import (
    AFTER,
    COLON,
    DONE,
    ELEMENT_ARRAYS,
    FIRST_ITEM,
    FIRST_KEY,
    KEY,
    VALUE,
    Element,
    ElementReader,
    ElementValue,
    Reading,
    ReadingState,
)
from strongroom.document.json_values import StringValue, Value
from strongroom.text.expressions import expression

MAX_DEPTH: Final = 200
"""Limit the nesting that is read.

Deeper values are skipped and reported. No connector comes near it.
"""

TOKEN: Final = expression(
    r"[ \t\n\r]*+(?:([{}\[\]:,])"
    r'|"([^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+)"'
    r"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.+-])"
    r"|(?:true|false|null)(?![\w.+-])))"
)
_MARK, _STRING = 1, 2
"""The groups of a token. The third one is a literal or a number."""
_LITERALS: Final = {"true": True, "false": False, "null": None}
_BLANK: Final = expression(r"[ \t\n\r]*")
_NEXT_ELEMENT: Final = expression(r"[ \t\n\r]*+,[ \t\n\r]*+(?=\{)")
_OUTSIDE: Final = expression(
    r'[ \t\n\r]*+,?[ \t\n\r]*+"(?!(?:composite_)?connectors")(?:[^"\\\n]|\\.)*+"[ \t\n\r]*+:'
)
"""Match a key and its colon, which are in no array.

The key of an array of elements does not match: before it a bracket is missing.
"""


def read_json(text: str, elements: ElementReader | None = None) -> Reading:
    """Read a whole JSON text.

    `elements` reads the objects in a connectors array, or in an array at the top.
    """
    run = _Run(text, elements, is_nested=False)
    run.read()
    return Reading(run.root, tuple(run.problems))


def read_element(text: str) -> Element:
    """Read the object at the beginning of a text."""
    run = _Run(text, None, is_nested=True)
    run.read()
    assert run.root is not None, "an element begins with a brace"
    is_kept = run.is_closed and not run.looked_ahead
    return Element(run.root, run.pos, tuple(run.problems), run.is_closed, is_kept)


class _Run(ReadingState):
    """Hold one reading: a pushdown automaton whose stack is a list."""

    # -- the loop ------------------------------------------------------------------------------------------

    def read(self) -> None:
        text, match = self.text, TOKEN.match
        is_going_on = True
        while is_going_on:
            token = match(text, self.pos)
            if token is None:
                is_going_on = self._odd()
                continue
            self.pos = end = token.end()
            group = token.lastindex or 0
            start, content = token.start(group), token.group(group)
            if group == _MARK:
                is_going_on = self._punctuation(content, start)
            elif group == _STRING:
                is_going_on = self._scalar(StringValue(start - 1, end, start, end - 1, content))
            elif content in _LITERALS:
                is_going_on = self._scalar(Value("literal", start, end, _LITERALS[content]))
            else:
                is_going_on = self._scalar(Value("number", start, end, _number(content)))
        self._finish()

    def _punctuation(self, mark: str, at: int) -> bool:
        state = self.state
        if mark == "," and state == AFTER:
            self.comma = at
            self.state = KEY if self.top is not None and self.top.kind == "object" else VALUE
        elif mark == ":" and state == COLON:
            self.state = VALUE
            self.comma = -1
            self.last_end = at + 1
        elif mark in "{[":
            return self._open(mark, at)
        elif mark in "}]":
            return self._close(mark, at)
        else:
            self._misplaced(mark, at)
        return True

    # -- values --------------------------------------------------------------------------------------------

    def _scalar(self, value: Value) -> bool:
        state = self.state
        if state in (KEY, FIRST_KEY):
            self._key(value)
            return True
        if state == AFTER and self._is_missing_comma(value):
            self._key(value)
            return True
        if not self._ready_for_value(value.start):
            return False
        if value.kind == "word":
            from strongroom.document.json_mistakes import bare_word_problem

            self.problems.append(bare_word_problem(value, as_key=False))
        self._add(value)
        return True

    def _ready_for_value(self, at: int) -> bool:
        """Report a mark that is missing before a value that begins at `at`.

        Return False if reading must stop.
        """
        if self.state == DONE:
            self._problem("Unexpected text after the end of the JSON value.", at, len(self.text.rstrip()))
            return False
        if self.state == AFTER:
            self._missing(",", at, "Missing comma after this value.", "Add the comma")
        elif self.state == COLON:
            self._missing(":", at, "Missing colon after this key.", "Add the colon")
        return True

    def _key(self, value: Value) -> None:
        start = value.start
        if isinstance(value, StringValue):
            key = value
        else:
            from strongroom.document.json_mistakes import bare_word_problem

            self.problems.append(bare_word_problem(value, as_key=True))
            source = self.text[start : value.end]
            key = StringValue(start, value.end, start, value.end, source)
        self.key = key
        self.last_end = value.end
        self.last_value = None
        self.state = COLON

    def _is_missing_comma(self, value: Value) -> bool:
        """Return True if `value`, right after a member, begins the next member.

        Then the comma between them is missing.
        """
        if self.top is None or self.top.kind != "object" or value.kind not in ("string", "word"):
            return False
        following = TOKEN.match(self.text, value.end)
        if following is None or following.group(_MARK) != ":":
            return False
        at = value.start
        self._missing(",", at, "Missing comma after this value.", "Add the comma")
        return True

    # -- brackets ------------------------------------------------------------------------------------------

    def _open(self, mark: str, at: int) -> bool:
        if self.state in (KEY, FIRST_KEY):
            if self.is_lost and self.is_nested and mark == "{":
                self.pos = at
                return False
            if not self.is_lost:
                self._problem("Expected a key in double quotes.", at, at + 1)
            self.key = None
        elif not self._ready_for_value(at):
            return False
        if len(self.stack) >= MAX_DEPTH:
            self._skip(at)
            return True
        if mark == "{" and self.elements is not None and self._in_element_array():
            self._element(at)
            return True
        start = at
        value = Value("object", start, start + 1, {}) if mark == "{" else Value("array", start, start + 1, [])
        if mark == "{":
            value.members = []
            self.state = FIRST_KEY
        else:
            value.items = []
            self.state = FIRST_ITEM
        self.stack.append((value, self.key))
        self.top = value
        self.key = None
        self.comma = -1
        return True

    def _close(self, mark: str, at: int) -> bool:
        kind = "object" if mark == "}" else "array"
        if self.top is None or all(value.kind != kind for value, _ in self.stack):
            if self.is_nested and self.stack:
                # The bracket belongs to a container outside: this element was never closed.
                self._never_closed()
                self.pos = at
                return False
            if not self.is_lost:
                self._problem(f"`{mark}` has no matching opening bracket.", at, at + 1)
            self.is_lost = True
            return self.state != DONE
        self._before_close()
        while self.stack[-1][0].kind != kind:
            self._never_closed()
            self._pop(self.last_end)
        self._pop(self.pos)
        if self.is_nested and not self.stack:
            self.is_closed = True
            return False
        return True

    def _skip(self, at: int) -> None:
        """Skip a value that is nested too deeply, with its brackets balanced."""
        self.looked_ahead = True
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

    # -- connectors ----------------------------------------------------------------------------------------

    def _in_element_array(self) -> bool:
        if self.top is None or self.top.kind != "array":
            return False
        if len(self.stack) == 1:
            return True
        key = self.stack[-1][1]
        return len(self.stack) == 2 and key is not None and key.data in ELEMENT_ARRAYS

    def _element(self, at: int) -> None:
        assert self.elements is not None
        key = self.stack[-1][1]
        array = key.data if key is not None else ""
        text, top, elements, following = self.text, self.top, self.elements, _NEXT_ELEMENT.match
        assert top is not None
        while True:
            end, is_closed = elements(text, at, array, -1)
            comma = following(text, end) if is_closed else None
            if comma is None and is_closed and _OUTSIDE.match(text, end):
                # A member follows: the brace is one too many, and the element goes on.
                end, is_closed = elements(text, at, array, end - 1)
                comma = following(text, end) if is_closed else None
            top.items.append(ElementValue(at, end))
            if comma is None:
                break
            at = comma.end()
        self.state = AFTER
        self.last_value = None
        self.pos = self.last_end = end
        self.is_lost = not is_closed

    # -- mistakes ------------------------------------------------------------------------------------------

    def _odd(self) -> bool:
        """Read text that is not a JSON token.

        Return False at the end of the text, or if reading must stop.
        """
        self.looked_ahead = True
        blank = _BLANK.match(self.text, self.pos)
        at = blank.end() if blank else self.pos
        if at >= len(self.text):
            self.pos = at
            return False
        # Imported when a text has a mistake, because its expressions take time to compile and most files have no
        # mistake.
        from strongroom.document.json_mistakes import inner_quotes, read_odd

        last = self.last_value
        if self.state == AFTER and isinstance(last, StringValue) and last.end == self.pos:
            found = inner_quotes(self.text, last.start, self.pos)
            if found is not None:
                problem, string = found
                self.problems.append(problem)
                self._replace_last(string)
                self.pos = string.end
                return True
        odd = read_odd(self.text, at)
        if odd.value is not None and self.state == DONE:
            return self._ready_for_value(at)
        self.problems.extend(odd.problems)
        self.is_lost = self.is_lost or odd.is_lost
        self.pos = odd.end
        return odd.value is None or self._scalar(odd.value)

    def _finish(self) -> None:
        self._never_closed()
        while self.stack:
            self._pop(self.last_end)
        if self.root is None and not self.problems:
            self._problem("The file is empty: expected a JSON object.", 0, 0)


def _number(word: str) -> Any:
    if word.removeprefix("-").isdigit():
        # Python refuses to convert longer ones; a float loses digits, as JSON readers elsewhere do.
        return int(word) if len(word) < 4000 else float(word)
    return float(word)
