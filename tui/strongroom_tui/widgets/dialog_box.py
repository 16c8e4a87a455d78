"""Frame a dialog, with clickable keys in the lower border."""

from typing import Final

from rich.cells import cell_len
from textual import events
from textual.containers import Vertical
from textual.content import Content

SEPARATOR: Final = " · "

PRESSED: Final = {"⏎": "enter", "esc": "escape", "space": "space", "tab": "tab"}
"""The labels that are not the key's own name. `^s` is ctrl+s."""


class DialogBox(Vertical):
    """Draw a framed box. `keys` are as people read them: `^s save · esc cancel`."""

    keys = ""
    _all_keys = ""

    def show_keys(self, keys: str) -> None:
        """Write the keys into the lower border."""
        self._all_keys = keys
        self._fit_keys()

    def on_resize(self) -> None:
        """Show as many of the keys as fit."""
        self._fit_keys()

    def _fit_keys(self) -> None:
        # Keys that do not fit are left out from before the last, because the last is the way out.
        parts = self._all_keys.split(SEPARATOR)
        room = self.outer_size.width - 6 if self.outer_size.width else cell_len(self._all_keys)
        while len(parts) > 1 and cell_len(SEPARATOR.join(parts)) > room:
            del parts[-2]
        self.keys = SEPARATOR.join(parts)
        self.border_subtitle = Content(self.keys)

    def on_click(self, event: events.Click) -> None:
        """Press the key whose words are under the mouse."""
        # The words end before a blank, a piece of the line and the corner.
        start = self.outer_size.width - 3 - cell_len(self.keys)
        if event.y != self.outer_size.height - 1 or event.x < start:
            return
        at = start
        for part in self.keys.split(SEPARATOR):
            wide = cell_len(part)
            if at <= event.x < at + wide:
                self._press(key_of(part.split(" ")[0]))
                event.stop()
            at += wide + cell_len(SEPARATOR)

    def _press(self, key: str) -> None:
        pressed = events.Key(key, None)
        pressed.set_sender(
            self.app
        )  # if this box were the sender, it would not pass the key on to the dialog
        self.app.post_message(pressed)


def key_of(label: str) -> str:
    """Return the Textual name of a key as it is written on screen."""
    if label.startswith("^"):
        return f"ctrl+{label[1:]}"
    return PRESSED.get(label, label)
