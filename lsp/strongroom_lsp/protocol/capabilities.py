"""Read the client's capabilities, and give the server's."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from strongroom.version import __version__
from strongroom_lsp.protocol.positions import choose_encoding

FIX_ALL: Final = "source.fixAll.strongroom"
QUICK_FIX: Final = "quickfix"

COMMANDS: Final = ("strongroom.testConnection", "strongroom.createSecret", "strongroom.renameInFiles")
"""The commands of `workspace/executeCommand`."""

TOKEN_TYPES: Final = (
    "function", "variable", "property", "string", "number", "operator", "keyword", "comment", "parameter",
    "macro",
)  # fmt: skip
"""The types of semantic tokens, all from the protocol. A type is sent as its index."""

TOKEN_MODIFIERS: Final = ("definition", "readonly", "defaultLibrary", "deprecated")


def look_up(data: object, *path: str) -> Any:
    """Return the value at `path` in nested JSON objects, or None."""
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _has(data: object, *path: str) -> bool:
    return look_up(data, *path) is True


def _is_markdown(formats: object) -> bool:
    return isinstance(formats, list) and "markdown" in formats


class Client(NamedTuple):
    """Hold the client's capabilities that change what is sent to it.

    They are read from the `ClientCapabilities` of LSP 3.17.
    """

    encoding: str = "utf-16"
    related_information: bool = False
    code_description: bool = False
    diagnostic_tags: bool = False
    pulls: bool = False
    """The client pulls diagnostics, and can be asked to do so again or takes no pushed ones. None are pushed then."""
    refreshes_diagnostics: bool = False
    document_changes: bool = False
    label_details: bool = False
    snippets: bool = False
    resolves_documentation: bool = False
    markdown_hover: bool = False
    markdown_completion: bool = False
    markdown_signature: bool = False
    preferred_actions: bool = False
    literal_actions: bool = False
    hierarchical_symbols: bool = False
    definition_links: bool = False
    prepares_rename: bool = False
    configuration: bool = False
    watches_files: bool = False
    watches_configuration: bool = False
    progress: bool = False
    shows_documents: bool = False
    applies_edits: bool = False
    refreshes_lenses: bool = False
    refreshes_hints: bool = False
    commands: frozenset[str] = frozenset()
    """The commands that the client runs itself (`experimental.commands.commands`, as in other servers)."""

    @classmethod
    def of(cls, capabilities: object) -> "Client":
        """Read the `capabilities` of an initialize request.

        A malformed capability counts as missing.
        """
        document = look_up(capabilities, "textDocument")
        workspace = look_up(capabilities, "workspace")
        published = look_up(document, "publishDiagnostics")
        item = look_up(document, "completion", "completionItem")
        signature = look_up(document, "signatureHelp", "signatureInformation", "documentationFormat")
        offered = look_up(capabilities, "general", "positionEncodings")
        resolved = look_up(item, "resolveSupport", "properties")
        commands = look_up(capabilities, "experimental", "commands", "commands")
        pulls = isinstance(look_up(document, "diagnostic"), Mapping)
        refreshes = _has(workspace, "diagnostics", "refreshSupport")
        actions = look_up(document, "codeAction")
        return cls(
            encoding=choose_encoding(offered if isinstance(offered, list) else ()),
            related_information=_has(published, "relatedInformation"),
            code_description=_has(published, "codeDescriptionSupport"),
            diagnostic_tags=bool(look_up(published, "tagSupport")),
            pulls=pulls and (refreshes or published is None),
            refreshes_diagnostics=refreshes,
            document_changes=_has(workspace, "workspaceEdit", "documentChanges"),
            label_details=_has(item, "labelDetailsSupport"),
            snippets=_has(item, "snippetSupport"),
            resolves_documentation=isinstance(resolved, list) and "documentation" in resolved,
            markdown_hover=_is_markdown(look_up(document, "hover", "contentFormat")),
            markdown_completion=_is_markdown(look_up(item, "documentationFormat")),
            markdown_signature=_is_markdown(signature),
            preferred_actions=_has(actions, "isPreferredSupport"),
            # A client that says nothing about code actions and asks for them is a script, not an old client.
            literal_actions=actions is None or bool(look_up(actions, "codeActionLiteralSupport")),
            hierarchical_symbols=_has(document, "documentSymbol", "hierarchicalDocumentSymbolSupport"),
            definition_links=_has(document, "definition", "linkSupport"),
            prepares_rename=_has(document, "rename", "prepareSupport"),
            configuration=_has(workspace, "configuration"),
            watches_files=_has(workspace, "didChangeWatchedFiles", "dynamicRegistration"),
            watches_configuration=_has(workspace, "didChangeConfiguration", "dynamicRegistration"),
            progress=_has(capabilities, "window", "workDoneProgress"),
            shows_documents=_has(capabilities, "window", "showDocument", "support"),
            applies_edits=_has(workspace, "applyEdit"),
            refreshes_lenses=_has(workspace, "codeLens", "refreshSupport"),
            refreshes_hints=_has(workspace, "inlayHint", "refreshSupport"),
            commands=frozenset(name for name in commands if isinstance(name, str))
            if isinstance(commands, list)
            else frozenset(),
        )


def initialize_result(client: Client) -> dict[str, Any]:
    """Return the answer to `initialize`.

    A client that can be asked to request again pulls its diagnostics, and so does one that takes no pushed ones. To
    every other client they are pushed, because a change of the vault has to reach the screen although nothing was
    typed. No client gets both, because each finding would show twice.
    """
    # A client registers the commands in this list. One that it runs itself would be registered twice.
    ours = [name for name in COMMANDS if name not in client.commands]
    capabilities: dict[str, Any] = {
        "positionEncoding": client.encoding,
        "textDocumentSync": {"openClose": True, "change": 2, "save": False},
        "completionProvider": {
            "triggerCharacters": ["'", '"', "(", ".", "|", "{"],
            "resolveProvider": True,
            "completionItem": {"labelDetailsSupport": True},
        },
        "hoverProvider": True,
        "signatureHelpProvider": {"triggerCharacters": ["(", ","], "retriggerCharacters": [")"]},
        "codeActionProvider": {"codeActionKinds": [QUICK_FIX, FIX_ALL], "resolveProvider": False}
        if client.literal_actions
        else False,
        "definitionProvider": True,
        "referencesProvider": True,
        "documentHighlightProvider": True,
        "renameProvider": {"prepareProvider": True} if client.prepares_rename else True,
        "documentSymbolProvider": True,
        "workspaceSymbolProvider": True,
        "foldingRangeProvider": True,
        "selectionRangeProvider": True,
        "semanticTokensProvider": {
            "legend": {"tokenTypes": list(TOKEN_TYPES), "tokenModifiers": list(TOKEN_MODIFIERS)},
            "full": {"delta": True},
            "range": True,
        },
        "inlayHintProvider": True,
        "codeLensProvider": {"resolveProvider": False},
        "documentLinkProvider": {"resolveProvider": False},
        "executeCommandProvider": {"commands": ours, "workDoneProgress": True},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
    }
    if client.pulls:
        capabilities["diagnosticProvider"] = {
            "identifier": "strongroom",
            "interFileDependencies": False,
            "workspaceDiagnostics": True,
        }
    return {"capabilities": capabilities, "serverInfo": {"name": "strongroom", "version": __version__}}
