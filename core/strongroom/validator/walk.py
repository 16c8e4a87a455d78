"""Walk once through a connector, and ask each rule about its kinds of parts."""

from collections.abc import Iterable
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.connector import Fragment
from strongroom.document.template_nodes import has_tags
from strongroom.names import Names
from strongroom.validator.findings import Severity
from strongroom.validator.levels import Levels
from strongroom.validator.marks import Mark, Marked
from strongroom.validator.parts import CheckedConnector, Request, TemplateField
from strongroom.validator.plain import DamagedText
from strongroom.validator.rule import Check, Context, Rule, T
from strongroom.validator.rules.unused_ignore import RULE as STALE
from strongroom.validator.rules.unused_ignore import stale
from strongroom.validator.silencing import MARK, ignore_comments
from strongroom.validator.template_cache import TemplateCache

NEEDS_NAMES: Final = ("unknown-secret", "unknown-variable", "hidden-by-default", "wrong-kind")
"""Rules that find nothing without a complete list of names."""

Asked = tuple[str, Severity, Check[T]]
"""Name a rule and its level, and its function for parts of one kind."""


class Walk:
    """Hold the rules by the parts that they look at, for one list of names.

    Give it connectors.
    """

    def __init__(self, rules: Iterable[Rule], levels: Levels, names: Names, *, is_caching: bool) -> None:
        every = list(rules)
        self._templates = TemplateCache(is_on=is_caching)
        self._context = Context(names, tuple(rule.name for rule in every), self._templates.parsed)
        active = [(rule, level) for rule in every if (level := levels.of(rule.name, rule.severity))]
        self._levels = {rule.name: level for rule, level in active}
        self._of_connectors = [(r.name, level, r.connector) for r, level in active if r.connector]
        self._of_parts = [(r.name, level, r.part) for r, level in active if r.part]
        self._of_urls = [(r.name, level, r.url) for r, level in active if r.url]
        self._of_rows = [(r.name, level, r.row) for r, level in active if r.row]
        self._of_authentications = [
            (r.name, level, r.authentication) for r, level in active if r.authentication
        ]
        self._of_templates = [(r.name, level, r.template) for r, level in active if r.template]
        self._of_fields: dict[str, list[Asked[Request]]] = {}
        for rule, level in active:
            for field, check in rule.fields.items():
                self._of_fields.setdefault(field, []).append((rule.name, level, check))

    def marks(self, fragment: Fragment) -> list[Marked]:
        """Return the marks of a connector by itself."""
        connector = CheckedConnector(fragment, self._context.parsed)
        found: list[Marked] = []
        self._ask(self._of_connectors, connector, found)
        for request in connector.requests:
            self._request(request, found)
        for request in connector.requests:
            for template in request.templates:
                if _is_checked(template.text):
                    found = self._template(template, request, found)
        return found

    def _ask(self, checks: Iterable[Asked[T]], part: T, found: list[Marked]) -> None:
        context = self._context
        for rule, level, check in checks:
            for mark in check(part, context):
                found.append(Marked(rule, level, mark))

    def _request(self, request: Request, found: list[Marked]) -> None:
        for part in request.parts:
            self._ask(self._of_parts, part, found)
        for field in request.data:
            checks = self._of_fields.get(field)
            if checks is not None:
                self._ask(checks, request, found)
        url = request.url
        if url is not None and not url.is_plain and url.is_readable:
            for rule, level, check in self._of_urls:
                for mark in check(request, url, self._context):
                    found.append(Marked(rule, level, mark))
        for row in request.rows:
            self._ask(self._of_rows, row, found)
        if request.authentication is not None:
            self._ask(self._of_authentications, request.authentication, found)

    def _template(self, template: TemplateField, request: Request, found: list[Marked]) -> list[Marked]:
        path, text, place = template
        marks = self._templates.marks(text, place, in_composite=request.is_step, look=self._look_at_template)
        if marks:
            found += [Marked(rule, level, mark._replace(path=path)) for rule, level, mark in marks]
        return self._silenced(template, found) if MARK in text else found

    def _look_at_template(self, template: TemplateText) -> tuple[Marked, ...]:
        found: list[Marked] = []
        self._ask(self._of_templates, template, found)
        return tuple(found)

    def _silenced(self, template: TemplateField, found: list[Marked]) -> list[Marked]:
        """Return the marks that the template's comments do not silence.

        Add the marks of stale comments.
        """
        there = {one.rule for one in found if _is_in(one.mark, template)}
        silenced = set()
        for comment in ignore_comments(self._context.parsed(template.text)):
            for ignored in comment.rules:
                if ignored.name in there and ignored.name != STALE.name:
                    silenced.add(ignored.name)
                elif STALE.name in self._levels and self._is_judged(ignored.name):
                    mark = stale(template.text, comment, ignored)._replace(path=template.path)
                    found.append(Marked(STALE.name, self._levels[STALE.name], mark))
        return [one for one in found if not (one.rule in silenced and _is_in(one.mark, template))]

    def _is_judged(self, rule: str) -> bool:
        """Return True if the rule is on and could have found something.

        That depends on the names that are known.
        """
        return rule in self._levels and (self._context.is_strict or rule not in NEEDS_NAMES)


def _is_in(mark: Mark, template: TemplateField) -> bool:
    return mark.path == template.path and mark.part == "value"


def _is_checked(text: str) -> bool:
    is_damaged = isinstance(text, DamagedText)
    return not is_damaged and (has_tags(text) or "get_" in text)
