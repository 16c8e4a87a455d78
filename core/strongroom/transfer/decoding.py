"""Decode the bytes of a file to text."""

import codecs

from strongroom.text.surrogates import has_half
from strongroom.transfer.errors import SourceUnreadable

LARGEST_FILE = 64 << 20
"""The largest file that is read, in bytes.

A file to import is read into memory as a whole.
"""


def decode(data: bytes) -> str:
    """Return the text without a byte order mark: UTF-8, or UTF-16 if the mark says so.

    A byte that is not UTF-8 becomes half a surrogate pair (as `surrogateescape` does), so that a reader of
    lines can name the line. Raises `SourceUnreadable` for a broken UTF-16 file.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise SourceUnreadable("The file is not whole UTF-16 text.", "Save it as UTF-8.") from None
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def decode_strictly(data: bytes) -> str:
    """Return the text as `decode` does.

    Raises `SourceUnreadable` with the line of a bad byte.
    """
    text = decode(data)
    for number, line in enumerate(text.split("\n"), 1):
        if has_half(line):
            raise SourceUnreadable(f"Line {number} is not UTF-8 text.", "Save the file as UTF-8.")
    return text


NOT_TEXT = "it is not UTF-8 text"
