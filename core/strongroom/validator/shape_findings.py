"""What was found in one connector, for all others of its shape (see `strongroom.document.shapes`)."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final

from strongroom.document.connector import Fragment
from strongroom.document.shapes import Holes
from strongroom.text.expressions import expression
from strongroom.validator.findings import Edit, Finding, Fix, Related


class ShapeFindings:
    """The findings of one connector of a shape, and where its holes are: `in_fragment` moves them to another's."""

    __slots__ = ("_ends", "_findings", "_lengths")

    def __init__(self, findings: tuple[Finding, ...], holes: Holes) -> None:
        self._findings = findings
        self._ends = [end for _, end in holes]
        self._lengths = [end - start for start, end in holes]

    @classmethod
    def of(cls, fragment: Fragment, findings: tuple[Finding, ...]) -> "ShapeFindings | None":
        """None where a finding depends on what is in a hole: it has its words in it, or a place inside of it."""
        if findings:
            said = "\n".join(text for finding in findings for text in _texts(finding))
            if any(_is_in(fragment.source[start:end], said) for start, end in fragment.holes):
                return None
            starts, ends = zip(*fragment.holes, strict=True) if fragment.holes else ((), ())
            for place in (place for finding in findings for place in _places(finding)):
                at = bisect_right(starts, place) - 1
                if at >= 0 and starts[at] < place < ends[at]:
                    return None
        return cls(findings, fragment.holes)

    def in_fragment(self, fragment: Fragment) -> tuple[Finding, ...]:
        """The same findings in another connector of the shape."""
        if not self._findings:
            return ()
        moves, by = [0], 0
        for (start, end), length in zip(fragment.holes, self._lengths, strict=True):
            by += end - start - length
            moves.append(by)
        ends = self._ends
        name = fragment.text_of("name") or fragment.text_of("permalink") or None

        def moved(place: int) -> int:
            return place + moves[bisect_right(ends, place)]

        return tuple(
            [
                Finding(
                    finding.rule,
                    finding.severity,
                    finding.message,
                    moved(finding.start),
                    moved(finding.end),
                    finding.pointer,
                    name,
                    finding.field,
                    tuple([_moved_fix(fix, moved) for fix in finding.fixes]),
                    tuple([Related(r.message, moved(r.start), moved(r.end)) for r in finding.related]),
                    finding.data,
                )
                for finding in self._findings
            ]
        )


def _moved_fix(fix: Fix, moved: Callable[[int], int]) -> Fix:
    edits = tuple([Edit(moved(edit.start), moved(edit.end), edit.new) for edit in fix.edits])
    return Fix(fix.title, edits, fix.is_safe)


def _texts(finding: Finding) -> Iterator[str]:
    """All that a finding says. The connector's name is not among it: that is put in anew."""
    yield finding.message
    yield from finding.data.values()
    for fix in finding.fixes:
        yield fix.title
        for edit in fix.edits:
            yield edit.new
    for related in finding.related:
        yield related.message


def _places(finding: Finding) -> Iterator[int]:
    yield from (finding.start, finding.end)
    for related in finding.related:
        yield from (related.start, related.end)
    for fix in finding.fixes:
        for edit in fix.edits:
            yield from (edit.start, edit.end)


def _is_in(word: str, text: str) -> bool:
    """Whether a word of a hole is in a text, as it is or spelt in another way (a slug of it)."""
    at = text.find(word)
    while at >= 0:
        around = text[max(at - 1, 0) : at] + text[at + len(word) : at + len(word) + 1]
        if not any(map(str.isalnum, around)):
            return True
        at = text.find(word, at + 1)
    plain = _plain(word)
    return len(plain) > _SHORT and plain in _plain(text)


def _plain(text: str) -> str:
    return _SEPARATORS.sub("", text).casefold()


_SEPARATORS: Final = expression(r"[\W_]+")
_SHORT: Final = 4
