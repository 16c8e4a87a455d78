"""Show the parameters of a function or filter while its call is written."""

import re
from typing import Final, NamedTuple

from lsprotocol import types

from strongroom.document import Template
from strongroom.document.template_lexer import tokenize
from strongroom.platform.template_names import FUNCTIONS, PLATFORM_FILTERS
from strongroom_lsp.documents.jinja_filters import JINJA_FILTER_SIGNATURES
from strongroom_lsp.features.completing.template_words import document_word
from strongroom_lsp.features.request_targets import markup, place_of
from strongroom_lsp.services import Services

_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}
_ARGUMENTS: Final = re.compile(r"\((.*)\)\Z", re.DOTALL)


class _OpenBracket(NamedTuple):
    """Hold a bracket that is open at the cursor, and what it calls."""

    mark: str
    name: str
    is_filter: bool


def signature_help(services: Services, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    """Answer `textDocument/signatureHelp`."""
    place = place_of(services, params)
    if place is None:
        return None
    opened, offset = place
    template = opened.document.template_at(offset)
    if template is None or _is_name_complete(template, template.from_source(offset)):
        return None
    call = _call_at(template.text[: template.from_source(offset)])
    if call is None:
        return None
    name, is_filter, argument = call
    signature = _signature(name, is_filter)
    if signature is None:
        return None
    parameters = _parameters(signature)
    is_markdown = services.client.markdown_signature
    information = types.SignatureInformation(
        label=signature,
        documentation=markup(document_word(name, is_markdown), is_markdown),
        parameters=[types.ParameterInformation(place) for place in parameters],
    )
    active = min(argument, max(len(parameters) - 1, 0))
    return types.SignatureHelp([information], active_signature=0, active_parameter=active)


def _is_name_complete(template: Template, here: int) -> bool:
    """Return True if the cursor is in the complete name of a secret or variable.

    Completion and hover of the name matter more there.
    """
    return any(call.name and call.argument[0] <= here <= call.argument[1] for call in template.content.calls)


def _call_at(head: str) -> tuple[str, bool, int] | None:
    """Return the call that is open at the end of `head`, and its argument.

    The result is the name, True for a filter, and the number of the argument that is being written.
    """
    tokens = tokenize(head)
    stack: list[_OpenBracket] = []
    arguments: list[int] = []
    before = [("", None), ("", None)]
    for token in tokens:
        kind = token.type
        if kind in ("{{", "{%", "}}", "%}", "data"):
            stack.clear()
            arguments.clear()
        elif kind in _BRACKETS.values():
            called = before[-1][1] if kind == "(" and before[-1][0] == "name" else ""
            stack.append(_OpenBracket(kind, str(called or ""), before[-2][0] == "|"))
            arguments.append(0)
        elif kind in _BRACKETS and stack:
            stack.pop()
            arguments.pop()
        elif kind == "," and stack:
            arguments[-1] += 1
        before = [before[-1], (kind, token.value)]
    for entry, argument in zip(reversed(stack), reversed(arguments), strict=True):
        if entry.mark == "(" and entry.name:
            return entry.name, entry.is_filter, argument
    return None


def _signature(name: str, is_filter: bool) -> str | None:
    if not is_filter:
        return FUNCTIONS[name].signature if name in FUNCTIONS else None
    if name in PLATFORM_FILTERS:
        return PLATFORM_FILTERS[name].signature
    return JINJA_FILTER_SIGNATURES.get(name)


def _parameters(signature: str) -> list[tuple[int, int]]:
    """Return the start and end of each parameter in the signature."""
    found = _ARGUMENTS.search(signature)
    if found is None or not found.group(1):
        return []
    places, at = [], found.start(1)
    for part in found.group(1).split(","):
        start = at + len(part) - len(part.lstrip())
        places.append((start, at + len(part)))
        at += len(part) + 1
    return places
