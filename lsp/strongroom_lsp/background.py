"""Do the work beside the client's messages.

The workspace is indexed, files and the client's configuration are watched, and the screen is refreshed. The
work begins a moment after the handshake, so that it does not delay the first diagnostics.
"""

import os
from collections.abc import Callable
from typing import Any, Final

from lsprotocol import types

from strongroom.workspace.rename_journal import is_any_interrupted
from strongroom_lsp.commands.child import Child, EndedChild
from strongroom_lsp.index.workspace_index import IndexedWorkspace
from strongroom_lsp.services import CommandServices
from strongroom_lsp.status import Status

WATCHED: Final = (
    "**/*connectors.json",
    "**/*connectors_registry.json",
    "**/*.tests.toml",
    "**/strongroom.toml",
    "**/strongroom.names.json",
)
"""Files that the client is asked to watch. The server watches the vault itself, because it is in no folder."""

SECTION: Final = "strongroom"
"""The part of the client's configuration that is ours."""

NAMES_AGE: Final = 3600.0
"""Seconds after which the names of an engine are read again."""

FOLDERS: Final = types.FileSystemWatcher("**/*", types.WatchKind.Create | types.WatchKind.Delete)
"""Everything created or deleted. Of a moved folder a client reports the folder only, and none of its files."""


class Background:
    """Do the background work of one client.

    `configure` takes the client's section `strongroom`, `check_cases` checks the open files of test cases again.
    """

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
        """Register what to watch, ask for configuration, and index the workspace."""
        services = self._services
        if services.is_shut_down:
            return
        if registrations := self._registrations():
            services.ask(types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams(registrations))
        if services.client.configuration:
            self.ask_configuration()
        self.index.start()
        self.status.send()
        self.end_interrupted_renames()
        self.read_shared_names()

    def ask_configuration(self) -> None:
        """Ask the client for its section `strongroom`, and apply it."""

        def take(answer: Any, is_result: bool) -> None:
            if is_result and answer:
                self._configure(answer[0])

        params = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
        self._services.ask(types.WORKSPACE_CONFIGURATION, params, take)

    def end_interrupted_renames(self) -> None:
        """Let the command line end the renames of a dead process, and show how.

        This changes the vault, so it is done in trusted folders only.
        """
        services = self._services
        if not services.contexts.options.is_trusted or not is_any_interrupted():
            return
        vault = services.contexts.options.vault
        environment = {"STRONGROOM_VAULT": vault} if vault else {}
        folder = services.folders[0] if services.folders else os.getcwd()

        def done(ended: EndedChild) -> None:
            if ended.status == 0:
                for sentence in filter(None, ended.error.splitlines()):
                    services.say(types.MessageType.Info, sentence)

        Child(services, ["secret", "rename", "--recover"], folder, environment, done)

    def read_shared_names(self) -> None:
        """Let the command line read the names of engines, now and every hour.

        It sends nothing to a host without an agreement. If the engine does not answer, the names that were read last
        stay. New ones are found like every change of what a context was read from.
        """
        services = self._services
        if services.is_shut_down:
            return
        context = services.contexts.of(None)
        for names in context.communities:
            if names.community in context.settings.backends:
                arguments = ["names", f"--community={names.community}"]
                Child(services, arguments, context.settings.folder, {}, lambda _: None)
        services.loop.call_later(NAMES_AGE, self.read_shared_names)

    def refresh(self) -> None:
        """Ask the client to request again what depends on names or settings."""
        client, services = self._services.client, self._services
        if client.pulls and client.refreshes_diagnostics:
            services.ask(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)
        if client.refreshes_hints:
            services.ask(types.WORKSPACE_INLAY_HINT_REFRESH, None)
        self.refresh_lenses()
        self.status.send()

    def _was_indexed(self) -> None:
        """Show what needs every connector: counts, and tests of missing connectors."""
        self.refresh_lenses()
        self._check_cases()

    def refresh_lenses(self) -> None:
        """Ask the client to request the lenses again, as their numbers may change."""
        if self._services.client.refreshes_lenses:
            self._services.ask(types.WORKSPACE_CODE_LENS_REFRESH, None)

    def _registrations(self) -> list[types.Registration]:
        """Return what to register. Only a client that offers it registers anything."""
        client = self._services.client
        wanted: list[tuple[str, Any]] = []
        if client.watches_files:
            watchers = [*map(types.FileSystemWatcher, WATCHED), FOLDERS]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            wanted.append((types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
        if client.watches_configuration:
            section = types.DidChangeConfigurationRegistrationOptions(SECTION)
            wanted.append((types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
        return [types.Registration(f"strongroom-{method}", method, options) for method, options in wanted]
