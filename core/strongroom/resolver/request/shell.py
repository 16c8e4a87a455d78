"""Quotes texts for a shell, so that no character of them means anything to it, or to the terminal they are shown on."""

import re
import shlex
from collections.abc import Sequence
from typing import Final, NamedTuple

from strongroom.resolver.terms.surrogates import encodable

_ODD: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a terminal might act on, or show as something else."""

_BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")

_SPECIAL: Final = re.compile(r"""[\\"$`]""")
"""What a backslash takes the meaning from, between double quotes."""

_BRACES: Final = re.compile(r"\$\{(\w+)\}(?![A-Za-z0-9_])", re.ASCII)


class Expansion(NamedTuple):
    """What the shell itself fills in; stands between double quotes."""

    text: str


def variable(name: str) -> Expansion:
    """A variable's value."""
    return Expansion(f"${{{name}}}")


def word(parts: Sequence[str | Expansion]) -> str:
    """One word that stands for the parts joined."""
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) == len(parts):
        return quoted("".join(texts))
    # An interactive shell reads `!` as history even between double quotes.
    if not any("!" in text or _ODD.search(text) for text in texts):
        return _doubled("".join(_inside(part) if isinstance(part, str) else part.text for part in parts))
    return "".join(quoted(part) if isinstance(part, str) else _doubled(part.text) for part in parts)


def _inside(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", encodable(text))


def _doubled(text: str) -> str:
    return '"' + _BRACES.sub(r"$\1", text) + '"'


def quoted(text: str) -> str:
    """A text as a word; one that a terminal might act on is written with escapes, as bash, zsh and ksh read them."""
    text = encodable(text)
    if not _ODD.search(text):
        return shlex.quote(text)
    return "$'" + "".join(map(_escaped, text)) + "'"


def _escaped(character: str) -> str:
    if _ODD.match(character):
        # Octal, which takes three digits and no more, whatever follows.
        return "".join(f"\\{byte:03o}" for byte in character.encode())
    return {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t"}.get(character, character)


def comment(text: str) -> str:
    """A line that the shell passes over, whatever the text holds."""
    return "# " + _BREAKS.sub(" ", encodable(text)).strip()
