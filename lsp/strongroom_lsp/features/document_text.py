"""Return the text of an open document as the server has it.

A client compares it with its own text to find out where the two differ.
"""

from typing import Any

from strongroom_lsp.protocol.messages import InvalidParams, text_at
from strongroom_lsp.services import Services


def answer(services: Services, params: Any) -> object:
    """Answer `strongroom/documentText`."""
    uri = text_at(params, "textDocument", "uri")
    opened = services.documents.get(uri)
    if opened is None:
        raise InvalidParams(f"{uri} is not open")
    return {"version": opened.version, "text": opened.document.text}
