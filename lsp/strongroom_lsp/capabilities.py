"""What the client can do, and what we tell it that we can."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from strongroom.version import __version__

from .positions import choose_encoding

FIX_ALL = "source.fixAll.strongroom"
QUICK_FIX = "quickfix"


def look_up(data: object, *path: str) -> Any:
    """The value at `path` inside nested JSON objects, or None where a step is missing or no object."""
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _is_markdown(formats: object) -> bool:
    return isinstance(formats, list) and "markdown" in formats


class Client(NamedTuple):
    """The client's abilities that change what we send (LSP 3.17, `ClientCapabilities`)."""

    encoding: str = "utf-16"
    related_information: bool = False
    code_description: bool = False
    diagnostic_data: bool = False
    diagnostic_tags: bool = False
    document_changes: bool = False
    label_details: bool = False
    snippets: bool = False
    markdown_hover: bool = False
    markdown_completion: bool = False
    preferred_actions: bool = False
    literal_actions: bool = False

    @classmethod
    def of(cls, capabilities: object) -> "Client":
        """Read them from the `capabilities` of an initialize request; whatever is malformed counts as absent."""
        document = look_up(capabilities, "textDocument")
        published = look_up(document, "publishDiagnostics")
        item = look_up(document, "completion", "completionItem")
        offered = look_up(capabilities, "general", "positionEncodings")
        return cls(
            encoding=choose_encoding(offered if isinstance(offered, list) else ()),
            related_information=look_up(published, "relatedInformation") is True,
            code_description=look_up(published, "codeDescriptionSupport") is True,
            diagnostic_data=look_up(published, "dataSupport") is True,
            diagnostic_tags=bool(look_up(published, "tagSupport")),
            document_changes=look_up(capabilities, "workspace", "workspaceEdit", "documentChanges") is True,
            label_details=look_up(item, "labelDetailsSupport") is True,
            snippets=look_up(item, "snippetSupport") is True,
            markdown_hover=_is_markdown(look_up(document, "hover", "contentFormat")),
            markdown_completion=_is_markdown(look_up(item, "documentationFormat")),
            preferred_actions=look_up(document, "codeAction", "isPreferredSupport") is True,
            literal_actions=bool(look_up(document, "codeAction", "codeActionLiteralSupport")),
        )


def initialize_result(encoding: str) -> dict[str, Any]:
    """The answer to `initialize`.

    Written out, so that it can be sent before pygls is imported; a test holds it against what pygls would
    answer for the features that are registered. Diagnostics are pushed to every client and no
    `diagnosticProvider` is offered: a change of the vault must reach the screen although nothing was typed,
    and a client that were also asked to pull would show each finding twice.
    """
    return {
        "capabilities": {
            "positionEncoding": encoding,
            "textDocumentSync": {"openClose": True, "change": 2, "save": False},
            "completionProvider": {
                "triggerCharacters": ["'", '"', "("],
                "completionItem": {"labelDetailsSupport": True},
            },
            "hoverProvider": True,
            "codeActionProvider": {"codeActionKinds": [QUICK_FIX, FIX_ALL], "resolveProvider": False},
            "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
        },
        "serverInfo": {"name": "strongroom", "version": __version__},
    }
