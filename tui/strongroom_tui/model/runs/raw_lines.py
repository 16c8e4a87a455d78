"""Return a body as it came: text folded to the width, or bytes in hexadecimal."""

from typing import TYPE_CHECKING, Final

from strongroom_tui.model.text.folded import Folded
from strongroom_tui.model.text.words import visible

if TYPE_CHECKING:
    from strongroom_tui.model.runs.report_lines import ResultPart

LOOKED_AT: Final = 4096
"""The first bytes of a body, which tell a binary one."""

MOST_FOUND: Final = 10_000


def is_binary(body: bytes) -> bool:
    """Return True for a body that has a zero byte, or much that is not UTF-8."""
    head = body[:LOOKED_AT]
    return b"\0" in head or head.decode("utf-8", "replace").count("\ufffd") > len(head) // 16 + 1


def raw(text: str, body: bytes, width: int) -> "ResultPart":
    """Return the body's rows."""
    from strongroom.document import LineIndex
    from strongroom_tui.model.runs.report_lines import ResultPart

    if not body:
        return ResultPart(1, lambda _: [("The response has no body.", "muted")], 27)
    if is_binary(body):
        return _hexadecimal(body, width)
    lines = LineIndex(text)
    folded = Folded(text, lines, width)

    def line(number: int) -> list[tuple[str, str]]:
        row = folded.row(number)
        return [(visible(text[row.start : row.end]), "")]

    def find(query: str) -> list[int]:
        lowered, wanted = text.lower(), query.lower()
        found: list[int] = []
        at = lowered.find(wanted)
        while at >= 0 and len(found) < MOST_FOUND:
            number = folded.row_at(min(at, len(text)))
            found.append(number)
            # One hit a row is enough; what begins in the next row is that row's.
            at = lowered.find(wanted, max(at + 1, folded.row(number).end))
        return found

    return ResultPart(len(folded), line, width, find)


def _hexadecimal(body: bytes, width: int) -> "ResultPart":
    """Return rows as hexdump writes them: the offset, the bytes, the printable ones."""
    from strongroom_tui.model.runs.report_lines import ResultPart

    each = 16 if width >= 76 else 8
    height = -(-len(body) // each)

    def line(number: int) -> list[tuple[str, str]]:
        if number == 0:
            return [(f"{len(body):,} bytes that are not text", "muted")]
        if number == 1:
            return []
        start = (number - 2) * each
        chunk = body[start : start + each]
        digits = " ".join(f"{byte:02x}" for byte in chunk)
        letters = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in chunk)
        return [(f"{start:08x}  ", "muted"), (f"{digits:<{each * 3}} ", ""), (letters, "code")]

    def find(query: str) -> list[int]:
        at = body.find(query.encode())
        return [] if at < 0 else [at // each + 2]

    return ResultPart(height + 2, line, 11 + each * 4, find)
