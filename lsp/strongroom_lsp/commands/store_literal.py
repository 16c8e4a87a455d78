"""Store a written-out credential as a secret, then reference it in the document.

The value is read by a child process, out of the text that it is given. The document is edited once the vault has the
secret, and stays as it is after a failure.
"""

from typing import Any

from lsprotocol import types

from strongroom.errors import StrongroomError
from strongroom.validator.fixing import apply_together
from strongroom.workspace.literals import LiteralCredential, literals_in
from strongroom_lsp.commands.child import EndedChild, run_child
from strongroom_lsp.documents.edits import document_edit
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.errors import RequestFailed
from strongroom_lsp.protocol.messages import look_up, text_at
from strongroom_lsp.services import CommandServices


class TextChanged(StrongroomError):  # noqa: N818 - what happened
    """Report that the text is not the one for which the action was offered."""


class StoredLiteral:
    """Store one credential, from the request to the edit."""

    def __init__(self, services: CommandServices, argument: Any, token: types.ProgressToken | None) -> None:
        self._services = services
        self._token = token
        self._name, self._community = text_at(argument, "name"), text_at(argument, "community")
        opened = services.documents.get(text_at(argument, "uri"))
        if opened is None or opened.version != look_up(argument, "version"):
            raise TextChanged("The text has changed since.", "Choose the action again; nothing was stored.")
        self._opened, self._version = opened, opened.version
        self._literal = _literal_at(opened, look_up(argument, "offset"))

    async def run(self) -> None:
        """Store the credential, and ask for the edit.

        Raises `RequestFailed` with the child's sentence.
        """
        ended = await self._stored()
        if ended.status:
            raise RequestFailed(ended.sentence)
        services, opened = self._services, self._opened
        services.take_names_over()
        if services.documents.get(opened.uri) is not opened or opened.version != self._version:
            self._say_not_referenced()
            return
        fix = self._literal.fix(self._name)
        edit = document_edit(opened, apply_together(opened.document, [fix]).edits, services.client)
        params = types.ApplyWorkspaceEditParams(edit, label=fix.title)
        services.ask(types.WORKSPACE_APPLY_EDIT, params, self._answered)

    async def _stored(self) -> EndedChild:
        services, document = self._services, self._opened.document
        line, column = document.lines.position(self._literal.start)
        place = f"-:{line + 1}:{column + 1}"
        arguments = [
            "secret",
            "add",
            f"--community={self._community}",
            f"--literal={place}",
            "--",
            self._name,
        ]
        vault = services.contexts.options.vault
        folder = services.contexts.of(self._opened.path).settings.folder
        environment = {"STRONGROOM_VAULT": vault} if vault else {}
        progress = services.show_progress(f"Storing {self._name}", self._token)
        try:
            given = document.text.encode("utf-8", "replace")
            return await run_child(services, arguments, folder, environment, given=given)
        finally:
            progress.end()

    def _answered(self, answer: Any, is_result: bool) -> None:
        if not is_result or not answer.applied:
            self._say_not_referenced()

    def _say_not_referenced(self) -> None:
        self._services.say(
            types.MessageType.Warning,
            f"The secret {self._name} is stored, but its value is still written out, because the text has changed. "
            f"Replace it by hand: {{{{ get_secret('{self._name}') }}}}.",
        )


def _literal_at(opened: OpenDocument, offset: object) -> LiteralCredential:
    for literal in literals_in(opened.document):
        if literal.start == offset:
            return literal
    raise TextChanged("No credential is written out here.", "Choose the action again; nothing was stored.")
