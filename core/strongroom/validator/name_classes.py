"""Names of which the same is known: what is found where one of them is asked for holds for the others."""

from strongroom.validator.rule import Context


class NameClasses:
    """Tells the classes of names apart, each name once."""

    __slots__ = ("_classes", "_context")

    def __init__(self, context: Context) -> None:
        self._context = context
        self._classes: dict[str, tuple[object, ...] | None] = {}

    def of(self, name: str) -> tuple[object, ...] | None:
        """The same for two names where the same is known about both. None where a name is missing in a complete list:
        then its very letters count.
        """
        try:
            return self._classes[name]
        except KeyError:
            found = self._classes[name] = self._find(name)
            return found

    def _find(self, name: str) -> tuple[object, ...] | None:
        entry = self._context.names.get(name)
        if entry is not None:
            return entry[1:]
        return None if self._context.is_strict else ()
