"""Find the uses of permalinks in the code of widgets, for navigation and renaming."""

from collections.abc import Iterator

from strongroom.widgets.calls import Call
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.values import Value
from strongroom.workspace.index import FileFacts, PlacedOccurrence, Placing
from strongroom.workspace.references import Occurrence, Symbol, SymbolKind
from strongroom.workspace.widget_files import module_path


def occurrences_in_code(code: WidgetCode) -> Iterator[Occurrence]:
    """Yield each text that is the permalink of a call, once."""
    seen: set[tuple[SymbolKind, int]] = set()
    for call in code.calls:
        for value in call.permalinks:
            found = _occurrence(call, value)
            if value.text and not value.origin and (found.symbol.kind, found.start) not in seen:
                seen.add((found.symbol.kind, found.start))
                yield found


def permalink_at(code: WidgetCode, offset: int) -> Occurrence | None:
    """Return the permalink at an offset, with the place there.

    The place is the text, or the constant that a call names.
    """
    for call in code.calls:
        for value in call.permalinks:
            is_here = not value.origin and value.inner[0] <= offset <= value.inner[1]
            if is_here or value.start <= offset <= value.end:
                start, end = value.inner if is_here else (value.start, value.end)
                return _occurrence(call, value)._replace(start=start, end=end)
    return None


def code_facts(code: WidgetCode, placing: Placing) -> FileFacts:
    """Return the facts of a file of code: the connectors that it calls."""
    found = occurrences_in_code(code)
    return FileFacts((), tuple(PlacedOccurrence(one, placing(one.start, one.end)) for one in found))


def places_of(code: WidgetCode, symbol: Symbol) -> Iterator[tuple[str, int, int]]:
    """Yield (path, start, end) of each text that a call has as this permalink.

    A text may also be in a file that the permalink comes from.
    """
    for call in code.calls:
        for value in call.permalinks:
            if _occurrence(call, value).symbol == symbol:
                path = module_path(code.path, value.origin) if value.origin else code.path
                if path is not None:
                    yield path, *value.inner


def _occurrence(call: Call, value: Value) -> Occurrence:
    kind = SymbolKind.COMPOSITE if call.kind.is_composite else SymbolKind.CONNECTOR
    return Occurrence(Symbol(kind, value.text), *value.inner, field="permalink")
