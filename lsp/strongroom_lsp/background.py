"""What goes on beside the client's messages: the index, watching files, the client's configuration, refreshing.

Begun a moment after the handshake, so that none of it stands between the start and the first diagnostics.
"""

import os
from collections.abc import Callable
from typing import Any, Final

from strongroom.workspace.rename_journal import is_any_interrupted
from strongroom_lsp.commands.child import Child, EndedChild
from strongroom_lsp.index.workspace_index import IndexedWorkspace
from strongroom_lsp.protocol.conversation import INFO
from strongroom_lsp.services import CommandServices
from strongroom_lsp.status import Status

WATCHED: Final = (
    "**/*connectors.json",
    "**/*connectors_registry.json",
    "**/*.tests.toml",
    "**/strongroom.toml",
    "**/strongroom.names.json",
)
"""What the client is asked to tell of when it changes on the disk. The vault lies elsewhere and is watched by us."""

FOLDERS: Final = {"globPattern": "**/*", "kind": 1 | 4}
"""What is created and deleted: of a moved folder a client tells by its own name, and of none of the files in it."""


class Background:
    """The background of one services."""

    def __init__(
        self,
        services: CommandServices,
        configure: Callable[[object], object],
        check_cases: Callable[[], object],
    ) -> None:
        self._services = services
        self._configure = configure
        self._check_cases = check_cases
        self.index = IndexedWorkspace(services, self._was_indexed)
        self.status = Status(services)

    def start(self) -> None:
        """Register what the client can do for us, ask for its configuration, and index the workspace."""
        services = self._services
        if services.is_shut_down:
            return
        if registrations := self._registrations():
            services.ask("client/registerCapability", {"registrations": registrations})
        if services.client.configuration:
            self.ask_configuration()
        self.index.start()
        self.status.send()
        self.end_interrupted_renames()

    def ask_configuration(self) -> None:
        """Take over the client's section `strongroom`."""

        def take(answer: Any, is_result: bool) -> None:
            if is_result and isinstance(answer, list) and answer:
                self._configure(answer[0])

        self._services.ask("workspace/configuration", {"items": [{"section": "strongroom"}]}, take)

    def end_interrupted_renames(self) -> None:
        """Have the command line end what a dead process began, if any, and say how. It changes the vault."""
        services = self._services
        if not services.contexts.options.is_trusted or not is_any_interrupted():
            return
        vault = services.contexts.options.vault
        environment = {"STRONGROOM_VAULT": vault} if vault else {}
        folder = services.folders[0] if services.folders else os.getcwd()

        def done(ended: EndedChild) -> None:
            if ended.status == 0:
                for sentence in filter(None, ended.error.splitlines()):
                    services.say(INFO, sentence)

        Child(services.loop, ["secret", "rename", "--recover"], folder, environment, done)

    def refresh(self) -> None:
        """What is on the screen was made with other names or settings: ask the client to ask again."""
        client, services = self._services.client, self._services
        if client.pulls and client.refreshes_diagnostics:
            services.ask("workspace/diagnostic/refresh", None)
        if client.refreshes_hints:
            services.ask("workspace/inlayHint/refresh", None)
        self.refresh_lenses()
        self.status.send()

    def _was_indexed(self) -> None:
        """Every connector of the workspace is known now: tests of connectors that do not exist can be told."""
        self.refresh_lenses()
        self._check_cases()

    def refresh_lenses(self) -> None:
        """The numbers in the lenses may be others."""
        if self._services.client.refreshes_lenses:
            self._services.ask("workspace/codeLens/refresh", None)

    def _registrations(self) -> list[dict[str, Any]]:
        client = self._services.client
        wanted: list[tuple[str, dict[str, Any]]] = []
        if client.watches_files:
            watchers = [*({"globPattern": pattern} for pattern in WATCHED), FOLDERS]
            wanted.append(("workspace/didChangeWatchedFiles", {"watchers": watchers}))
        if client.watches_configuration:
            wanted.append(("workspace/didChangeConfiguration", {"section": "strongroom"}))
        return [
            {"id": f"strongroom-{method}", "method": method, "registerOptions": options}
            for method, options in wanted
        ]
