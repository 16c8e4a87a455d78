"""Frame messages on standard input and output. Knows nothing about their meaning.

It is not pygls' reader, because that one starts a thread-pool task for each header line, ends the process with status
0 whatever the client did, and does not answer a request that it cannot read.
"""

import re
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from strongroom_lsp.protocol.encoded import Encoded, json_around

Message = dict[str, Any]
"""A JSON-RPC message as plain JSON."""

LONGEST: Final = 256 * 1024 * 1024
"""Bytes. A longer message is noise: nobody would wait for it."""

_LENGTH: Final = re.compile(rb"(?<![\w-])content-length[ \t]*:[ \t]*([0-9]{1,12})\Z", re.IGNORECASE)
"""A length at the end of a line. The text before it is the rest of a message whose length was not usable."""


def read_bodies(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bodies of the messages on `stream`, until it ends.

    Header names may have any case, lines may end in a bare line feed, unknown headers are ignored, and a header block
    without a usable length is noise, not an end (LSP 3.17, "Base Protocol"). The body after such a block is noise too.
    Because no line break ends the body, the next message's header is on its last line.
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
    """Raised when the client does not take messages."""


def encode(message: Message) -> bytes:
    """Return a message as it goes over the wire."""
    texts, encoded = json_around(message, Encoded)
    parts = texts[:1]
    for value, text in zip(encoded, texts[1:], strict=True):
        parts += (value.text, text)
    return "".join(parts).encode("ascii")


class Writer:
    """Write messages. Several threads may."""

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
        """Send bytes that are framed already. Raises `ClientGone`."""
        try:
            with self._lock:
                self._stream.write(data)
                self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            raise ClientGone from error
