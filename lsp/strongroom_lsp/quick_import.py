"""Import pygls and lsprotocol in half the time.

attrs writes the methods of each class as text and compiles them, again at every start of an editor (python-attrs/attrs
issue 575). That is most of the time that lsprotocol takes. Here the compiled code is kept beside this package's own,
as Python keeps that of modules, keyed by a digest of the text that it was made from. Whatever goes wrong, attrs
compiles. The garbage collector looks at each new object once, which saves a tenth of the import. Without any
collection it would need 10 MB more, which no later one gives back.
"""

# os.path, because pathlib would cost a part of the start-up.

import gc
import hashlib
import importlib.util
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import CodeType
from typing import Any, Final

import attr._make as attrs_make

PLACE: Final = os.path.join(
    os.path.dirname(__file__), "__pycache__", f"attrs-classes.{sys.implementation.cache_tag}.bin"
)
_DIGEST: Final = 32
_ONCE: Final = (5_000, 1_000)
"""Thresholds of the garbage collector with which an import ends before a second generation is collected."""


@contextmanager
def quick_import(place: str = PLACE) -> Iterator[None]:
    """Use the kept code of attrs' classes for the imports in this block."""
    kept = KeptCode(place)
    module = vars(attrs_make)
    module["compile"] = kept.compile
    thresholds = gc.get_threshold()
    gc.set_threshold(*_ONCE)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        del module["compile"]
        kept.save()


class KeptCode:
    """Hold compiled code by a digest of its file name and source text."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._known = _read(place)
        self.misses = 0
        """Texts that had to be compiled."""

    def compile(self, source: str, name: str, mode: str, *more: Any) -> Any:
        """Return the kept code of a text, or compile it. It is `compile` for attrs."""
        if mode != "exec" or more:
            return compile(source, name, mode, *more)
        key = hashlib.sha256(f"{name}\n{source}".encode()).digest()
        code = self._known.get(key)
        if code is None:
            self.misses += 1
            code = self._known[key] = compile(source, name, "exec")
        return code

    def save(self) -> None:
        """Keep the code for the next start if there is any that was not kept."""
        if not self.misses or sys.dont_write_bytecode:
            return
        import tempfile

        data = marshal.dumps(self._known)
        with suppress(OSError):
            handle, path = tempfile.mkstemp(dir=os.path.dirname(self._place))
            with os.fdopen(handle, "wb") as stream:
                stream.write(_digest(data) + data)
            # Like a `.pyc` file, it is for everybody who may read the module.
            os.chmod(path, os.stat(__file__).st_mode & 0o666)
            os.replace(path, self._place)


def _read(place: str) -> dict[bytes, CodeType]:
    """Return the code that was kept.

    There is none if the file is missing, damaged or of another Python.
    """
    try:
        with open(place, "rb") as stream:
            digest, data = stream.read(_DIGEST), stream.read()
        if digest == _digest(data):
            known: dict[bytes, CodeType] = marshal.loads(data)  # noqa: S302  trusted as `.pyc` files are
            return known
    except (OSError, ValueError, EOFError, TypeError):
        pass
    return {}


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(importlib.util.MAGIC_NUMBER + data).digest()
