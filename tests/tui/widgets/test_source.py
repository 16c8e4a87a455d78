"""The parts of the source view that need no screen: folding, highlighting, following an edit, differences."""

from itertools import pairwise

import pytest

from strongroom.document import Document, LineIndex
from strongroom_tui.model.connectors.fix_plan import diff_lines
from strongroom_tui.model.connectors.highlight import Highlighter
from strongroom_tui.model.text.folded import Folded, cells
from strongroom_tui.widgets.source_view import follow

TEXTS = {
    "plain": "one\n\ntwo and more of it\n",
    "wide": "世界 and 世界世界世界\tü\n" * 3,
    "one line": "x" * 1000,
    "controls": "a\x1b[2Jb\r\nc\u202ed\n",
    "empty": "",
}


@pytest.mark.parametrize("width", [4, 7, 80])
@pytest.mark.parametrize("name", TEXTS)
def test_rows_cover_the_text_and_fit_the_width(name: str, width: int) -> None:
    text = TEXTS[name]
    lines = LineIndex(text)
    folded = Folded(text, lines, width)
    rows = [folded.row(number) for number in range(len(folded))]
    for line in range(lines.line_count):
        shown = "".join(text[row.start : row.end] for row in rows if row.line == line)
        assert shown == text[lines.line_start(line) : lines.line_end(line)]
    assert all(sum(map(cells, text[row.start : row.end])) <= width for row in rows)
    for offset in range(len(text)):
        row = folded.row(folded.row_at(offset))
        assert row.line == lines.position(offset)[0]
        assert row.start <= offset
        assert offset < row.end or row.end == lines.line_end(row.line)


def test_a_line_of_megabytes_is_folded_without_being_walked_through() -> None:
    text = "x" * 5_000_000
    folded = Folded(text, LineIndex(text), 80)
    assert len(folded) == 62_500
    assert folded.row(62_499).end == 5_000_000


SOURCE = (
    '{"connectors": [{"name": "x", "url": "https://a.example/{{ pathParams.id | urlencode }}", '
    '"headers": [{"key": "A", "value": "{# why #}{% if user.id %}{{ get_secret(\\"k\\") }}{% endif %}"}]}]}'
)


def test_each_part_of_a_template_has_its_style_at_its_place_in_the_source() -> None:
    found = {
        (SOURCE[span.start : span.end], span.style, span.ground)
        for span in Highlighter(Document.parse(SOURCE)).spans(0, len(SOURCE))
    }
    for text, style in (
        ("{{", "accent"),
        ("get_secret", "call"),
        ('\\"k\\"', "literal"),
        ("if", "keyword"),
        ("urlencode", "code"),
        ("{# why #}", "muted"),
    ):
        assert (text, style, "raised") in found
    assert ('"headers"', "muted", "ground") in found


def test_spans_do_not_overlap_and_a_part_of_the_text_gives_the_same_ones() -> None:
    highlighter = Highlighter(Document.parse(SOURCE))
    spans = highlighter.spans(0, len(SOURCE))
    assert all(one.end <= other.start for one, other in pairwise(spans))
    for start in range(0, len(SOURCE), 7):
        part = highlighter.spans(start, start + 20)
        assert part == [s for s in spans if s.end >= start and s.start < start + 20]


def test_broken_text_is_shown_without_a_complaint() -> None:
    for cut in range(len(SOURCE)):
        text = SOURCE[:cut]
        Highlighter(Document.parse(text)).spans(0, cut)


@pytest.mark.parametrize(
    ("before", "after", "offset", "expected"),
    [
        ("one two", "zero one two", 4, 9),
        ("one two", "one two three", 4, 4),
        ("one two", "one", 6, 3),
        ("same", "same", 2, 2),
        ("", "new", 0, 0),
    ],
)
def test_a_place_moves_with_the_text_after_an_edit(
    before: str, after: str, offset: int, expected: int
) -> None:
    assert follow(before, after, offset) == expected


def test_a_difference_shows_both_lines_and_underlines_what_changed() -> None:
    before = "\n".join(f"line {n}" for n in range(40))
    lines = list(diff_lines(before, before.replace("line 20", "line twenty")))
    texts = ["".join(text for text, _ in line) for line in lines]
    assert texts == [
        "19   line 18",
        "20   line 19",
        "21 - line 20",
        "21 + line twenty",
        "22   line 21",
        "23   line 22",
    ]
    changed = [text for line in lines for text, style in line if style == "added-part"]
    assert changed == ["twenty"]


def test_a_difference_shows_control_characters_as_signs() -> None:
    texts = ["".join(text for text, _ in line) for line in diff_lines("a", "\x1b[2J\u202e")]
    assert texts == ["1 - a", "1 + ␛[2J\ufffd"]
