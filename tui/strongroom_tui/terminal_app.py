"""Give the terminal to other programs, and leave it, after masking every value."""

import os
import sys
from collections.abc import Sequence
from functools import cached_property

from textual.events import Key

from strongroom.errors import StrongroomError
from strongroom_tui.frame.key_queue import TakesText
from strongroom_tui.frame.outside import Outside
from strongroom_tui.model.text.words import key_label
from strongroom_tui.vault_app import VaultApp
from strongroom_tui.widgets.dialog import Dialog


class TerminalApp(VaultApp):
    """Share its terminal with other programs and with the shell."""

    @cached_property
    def outside(self) -> Outside:
        """Return what gives the terminal away: to other programs and to the shell."""
        return Outside(self, self._leave_by)

    # -- other programs, the shell ----------------------------------------------------------

    def run_outside(self, command: Sequence[str], way_out: str = "") -> None:
        """Give the terminal to another program until it ends. Show an error if it fails."""
        self.hide_values()
        try:
            self.outside.run(command, way_out)
        except StrongroomError as error:
            self.complain(error)

    def edit_outside(self, text: str, name: str) -> str:
        """Return `text` as the person changes it in an editor, in a file named `name`.

        If the editor fails, show why and return `text` as it is.
        """
        from strongroom_tui.backend.editor import editor_here

        self.hide_values()
        try:
            return self.outside.edit(text, lambda path: editor_here(path, 1, 1, os.environ), name)
        except StrongroomError as error:
            self.complain(error)
            return text

    def action_suspend(self) -> None:
        """Stop, as a shell's ctrl+z does. `fg` comes back."""
        self.hide_values()
        if self._driver is None or not self._driver.can_suspend or not self.outside.suspend():
            self.say(f"no shell waits for this app, so it was not stopped · {self._quit_key} quits")

    def _leave_by(self, number: int) -> None:
        """Leave because of a signal."""
        self.hide_values()
        self.exit(return_code=128 + number)

    # -- quitting -----------------------------------------------------------------------------

    async def action_quit(self) -> None:
        """Lock and leave. Ask first if something was typed and not saved."""
        from strongroom_tui.dialogs.confirm import Confirm
        from strongroom_tui.dialogs.input_dialog import InputDialog

        dialogs = [screen for screen in self.screen_stack if isinstance(screen, InputDialog)]
        typed = [field for dialog in dialogs for field in dialog.typed_fields()]
        if not typed:
            self._quit()
        elif not isinstance(self.screen, Confirm):
            lines = (f"Typed and not saved: {', '.join(typed)}.",)
            question = Confirm("Quit, and throw away what you typed?", lines, "quit", "go on typing")
            self.push_screen(question, lambda answer: self._quit() if answer else None)

    def _quit(self) -> None:
        self.hide_values()
        self.exit(0)

    def action_help_quit(self) -> None:
        """Say which key quits. Because people press ctrl+c, that key says so."""
        self.say(f"{self._quit_key} quits")

    @property
    def _quit_key(self) -> str:
        # A letter would be text in a field.
        keys = next(action.keys for action in self.actions if action.id == "quit")
        focused: object = self.focused
        typing = isinstance(focused, TakesText) and focused.edits(Key(keys[0], keys[0]))
        return key_label(keys[-1] if typing else keys[0])

    async def on_unmount(self) -> None:
        """Clear the clipboard, whatever ended the app. The vault's thread locks itself."""
        await self.clear_clipboard()

    async def _shutdown(self) -> None:
        # Textual takes the widgets away first, and only then ends the work that still uses them.
        self.key_queue.end()
        self.workers.cancel_all()
        await super()._shutdown()

    # -- nothing secret leaves ----------------------------------------------------------------

    def hide_values(self) -> None:
        """Mask every value that is shown."""
        self.secrets.conceal()
        for screen in self.screen_stack:
            if isinstance(screen, Dialog):
                screen.hide_value()

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return a picture of the screen, after masking every value."""
        self.hide_values()
        return super().export_screenshot(title=title, simplify=simplify)

    def _fatal_error(self) -> None:
        from strongroom.crash import write_crash

        # Textual's own version prints every local variable of every frame.
        error = sys.exc_info()[1] or self._exception or RuntimeError()
        self._exit_renderables.append(f"strongroom: {write_crash(error, 'terminal app')}")
        self._close_messages_no_wait()
