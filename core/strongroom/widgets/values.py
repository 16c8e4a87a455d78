"""Hold the values in a call, if the text says them for certain."""

from typing import Final, NamedTuple, Self

from strongroom.text.expressions import expression

Span = tuple[int, int]
"""Start and end in the source."""


class Value(NamedTuple):
    """Hold one expression.

    `kind` is the kind of its value: "text", "number", "object", "array", "literal" (true, false, null, undefined),
    "function", "string" (a text that is not known), "serialised" (`JSON.stringify`), "choice" (one of `options`) or
    "unknown". `start` and `end` are those of the expression. `text` is the decoded text, or the source of a number or
    literal. `inner` is the place of the text between its quotes, which is elsewhere if the expression is the name of a
    constant (`is_shared`), and in the module `origin` if the constant is imported.

    Of an object, `members` are those that it certainly has; `is_open` is True if it may have others, too. `argument` is
    the place of what is serialised.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    inner: Span = (0, 0)
    is_shared: bool = False
    members: "tuple[Member, ...]" = ()
    is_open: bool = False
    options: "tuple[Value, ...]" = ()
    argument: Span = (0, 0)
    origin: str = ""

    @property
    def alternatives(self) -> "tuple[Value, ...]":
        """Return the values that it may be: its options, or itself."""
        return self.options if self.kind == "choice" else (self,)

    @property
    def texts(self) -> "tuple[Value, ...]":
        """Return the texts that it may be; none if it may be anything else."""
        found = self.alternatives
        return found if all(value.kind == "text" for value in found) else ()

    def get(self, key: str) -> "Member | None":
        """Return the member `key` of an object, or None. Of several the last one counts."""
        return next((member for member in reversed(self.members) if member.key == key), None)

    def at(self, start: int, end: int) -> Self:
        """Return the value as the name of a constant at another place has it."""
        return self._replace(start=start, end=end, is_shared=True)


class Member(NamedTuple):
    """Hold a member of an object: its key, the key's place, and its value.

    The place of the key is without quotes. `start` and `end` are those of the whole member. `is_word` is True if the
    key is written without quotes. `is_short` is True if the key is the name of a variable, too (`{payload}`).
    """

    key: str
    key_span: Span
    value: Value
    start: int
    end: int
    is_word: bool = True
    is_short: bool = False


_ESCAPE: Final = expression(
    r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(\r\n|[\s\S]))|\r\n?"
)
_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_BREAKS: Final = ("\n", "\r", "\r\n", "\u2028", "\u2029")


def decoded(written: str) -> str:
    """Return the text that is written between quotes in a script."""
    if "\\" not in written and "\r" not in written:
        return written
    found = _ESCAPE.sub(lambda match: _unescaped(match.group(), match.groups()), written)
    # Two escapes may be the halves of one character; a half alone is none.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(escape: str, groups: tuple[str | None, ...]) -> str:
    *digits, letter = groups
    number = next((found for found in digits if found), None)
    if number is not None:
        code = int(number, 16)
        return chr(code) if code <= 0x10FFFF else escape
    if letter is None:
        return "\n"  # a line break in a template
    return "" if letter in _BREAKS else _LETTERS.get(letter, letter)


def written(text: str, quote: str) -> str:
    """Return a text as it is written between these quotes in a script."""
    return text.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n").replace("\r", "\\r")
