"""Read text that is not JSON, and report the mistake at the exact place.

Such text is comments, single quotes, bare words, unterminated strings and bad escapes.

Each function reads one such text and gives the value that was meant, if that is plain. Because of that, the rest of the
file can be read.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.document.json_problems import JsonProblem
from strongroom.document.json_values import StringValue, Value, encode
from strongroom.text.edits import Edit


class Odd(NamedTuple):
    """Hold the odd text up to `end` : its value, or None to pass over.

    It is in the place of a JSON token.
    """

    value: Value | None
    end: int
    problems: tuple[JsonProblem, ...]
    is_lost: bool = False


_LINE_STRING: Final = re.compile(r'"((?:[^"\\\n\r]|\\[^\n\r])*+)"')
_LONG_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"(?=[ \t\n\r]*(?:[,:}\]]|\Z))', re.DOTALL)
_LINE_BREAK: Final = re.compile(r"[\n\r]")
_SINGLE_STRING: Final = re.compile(r"'((?:[^'\\\n\r]|\\[^\n\r])*+)'")
_COMMENT: Final = re.compile(r"//[^\n\r]*+|#[^\n\r]*+|/\*.*?(?:\*/|\Z)", re.DOTALL)
_SPACE: Final = re.compile(r"[^\S \t\n\r]+|\ufeff+")
_WORD: Final = re.compile(r"""[^\s,:{}\[\]"'/#]+""")
_BAD_ESCAPE: Final = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}|(u[0-9a-fA-F]{0,3}|.))', re.DOTALL)
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_CONTROL_NAMES: Final = {"\t": "tab", "\n": "line break", "\r": "line break"}
_KEY_WORD: Final = re.compile(r"[A-Za-z_$][\w$-]*")
_WORD_VALUES: Final = {
    "True": "true", "False": "false", "None": "null", "TRUE": "true", "FALSE": "false", "NULL": "null",
}  # fmt: skip
_LITERALS: Final = {"true": True, "false": False, "null": None}
_FAR: Final = 500
_INNER_QUOTE: Final = re.compile(r'(?<!\\)"')
_AFTER_STRING: Final = re.compile(r'[ \t]*(?:[}\]]|,[ \t]*(?:"[^"\n\r]*"[ \t]*:|[{\n\r]|\Z)|[\n\r]|\Z)')
_NAMED_CALL: Final = re.compile(r'get_(?:secret|variable)\([ \t]*(")[^"\\\n\r]*(")[ \t]*\)')


def read_odd(text: str, at: int) -> Odd:
    """Read the text at `at`, which is not a JSON token and not a blank."""
    mark = text[at]
    if mark == '"':
        return _string(text, at)
    if mark == "'":
        return _single_quoted(text, at)
    if comment := _COMMENT.match(text, at):
        # Not safe, because the comment's text would be lost.
        return _passed_over(comment, "JSON does not allow comments.", "Remove the comment", "", is_safe=False)
    if space := _SPACE.match(text, at):
        if mark == "\ufeff" and at == 0:
            return Odd(None, 1, ())  # JSON readers may ignore a byte order mark (RFC 8259, 8.1).
        message = "JSON does not allow this whitespace character between values."
        return _passed_over(space, message, "Replace with a space", " ", is_safe=True)
    if word := _WORD.match(text, at):
        return Odd(Value("word", at, word.end(), word.group()), word.end(), ())
    return Odd(None, at + 1, (JsonProblem(f"Unexpected `{mark}`.", at, at + 1),))


def _string(text: str, at: int) -> Odd:
    """Return a double-quoted string with a bad escape or control, or without an end."""
    found = _LINE_STRING.match(text, at) or _LONG_STRING.match(text, at)
    if found is None:
        return _unterminated(text, at)
    value = _string_value(found.group(1), at, found.end())
    problems = [*_bad_escapes(found), *_control_characters(found)]
    value.is_damaged = any(not problem.is_harmless for problem in problems)
    return Odd(value, found.end(), tuple(problems))


def _unterminated(text: str, at: int) -> Odd:
    content = text[at + 1 : _line_end(text, at, len(text))].rstrip().removesuffix(",")
    end = at + 1 + len(content)
    value = StringValue(at, end, at + 1, end, content)
    value.is_damaged = True
    edit = Edit(end, end, '"')
    problem = JsonProblem('The string is not closed: `"` is missing.', at, end, "Add the quote", (edit,))
    return Odd(value, end, (problem,), is_lost=True)


def _line_end(text: str, at: int, limit: int) -> int:
    found = _LINE_BREAK.search(text, at, limit)
    return found.start() if found else limit


def _bad_escapes(found: re.Match[str]) -> Iterator[JsonProblem]:
    for match in _BAD_ESCAPE.finditer(found.string, *found.span(1)):
        start, end = match.span()
        if match.group(1) == "'":
            edit = Edit(start, start + 1, "")
            message = r"`\'` is not a JSON escape: write `'`."
            yield JsonProblem(message, start, end, "Remove the backslash", (edit,), True, True)
        elif match.group(1) is not None:
            edit = Edit(start, start, "\\")
            message = f"`{match.group()}` is not a JSON escape: write a backslash as `\\\\`."
            yield JsonProblem(message, start, end, "Double the backslash", (edit,))


def _control_characters(found: re.Match[str]) -> Iterator[JsonProblem]:
    """Yield one problem for all of them, because a pasted block of lines is one mistake."""
    places = _CONTROL.finditer(found.string, *found.span(1))
    edits = tuple(Edit(*match.span(), encode(match.group())) for match in places)
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
    content = found.group(1)
    value = _string_value(content, at, found.end())
    edits: tuple[Edit, ...] = ()
    if not any(character in content for character in '"\\') and not _CONTROL.search(content):
        edits = (
            Edit(at, at + 1, '"'),
            Edit(found.end() - 1, found.end(), '"'),
        )
    else:
        value.is_damaged = True
    message = "Use double quotes: JSON strings cannot have single quotes."
    problem = JsonProblem(message, at, found.end(), "Use double quotes", edits, bool(edits), True)
    return Odd(value, found.end(), (problem,))


def _passed_over(found: re.Match[str], message: str, title: str, new: str, *, is_safe: bool) -> Odd:
    edit = Edit(*found.span(), new)
    problem = JsonProblem(message, edit.start, edit.end, title, (edit,), is_safe, is_harmless=True)
    return Odd(None, edit.end, (problem,))


def _string_value(content: str, at: int, end: int) -> StringValue:
    return StringValue(at, end, at + 1, end - 1, content)


def bare_word_problem(value: Value, *, as_key: bool) -> JsonProblem:
    """Return the problem of a word without quotes, and give the word its data.

    The word is a key or a value.
    """
    word = str(value.data)
    start, end = value.start, value.end
    if as_key:
        edits: tuple[Edit, ...] = ()
        if _KEY_WORD.fullmatch(word):
            edits = (Edit(start, start, '"'), Edit(end, end, '"'))
        message = "Put the key in double quotes."
        return JsonProblem(message, start, end, "Add the quotes", edits, bool(edits), bool(edits))
    value.data = None
    meant = _WORD_VALUES.get(word)
    if meant:
        edit = Edit(start, end, meant)
        value.data = _LITERALS[meant]
        return JsonProblem(
            f"Write `{meant}`: JSON has no `{word}`.", start, end, f"Write {meant}", (edit,), True, True
        )
    if word[0].isdigit() or word[0] in "+-.":
        return JsonProblem(f"`{_short(word)}` is not a valid JSON number.", start, end)
    if word in ("NaN", "Infinity", "undefined"):
        return JsonProblem(f"JSON has no `{word}`.", start, end)
    return JsonProblem(f"`{_short(word)}` is not a valid JSON value: put text in double quotes.", start, end)


def _short(word: str) -> str:
    return word if len(word) <= 40 else word[:39] + "…"


def inner_quotes(text: str, start: int, end: int) -> tuple[JsonProblem, StringValue] | None:
    r"""Return the problem and value of a string with unescaped double quotes in it.

    The string is read from `start` to `end`. It really ends at the first later quote of its line after which JSON goes
    on. Without such a quote, return None.
    """
    # The search stops there, because a line can be a whole file and every such place is searched.
    if end - start > 10 * _FAR:
        return None
    line_end = _line_end(text, start, end + _FAR)
    quotes = [match.start() for match in _INNER_QUOTE.finditer(text, start + 1, line_end)]
    for count, quote in enumerate(quotes[1:], 1):
        if quote >= end and _AFTER_STRING.match(text, quote + 1):
            return _with_inner_quotes(text, start, quote, quotes[:count])
    return None


def _with_inner_quotes(text: str, start: int, end: int, inner: list[int]) -> tuple[JsonProblem, StringValue]:
    value = _string_value(text[start + 1 : end], start, end + 1)
    value.is_damaged = True
    named = {match.start(group) for match in _NAMED_CALL.finditer(text, start, end) for group in (1, 2)}
    is_safe = named.issuperset(inner)
    edits = tuple(Edit(at, at + 1, "'") if is_safe else Edit(at, at, "\\") for at in inner)
    title = "Use single quotes inside the string" if is_safe else "Escape the quotes"
    message = 'A double quote inside a string ends it: escape it (`\\"`), or use single quotes.'
    problem = JsonProblem(message, inner[0], inner[0] + 1, title, edits, is_safe)
    return problem, value
