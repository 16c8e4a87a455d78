"""Show a connector and the inputs of its call. Check them while a person types."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Input, Label, Static

from strongroom.text.phrases import counted
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.runs.run_inputs import InputField, fields_for, problem
from strongroom_tui.model.text.words import one_line, shorten_middle, visible
from strongroom_tui.widgets.field import Field
from strongroom_tui.widgets.text_editor import TextField


class InputRow(Vertical):
    """Show one input with its label, and below the input the problem with it."""

    DEFAULT_CSS = """
    InputRow { height: auto; }
    InputRow Horizontal { height: auto; }
    InputRow Label { width: 11; color: $muted; }
    InputRow Input { width: 1fr; border: none; height: 1; background: $raised; padding: 0 1; }
    InputRow Input:focus { border: none; }
    InputRow .problem { height: auto; width: 1fr; color: $error; display: none; padding-left: 11; }
    InputRow .problem.-on { display: block; }
    """

    def __init__(self, field: InputField, value: str, folder: str) -> None:
        super().__init__()
        self.field = field
        self.input: Field | TextField = (
            TextField(value, file_name="payload.json", placeholder=field.hint)
            if field.key == "payload"
            else Field(value, placeholder=field.hint)
        )
        self._said = Static("", markup=False, classes="problem")
        self.folder = folder

    def compose(self) -> ComposeResult:
        """Make the label and the input, then the problem."""
        with Horizontal():
            yield Label(one_line(self.field.label)[:10], markup=False)
            yield self.input
        yield self._said

    @property
    def value(self) -> str:
        """Return the input's text."""
        return self.input.value

    @on(Input.Changed)
    @on(TextField.Changed)
    def check(self) -> None:
        """Check the text. A file is looked for only once its path was typed."""
        found = "" if self.value.startswith("@") else problem(self.field.key, self.value, self.folder)
        self.show_problem(found)
        self.post_message(CallForm.Edited())

    def show_problem(self, text: str) -> None:
        """Show a problem, or hide it for ""."""
        self._said.set_class(bool(text), "-on")
        self._said.update(f"✗ {visible(text)}" if text else "")


class CallForm(Vertical):
    """Show the connector's name, its request and the inputs."""

    DEFAULT_CSS = """
    CallForm > Static { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    CallForm #target { color: $primary; text-style: bold; }
    CallForm #url { color: $muted; height: auto; }
    CallForm #inputs { height: 1fr; margin-top: 1; scrollbar-size-vertical: 1; }
    CallForm #help { height: auto; text-wrap: wrap; color: $muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        # Kept in attributes, not looked up: files may change while the app closes and its widgets are gone.
        self._heading = Static("", markup=False, id="target")
        self._url = Static("", markup=False, id="url")
        self._inputs = VerticalScroll(id="inputs", can_focus=False)
        self._help = Static("", markup=False, id="help")
        self._rows: list[InputRow] = []
        self._target: RunTarget | None = None

    class Edited(Message):
        """Report a changed input."""

    def compose(self) -> ComposeResult:
        """Make two lines and the inputs."""
        yield self._heading
        yield self._url
        yield self._inputs
        yield self._help

    def take(self, target: RunTarget | None, values: Mapping[str, str], folder: str) -> bool:
        """Show this connector with `values`. Return True if `draw_rows` has to be run.

        The fields are kept if the same fields are needed and somebody is typing into one: only the file changed.
        """
        self._target = target
        self.show_name(is_gone=False)
        self._draw_url()
        fields = fields_for(target) if target else ()
        if [row.field for row in self._rows] == list(fields) and self.focused_key:
            return False
        self._rows = [InputRow(field, values.get(field.key, ""), folder) for field in fields]
        return True

    def on_resize(self) -> None:
        """Fold the address to the width."""
        self._draw_url()

    def _draw_url(self) -> None:
        """Show the request on the lines that there are, shortened in the middle."""
        text = _request_line(self._target) if self._target else ""
        width = max(10, self.content_size.width)
        cut = shorten_middle(text, width * max(1, self.size.height // 6))
        self._url.update("\n".join(cut[at : at + width] for at in range(0, len(cut), width)))

    async def draw_rows(self) -> None:
        """Put the fields on the screen, in place of those that were there."""
        rows, had = self._rows, self.focused_key
        if not self._inputs.is_attached:
            return
        # Shielded: a later choice ends this call, but must not end rows that are still on the screen.
        await asyncio.shield(self._inputs.remove_children()())
        if rows is not self._rows:
            return  # a later choice came in between
        await self._inputs.mount_all(rows)
        if had:
            self.focus_first()

    def show_name(self, *, is_gone: bool) -> None:
        """Show the name. With `is_gone`, say that the file does not have it any more."""
        name = one_line(self._target.name) if self._target else "No connector"
        self._heading.update(f"✗ not in its file: {name}" if is_gone else name)

    def need(self, keys: Sequence[str]) -> None:
        """Say that these fields are needed, and go to the first of them."""
        rows = [row for row in self._rows if row.field.key in keys]
        for row in rows:
            row.show_problem(problem(row.field.key, row.value, row.folder) or "needed")
        if rows:
            rows[0].input.focus()

    def on_descendant_focus(self) -> None:
        """Show what can be typed into the field in focus."""
        key = self.focused_key
        fields = (row.field for row in self._rows if row.field.key == key)
        self._help.update(next((field.help for field in fields), ""))

    def on_descendant_blur(self) -> None:
        """Show no help, because nothing is typed."""
        self._help.update("")

    @property
    def focused_key(self) -> str:
        """Return the key of the input in focus, or ""."""
        return next((row.field.key for row in self._rows if row.input.has_focus), "")

    def values(self) -> dict[str, str]:
        """Return the texts of the inputs, by key."""
        return {row.field.key: row.value for row in self._rows}

    def problems(self, folder: str) -> dict[str, str]:
        """Return the problems with the inputs, by key, and show them."""
        found: dict[str, str] = {}
        for row in self._rows:
            text = problem(row.field.key, row.value, folder)
            row.show_problem(text)
            if text:
                found[row.field.key] = text
        return found

    def focus_first(self, key: str = "") -> None:
        """Go to the first input, or to the input with this key."""
        for row in self._rows:
            if not key or row.field.key == key:
                row.input.focus()
                return


def _request_line(target: RunTarget) -> str:
    data: Mapping[str, Any] = target.data
    steps = data.get("steps")
    if target.is_composite and isinstance(steps, list):
        return f"composite, {counted(len(steps), 'step')}"
    return one_line(f"{data.get('method') or 'GET'} {data.get('url') or ''}")
