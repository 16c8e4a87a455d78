"""Keep the findings of connectors whose fragments an edit leaves the same."""

from collections.abc import Callable
from weakref import WeakKeyDictionary

from strongroom.document.connector import Fragment
from strongroom.validator.marks import Marked

Marks = tuple[Marked, ...]


class ConnectorCache:
    """Keep the marks of each fragment that is still in some document."""

    __slots__ = ("_is_on", "_marks")

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on
        self._marks: WeakKeyDictionary[Fragment, Marks] = WeakKeyDictionary()

    def marks(self, fragment: Fragment, look: Callable[[Fragment], Marks]) -> Marks:
        """Return the marks of a connector, by `look` if they are not known."""
        found = self._marks.get(fragment)
        if found is None:
            found = look(fragment)
            if self._is_on:
                self._marks[fragment] = found
        return found
