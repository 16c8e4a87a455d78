"""Ask before typed text is thrown away, and keep the text over a lock."""

from typing import Protocol, TypeVar, runtime_checkable

from textual.widgets import Input

from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.widgets.dialog import Dialog

T = TypeVar("T")


@runtime_checkable
class HoldsText(Protocol):
    """Hold the text of a field that a person types into."""

    typed: str | SecretValue


class InputDialog(Dialog[T]):
    """Hold a person's work in the fields of a dialog.

    The text of a search is not work.
    """

    _at_first: dict[str, str | SecretValue] | None = None  # None until the dialog is shown

    def has_begun(self) -> None:
        """Remember the first texts, then fill in the draft that a lock kept."""
        self._at_first = self._texts()
        self._fill_again()

    def _fields(self) -> dict[str, HoldsText]:
        return {field.id or "text": field for field in self.query("*") if isinstance(field, HoldsText)}

    def _texts(self) -> dict[str, str | SecretValue]:
        return {name: field.typed for name, field in self._fields().items()}

    def typed_fields(self) -> list[str]:
        """Return the names of the fields whose text differs from the first one."""
        if self._at_first is None:
            return []
        return [name for name, text in self._texts().items() if text != self._at_first.get(name)]

    def put(self, field: Input, text: str) -> None:
        """Fill a field on behalf of the dialog. Such a text does not count as typed."""
        if self._at_first and field.id in self._at_first and field.value == self._at_first[field.id]:
            self._at_first[field.id] = text
        field.value = text

    # -- leaving ------------------------------------------------------------------

    def action_leave(self) -> None:
        """Close without a result. Ask first where text was typed."""
        if not (fields := self.typed_fields()):
            self.leave()
            return
        lines = (f"Typed here and not saved: {', '.join(fields)}.",)
        question = Confirm("Throw away what you typed?", lines, "throw it away", "go on typing")
        self.app.push_screen(question, lambda answer: self.leave() if answer else None)

    # -- drafts -------------------------------------------------------------------

    def keep_draft(self) -> list[str]:
        """Keep the typed texts for the next time that this dialog opens.

        Return the names of all typed fields. Values are not kept.
        """
        typed = self.typed_fields()
        texts = {name: text for name, text in self._texts().items() if isinstance(text, str)}
        if typed:
            self.host.drafts[self._draft_name] = {name: texts.get(name) for name in typed}
        return typed

    @property
    def _draft_name(self) -> str:
        return f"{type(self).__name__} {self.heading}"

    def _fill_again(self) -> None:
        draft = self.host.drafts.pop(self._draft_name, {})
        fields = self._fields()
        for name, text in draft.items():
            if text is not None and name in fields:
                fields[name].typed = text
        if draft:
            lost = [name for name, text in draft.items() if text is None]
            again = f" Type again: {', '.join(lost)}." if lost else ""
            self.notify(f"Filled with what you typed before the lock.{again}", markup=False)
