"""Quote texts so that no character means anything to a shell or a terminal."""

import re
import shlex
from collections.abc import Sequence
from typing import Final, NamedTuple

from strongroom.text.surrogates import encodable
from strongroom.text.terminal import is_safe, visible

_SPECIAL: Final = re.compile(r"""[\\"$`]""")
"""The characters that a backslash makes plain between double quotes."""

_BRACES: Final = re.compile(r"\$\{(\w+)\}(?![A-Za-z0-9_])", re.ASCII)


class Expansion(NamedTuple):
    """Hold a text that the shell expands between double quotes."""

    text: str


def variable(name: str) -> Expansion:
    """Return the expansion of a variable."""
    return Expansion(f"${{{name}}}")


def word(parts: Sequence[str | Expansion]) -> str:
    """Return the parts as one word."""
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) == len(parts):
        return quoted("".join(texts))
    # An interactive shell reads `!` as history even between double quotes.
    if not any("!" in text or not _is_plain(text) for text in texts):
        return _doubled("".join(_inside(part) if isinstance(part, str) else part.text for part in parts))
    return "".join(quoted(part) if isinstance(part, str) else _doubled(part.text) for part in parts)


def _inside(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", encodable(text))


def _doubled(text: str) -> str:
    return '"' + _BRACES.sub(r"$\1", text) + '"'


def quoted(text: str) -> str:
    """Return a text as a word.

    What is not safe for a terminal is escaped as bash, zsh and ksh read it.
    """
    text = encodable(text)
    if _is_plain(text):
        return shlex.quote(text)
    return "$'" + "".join(map(_escaped, text)) + "'"


def _escaped(character: str) -> str:
    if not _is_plain(character):
        # Octal, which takes three digits and no more, whatever follows.
        return "".join(f"\\{byte:03o}" for byte in character.encode())
    return {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t"}.get(character, character)


def _is_plain(text: str) -> bool:
    return all(character in "\n\t" or is_safe(character) for character in text)


def comment(text: str) -> str:
    """Return a comment on one line, which the shell skips."""
    return f"# {visible(encodable(text))}"
