"""Complete names, words of templates, and the JSON around them.

An item is documented when the client asks for it.
"""

from typing import Final

from lsprotocol import types

from strongroom.names import Names
from strongroom_lsp.features.completing.item_data import NAME, TEXT, WORD, ItemData
from strongroom_lsp.features.completing.json_completion import complete_json
from strongroom_lsp.features.completing.name_completion import complete_names, document_name
from strongroom_lsp.features.completing.template_words import complete_words, document_word
from strongroom_lsp.features.request_targets import markup, offers_keys, place_of
from strongroom_lsp.services import Services

_OF_NAMES: Final = ("'", "(")
"""Characters that are typed for a name. A list of anything else would be in the way."""


def completion(services: Services, params: types.CompletionParams) -> types.CompletionList | None:
    """Answer `textDocument/completion`."""
    place = place_of(services, params)
    if place is None:
        return None
    (opened, offset), client = place, services.client
    typed = params.context.trigger_character if params.context is not None else None
    names = services.context_of(opened).names
    items = complete_names(opened, offset, names, client)
    if not items and typed not in _OF_NAMES:
        items = complete_words(opened, offset, client)
    if not items and typed in (None, '"'):
        items = complete_json(opened, offset, client, with_keys=offers_keys(services, opened))
    if not client.resolves_documentation:
        for item in items:
            _document(services, item, names)
    return types.CompletionList(is_incomplete=False, items=items)


def resolve(services: Services, item: types.CompletionItem) -> types.CompletionItem:
    """Answer `completionItem/resolve` with the item and its documentation."""
    data = ItemData.of(item)
    opened = services.documents.get(data.uri)
    if opened is not None:
        _document(services, item, services.context_of(opened).names)
    return item


def _document(services: Services, item: types.CompletionItem, names: Names) -> None:
    """Give an item its documentation, if there is any."""
    is_markdown = services.client.markdown_completion
    data, text = ItemData.of(item), ""
    if data.kind == NAME and (entry := names.get(data.text)) is not None:
        text = document_name(services, entry, is_markdown)
    elif data.kind == WORD:
        text = document_word(data.text, is_markdown)
    elif data.kind == TEXT:
        text = data.text
    if text:
        item.documentation = markup(text, is_markdown)
