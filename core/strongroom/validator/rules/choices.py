"""Fields of an authentication config that take one of a few words, and what is wrong with another one."""

from collections.abc import Iterable, Iterator

from strongroom.document.template_nodes import has_tags
from strongroom.text.edits import Edit
from strongroom.validator.marks import Mark, Proposal, Span
from strongroom.validator.parts import Authentication
from strongroom.validator.plain import kind_of, sound_text


def wrong_choices(authentication: Authentication, field: str, what: str) -> Iterator[Mark]:
    """Mark a value of `field` that is not one of its words.

    A template in its place is not judged. `what` describes the expected value: "a signing algorithm".
    """
    known, config = authentication.known, authentication.config
    fact = known.fields.get(field) if known is not None else None
    if config is None or fact is None:
        return
    value = config.data.get(field)
    if _is_judged(value) and value not in fact.allowed:
        message = wrong_choice(str(value), fact.allowed, what)
        text = sound_text(value)
        proposals = case_proposal(text, fact.allowed, (0, len(text))) if text is not None else ()
        yield config.mark(message, field, proposals=proposals)


def wrong_choice(found: str, allowed: Iterable[str], what: str) -> str:
    """Return the message about a word that is none of those allowed."""
    return f"`{found}` is not {what}. Use one of {', '.join(allowed)}."


def case_proposal(found: str, allowed: Iterable[str], span: Span) -> tuple[Proposal, ...]:
    """Return the proposal for a word that is right but for case or blanks.

    The blanks are around it. The word is written at `span`.
    """
    same = [known for known in allowed if known.lower() == found.strip().lower()]
    if not same:
        return ()
    return (Proposal(f"Change to {same[0]}", (Edit(*span, same[0]),), True),)


def _is_judged(value: object) -> bool:
    text = sound_text(value)
    return (bool(text) and not has_tags(text)) if text is not None else kind_of(value) == "number"
