"""What texts have in common in which the same is found: they differ only in words and numbers that mean nothing to
any rule (see `strongroom.validator.rule.Rule`), and in names of which the same is known.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from strongroom.document.shapes import (
    LONGEST,
    MEANT,
    NAME_TEXT,
    PATH_TEXT,
    PERMALINK_TEXT,
    WORD_TEXT,
)
from strongroom.platform.fields import CONNECTOR_FIELDS
from strongroom.text.expressions import expression
from strongroom.validator.name_classes import NameClasses

Likeness = tuple[object, ...]
"""Equal for texts in which the same is found."""

_CALLED: Final = expression(
    r"(?<=get_secret\(')[a-z][a-z0-9_]*+(?='\))|(?<=get_variable\(')[a-z][a-z0-9_]*+(?='\))"
)
_NUMBER: Final = expression(r"(?<![\w.])[1-9][0-9]{0,8}+(?![\w.])")
_PATH: Final = expression(rf"(https://[A-Za-z0-9.-]++){PATH_TEXT}(?=[/{{?]|\Z)")
_NAME: Final = expression(NAME_TEXT)
_PERMALINK: Final = expression(PERMALINK_TEXT)
_WORD: Final = expression(rf"(?<=: '){WORD_TEXT}(?=')")


class Likenesses:
    """Tells what texts and data are like, given what is known about names.

    None stands everywhere for what is like nothing else: more than usual may depend on its very letters.
    """

    __slots__ = ("_names",)

    def __init__(self, names: NameClasses) -> None:
        self._names = names

    def of_template(self, text: str) -> Likeness | None:
        """Templates that differ only in whole numbers and names. In an escape a number is a character."""
        return self._without_names(text, _without_numbers) if "\\" not in text else None

    def of_field(self, field: str, value: Any) -> Likeness | None:
        """Values of a connector's field. A text is told from other data, and two of them by their lengths only
        where none of both could reach a limit.
        """
        if type(value) is not str:
            # Python's spelling of decoded JSON tells all data apart: texts by their quotes, 1 from 1.0 and True.
            spelt = repr(value)
            if "\\" in spelt or len(spelt) > LONGEST:
                return None
            found = self._without_names(spelt, _without_words)
            return (found,) if found is not None else None
        fact = CONNECTOR_FIELDS.get(field)
        if fact is not None and fact.limit is None:
            return self.of_template(value)
        return self._without_names(value, _OF_TEXTS.get(field, str)) if len(value) <= LONGEST else None

    def _without_names(self, text: str, simplify: Callable[[str], str]) -> Likeness | None:
        if "\0" in text:
            return None
        if "get_" not in text:
            return (simplify(text),)
        classes = [self._names.of(name) for name in _CALLED.findall(text)]
        if None in classes:
            return None
        return (simplify(_CALLED.sub("\0", text)), *classes)


def _without_numbers(text: str) -> str:
    return _NUMBER.sub("1", text)


def _without_words(spelt: str) -> str:
    """Words that end in a number, where they are all of a text in an object, and whole numbers."""
    return _NUMBER.sub("1", _WORD.sub(lambda word: word[0] if _is_meant(word[0]) else "x1", spelt))


def _is_meant(word: str) -> bool:
    lower = word.lower()
    return lower in MEANT or "get_" in lower


def _without_path(url: str) -> str:
    # A number may be a host, so numbers stay.
    return _PATH.sub(r"\1/x", url, count=1)


_OF_TEXTS: Final[Mapping[str, Callable[[str], str]]] = {
    "name": lambda text: "x" if _NAME.fullmatch(text) else text,
    "permalink": lambda text: "x" if _PERMALINK.fullmatch(text) else text,
    "url": _without_path,
}
