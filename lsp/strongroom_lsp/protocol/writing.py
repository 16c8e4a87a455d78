"""Write messages to a stream, from any thread."""

import threading
from typing import BinaryIO


class StreamWriter:
    """Write what pygls sends, and flush it.

    It is pygls' `StdoutWriter` with a lock. A program that ends in a thread may have something to say.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, data: bytes) -> None:
        """Write one message. Raises `OSError` or `ValueError` if the client is gone."""
        with self._lock:
            self._stream.write(data)
            self._stream.flush()

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
