"""Return the text of an open document as the server has it.

A client compares it with its own text to find out where the two differ.
"""

from strongroom_lsp.protocol.errors import InvalidParams
from strongroom_lsp.services import Services


def document_text(services: Services, params: object) -> dict[str, int | str]:
    """Answer `strongroom/documentText`, a method of this server.

    Because the protocol does not have the method, both sides are plain JSON.
    """
    match params:
        case {"textDocument": {"uri": str(uri)}}:
            opened = services.documents.get(uri)
        case _:
            raise InvalidParams("textDocument.uri must be a string")
    if opened is None:
        raise InvalidParams(f"{uri} is not open")
    return {"version": opened.version, "text": opened.document.text}
