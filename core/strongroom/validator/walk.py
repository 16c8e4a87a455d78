"""Walk once through a connector, and ask each rule about its kinds of parts."""

from collections.abc import Container, Iterable
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
from strongroom.validator.registry import RULES
from strongroom.validator.rule import Check, Context, T
from strongroom.validator.rules.unused_ignore import RULE as STALE
from strongroom.validator.rules.unused_ignore import check as check_comment
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

    def __init__(self, levels: Levels, names: Names, *, is_caching: bool) -> None:
        self._levels = levels
        self._templates = TemplateCache(is_on=is_caching)
        self._context = Context(names, self._templates.parsed)
        self._of_connectors = levels.checks(lambda rule: rule.connector)
        self._of_parts = levels.checks(lambda rule: rule.part)
        self._of_urls = levels.checks(lambda rule: rule.url)
        self._of_rows = levels.checks(lambda rule: rule.row)
        self._of_authentications = levels.checks(lambda rule: rule.authentication)
        self._of_templates = levels.checks(lambda rule: rule.template)
        self._of_fields: dict[str, list[Asked[Request]]] = {}
        for rule, level, checks in levels.checks(lambda rule: rule.fields):
            for field, check in checks.items():
                self._of_fields.setdefault(field, []).append((rule, level, check))

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
        there = {one.rule for one in found if _is_in(one.mark, template)} - {STALE.name}
        comments = list(ignore_comments(self._context.parsed(template.text)))
        silenced = there.intersection(rule.name for comment in comments for rule in comment.rules)
        kept = [one for one in found if not (one.rule in silenced and _is_in(one.mark, template))]
        level = self._levels.of(STALE)
        if level is None:
            return kept
        for comment in comments:
            marks = check_comment(
                template.text, comment, RULES, lambda rule: self._is_stale(rule.name, silenced)
            )
            kept += [Marked(STALE.name, level, mark._replace(path=template.path)) for mark in marks]
        return kept

    def _is_stale(self, rule: str, silenced: Container[str]) -> bool:
        """Return True if a rule is on, could have found something and has found nothing.

        That depends on the names that are known.
        """
        is_judged = self._context.is_strict or rule not in NEEDS_NAMES
        return rule not in silenced and is_judged and self._levels.of(RULES[rule]) is not None


def _is_in(mark: Mark, template: TemplateField) -> bool:
    return mark.path == template.path and mark.part == "value"


def _is_checked(text: str) -> bool:
    is_damaged = isinstance(text, DamagedText)
    return not is_damaged and (has_tags(text) or "get_" in text)
