"""Run the rules over documents, and keep the findings of unchanged parts.

These parts are connectors and templates.
"""

from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from strongroom.document import Document
from strongroom.document.connector import Fragment
from strongroom.names import NO_NAMES, Names
from strongroom.validator.connector_cache import ConnectorCache
from strongroom.validator.findings import Finding, Severity
from strongroom.validator.levels import DEFAULT_LEVELS, Levels
from strongroom.validator.marks import Marked, PlacedMark
from strongroom.validator.permalinks import key_field, key_of
from strongroom.validator.placing import findings_of
from strongroom.validator.publication import ConnectorTable, Publication, table_of
from strongroom.validator.walk import Walk

_PLACE: Final = attrgetter("start", "end", "rule")


class Validator:
    """Hold the rules for lists of names and one choice of levels.

    Keep the object to check many documents. With several lists of names, one of each community, findings are those
    under any of them, each once. The findings of a connector are kept while an edited document has its fragment, the
    findings of a template for equal templates. With `is_caching` false nothing is kept, and the findings are the same.
    """

    __slots__ = ("_connectors", "_of_documents", "_of_publications", "_walks")

    def __init__(
        self,
        names: Names | tuple[Names, ...] = NO_NAMES,
        levels: Levels = DEFAULT_LEVELS,
        *,
        is_caching: bool = True,
    ) -> None:
        lists = (names,) if isinstance(names, Names) else names
        self._of_documents = levels.checks(lambda rule: rule.document)
        self._of_publications = levels.checks(lambda rule: rule.publication)
        self._walks = [Walk(levels, each, is_caching=is_caching) for each in lists]
        self._connectors = ConnectorCache(is_on=is_caching)

    def findings(self, document: Document, publication: Publication | None = None) -> list[Finding]:
        """Return the findings of a document, in the order of the text. Never raises.

        With a publication, they include those between the files of the project.
        """
        found = list(self.findings_around(document))
        if publication is not None:
            found += self.findings_between(document, publication)
        for fragment, base, pointer in document.placed:
            marks = self.marks(fragment)
            if marks:
                found += findings_of(fragment, marks, base, pointer)
        found.sort(key=_PLACE)
        return found

    def marks(self, fragment: Fragment) -> tuple[Marked, ...]:
        """Return the marks of a connector by itself.

        For the same fragment it is the same object.
        """
        return self._connectors.marks(fragment, self._look)

    def findings_around(self, document: Document) -> Iterator[Finding]:
        """Yield the findings around and between connectors, with source offsets."""
        for rule, level, check in self._of_documents:
            for mark in check(document):
                yield _finding(document, rule, level, mark)

    def findings_between(self, document: Document, publication: Publication) -> Iterator[Finding]:
        """Yield the findings of a document that come from the other files of its project."""
        table = table_of(document)
        for rule, level, check in self._of_publications:
            marks = dict(check(table, publication))
            for fragment, base, pointer in document.placed if marks else ():
                key = key_of(fragment)
                if key in marks:
                    mark = marks.pop(key)._replace(path=(key_field(fragment, key),))
                    yield from findings_of(fragment, [Marked(rule, level, mark)], base, pointer)

    def has_findings_between(self, table: ConnectorTable, publication: Publication) -> bool:
        """Return True if a file with these connectors has findings from other files."""
        return any(True for _, _, check in self._of_publications for _ in check(table, publication))

    def _look(self, fragment: Fragment) -> tuple[Marked, ...]:
        """Return the findings under any list of names.

        A finding that does not depend on names is found under all lists, and reported once.
        """
        first, *others = self._walks
        found = first.marks(fragment)
        if not others:
            return tuple(found)
        merged = {_key(one): one for one in reversed(found)}
        for walk in others:
            for one in walk.marks(fragment):
                merged.setdefault(_key(one), one)
        return tuple(sorted(merged.values(), key=lambda one: one.mark.message))


class Validators:
    """Make one `Validator` for each choice of levels, when first asked for."""

    __slots__ = ("_by_levels", "_names")

    def __init__(self, names: Names | tuple[Names, ...]) -> None:
        self._names = names
        self._by_levels: dict[Levels, Validator] = {}

    def of(self, levels: Levels) -> Validator:
        """Return the validator for equal levels, which is always the same object."""
        found = self._by_levels.get(levels)
        if found is None:
            found = self._by_levels[levels] = Validator(self._names, levels)
        return found


def _finding(document: Document, rule: str, level: Severity, mark: PlacedMark) -> Finding:
    connector = document.connector_at(mark.start)
    if connector is None:
        return mark.finding(rule, level, None)
    return mark.finding(rule, level, connector.name or connector.permalink, connector.pointer)


def _key(one: Marked) -> tuple[object, ...]:
    mark = one.mark
    return mark.path, mark.part, mark.span, one.rule, mark.message


def validate(
    document: Document, names: Names | tuple[Names, ...] = NO_NAMES, levels: Levels = DEFAULT_LEVELS
) -> list[Finding]:
    """Return the findings of one document, in the order of the text.

    Never raises.
    """
    return Validator(names, levels).findings(document)
