"""Make the text of a hidden prompt from the bytes that a terminal sends.

Pasted text comes in pieces of any size, with marks around it (bracketed paste) or without. Inside the marks
every byte is a part of the text. Outside them the editing keys work, and a line end is a part of the text
only if more bytes follow at once. A paste sends them within a fraction of a second after a line end, and a
person does not.
"""

from typing import Final

from strongroom.errors import StrongroomError

LONGEST: Final = 4 << 20
"""The bytes of the longest entry.

A vault keeps less, so that a longer paste is refused and not cut.
"""

_PASTE_BEGINS: Final = b"\x1b[200~"
_PASTE_ENDS: Final = b"\x1b[201~"
_ESCAPE: Final = 0x1B
_BACKSPACES: Final = (0x08, 0x7F)
_INTERRUPTS: Final = (0x03, 0x1C)
_END: Final = 0x04
_CLEAR_LINE: Final = 0x15
_CLEAR_WORD: Final = 0x17
_SUSPEND: Final = 0x1A

_SPECIAL_KEY: Final = (
    "A key was pressed that has no meaning here (an arrow, Esc, a control character), and it cannot be kept."
)


class Typed:
    """Hold one entry, fed with bytes as they come.

    `may_end`: a line end came last, and the entry is over unless more bytes follow at once. `ended`: the entry is over.
    `pastes`: the number of complete marked pastes. `wants_stop`: ctrl+z was pressed; the code that stops the program
    resets it.
    """

    __slots__ = (
        "_bytes",
        "_escape",
        "_is_paste_last",
        "_refusal",
        "_was_return",
        "ended",
        "in_paste",
        "may_end",
        "pastes",
        "wants_stop",
    )

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._escape = bytearray()
        self._refusal = ""
        self._was_return = False
        self._is_paste_last = False
        self.in_paste = False
        self.may_end = False
        self.ended = False
        self.pastes = 0
        self.wants_stop = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises KeyboardInterrupt for ctrl+c, and for ctrl+d in an empty entry.
        """
        if self.in_paste and data == b"\x03":
            raise KeyboardInterrupt  # a person's own key works, too, so that a paste without its end is not a trap
        for byte in data:
            if self.ended:
                return
            if self._escape or byte == _ESCAPE:
                self._read_escape(byte)
            elif self.in_paste:
                self._paste(byte)
            else:
                self._type(byte)
        if len(self._bytes) > LONGEST:
            self._refusal = "What was typed is longer than 4 MiB, which is more than is read."
            self.ended = True

    def is_unfinished_key(self) -> bool:
        """Return True if a key in PEM form has begun, and its last line is missing."""
        return self._bytes.startswith(b"-----BEGIN ") and b"\n-----END " not in self._bytes

    def lines(self) -> int:
        """Return the number of lines so far."""
        return self._bytes.removesuffix(b"\n").count(b"\n") + 1

    def text(self) -> str:
        """Return the entry.

        Raises `StrongroomError` if it cannot be kept as it was typed.
        """
        refusal = self._refusal or (_SPECIAL_KEY if self._escape else "")
        if refusal:
            raise StrongroomError(refusal, "Nothing was taken. Type it again, or pass it on standard input.")
        # As on standard input, the line end after the last line is not a part of the text.
        data = self._bytes[:-1] if self._is_paste_last and self._bytes.endswith(b"\n") else self._bytes
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            # The error's own message is not used, because it quotes the byte.
            raise StrongroomError(
                f"What was typed is not UTF-8 text (at byte {error.start + 1}).",
                "Set the terminal to UTF-8 and type it again, or pass it on standard input.",
            ) from None

    def _type(self, byte: int) -> None:
        if byte in (0x0A, 0x0D):
            self._end_line(byte)
        elif byte in _INTERRUPTS or (byte == _END and not self._bytes and not self.may_end):
            raise KeyboardInterrupt
        elif byte == _END:
            self.ended = True
        elif byte == _SUSPEND:
            self.wants_stop = True
        elif byte in _BACKSPACES or byte in (_CLEAR_LINE, _CLEAR_WORD):
            self._erase(byte)
        elif byte < 0x20 and byte != 0x09:
            self._refusal = _SPECIAL_KEY
        else:
            self._keep_line_end()
            self._bytes.append(byte)
            self._is_paste_last = False
        self._was_return = byte == 0x0D

    def _end_line(self, byte: int) -> None:
        if byte == 0x0A and self._was_return:
            return
        if self.may_end:
            self._keep_line_end()
            self._is_paste_last = False
        self.may_end = True

    def _keep_line_end(self) -> None:
        """Make the last line end a part of the text."""
        if self.may_end:
            self._bytes.append(0x0A)
            self.may_end = False

    def _paste(self, byte: int) -> None:
        # Terminals send every line end as a return.
        if byte != 0x0A or not self._was_return:
            self._bytes.append(0x0A if byte == 0x0D else byte)
        self._was_return = byte == 0x0D

    def _erase(self, byte: int) -> None:
        self.may_end = False
        if byte == _CLEAR_LINE:
            self._bytes.clear()
            self._refusal = ""
        elif byte == _CLEAR_WORD:
            kept = self._bytes.rstrip()
            while kept and not kept[-1:].isspace():
                del kept[-1]
            self._bytes = kept
        else:
            while self._bytes and self._bytes[-1] & 0xC0 == 0x80:
                del self._bytes[-1]
            del self._bytes[-1:]

    def _read_escape(self, byte: int) -> None:
        """Continue an escape sequence, and act on it when it is complete."""
        if self.in_paste:
            self._escape.append(byte)
            if self._escape == _PASTE_ENDS:
                self.in_paste = self._was_return = False
                self._is_paste_last = True
                self.pastes += 1
                self._escape.clear()
            elif not _PASTE_ENDS.startswith(self._escape):
                held, self._escape = bytes(self._escape), bytearray()
                # The last byte may begin the mark again. The bytes before it are text.
                for one in held[:-1]:
                    self._paste(one)
                if byte == _ESCAPE:
                    self._escape.append(byte)
                else:
                    self._paste(byte)
            return
        if byte in _INTERRUPTS and self._escape:
            raise KeyboardInterrupt
        self._escape.append(byte)
        if self._escape == _PASTE_BEGINS:
            self._keep_line_end()
            self.in_paste, self._was_return = True, False
            self._escape.clear()
        elif _is_whole(self._escape):
            self._refusal = _SPECIAL_KEY
            self._escape.clear()
            self.may_end = byte in (0x0A, 0x0D)


def _is_whole(sequence: bytearray) -> bool:
    """Return True if a key's escape sequence is complete.

    The forms are those of ECMA-48: CSI, SS3, or one character.
    """
    if len(sequence) < 2:
        return False
    if sequence[1] == ord("["):
        return len(sequence) > 2 and not 0x20 <= sequence[-1] < 0x40
    return sequence[1] != ord("O") or len(sequence) > 2
