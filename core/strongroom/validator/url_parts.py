"""Take a connector's URL apart around its templates.

The parts are protocol, host, characters and path parameters.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final

from strongroom.document.template_facts import NO_PATH_PARAMETERS, PathParameters, path_parameters_of
from strongroom.document.template_nodes import Node, ParsedTemplate, has_tags
from strongroom.text.expressions import expression

HOLE: Final = "\uffff"
"""Mark one template tag in `flat`.

No text can hold this code point, because it is not a character.
"""

_PLAIN: Final = expression(
    r"https://(?:[A-Za-z0-9_-]++\.)+(?!(?i:localhost)\b)[A-Za-z][A-Za-z-]*+"
    r"(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*+)?"
)
_END_OF_HOST: Final = expression(r"[/?#\\]")


class UrlParts:
    """Hold the parts of one URL.

    `place` turns offsets of `flat` into offsets of the URL's text. `flat` is the URL with one HOLE for each tag that
    prints or decides something; `scheme_end` is the end of the protocol in it, -1 if none is written; `host` its host
    with user and port. `is_origin` says that a template is in the place of protocol and host together. `is_plain` says
    that the URL holds no template and nothing that any rule could object to. `is_readable` is false if the template has
    a mistake. `parsed` is the URL's template, None if it has no tags.
    """

    def __init__(self, text: str, parse: Callable[[str], ParsedTemplate]) -> None:
        self.text = text
        self.flat = text
        self.parsed: ParsedTemplate | None = None
        self.holes: dict[int, Node] = {}
        self.origins: list[tuple[int, int]] = [(0, 0)]
        self.is_plain = _PLAIN.fullmatch(self.text) is not None
        self.is_readable = True
        self.is_origin = False
        self.scheme_end = 5 if self.is_plain else -1
        self.host = (0, 0)
        if self.is_plain:
            return
        if has_tags(text):
            self.parsed = parse(text)
            self.is_readable = self.parsed.problem is None
            self._flatten(self.parsed)
        self._split()

    def _flatten(self, parsed: ParsedTemplate) -> None:
        flat, origins = "", []
        for node in parsed.body:
            origins.append((len(flat), node.start))
            if node.kind in ("data", "raw"):
                flat += self.text[node.start : node.end].replace(HOLE, "\ufffd")
            elif node.kind != "set":
                self.holes[len(flat)] = node
                flat += HOLE
        self.flat, self.origins = flat, origins or [(0, 0)]

    def _split(self) -> None:
        flat = self.flat
        first = _END_OF_HOST.search(flat)
        colon = flat.find("://")
        start = 0
        if colon >= 0 and first is not None and first.start() == colon + 1:
            self.scheme_end, start = colon, colon + 3
        elif flat.startswith(HOLE):
            self.is_origin = True
        end = _END_OF_HOST.search(flat, start)
        self.host = start, end.start() if end else len(flat)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the text of a stretch of `flat` that holds no hole."""
        return self.decoded(start), self.decoded(end - 1) + 1

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of a stretch of `flat` without a tag or comment in them.

        Most stretches have one part.
        """
        breaks = sorted({begins for begins, _ in self.origins if start < begins < end})
        yield from zip([start, *breaks], [*breaks, end], strict=True)

    def is_unbroken(self, start: int, end: int) -> bool:
        """Return True if no tag and no comment is in a stretch of `flat`."""
        return all(not start < begins < end for begins, _ in self.origins)

    def decoded(self, at: int) -> int:
        """Return the offset in the text of an offset in `flat`."""
        for begins, origin in reversed(self.origins):
            if begins <= at:
                return origin + at - begins
        return at

    def holes_in(self, start: int, end: int) -> Iterator[Node]:
        """Yield the tags in a stretch of `flat`."""
        return (node for at, node in self.holes.items() if start <= at < end)

    @cached_property
    def path_parameters(self) -> PathParameters:
        """Return the uses of path parameters."""
        parsed = self.parsed if "pathParams" in self.text else None
        return path_parameters_of(parsed) if parsed is not None else NO_PATH_PARAMETERS
