"""Read the calls of connectors in the text of a widget's file."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from strongroom.platform.widget_calls import CALL_OPTIONS
from strongroom.widgets.bindings import Bindings
from strongroom.widgets.calls import Call, CallKind
from strongroom.widgets.expressions import Expressions
from strongroom.widgets.scripts import Region
from strongroom.widgets.tokens import TEXT, WORD, Tokens
from strongroom.widgets.values import Member

_LONGEST_TYPE: Final = 200
"""The most tokens of the type between `execute` and its parenthesis."""
_DEEPEST: Final = 6
"""The most aliases that are followed one after the other."""
_SERVICE: Final = "WidgetServiceSDK"

ModuleText = Callable[[str], str | None]
"""Gives the text of a module by its name in an import; None if it is not one of the project's files."""


class CallReader:
    """Read the calls of one text. It never raises."""

    def __init__(self, text: str, regions: Iterable[Region], module: ModuleText | None = None) -> None:
        self.tokens = Tokens(text, regions)
        self._bindings = Bindings(self.tokens)
        self._module_text = module
        self._modules: dict[str, Expressions | None] = {}
        self._expressions = Expressions(self.tokens, self._bindings, self._module)
        self._aliases: dict[str, list[str]] = {}

    def calls(self) -> Iterator[Call]:
        """Yield the calls in the order of the text."""
        tokens = self.tokens
        for index, token in enumerate(tokens.items):
            if token.text == "(" and index in tokens.partner:
                call = self._call(index)
                if call is not None:
                    yield call

    def _module(self, name: str) -> Expressions | None:
        """Return the expressions of a module.

        A module's own imports are not followed.
        """
        if name not in self._modules:
            text = self._module_text(name) if self._module_text is not None else None
            tokens = Tokens(text, ((0, len(text)),)) if text is not None else None
            self._modules[name] = Expressions(tokens, Bindings(tokens)) if tokens is not None else None
        return self._modules[name]

    @property
    def asks_for_modules(self) -> bool:
        """Return True if a name in a call is imported."""
        return bool(self._modules)

    def callee(self, parenthesis: int) -> tuple[CallKind, int, int] | None:
        """Return the function before a parenthesis, or None.

        With the function come the first and the last token of its name.
        """
        tokens = self.tokens
        last = self._callee_end(parenthesis)
        if tokens.kind(last) not in (WORD, TEXT) and tokens.text(last) != "]":
            return None
        path, first = self._chain_before(last)
        if not path or (path[-1] != "execute" and len(path) > 1) or tokens.text(first - 1) == "function":
            return None
        kind = _kind_of(self._full(path))
        return (kind, first, last) if kind is not None else None

    def _call(self, parenthesis: int) -> Call | None:
        tokens = self.tokens
        called = self.callee(parenthesis)
        if called is None:
            return None
        kind, first, last = called
        options = self._expressions.value(parenthesis + 1, self._bindings.end_of(parenthesis + 1))
        if options.kind != "object" or not _is_ours(kind, options.members):
            return None
        end = tokens.partner[parenthesis]
        name = tokens.items[last]
        is_member = tokens.text(last - 1) in (".", "?.")
        composite = tokens.items[last - 2] if is_member and tokens.text(last - 2) == "composite" else None
        return Call(
            kind,
            tokens.items[first].start,
            tokens.items[end].end,
            (name.start, name.end),
            (composite.start, composite.end) if composite is not None else None,
            options,
            is_member=is_member,
        )

    def _callee_end(self, parenthesis: int) -> int:
        """Return the last token of what is called.

        After that token, `?.` and a type in angle brackets may come.
        """
        tokens = self.tokens
        at = parenthesis - 1
        if tokens.text(at) == "?.":
            at -= 1
        if tokens.text(at) != ">":
            return at
        depth, lowest = 0, max(-1, at - _LONGEST_TYPE)
        while at > lowest:
            depth += (tokens.text(at) == ">") - (tokens.text(at) == "<")
            at -= 1
            if not depth:
                break
        return at - 1 if tokens.text(at) == "?." else at

    def _chain_before(self, last: int) -> tuple[list[str], int]:
        """Return the names of the chain that ends at a token, and its first token.

        An example of a chain is `sdk.connectors.execute`.
        """
        tokens, at = self.tokens, last
        names: list[str] = []
        while True:
            if tokens.text(at) == "!":
                at -= 1
            if tokens.text(at) == "]" and tokens.partner.get(at) == at - 2 and tokens.kind(at - 1) == TEXT:
                names.insert(0, tokens.text(at - 1)[1:-1])
                at -= 3
                at -= tokens.text(at) == "?."
                continue
            if tokens.text(at) == ")" and at in tokens.partner:
                base, first = self._base(tokens.partner[at])
                return ([*base, *names], first) if names else ([], at)
            if tokens.kind(at) != WORD:
                return [], at
            names.insert(0, tokens.text(at))
            if tokens.text(at - 1) not in (".", "?."):
                if tokens.text(at - 1) == "new":
                    return [], at
                return names, at
            at -= 2

    def _base(self, opener: int) -> tuple[list[str], int]:
        """Return the names that a bracketed expression or call gives, and its first token."""
        tokens, at = self.tokens, opener - 1
        if tokens.kind(at) == WORD and tokens.text(at) not in ("await", "return", "of", "in", "void"):
            name = tokens.text(at)
            while tokens.text(at - 1) == "." and tokens.kind(at - 2) == WORD:
                at -= 2
            if tokens.text(at - 1) == "new":
                return [name], at - 1
            return [f"{name}()"], at
        inside = opener + 1
        inside += tokens.text(inside) in ("await", "new")
        return self._chain_from(inside) or ["()"], opener

    def _chain_from(self, start: int) -> list[str]:
        """Return the names of the chain that begins at a token.

        `new window.WidgetServiceSDK()` gives its last name.
        """
        tokens, at = self.tokens, start
        is_new = tokens.text(at - 1) == "new"
        while tokens.text(at) in ("await", "new", "("):
            is_new = tokens.text(at) == "new"
            at += 1
        names: list[str] = []
        while tokens.kind(at) == WORD:
            names.append(tokens.text(at))
            at += 1
            while tokens.text(at) in ("!", "as", ")"):
                at += 2 if tokens.text(at) == "as" else 1
            if tokens.text(at) == "(":
                if not is_new:
                    return names[:-1] if names[-1] == "bind" else [f"{names[-1]}()"]
                names, is_new = names[-1:], False
                at = tokens.partner.get(at, len(tokens)) + 1
            if tokens.text(at) not in (".", "?."):
                break
            at += 1
        return names[-1:] if is_new else names

    def _full(self, path: list[str]) -> list[str]:
        """Return a path with its first name replaced by what it is an alias of."""
        for _ in range(_DEEPEST):
            before = self._alias(path[0])
            if not before or before == path[:1]:
                break
            path = [*before, *path[1:]]
        return path

    def _alias(self, name: str) -> list[str]:
        """Return the path that every declaration of a name in the file gives.

        If the declarations differ, the path is empty.
        """
        if name not in self._aliases:
            found = [self._chain_from(start) for start in self._bindings.declared(name)]
            for keys, start in self._bindings.unpacked(name):
                found.append([*(self._chain_from(start) or ["()"]), *keys])
            self._aliases[name] = found[0] if found and all(one == found[0] for one in found) else []
        return self._aliases[name]


def _kind_of(path: list[str]) -> CallKind | None:
    for kind in (CallKind.COMPOSITE, CallKind.CONNECTOR):
        if tuple(path[-len(kind.path) :]) == kind.path:
            return kind
    before = path[:-1]
    if path[-1:] == ["execute"] and before and _is_sdk(before[-1]):
        return CallKind.SDK
    if path[-2:] == ["composite", "execute"] and before[:-1] and _is_sdk(before[-2]):
        return CallKind.SDK_COMPOSITE
    return None


def _is_sdk(name: str) -> bool:
    return name == _SERVICE or name.lower().endswith("sdk")


_OFTEN_MEANT: Final = frozenset(("body", "data", "slug", "connector", "permaLink", "query", "params"))
"""Keys that authors write in place of an option."""


def _is_ours(kind: CallKind, members: tuple[Member, ...]) -> bool:
    """Return True for a call of this SDK: others have functions of the same name."""
    keys = {member.key for member in members}
    if "permalink" in keys:
        return True
    return kind.exists and not keys.isdisjoint(CALL_OPTIONS) and keys <= CALL_OPTIONS.keys() | _OFTEN_MEANT
