"""Find the tokens, keys and passwords that an API issues, by their members' names."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.resolver.masking.layers import Layer
from strongroom.resolver.masking.unescaping import folded, unescaped
from strongroom.values.common import SHORTEST, is_common_word
from strongroom.values.secret_value import MASK

_ROOT: Final = re.compile(r"token|secret|passw|pwd|passphrase|assertion|api[_-]?key|private[_-]?key")
"""The pattern of the roots, one of which is in every such member's name."""

_BEFORE: Final = re.compile(r"[\w$-]{0,24}\Z")

_MEMBER: Final = re.compile(
    r"""(?P<name>
    (?:access|refresh|id|auth|session|bearer|security|device|subject|actor|registration)[_-]?(?:access[_-]?)?token
    | client[_-]?(?:secret|assertion) | assertion | (?:secret|private)[_-]?(?:access[_-]?)?key
    | passw(?:or)?d | pwd | passphrase | (?:x[_-])?api[_-]?(?:key|token|secret)(?:[_-]?value)? | token | secret
    )["']?\s*(?:[:=]|(?<!["'])>)\s*(?:"(?P<double>[^"]+)"|'(?P<single>[^']+)'|(?P<bare>[^\s"'<>&,;{}\[\]]+))""",
    re.IGNORECASE | re.VERBOSE,
)
"""The pattern of a member with its value, in JSON, XML, a form, a URL or a header.

A text of JSON within JSON reads the same.
"""

_VAGUE: Final = frozenset({"token", "secret"})
_LEAST_OF_VAGUE: Final = 12
"""The fewest characters of a credential under a vague name.

Members of such names hold other things too, such as the mark of the next page.
"""


class IssuedCredential(NamedTuple):
    """Hold a credential, its place in a text and the name of its member."""

    start: int
    end: int
    member: str
    value: str


def issued_in(layer: Layer) -> Iterator[IssuedCredential]:
    """Yield the credentials that a layer without escapes issues, with their places."""
    text, end = layer.text, 0
    for root in _ROOT.finditer(folded(text)):
        before = _BEFORE.search(text, max(end, root.start() - 24), root.start())
        match = _MEMBER.match(text, before.start()) if before is not None else None
        if match is None or match.start() < end:
            continue
        end = match.end()
        group = next(group for group in ("double", "single", "bare") if match[group])
        value = match[group]
        if _is_credential(match["name"].lower(), value, is_quoted=group != "bare"):
            yield IssuedCredential(*match.span(group), match["name"], value)


def values_issued_in(text: str) -> Iterator[tuple[str, str]]:
    """Return the members and values of the credentials that a text issues."""
    return ((issued.member, issued.value) for issued in issued_in(unescaped(Layer(text))))


def _is_credential(member: str, value: str, *, is_quoted: bool) -> bool:
    """Return True for a value that may be a credential.

    A sentence, a word such as `required`, a template or a mask is not one.
    """
    if len(value.strip()) < SHORTEST or is_common_word(value) or MASK in value or "{{" in value:
        return False
    if value.startswith("<") or (member in _VAGUE and len(value) < _LEAST_OF_VAGUE):
        return False
    has_space = any(character.isspace() for character in value)
    return not has_space or (is_quoted and "key" in member and "\n" in value)
