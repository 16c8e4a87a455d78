"""Count what a template builds, so that no construct of it can fill the memory.

Two limits: one value may be so large, and all values of one rendering together. A container counts with all the
text that it would give if it were printed, because a short list can hold one long text many times over. Time is
limited elsewhere (`bounded`); these limits keep each single step short enough to be stopped.

Imported only together with the template engine.
"""

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from types import GeneratorType
from typing import Any, Final

from jinja2 import TemplateError
from jinja2.utils import Namespace

MAX_LENGTH: Final = 1 << 20
"""The longest text that one operation may build, in characters.

It is also the most that a field may render.
"""

LARGEST: Final = 8 << 20
"""The largest value, printed, in characters.

This is more than `MAX_LENGTH`, because an API's answer may be read as JSON whole.
"""

MAX_BUILT: Final = 256 << 20
"""The bytes, about, that all operations of one rendering may build together."""

MAX_BITS: Final = 1 << 17
"""The bits of the longest integer.

Arithmetic with longer ones takes seconds in one step.
"""

_ITEM_BYTES: Final = 4
"""The cost of an item of a container.

The cost is half a pointer, because most of what is built is soon freed.
"""


class TooLarge(TemplateError):  # noqa: N818
    """Report that a template builds more than a limit allows."""

    def __init__(self) -> None:
        super().__init__(f"the template builds more than {MAX_LENGTH} characters or items")


class Budget:
    """Hold what one rendering may still build."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_BUILT

    def spend(self, cost: int) -> None:
        """Take `cost` bytes off. Raises TooLarge."""
        self.left -= cost
        if self.left < 0:
            raise TooLarge


BUDGET: Final[ContextVar[Budget]] = ContextVar("the budget of the rendering under way")


class CountedList(list[Any]):
    """Hold a list that knows its printed size.

    Because of that, appending to a long list does not count it again.
    """

    __slots__ = ("size",)

    def __init__(self, items: list[Any], size: int) -> None:
        super().__init__(items)
        self.size = size


class CountedDict(dict[Any, Any]):
    """Hold a dict that knows its printed size."""

    __slots__ = ("size",)

    def __init__(self, items: Mapping[Any, Any], size: int) -> None:
        super().__init__(items)
        self.size = size

    @classmethod
    def fromkeys(cls, keys: Any, value: Any = None) -> dict[Any, Any]:
        """Make a plain dict, which is counted like any other result."""
        return dict.fromkeys(keys, value)


class PlainNamespace(Namespace):
    """Hold Jinja2's namespace, printed without what is in it.

    Two names for one namespace in another double the text.
    """

    def __repr__(self) -> str:
        return "<Namespace>"


_SMALL: Final = 16
"""The characters of a number, and of other objects without text and items."""


def size_of(value: Any) -> int:
    """Return the characters that `value` gives when it is printed.

    Raises TooLarge beyond `LARGEST`.
    """
    size = 0
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str | bytes):
            size += len(item) + 2
        elif isinstance(item, CountedList | CountedDict):
            size += item.size
        elif isinstance(item, dict):
            size += 4 * len(item)
            waiting += item.keys()
            waiting += item.values()
        elif isinstance(item, list | tuple | set | frozenset):
            size += 2 * len(item) + 2
            waiting += item
        elif isinstance(item, range):
            size += 8 * len(item)
        else:
            size += _SMALL
        if size > LARGEST or len(waiting) > LARGEST:
            raise TooLarge
    return size


def counted(value: Any) -> Any:
    """Return `value`, which an operation has just built, after counting it.

    Raises TooLarge.

    An iterator comes back as one that counts each item when it is taken.
    """
    if isinstance(value, str | bytes):
        if len(value) > LARGEST:
            raise TooLarge
        BUDGET.get().spend(value.__sizeof__())
    elif isinstance(value, int):
        if value.bit_length() > MAX_BITS:
            raise TooLarge
    elif type(value) is list:
        BUDGET.get().spend(_ITEM_BYTES * len(value))
        return CountedList(value, size_of(value))
    elif type(value) is dict:
        BUDGET.get().spend(_ITEM_BYTES * len(value))
        return CountedDict(value, size_of(value))
    elif isinstance(value, tuple | set | frozenset):
        BUDGET.get().spend(_ITEM_BYTES * len(value))
        size_of(value)
    elif isinstance(value, GeneratorType | map | filter | zip | enumerate | reversed):
        return _counting(value)
    return value


def _counting(items: Iterator[Any]) -> Iterator[Any]:
    budget = BUDGET.get()
    for item in items:
        budget.spend(_ITEM_BYTES)
        yield counted(item) if isinstance(item, str | bytes) else item


def joined_lists(left: list[Any], right: list[Any]) -> CountedList:
    """Return `left + right`.

    A list that was counted before is not gone through again.
    """
    size = size_of(left) + size_of(right)
    if size > LARGEST:
        raise TooLarge
    BUDGET.get().spend(_ITEM_BYTES * (len(left) + len(right)))
    return CountedList(list.__add__(left, right), size)


class Buffer(list[str]):
    """Collect what a block, macro or loop prints.

    Raises TooLarge as soon as the text is longer than a field may be.
    """

    __slots__ = ("_length",)

    def __init__(self) -> None:
        super().__init__()
        self._length = 0

    def append(self, part: str) -> None:
        """Add one text."""
        self._length += len(part)
        if self._length > MAX_LENGTH:
            raise TooLarge
        BUDGET.get().spend(part.__sizeof__())
        super().append(part)

    def extend(self, parts: Any) -> None:
        """Add several texts."""
        for part in parts:
            self.append(part)
