"""The left side of the Connectors screen as rows: files, their connectors, their findings. No screen here."""

from typing import TYPE_CHECKING, Final, NamedTuple

from strongroom_tui.state import Cell, Column
from strongroom_tui.words import count, one_line
from strongroom_tui.workspace_view import ConnectorFile, WorkspaceView, connector_at

if TYPE_CHECKING:
    from strongroom.document import Connector
    from strongroom.validator import Finding

SIGNS: Final = {"error": ("✗", "bad"), "warning": ("!", "warn"), "info": ("i", "muted")}
"""Severity -> sign and style: the sign tells it where there is no colour."""


class Node(NamedTuple):
    """One row. `key` is the same after a new scan, so that folding and the cursor stay."""

    key: tuple[str, ...]
    depth: int
    text: str
    style: str
    tail: str
    tail_style: str
    file: ConnectorFile
    connector: "Connector | None" = None
    finding: "Finding | None" = None
    has_children: bool = False


class Tree:
    """The rows of a workspace, folded and filtered."""

    columns = (Column("", 0), Column("", 8, drop=1, right=True))

    def __init__(self) -> None:
        self.view = WorkspaceView("")
        self.query = ""
        self.folded: set[tuple[str, ...]] = set()
        self._nodes: list[Node] = []
        self.nodes: list[Node] = []

    def load(self, view: WorkspaceView) -> None:
        """Show another scan."""
        self.view = view
        self._nodes = [node for file in view.files for node in _file_nodes(file)]
        self._arrange()

    def filter(self, query: str) -> None:
        """Show only what holds `query`, with the file and connector it is in."""
        self.query = query
        self._arrange()

    def fold(self, node: Node) -> None:
        """Fold or unfold what is below a row."""
        self.folded ^= {node.key}
        self._arrange()

    def _arrange(self) -> None:
        if self.query:
            words = self.query.lower().split()
            kept: set[tuple[str, ...]] = set()
            for node in self._nodes:
                text = f"{node.text} {node.file.shown}".lower()
                if all(word in text for word in words):
                    kept.update(node.key[:depth] for depth in range(1, len(node.key) + 1))
            self.nodes = [node for node in self._nodes if node.key in kept]
            return
        self.nodes = [
            node
            for node in self._nodes
            if not any(node.key[:depth] in self.folded for depth in range(1, len(node.key)))
        ]

    def node(self, index: int) -> Node | None:
        """The row at `index`, or None."""
        return self.nodes[index] if 0 <= index < len(self.nodes) else None

    def index_of(self, key: tuple[str, ...]) -> int | None:
        """Where the row with this key is, or None."""
        return next((i for i, node in enumerate(self.nodes) if node.key == key), None)

    def next_finding(self, index: int) -> int | None:
        """The next row with a finding after `index`, from the top again after the last."""
        found = [i for i, node in enumerate(self.nodes) if node.finding is not None]
        return next((i for i in found if i > index), found[0] if found else None)

    def first_finding(self) -> int:
        """The first row with a finding, or 0."""
        return self.next_finding(-1) or 0

    def __len__(self) -> int:
        return len(self.nodes)

    def cells(self, index: int) -> tuple[Cell, ...]:
        """The cells of one row."""
        node = self.nodes[index]
        fold = ("▸ " if node.key in self.folded and not self.query else "▾ ") if node.has_children else ""
        return Cell(" " * node.depth + fold + node.text, node.style), Cell(node.tail, node.tail_style)

    def summary(self) -> str:
        """All files in a few words."""
        findings = [finding for file in self.view.files for finding in file.findings]
        if not self.view.files:
            return ""
        return f"{count(len(self.view.files), 'file')} · {tally(findings)}"


def tally(findings: "list[Finding] | tuple[Finding, ...]") -> str:
    """How many of each: "2 errors, 1 warning", or "no findings"."""
    levels = [finding.severity.value for finding in findings]
    words = {"error": "error", "warning": "warning", "info": "note"}
    parts = [count(levels.count(level), word) for level, word in words.items() if level in levels]
    return ", ".join(parts) if parts else "no findings"


def _tail(findings: "list[Finding]") -> tuple[str, str]:
    levels = [finding.severity.value for finding in findings]
    parts = [f"{levels.count(level)}{sign}" for level, (sign, _) in SIGNS.items() if level in levels]
    worst = next((style for level, (_, style) in SIGNS.items() if level in levels), "good")
    return " ".join(parts) or "✓", worst


def _file_nodes(file: ConnectorFile) -> list[Node]:
    if file.problem:
        return [Node((file.path,), 0, one_line(file.shown), "strong", "✗", "bad", file)]
    below: dict[int, list[Finding]] = {}
    loose: list[Finding] = []
    for finding in file.findings:
        owner = connector_at(file, finding.start)
        (loose if owner is None else below.setdefault(owner.start, [])).append(finding)
    connectors = file.document.connectors if file.document else ()
    has_children = bool(loose or connectors)
    tail, style = _tail(list(file.findings))
    key = (file.path,)
    nodes = [Node(key, 0, one_line(file.shown), "strong", tail, style, file, has_children=has_children)]
    nodes += [_finding_node(file, None, (*key, str(i)), 1, finding) for i, finding in enumerate(loose)]
    for number, connector in enumerate(connectors):
        own = below.get(connector.start, [])
        tail, style = _tail(own)
        here = (*key, f"{number} {connector.name}")
        name = one_line(connector.name) or "(no name)"
        steps = f" ({count(len(connector.steps), 'step')})" if connector.is_composite else ""
        nodes.append(Node(here, 1, name + steps, "", tail, style, file, connector, has_children=bool(own)))
        nodes += [
            _finding_node(file, connector, (*here, f"{i} {finding.rule}"), 2, finding)
            for i, finding in enumerate(own)
        ]
    return nodes


def _finding_node(
    file: ConnectorFile, connector: "Connector | None", key: tuple[str, ...], depth: int, finding: "Finding"
) -> Node:
    sign, style = SIGNS[finding.severity.value]
    line = file.document.lines.position(finding.start)[0] + 1 if file.document else 0
    fixable = "fix " if finding.fix is not None else ""
    return Node(
        key,
        depth,
        f"{sign} {finding.rule}",
        style,
        f"{fixable}{line}",
        "muted",
        file,
        connector,
        finding,
    )
