"""Turn marks into findings: paths and decoded texts become source offsets.

JSON's escapes are counted.
"""

from collections.abc import Iterable, Iterator

from strongroom.document import encode
from strongroom.document.connector import Fragment
from strongroom.document.json_values import Path, StringValue, Value, label_of, pointer_of
from strongroom.text.edits import Edit
from strongroom.validator.findings import Finding, Fix, Related
from strongroom.validator.marks import Mark, Marked, Proposal, Span


def findings_of(
    fragment: Fragment, marks: Iterable[Marked], base: int = 0, pointer: str = ""
) -> Iterator[Finding]:
    """Yield the finding of each mark of a connector.

    The connector begins at `base` and has this JSON Pointer.
    """
    name = fragment.text_of("name") or fragment.text_of("permalink") or None
    for rule, severity, mark in marks:
        start, end = _place(fragment, mark)
        yield Finding(
            rule,
            severity,
            mark.message,
            base + start,
            base + end,
            pointer + pointer_of(mark.path),
            name,
            label_of(mark.path),
            tuple(
                [fix for one in mark.proposals if (fix := _fix(fragment, one, mark.path, base)) is not None]
            ),
            tuple(_related(fragment, mark, base)),
            mark.data,
        )


def inside(value: Value) -> Span:
    """Return the place of a value.

    Of a string that is not empty, it is only the text between its quotes.
    """
    if isinstance(value, StringValue) and value.inner_start < value.inner_end:
        return value.inner_start, value.inner_end
    return value.start, value.end


def key_at(fragment: Fragment, path: Path) -> StringValue:
    """Return the key of the member that a path leads to."""
    member = fragment.root.at(path[:-1]).member(str(path[-1]))
    assert member is not None, "only members have keys"
    return member[0]


def _stretch(fragment: Fragment, path: Path, span: Span) -> Span:
    """Return the place of a stretch of a string's decoded text."""
    string = fragment.root.at(path)
    assert isinstance(string, StringValue), "only strings have a text"
    return string.to_source(span[0]), string.to_source(span[1])


def _place(fragment: Fragment, mark: Mark) -> Span:
    if mark.span is not None:
        return _stretch(fragment, mark.path, mark.span)
    if mark.part == "key":
        return inside(key_at(fragment, mark.path))
    if mark.part == "absent":
        start = fragment.root.at(mark.path[:-1]).start
        return start, start
    value = fragment.root.at(mark.path)
    return (value.start, value.start + 1) if mark.part == "opening" else inside(value)


def _fix(fragment: Fragment, proposal: Proposal, path: Path, base: int) -> Fix | None:
    found: list[Edit] = []
    for change in proposal.changes:
        edits = [_in_source(fragment, path, change)] if isinstance(change, Edit) else change(fragment, path)
        if not edits:
            return None
        found += [Edit(base + edit.start, base + edit.end, edit.new) for edit in edits]
    return Fix(proposal.title, tuple(found), proposal.is_safe)


def _in_source(fragment: Fragment, path: Path, edit: Edit) -> Edit:
    """Return an edit of a string's decoded text as one of the source, with escapes."""
    return Edit(*_stretch(fragment, path, edit[:2]), encode(edit.new))


def _related(fragment: Fragment, mark: Mark, base: int) -> Iterator[Related]:
    for other in mark.related:
        start, end = _place(fragment, other._replace(path=other.path or mark.path))
        yield Related(other.message, base + start, base + end)
