"""A connector's URL taken apart around its templates: protocol, host, characters, path parameters."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from strongroom.document.template_parser import Node, ParsedTemplate, has_tags
from strongroom.text.expressions import expression

HOLE: Final = "\uffff"
"""Stands in `flat` for one template tag. No text can hold it: it is no character."""

_PLAIN: Final = expression(
    r"https://(?:[A-Za-z0-9_-]++\.)+[A-Za-z][A-Za-z-]*+(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*+)?"
)
_END_OF_HOST: Final = expression(r"[/?#\\]")


class Use(NamedTuple):
    """One use of a path parameter: its name, and where that stands in the decoded text."""

    name: str
    start: int
    end: int


class UrlParts:
    """The parts of one URL. Offsets of `flat` become offsets of the URL's text by `place`.

    `flat` is the URL with one HOLE for each tag that prints or decides something; `scheme_end` is where the
    protocol ends in it, -1 where none is written; `host` its host with user and port. `is_origin` says
    that a template stands for protocol and host together. `is_plain` says that the URL holds no template
    and nothing that any rule could object to. `is_readable` is false where the template has a mistake. `parsed` is
    the URL's template, None where it has no tags.
    """

    __slots__ = (
        "_uses", "flat", "holes", "host", "is_open", "is_origin", "is_plain", "is_readable", "origins",
        "parsed", "scheme_end", "text",
    )  # fmt: skip

    def __init__(self, text: str, parse: Callable[[str], ParsedTemplate]) -> None:
        self.text = text
        self.flat = text
        self.parsed: ParsedTemplate | None = None
        self.holes: dict[int, Node] = {}
        self.origins: list[tuple[int, int]] = [(0, 0)]
        self.is_plain = _PLAIN.fullmatch(self.text) is not None
        self.is_readable = True
        self.is_open = False
        self.is_origin = False
        self._uses: tuple[Use, ...] | None = None
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
        """The place in the text of a stretch of `flat` that holds no hole."""
        return self.decoded(start), self.decoded(end - 1) + 1

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a stretch of `flat` that have no tag and no comment in them; most have one part."""
        breaks = sorted({begins for begins, _ in self.origins if start < begins < end})
        yield from zip([start, *breaks], [*breaks, end], strict=True)

    def is_unbroken(self, start: int, end: int) -> bool:
        """Whether no tag and no comment is in a stretch of `flat`."""
        return all(not start < begins < end for begins, _ in self.origins)

    def decoded(self, at: int) -> int:
        """The offset in the text of an offset in `flat`."""
        for begins, origin in reversed(self.origins):
            if begins <= at:
                return origin + at - begins
        return at

    def holes_in(self, start: int, end: int) -> Iterator[Node]:
        """The tags in a stretch of `flat`."""
        return (node for at, node in self.holes.items() if start <= at < end)

    @property
    def uses(self) -> tuple[Use, ...]:
        """The uses of path parameters. `is_open` is then true where they are read in other ways too."""
        if self._uses is None:
            self._uses = tuple(self._find_uses()) if "pathParams" in self.text else ()
        return self._uses

    def _find_uses(self) -> Iterator[Use]:
        waiting = list(reversed(self.parsed.body)) if self.parsed is not None else []
        while waiting:
            node = waiting.pop()
            children = node.children
            if node.kind == "call" and children and _is_path_member(children[0]):
                # pathParams.get('x'): a method of the mapping, not a parameter.
                self.is_open = True
                children = children[1:]
            elif _is_path_member(node) and isinstance(node.value, str):
                quote = 1 if node.kind == "getitem" else 0
                yield Use(node.value, node.inner_start + quote, node.inner_end - quote)
                continue
            elif node.kind == "name" and node.value == "pathParams":
                self.is_open = True
            waiting.extend(reversed(children))


def _is_path_member(node: Node) -> bool:
    if node.kind not in ("getattr", "getitem") or not node.children:
        return False
    owner = node.children[0]
    return owner.kind == "name" and owner.value == "pathParams"
