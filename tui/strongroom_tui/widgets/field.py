"""A line to type in whose keys take effect in the order in which they were pressed."""

from textual import events
from textual.widgets import Input


class Field(Input):
    """Textual's input, with its editing keys done at once.

    By way of the bindings they pass through every widget above first: what is typed after ctrl+u in one burst, as
    over a slow line, would come before it and be deleted.
    """

    async def on_key(self, event: events.Key) -> None:
        """Edit, where the key is one of the input's own."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if await self.app.run_action(binding.action, self):
                event.stop()
                return
