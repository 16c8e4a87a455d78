"""Describe the unusual parts of a value that cannot be seen.

The value itself is kept as it is.
"""

from unicodedata import category

from strongroom.values.secret_value import SecretValue

_MARK = "\ufeff"
_SWAPPED_MARK = "\ufffe"


def notes(value: SecretValue) -> list[str]:
    """Return clauses about `value` that show nothing of it ("begins with a blank")."""
    text = value.reveal()
    found = []
    if text.startswith((_MARK, _SWAPPED_MARK)):
        found.append("begins with a byte order mark, which editors on Windows add and few APIs take")
    if _looks_like_utf_16(text):
        found.append("has a null character after nearly every other one: it looks like UTF-16, not UTF-8")
    elif "\0" in text:
        found.append("holds a null character, at which many programs stop reading")
    bare = text.removeprefix(_MARK)
    ends = (("begins with", bare[:1]), ("ends with", bare[-1:]))
    found += [f"{how} {_space(character)}" for how, character in ends if character.isspace()]
    if unseen := next(filter(_is_unseen, bare.strip()), ""):
        found.append(f"holds a character that cannot be seen or looks like a blank (U+{ord(unseen):04X})")
    if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'`":
        found.append("is in quotes, which are saved with it")
    return found


def _is_unseen(character: str) -> bool:
    """Return True for a character that looks like nothing, or like another blank."""
    if character in " \t\r\n\0" or (character.isascii() and character.isprintable()):
        return False
    return category(character) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


def _looks_like_utf_16(text: str) -> bool:
    pairs = len(text) // 2
    return pairs > 1 and max(text[0::2].count("\0"), text[1::2].count("\0")) >= pairs * 3 // 4


def _space(character: str) -> str:
    return (
        "a line break"
        if character in "\r\n\v\f\x85\u2028\u2029"
        else "a tab"
        if character == "\t"
        else "a blank"
    )
