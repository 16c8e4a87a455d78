"""What several rules about URLs ask: which templates may stand in a host, and what their defaults are."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.document.template_nodes import Node
from strongroom.platform.availability import SYMBOLS, is_available
from strongroom.platform.places import FieldPlace
from strongroom.text.expressions import expression
from strongroom.validator.marks import Span
from strongroom.validator.url_parts import UrlParts

PLACEHOLDER: Final = expression(r"\$?\{\s*([A-Za-z0-9_.-]+)\s*\}")
"""Match a name in single braces: `{id}`, `${id}`.

It is looked for in a URL's text outside of its templates.
"""

_HOST: Final = expression(r"[\w-]+(?:\.[\w-]+)*(?::\d+)?/?", re.ASCII)


class Default(NamedTuple):
    """Hold the literal of `| default('...')`, and its offset in the decoded URL.

    The offset is that of its beginning, inside the quotes.
    """

    text: str
    start: int


def is_host_variable(node: Node) -> bool:
    """Return True if a tag is `{{ get_variable('name') }}`.

    It may have `| default('literal'[, true])` (PLATFORM §4, `url`).
    """
    inner = node.children[0] if node.kind == "print" and node.children else node
    if _is_default(inner):
        inner, literal, *rest = inner.children
        if not _is_text(literal) or len(rest) > 1 or any(extra.value is not True for extra in rest):
            return False
    arguments = inner.children[1:]
    is_call = inner.kind == "call" and inner.value == "get_variable"
    return is_call and len(arguments) == 1 and _is_text(arguments[0])


def host_defaults(url: UrlParts) -> Iterator[Default]:
    """Yield the literal defaults of a host that is nothing but one variable.

    The call goes to a default when the variable has no value.
    """
    start, end = url.host
    nodes = list(url.holes_in(start, end))
    if len(nodes) != 1 or not re.fullmatch(r".(?::\d*)?", url.flat[start:end]):
        return
    node = nodes[0]
    inner = node.children[0] if node.kind == "print" else node
    if _is_default(inner) and is_host_variable(node):
        literal = inner.children[1]
        # If the literal has escapes, its offsets are not those of its text.
        if url.text[literal.start + 1 : literal.end - 1] == literal.value:
            yield Default(literal.value, literal.start + 1)


def is_refused_elsewhere(node: Node, *, in_composite: bool) -> bool:
    """Return True if a tag asks for a name that does not exist in a URL at all.

    Another rule reports it.
    """
    waiting = [node]
    while waiting:
        found = waiting.pop()
        is_symbol = found.kind == "name" and found.value in SYMBOLS
        if is_symbol and not is_available(found.value, FieldPlace.URL, in_composite=in_composite):
            return True
        waiting.extend(found.children)
    return False


def spot(node: Node) -> Span:
    """Return the place of a tag's expression.

    For a tag that prints nothing by itself, return the place of the whole tag.
    """
    shown = node.children[0] if node.kind == "print" else node
    return shown.start, shown.end


def bare_host(authority: str) -> tuple[int, str]:
    """Return offset and text of the host in `user@host:port`, or in an origin."""
    at = authority.find("://")
    at = at + 3 if at >= 0 else 0
    rest = re.split(r"[/?#\\]", authority[at:], maxsplit=1)[0]
    user = rest.rfind("@") + 1
    host = rest[user:]
    if host.startswith("["):
        return at + user, host.partition("]")[0] + ("]" if "]" in host else "")
    return at + user, host.partition(":")[0]


def looks_like_host(text: str) -> bool:
    """Return True if a text can be a host, with or without a port."""
    return _HOST.fullmatch(text) is not None


def _is_default(node: Node) -> bool:
    return node.kind == "filter" and node.value == "default" and len(node.children) > 1


def _is_text(node: Node) -> bool:
    return node.kind == "const" and isinstance(node.value, str)
