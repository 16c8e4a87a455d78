"""Count what a template builds, so that no construct of it can fill the memory.

Two limits: one value may be so large, and all values of one rendering together. A container counts with all the
text that it would give if it were printed, because a short list can hold one long text many times over. Time is
limited elsewhere (`bounded`); these limits keep each single step short enough to be stopped.

Imported only together with the template engine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from contextvars import ContextVar
from itertools import islice
from types import GeneratorType
from typing import Any, Final

from jinja2 import TemplateError
from jinja2.sandbox import modifies_known_mutable
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
"""The cost of an item of a container: half a pointer, because most items are soon freed."""


class TooLarge(TemplateError):  # noqa: N818
    """Report that a template builds more than a limit allows."""

    def __init__(self) -> None:
        super().__init__(f"the template builds more than {MAX_LENGTH} characters or items")


class Budget:
    """Hold what one rendering may still build.

    `has_changed` says that a method has changed a list, dict or set. Then no size that was counted before holds.
    """

    __slots__ = ("has_changed", "left")

    def __init__(self) -> None:
        self.left = MAX_BUILT
        self.has_changed = False

    def spend(self, cost: int) -> None:
        """Take `cost` bytes off. Raises TooLarge."""
        self.left -= cost
        if self.left < 0:
            raise TooLarge


BUDGET: Final[ContextVar[Budget]] = ContextVar("the budget of the rendering under way")


class CountedList(list[Any]):
    """Hold a list with its printed size, so that appending does not count all again."""

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
    """Hold Jinja2's namespace, printed without its content.

    A namespace that has another one under two names would print that one twice.
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
    budget = BUDGET.get(None)
    is_known = budget is None or not budget.has_changed
    while waiting:
        item = waiting.pop()
        if isinstance(item, str | bytes):
            size += len(item) + 2
        elif is_known and isinstance(item, CountedList | CountedDict):
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
        if size > LARGEST:
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


_JSON_COSTS: Final = {"[": 64, "{": 240, ",": 40}
"""The bytes, about, of the list, dict or item that begins at each such mark of a JSON text."""


def count_json(text: str | bytes | bytearray) -> None:
    """Count what a JSON text gives, before it is read. Raises TooLarge."""
    budget = BUDGET.get(None)
    if budget is not None:
        marks = text if isinstance(text, str) else text.decode("latin-1")
        budget.spend(len(marks) + sum(cost * marks.count(mark) for mark, cost in _JSON_COSTS.items()))


def checked(value: Any) -> Any:
    """Return `value` if it is not too large to be printed, compared or handed on.

    Raises TooLarge. Only a value that was changed after it was built can be larger than when it was counted.
    """
    budget = BUDGET.get(None)
    if budget is not None and budget.has_changed and isinstance(value, list | dict | tuple | set | frozenset):
        size_of(value)
    return value


_ADDING_MANY: Final = frozenset({"extend", "update", "symmetric_difference_update", "difference_update"})
_COMPARING: Final = frozenset({"remove", "sort", "discard"})
"""The changing methods that compare items with each other."""


def change(method: Callable[..., Any], owner: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return the result of a method that changes a list, dict or set.

    Raises TooLarge before the list, dict or set gets too long.
    """
    budget = BUDGET.get()
    budget.has_changed = True
    if method.__name__ in _ADDING_MANY:
        args = [item if isinstance(item, Sized) else list(islice(item, MAX_LENGTH + 1)) for item in args]
        added = sum(map(len, args)) + len(kwargs)
    else:
        added = 1
        if method.__name__ in _COMPARING:
            size_of(owner)
    if len(owner) + added > MAX_LENGTH:
        raise TooLarge
    budget.spend(2 * _ITEM_BYTES * added)
    return method(*args, **kwargs)


def is_changing(method: Any, owner: Any) -> bool:
    """Return True if a method may change the list, dict or set that it belongs to."""
    return isinstance(owner, list | dict | set) and modifies_known_mutable(
        owner, getattr(method, "__name__", "")
    )


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
