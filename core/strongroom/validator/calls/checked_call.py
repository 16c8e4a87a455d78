"""Show one call as rules see it: its options and the connectors it may call."""

from functools import cached_property

from strongroom.text.edits import Edit
from strongroom.validator.calls import edits
from strongroom.validator.findings import Fix
from strongroom.validator.marks import PlacedMark
from strongroom.widgets.calls import Call
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.known import KnownConnector, KnownConnectors
from strongroom.widgets.values import Member, Value


class CheckedCall:
    """Hold one call, the code that it is in, and the connectors of the workspace."""

    def __init__(self, call: Call, code: WidgetCode, known: KnownConnectors) -> None:
        self.call = call
        self.code = code
        self.known = known
        self.options = call.options

    @property
    def is_composite(self) -> bool:
        """Return True if the call is one of a composite."""
        return self.call.kind.is_composite

    @property
    def exists(self) -> bool:
        """Return True if the SDK has the function that is called."""
        return self.call.kind.exists

    @cached_property
    def connectors(self) -> tuple[KnownConnector, ...]:
        """Return the connectors that the call may reach.

        There are none if one of its permalinks is not certain or not known.
        """
        found: list[KnownConnector] = []
        for permalink in self.call.permalinks:
            known = self.known.get(permalink.text, is_composite=self.is_composite)
            if not known:
                return ()
            found += known
        return tuple(found)

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """Return the methods of the connectors that the call may reach, each once.

        There are none if one of them is not certain.
        """
        found = dict.fromkeys(connector.method for connector in self.connectors)
        return () if "" in found else tuple(found)

    @cached_property
    def others(self) -> tuple[KnownConnector, ...]:
        """Return the connectors of the other kind that have the permalinks of the call."""
        found = [
            self.known.get(value.text, is_composite=not self.is_composite) for value in self.call.permalinks
        ]
        return tuple(one for known in found for one in known) if all(found) else ()

    @property
    def wrong_kind(self) -> bool:
        """Return True if the permalinks are only those of connectors of the other kind."""
        texts = [value.text for value in self.call.permalinks]
        has_own = any(self.known.get(text, is_composite=self.is_composite) for text in texts)
        return bool(self.others) and not has_own

    def option(self, name: str) -> Member | None:
        """Return the option `name` that is given, or None."""
        return self.options.get(name)

    def may_have(self, name: str) -> bool:
        """Return True if the option `name` may be given: it is, or not all are known."""
        return self.options.is_open or self.option(name) is not None

    def mark(
        self, message: str, span: tuple[int, int], field: str = "", fix: Fix | None = None
    ) -> PlacedMark:
        """Return a mark at a place of the code. `field` is the option that it is about."""
        return PlacedMark(*span, message, (fix,) if fix is not None else (), field=field)

    def quoted(self) -> str:
        """Return the permalinks of the call for a message."""
        return " or ".join(f"`{value.text}`" for value in self.call.permalinks)

    def place_of(self, value: Value) -> tuple[int, int]:
        """Return the place of a value that is marked.

        The mark is on the text between the quotes, or on the whole expression.
        """
        start, end = value.inner
        if value.kind == "text" and not value.is_shared and start < end:
            return start, end
        return value.start, value.end

    def write_text(self, value: Value, new: str, *, is_safe: bool) -> Fix | None:
        """Return the fix that replaces a text; None if that text is written elsewhere."""
        return _fix(f"Change to {new}", [edits.write_text(self.code, value, new)], is_safe=is_safe)

    def rename(self, member: Member, new: str) -> Fix | None:
        """Return the fix that gives an option or parameter another key."""
        return _fix(f"Change to {new}", [edits.rename_member(self.code, member, new)])

    def remove(self, member: Member) -> Fix | None:
        """Return the fix that removes an option."""
        return _fix(f"Remove {member.key}", [edits.remove_member(self.code, member)])

    def add_method(self, method: str) -> Fix | None:
        """Return the fix that adds the method after the permalink."""
        return _fix(f"Add method {method}", [self._added_method(method)])

    def unwrap(self, value: Value) -> Fix | None:
        """Return the fix that puts what `JSON.stringify` is given in its place."""
        if value.is_shared:
            return None
        start, end = value.argument
        return _fix("Remove JSON.stringify", [Edit(value.start, value.end, self.code.text[start:end])])

    def into_connectors(self) -> Fix | None:
        """Return the fix that calls a function of `sdk.connectors` instead of `sdk`."""
        found = self.call
        if not found.is_member:
            return None
        at = found.composite[0] if found.composite else found.name[0]
        return _fix("Put connectors before it", [Edit(at, at, "connectors.")])

    def to_composite(self) -> Fix | None:
        """Return the fix that calls a composite as one, without the method."""
        at = self.call.name[0]
        if not self.call.is_member or self.may_have("pathParams"):
            return None
        method = self.option("method")
        removed = [edits.remove_member(self.code, method)] if method is not None else []
        return _fix("Call connectors.composite.execute", [Edit(at, at, "composite."), *removed])

    def to_connector(self) -> Fix | None:
        """Return the fix that calls a standard connector as one, with its method."""
        composite = self.call.composite
        if composite is None or not edits.follows_dot(self.code, composite[0]):
            return None
        methods = {connector.method for connector in self.others}
        made: list[Edit | None] = [Edit(composite[0], self.call.name[0], "")]
        if not self.may_have("method"):
            made.append(self._added_method(*methods) if len(methods) == 1 else None)
        return _fix("Call connectors.execute", made)

    def _added_method(self, method: str) -> Edit | None:
        permalink = self.option("permalink")
        if permalink is None or not method:
            return None
        return edits.add_text_member(self.code, permalink, "method", method)


def _fix(title: str, made: list[Edit | None], *, is_safe: bool = True) -> Fix | None:
    """Return a fix with these edits; None if one of them cannot be made."""
    found = tuple(edit for edit in made if edit is not None)
    return Fix(title, found, is_safe) if len(found) == len(made) else None
