"""Fields of an authentication config that take one of a few words, and what is wrong with another one."""

from collections.abc import Iterable, Iterator

from strongroom.document import Connector
from strongroom.document.json_values import StringValue, Value
from strongroom.document.template_parser import has_tags
from strongroom.platform.authentication import AUTH_TYPES
from strongroom.validator.findings import Edit, Fix
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Mark


def wrong_choices(connector: Connector, field: str, what: str) -> Iterator[Mark]:
    """The values of `field` that are none of its words. A template in its place is not judged.

    `what` says what the value should have been: "a signing algorithm".
    """
    for outline in outlines(connector):
        kind, config = outline.auth_type, outline.config
        fact = (
            AUTH_TYPES[kind.data].fields.get(field) if kind is not None and kind.data in AUTH_TYPES else None
        )
        _, value = config.members.get(field, (None, None)) if config is not None else (None, None)
        if config is None or fact is None or value is None or not _is_judged(value):
            continue
        if value.data not in fact.allowed:
            message = wrong_choice(str(value.data), fact.allowed, what)
            place = (
                (value.inner_start, value.inner_end)
                if isinstance(value, StringValue)
                else (value.start, value.end)
            )
            fixes = case_fix(str(value.data), fact.allowed, place) if isinstance(value, StringValue) else ()
            yield outline.mark(value, message, config, field, fixes)


def wrong_choice(found: str, allowed: Iterable[str], what: str) -> str:
    """The message about a word that is none of those allowed."""
    return f"`{found}` is not {what}. Use one of {', '.join(allowed)}."


def case_fix(found: str, allowed: Iterable[str], place: tuple[int, int]) -> tuple[Fix, ...]:
    """The fix of a word that is right but for its case or the blanks around it."""
    same = [known for known in allowed if known.lower() == found.strip().lower()]
    return (Fix(f"Change to {same[0]}", (Edit(*place, same[0]),), True),) if same else ()


def _is_judged(value: Value) -> bool:
    if isinstance(value, StringValue):
        return bool(value.data) and not value.is_damaged and not has_tags(value.data)
    return value.kind == "number"
