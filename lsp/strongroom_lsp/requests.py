"""The requests, served by pygls: the one module that imports it, and that only when it is needed.

pygls decodes a request into lsprotocol's types, finds its feature, and encodes the answer. It is not given the
initialize request nor any document: `session.py` has answered the one and keeps the others.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from strongroom.version import __version__

from .capabilities import FIX_ALL, QUICK_FIX
from .code_actions import fix_all, quick_fixes, wants
from .completion import complete
from .hover import hover
from .messages import InvalidParams
from .open_documents import OpenDocument
from .publishing import findings_of, is_ours
from .session import Session
from .transport import Message
from .words import complete_words

# What pygls logs may quote a document; what went wrong is said to the client or by the session.
logging.getLogger("pygls").setLevel(logging.CRITICAL)


class PyglsRequests:
    """Serves requests on the documents of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.server = LanguageServer("strongroom", __version__)
        self.server.protocol.set_writer(session.writer)
        features: dict[str, Callable[[Any], object]] = {
            types.TEXT_DOCUMENT_COMPLETION: self._completion,
            types.TEXT_DOCUMENT_HOVER: self._hover,
            types.TEXT_DOCUMENT_CODE_ACTION: self._code_action,
        }
        options: dict[str, object] = {
            types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(
                trigger_characters=["'", '"', "("],
                completion_item=types.ServerCompletionItemOptions(label_details_support=True),
            ),
            types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
                code_action_kinds=[QUICK_FIX, FIX_ALL], resolve_provider=False
            ),
        }
        for method, feature in features.items():
            # partial: pygls marks what it is given, and a bound method takes no marks.
            register: Callable[[Callable[[Any], object]], object] = self.server.feature(
                method, options.get(method)
            )
            register(partial(feature))

    def handle(self, message: Message) -> None:
        """Serve one request. Raises `InvalidParams` where its parameters are not the protocol's."""
        protocol = self.server.protocol
        try:
            request = protocol.structure_message(message)
        except JsonRpcException as error:
            raise InvalidParams("the parameters are not what the protocol asks for") from error
        protocol.handle_message(request)

    # -- features ----------------------------------------------------------------------------------------------

    def _completion(self, params: types.CompletionParams) -> types.CompletionList | None:
        if (opened := self._ours(params.text_document)) is None:
            return None
        names, client = self._session.surroundings_of(opened).names, self._session.client
        offset = _offset(opened, params.position)
        items = complete(opened, offset, names, client)
        # A quote or parenthesis was typed for a name; a list of functions would only be in the way.
        typed = params.context is not None and params.context.trigger_character
        if not items and not typed:
            items = complete_words(opened, offset, client)
        return types.CompletionList(is_incomplete=False, items=items)

    def _hover(self, params: types.HoverParams) -> types.Hover | None:
        if (opened := self._ours(params.text_document)) is None:
            return None
        names = self._session.surroundings_of(opened).names
        return hover(opened, _offset(opened, params.position), names, self._session.client)

    def _code_action(self, params: types.CodeActionParams) -> list[types.CodeAction] | None:
        session = self._session
        if (opened := self._ours(params.text_document)) is None or not session.client.literal_actions:
            return None
        only = params.context.only
        findings = findings_of(opened, session.surroundings_of(opened))
        actions: list[types.CodeAction] = []
        if wants(only, QUICK_FIX):
            actions += quick_fixes(opened, params.context.diagnostics, findings, session.client)
        if wants(only, FIX_ALL) and (action := fix_all(opened, findings, session.client)):
            actions.append(action)
        return actions

    def _ours(self, document: types.TextDocumentIdentifier) -> OpenDocument | None:
        """The open connector file of this uri, or None for any other."""
        opened = self._session.documents.get(document.uri)
        return opened if opened is not None and is_ours(opened) else None


def _offset(opened: OpenDocument, position: types.Position) -> int:
    return opened.positions.offset(position.line, position.character)
