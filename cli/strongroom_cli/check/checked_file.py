"""Hold one file after its check."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.document import LineIndex
from strongroom.workspace import UnreadableFile

if TYPE_CHECKING:
    from strongroom.validator import Finding


class CheckedFile:
    """Hold one file that was checked, or that could not be read (`problem`).

    `path` is as the user named it.

    `uses_unknown_names` is True if a template asks for a secret or a variable, and no list of names is known.
    `is_connector_file` is True if the text looks like a connector file. `depends_on_others` is True for code that
    imports names which its calls use.
    """

    __slots__ = (
        "_lines",
        "depends_on_others",
        "findings",
        "is_connector_file",
        "path",
        "problem",
        "text",
        "uses_unknown_names",
    )

    def __init__(
        self,
        path: str,
        text: str = "",
        findings: Sequence["Finding"] = (),
        *,
        uses_unknown_names: bool = False,
        is_connector_file: bool = True,
        depends_on_others: bool = False,
        problem: UnreadableFile | None = None,
    ) -> None:
        self.path = path
        self.text = text
        self.findings = findings
        self.uses_unknown_names = uses_unknown_names
        self.is_connector_file = is_connector_file
        self.depends_on_others = depends_on_others
        self.problem = problem
        self._lines: LineIndex | None = None

    @property
    def lines(self) -> LineIndex:
        """Return the lines of the text.

        They are found when first asked for, because a clean file needs none.
        """
        if self._lines is None:
            self._lines = LineIndex(self.text)
        return self._lines
