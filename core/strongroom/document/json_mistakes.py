"""Describe the mistakes of JSON syntax, and read text that is not JSON.

Such text is comments, single quotes, bare words, unterminated strings and bad escapes. Each function reads one such
text, names the mistake at its exact place, and gives the value that was meant, if that is plain. Because of that, the
rest of the file can be read.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.document.json_values import LITERALS, StringValue, Value, encode
from strongroom.text.edits import Edit
from strongroom.text.expressions import expression


class JsonProblem(NamedTuple):
    """Describe a mistake of JSON syntax.

    Offsets are relative to the beginning of the reading. `edits` mend the mistake, under `title`. `is_safe`
    is True if the mended text is certainly the one that was meant. `is_harmless` says that the structure
    could be read for certain in spite of the mistake.
    """

    message: str
    start: int
    end: int
    title: str = ""
    edits: tuple[Edit, ...] = ()
    is_safe: bool = False
    is_harmless: bool = False

    def moved(self, by: int) -> "JsonProblem":
        """Return the problem of a text before which `by` characters were put."""
        edits = tuple([Edit(start + by, end + by, new) for start, end, new in self.edits])
        return self._replace(start=self.start + by, end=self.end + by, edits=edits)


class Odd(NamedTuple):
    """Hold what is in the place of a JSON token, up to `end`.

    `value` is None if all of it is passed over. `is_lost` says that brackets may have been swallowed.
    """

    value: Value | None
    end: int
    problems: tuple[JsonProblem, ...] = ()
    is_lost: bool = False


_LINE_STRING: Final = expression(r'"((?:[^"\\\n\r]|\\[^\n\r])*+)"')
_LONG_STRING: Final = expression(r'"((?:[^"\\]|\\.)*+)"(?=[ \t\n\r]*(?:[,:}\]]|\Z))', re.DOTALL)
_LINE_BREAK: Final = expression(r"[\n\r]")
_SINGLE_STRING: Final = expression(r"'((?:[^'\\\n\r]|\\[^\n\r])*+)'")
_COMMENT: Final = expression(r"//[^\n\r]*+|#[^\n\r]*+|/\*.*?(?:\*/|\Z)", re.DOTALL)
_SPACE: Final = expression(r"[^\S \t\n\r]+|\ufeff+")
_WORD: Final = expression(r"""[^\s,:{}\[\]"'/#]+""")
_BAD_ESCAPE: Final = expression(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}|(u[0-9a-fA-F]{0,3}|.))', re.DOTALL)
_CONTROL: Final = expression(r"[\x00-\x1f]")
_CONTROL_NAMES: Final = {"\t": "tab", "\n": "line break", "\r": "line break"}
_SOUND_CONTENT: Final = expression(r'[^"\\\x00-\x1f]*')
_KEY_WORD: Final = expression(r"[A-Za-z_$][\w$-]*")
_WORD_VALUES: Final = {
    "True": "true", "False": "false", "None": "null", "TRUE": "true", "FALSE": "false", "NULL": "null",
}  # fmt: skip
_FAR: Final = 500
_INNER_QUOTE: Final = expression(r'(?<!\\)"')
_AFTER_STRING: Final = expression(r'[ \t]*(?:[}\]]|,[ \t]*(?:"[^"\n\r]*"[ \t]*:|[{\n\r]|\Z)|[\n\r]|\Z)')
_NAMED_CALL: Final = expression(r'get_(?:secret|variable)\([ \t]*(")[^"\\\n\r]*(")[ \t]*\)')


def read_odd(text: str, at: int) -> Odd:
    """Read the text at `at`, which is not a JSON token and not a blank."""
    mark = text[at]
    if mark == '"':
        return _string(text, at)
    if mark == "'":
        return _single_quoted(text, at)
    if comment := _COMMENT.match(text, at):
        edit = Edit(*comment.span(), "")
        # Not safe, because the comment's text would be lost.
        message, title = "JSON does not allow comments.", "Remove the comment"
        return Odd(None, edit.end, (JsonProblem(message, at, edit.end, title, (edit,), False, True),))
    if mark == "\ufeff" and at == 0:
        return Odd(None, 1)  # JSON readers may ignore a byte order mark (RFC 8259, 8.1).
    if space := _SPACE.match(text, at):
        edit = Edit(*space.span(), " ")
        message, title = (
            "JSON does not allow this whitespace character between values.",
            "Replace with a space",
        )
        return Odd(None, edit.end, (JsonProblem(message, at, edit.end, title, (edit,), True, True),))
    if word := _WORD.match(text, at):
        return Odd(Value("word", at, word.end(), word.group()), word.end())
    return Odd(None, at + 1, (JsonProblem(f"Unexpected `{mark}`.", at, at + 1),))


def _string(text: str, at: int) -> Odd:
    """Return a double-quoted string with a bad escape or control, or without an end."""
    found = _LINE_STRING.match(text, at) or _LONG_STRING.match(text, at)
    if found is None:
        return _unterminated(text, at)
    problems = (*_bad_escapes(found), *_control_characters(found))
    is_damaged = not all(problem.is_harmless for problem in problems)
    return Odd(StringValue(at, found.end(), found.group(1), is_damaged=is_damaged), found.end(), problems)


def _unterminated(text: str, at: int) -> Odd:
    content = text[at + 1 : _line_end(text, at, len(text))].rstrip().removesuffix(",")
    end = at + 1 + len(content)
    message = 'The string is not closed: `"` is missing.'
    problem = JsonProblem(message, at, end, "Add the quote", (Edit(end, end, '"'),))
    return Odd(StringValue(at, end, content, is_damaged=True), end, (problem,), is_lost=True)


def _line_end(text: str, at: int, limit: int) -> int:
    found = _LINE_BREAK.search(text, at, limit)
    return found.start() if found else limit


def _bad_escapes(found: re.Match[str]) -> Iterator[JsonProblem]:
    for match in _BAD_ESCAPE.finditer(found.string, *found.span(1)):
        start, end = match.span()
        if match.group(1) == "'":
            message = r"`\'` is not a JSON escape: write `'`."
            edit = Edit(start, start + 1, "")
            yield JsonProblem(message, start, end, "Remove the backslash", (edit,), True, True)
        elif match.group(1) is not None:
            message = f"`{match.group()}` is not a JSON escape: write a backslash as `\\\\`."
            yield JsonProblem(message, start, end, "Double the backslash", (Edit(start, start, "\\"),))


def _control_characters(found: re.Match[str]) -> Iterator[JsonProblem]:
    """Yield one problem for all control characters of a string.

    A pasted block of lines is one mistake.
    """
    places = _CONTROL.finditer(found.string, *found.span(1))
    edits = tuple([Edit(*match.span(), encode(match.group())) for match in places])
    if edits:
        start, end, written = edits[0]
        name = _CONTROL_NAMES.get(found.string[start], "control character")
        written = r"\n" if name == "line break" else written
        message = f"Unescaped {name} in a string: write `{written}`."
        yield JsonProblem(message, start, end, "Escape it", edits, True, True)


def _single_quoted(text: str, at: int) -> Odd:
    found = _SINGLE_STRING.match(text, at)
    if found is None:
        problem = JsonProblem("Unexpected `'`: JSON strings use double quotes.", at, at + 1)
        return Odd(None, _line_end(text, at, len(text)), (problem,), is_lost=True)
    content, end = found.group(1), found.end()
    is_sound = _SOUND_CONTENT.fullmatch(content) is not None
    edits = (Edit(at, at + 1, '"'), Edit(end - 1, end, '"')) if is_sound else ()
    message = "Use double quotes: JSON strings cannot have single quotes."
    problem = JsonProblem(message, at, end, "Use double quotes", edits, is_sound, True)
    return Odd(StringValue(at, end, content, is_damaged=not is_sound), end, (problem,))


def bare_key(text: str, start: int, end: int) -> tuple[StringValue, JsonProblem]:
    """Return the key that is written without quotes, and its problem."""
    word = text[start:end]
    is_plain = _KEY_WORD.fullmatch(word) is not None
    edits = (Edit(start, start, '"'), Edit(end, end, '"')) if is_plain else ()
    message = "Put the key in double quotes."
    problem = JsonProblem(message, start, end, "Add the quotes", edits, is_plain, is_plain)
    return StringValue(start, end, word, quote=0), problem


def bare_word(value: Value) -> JsonProblem:
    """Return the problem of a word in the place of a value.

    The value gets the data that was meant.
    """
    word, start, end = str(value.data), value.start, value.end
    meant = _WORD_VALUES.get(word, "")
    value.data = LITERALS.get(meant)
    if meant:
        message, edit = f"Write `{meant}`: JSON has no `{word}`.", Edit(start, end, meant)
        return JsonProblem(message, start, end, f"Write {meant}", (edit,), True, True)
    short = word if len(word) <= 40 else word[:39] + "…"
    if word[0].isdigit() or word[0] in "+-.":
        message = f"`{short}` is not a valid JSON number."
    elif word in ("NaN", "Infinity", "undefined"):
        message = f"JSON has no `{word}`."
    else:
        message = f"`{short}` is not a valid JSON value: put text in double quotes."
    return JsonProblem(message, start, end)


def inner_quotes(text: str, start: int, end: int) -> tuple[StringValue, JsonProblem] | None:
    r"""Return the value and problem of a string with unescaped double quotes in it.

    The string is read from `start` to `end`. It really ends at the first later quote of its line after which JSON goes
    on. Without such a quote, return None.
    """
    # The search stops there, because a line can be a whole file and every such place is searched.
    if end - start > 10 * _FAR:
        return None
    line_end = _line_end(text, end, end + _FAR)
    quotes = [match.start() for match in _INNER_QUOTE.finditer(text, start + 1, line_end)]
    for count, quote in enumerate(quotes[1:], 1):
        if quote >= end and _AFTER_STRING.match(text, quote + 1):
            return _with_inner_quotes(text, start, quote, quotes[:count])
    return None


def _with_inner_quotes(text: str, start: int, end: int, inner: list[int]) -> tuple[StringValue, JsonProblem]:
    named = {match.start(group) for match in _NAMED_CALL.finditer(text, start, end) for group in (1, 2)}
    is_safe = named.issuperset(inner)
    edits = tuple([Edit(at, at + 1, "'") if is_safe else Edit(at, at, "\\") for at in inner])
    title = "Use single quotes inside the string" if is_safe else "Escape the quotes"
    message = 'A double quote inside a string ends it: escape it (`\\"`), or use single quotes.'
    problem = JsonProblem(message, inner[0], inner[0] + 1, title, edits, is_safe)
    return StringValue(start, end + 1, text[start + 1 : end], is_damaged=True), problem
