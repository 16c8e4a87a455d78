"""Pick the connector to test, by its name or its file."""

from collections.abc import Callable, Sequence

from textual.await_complete import AwaitComplete

from strongroom_tui.dialogs.pick import Choices, Pick
from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.secrets.apart import Apart
from strongroom_tui.model.text.words import one_line


class Targets(Choices):
    """Hold the names, with the files beside them where they fit."""

    columns = (Column("", 0), Column("", 0, drop=1))

    def __init__(self, targets: Sequence[RunTarget]) -> None:
        super().__init__([(one_line(t.name), one_line(t.file), str(i)) for i, t in enumerate(targets)])
        self._names, self._files = (Apart([choice[part] for choice in self.all]) for part in (0, 1))

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the name and the file, shortened where names are alike."""
        name, file, _ = self.shown[index]
        return (
            Cell(name, "", lambda width: self._names.shorten(name, width)),
            Cell(file, "muted", lambda width: self._files.shorten(file, width)),
        )


class PickConnector(Pick):
    """Call `take` with the target before later keys reach the screen below."""

    def __init__(self, targets: Sequence[RunTarget], take: Callable[[RunTarget], None]) -> None:
        super().__init__("Test which connector?", ())
        self.choices = Targets(targets)
        self._targets = targets
        self._give = take

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Close the dialog. The target was taken before."""
        if result and self.is_active:
            self._give(self._targets[int(result)])
        return super().dismiss(result)
