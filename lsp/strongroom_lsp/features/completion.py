"""Complete names, words of templates, and the JSON around them.

An item is documented when the client asks for it.
"""

from typing import Any, Final

from strongroom.names import Names
from strongroom_lsp.features.json_completion import complete_json
from strongroom_lsp.features.name_completion import complete_names, document_name
from strongroom_lsp.features.request_targets import markup, offers_keys, place_of
from strongroom_lsp.features.template_words import complete_words, document_word
from strongroom_lsp.protocol.capabilities import look_up
from strongroom_lsp.services import Services

Item = dict[str, Any]

_OF_NAMES: Final = ("'", "(")
"""Characters that are typed for a name. A list of anything else would be in the way."""


def answer(services: Services, params: Any) -> object:
    """Answer `textDocument/completion`."""
    place = place_of(services, params)
    if place is None:
        return None
    (opened, offset), client = place, services.client
    typed = look_up(params, "context", "triggerCharacter")
    names = services.context_of(opened).names
    items = complete_names(opened, offset, names, client)
    if not items and typed not in _OF_NAMES:
        items = complete_words(opened, offset, client)
    if not items and typed in (None, '"'):
        items = complete_json(opened, offset, client, with_keys=offers_keys(services, opened))
    if client.resolves_documentation:
        for item in items:
            item.setdefault("data", {})["uri"] = opened.uri
    else:
        items = [_documented(services, item, names) for item in items]
    return {"isIncomplete": False, "items": items}


def resolve(services: Services, params: Any) -> object:
    """Answer `completionItem/resolve` with the item and its documentation."""
    if not isinstance(params, dict):
        return None
    uri = look_up(params, "data", "uri")
    opened = services.documents.get(uri) if isinstance(uri, str) else None
    if opened is None:
        return params
    return _documented(services, params, services.context_of(opened).names)


def _documented(services: Services, item: Item, names: Names) -> Item:
    is_markdown = services.client.markdown_completion
    kind, name = look_up(item, "data", "kind"), look_up(item, "data", "name")
    text = ""
    if kind == "name" and isinstance(name, str) and (entry := names.get(name)) is not None:
        text = document_name(services, entry, is_markdown)
    elif kind == "word" and isinstance(name, str):
        text = document_word(name, is_markdown)
    elif kind == "text":
        text = str(look_up(item, "data", "text") or "")
    return {**item, "documentation": markup(text, is_markdown)} if text else item
