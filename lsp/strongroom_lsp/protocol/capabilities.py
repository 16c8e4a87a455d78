"""Read the client's capabilities, and name the token types that the server sends."""

from typing import Final, NamedTuple

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder, get_capability

from strongroom_lsp.protocol.messages import look_up

FIX_ALL: Final = "source.fixAll.strongroom"
QUICK_FIX: Final = "quickfix"

TOKEN_TYPES: Final = (
    "function", "variable", "property", "string", "number", "operator", "keyword", "comment", "parameter",
    "macro",
)  # fmt: skip
"""The types of semantic tokens, all from the protocol. A type is sent as its index."""

TOKEN_MODIFIERS: Final = ("definition", "readonly", "defaultLibrary", "deprecated")


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
    def of(cls, capabilities: types.ClientCapabilities) -> "Client":
        """Read the capabilities of an initialize request."""

        def has(path: str) -> bool:
            return get_capability(capabilities, path) is True

        def takes_markdown(path: str) -> bool:
            return types.MarkupKind.Markdown in (get_capability(capabilities, path) or ())

        item = "text_document.completion.completion_item"
        published = get_capability(capabilities, "text_document.publish_diagnostics")
        refreshes = has("workspace.diagnostics.refresh_support")
        pulls = get_capability(capabilities, "text_document.diagnostic") is not None
        actions = get_capability(capabilities, "text_document.code_action")
        resolved = get_capability(capabilities, f"{item}.resolve_support.properties") or ()
        commands = look_up(capabilities.experimental, "commands", "commands")
        encoding = ServerCapabilitiesBuilder.choose_position_encoding(capabilities)
        return cls(
            encoding=str(getattr(encoding, "value", encoding)),
            related_information=has("text_document.publish_diagnostics.related_information"),
            code_description=has("text_document.publish_diagnostics.code_description_support"),
            diagnostic_tags=bool(
                get_capability(capabilities, "text_document.publish_diagnostics.tag_support")
            ),
            pulls=pulls and (refreshes or published is None),
            refreshes_diagnostics=refreshes,
            document_changes=has("workspace.workspace_edit.document_changes"),
            label_details=has(f"{item}.label_details_support"),
            snippets=has(f"{item}.snippet_support"),
            resolves_documentation="documentation" in resolved,
            markdown_hover=takes_markdown("text_document.hover.content_format"),
            markdown_completion=takes_markdown(f"{item}.documentation_format"),
            markdown_signature=takes_markdown(
                "text_document.signature_help.signature_information.documentation_format"
            ),
            preferred_actions=has("text_document.code_action.is_preferred_support"),
            # A client that says nothing about code actions and asks for them is a script, not an old client.
            literal_actions=actions is None or actions.code_action_literal_support is not None,
            hierarchical_symbols=has("text_document.document_symbol.hierarchical_document_symbol_support"),
            definition_links=has("text_document.definition.link_support"),
            configuration=has("workspace.configuration"),
            watches_files=has("workspace.did_change_watched_files.dynamic_registration"),
            watches_configuration=has("workspace.did_change_configuration.dynamic_registration"),
            progress=has("window.work_done_progress"),
            shows_documents=has("window.show_document.support"),
            applies_edits=has("workspace.apply_edit"),
            refreshes_lenses=has("workspace.code_lens.refresh_support"),
            refreshes_hints=has("workspace.inlay_hint.refresh_support"),
            commands=frozenset(name for name in commands if isinstance(name, str))
            if isinstance(commands, list)
            else frozenset(),
        )
