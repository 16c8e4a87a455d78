"""Messages on standard input and output: framing, and nothing about what they mean.

Own instead of pygls' reader because that one starts a thread-pool task for each header line, ends the process
with status 0 whatever the client did, and leaves a request that it cannot read without any answer.
"""

import re
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from strongroom_lsp.protocol.encoded import Encoded, json_around

Message = dict[str, Any]
"""A JSON-RPC message as plain JSON."""

LONGEST: Final = 256 * 1024 * 1024
"""Bytes. A message announced as longer is noise: nobody could wait for it."""

_LENGTH: Final = re.compile(rb"(?<![\w-])content-length[ \t]*:[ \t]*([0-9]{1,12})\Z", re.IGNORECASE)
"""A length at the end of a line: what comes before it is the rest of a message that could not be cut out."""


def read_bodies(stream: BinaryIO) -> Iterator[bytes]:
    """The bodies of the messages on `stream`, until it ends.

    Header names may have any case, lines may end in a bare line feed, unknown headers are passed over, and a
    header block without a usable length is noise, not an end (LSP 3.17, "Base Protocol"). The body that such a block
    announced is noise too; as no line break ends it, the next message's header stands on its last line.
    """
    length: int | None = None
    while header := stream.readline():
        if line := header.strip():
            found = _LENGTH.search(line)
            length = int(found.group(1)) if found else length
            continue
        if length is None or length > LONGEST:
            length = None
            continue
        body = stream.read(length)
        if len(body) < length:
            return
        length = None
        yield body


class ClientGone(Exception):  # noqa: N818  a state of the stream, as the caller sees it
    """The client does not take messages any more: there is nobody left to answer."""


def encode(message: Message) -> bytes:
    """Return a message as it goes over the wire."""
    texts, encoded = json_around(message, Encoded)
    parts = texts[:1]
    for value, text in zip(encoded, texts[1:], strict=True):
        parts += (value.text, text)
    return "".join(parts).encode("ascii")


class Writer:
    """Writes messages; several threads may."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Send one message.

        Raises `ClientGone`.
        """
        body = encode(message)
        self.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def write(self, data: bytes) -> None:
        """Send bytes that are framed already."""
        try:
            with self._lock:
                self._stream.write(data)
                self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            raise ClientGone from error
