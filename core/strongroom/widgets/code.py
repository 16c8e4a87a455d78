"""Hold the text and the calls of a widget's file."""

from functools import cached_property
from typing import TYPE_CHECKING

from strongroom.text.lines import LineIndex
from strongroom.widgets.calls import Call
from strongroom.widgets.scripts import may_call, regions_of
from strongroom.widgets.values import Span

if TYPE_CHECKING:
    from strongroom.widgets.reading import ModuleText


class WidgetCode:
    """Hold one file: its name, its text, its calls and comments. Immutable.

    `problems` are the places of brackets without a partner. `module` gives the texts of the files that it imports.
    """

    def __init__(self, path: str, text: str, module: "ModuleText | None" = None) -> None:
        self.path = path
        self._module = module
        self.text = text
        self.calls: tuple[Call, ...] = ()
        self.comments: tuple[Span, ...] = ()
        self.problems: tuple[int, ...] = ()
        self.asks_for_modules = False
        """True if a call has an imported name, so that the result depends on another file, too."""
        if may_call(text):
            # Late, because most runs of `check` see no code.
            from strongroom.widgets.reading import CallReader

            reader = CallReader(text, regions_of(path, text), module)
            self.calls = tuple(reader.calls())
            self.comments = tuple(reader.tokens.comments)
            self.problems = tuple(reader.tokens.strays)
            self.asks_for_modules = reader.asks_for_modules

    @cached_property
    def lines(self) -> LineIndex:
        """Return the lines of the text."""
        return LineIndex(self.text)

    def replace_text(self, text: str) -> "WidgetCode":
        """Return the file with another text."""
        return self if text == self.text else WidgetCode(self.path, text, self._module)

    def template_at(self, offset: int) -> None:  # noqa: ARG002 - as a document has it
        """Return None: code has no templates of connectors."""
        return

    def call_at(self, offset: int) -> Call | None:
        """Return the innermost call that an offset is in, or None."""
        found = [call for call in self.calls if call.start <= offset <= call.end]
        return max(found, key=lambda call: call.start, default=None)
