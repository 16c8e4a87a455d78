"""Walk once through a connector, and ask each rule about its kinds of parts."""

from collections.abc import Callable, Container, Iterable, Iterator
from typing import Final, TypeVarTuple

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
from strongroom.validator.rule import Check, Context
from strongroom.validator.rules.unused_ignore import RULE as STALE
from strongroom.validator.rules.unused_ignore import check as check_comment
from strongroom.validator.silencing import MARK, ignore_comments
from strongroom.validator.template_cache import TemplateCache

NEEDS_NAMES: Final = ("unknown-secret", "unknown-variable", "hidden-by-default", "wrong-kind")
"""Rules that find nothing without a complete list of names."""

Ts = TypeVarTuple("Ts")


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
        self._of_fields: dict[str, list[tuple[str, Severity, Check[Request]]]] = {}
        for rule, level, checks in levels.checks(lambda rule: rule.fields):
            for field, check in checks.items():
                self._of_fields.setdefault(field, []).append((rule, level, check))

    def marks(self, fragment: Fragment) -> list[Marked]:
        """Return the marks of a connector by itself."""
        connector = CheckedConnector(fragment, self._context.parsed)
        found = _ask(self._of_connectors, connector, self._context)
        for request in connector.requests:
            self._request(request, found)
        for request in connector.requests:
            for template in request.templates:
                if _is_checked(template.text):
                    found += self._template(template, in_composite=request.is_step)
                    if MARK in template.text:
                        found = self._silenced(template, found)
        return found

    def _request(self, request: Request, found: list[Marked]) -> None:
        context = self._context
        for part in request.parts:
            found += _ask(self._of_parts, part, context)
        for field in request.data:
            if field in self._of_fields:
                found += _ask(self._of_fields[field], request, context)
        url = request.url
        if url is not None and not url.is_plain and url.is_readable:
            found += _ask(self._of_urls, request, url, context)
        for row in request.rows:
            found += _ask(self._of_rows, row, context)
        if request.authentication is not None:
            found += _ask(self._of_authentications, request.authentication, context)

    def _template(self, template: TemplateField, *, in_composite: bool) -> list[Marked]:
        path, text, place = template
        marks = self._templates.marks(text, place, in_composite=in_composite, look=self._look)
        return [Marked(rule, level, mark._replace(path=path)) for rule, level, mark in marks]

    def _look(self, template: TemplateText) -> tuple[Marked, ...]:
        return tuple(_ask(self._of_templates, template, self._context))

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


def _ask(
    checks: Iterable[tuple[str, Severity, Callable[[*Ts], Iterator[Mark]]]], *about: *Ts
) -> list[Marked]:
    """Return the marks of some rules about a part."""
    return [Marked(rule, level, mark) for rule, level, check in checks for mark in check(*about)]


def _is_in(mark: Mark, template: TemplateField) -> bool:
    return mark.path == template.path and mark.part == "value"


def _is_checked(text: str) -> bool:
    is_damaged = isinstance(text, DamagedText)
    return not is_damaged and (has_tags(text) or "get_" in text)
