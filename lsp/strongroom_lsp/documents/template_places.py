"""Find tokens and words at an offset inside a template."""

from typing import NamedTuple

from strongroom.document import Document
from strongroom.document.template_lexer import Token, tokenize
from strongroom.platform.template_names import CONTEXT_NAMES, FILTERS, FUNCTIONS, PLATFORM_FILTERS
from strongroom_lsp.documents.jinja_filters import JINJA_FILTER_SIGNATURES


class Word(NamedTuple):
    """Hold a function, context name or filter, its signature and source offsets."""

    name: str
    signature: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a template's text and its comments, in order."""
    comments: list[Token] = []
    tokens = tokenize(text, comments)
    return sorted([*tokens, *comments], key=lambda token: token.start) if comments else tokens


def word_at(document: Document, offset: int) -> Word | None:
    """Return the function, context name or filter at the offset.

    A name that the template itself sets does not count.
    """
    template = document.template_at(offset)
    if template is None or template.is_damaged:
        return None
    at = template.from_source(offset)
    previous = Token("data", 0, 0)
    for token in tokenize(template.text):
        if token.type == "name" and token.start <= at <= token.end:
            signature = _signature(token.value, previous.type)
            if signature is None or token.value in template.parsed.stores:
                return None
            return Word(
                token.value, signature, template.to_source(token.start), template.to_source(token.end)
            )
        if token.start > at:
            break
        previous = token
    return None


def _signature(name: str, before: str) -> str | None:
    if before == "|":
        if name in PLATFORM_FILTERS:
            return PLATFORM_FILTERS[name].signature
        return JINJA_FILTER_SIGNATURES.get(name) if name in FILTERS else None
    if before == ".":
        return None
    described = FUNCTIONS.get(name) or CONTEXT_NAMES.get(name)
    return described.signature if described is not None else None
