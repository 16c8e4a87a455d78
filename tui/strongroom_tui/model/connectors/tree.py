"""Arrange the tree of the Connectors screen in rows, by file or by rule."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from strongroom.text.phrases import counted
from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.model.connectors.workspace_view import (
    ConnectorFile,
    WorkspaceView,
    connector_at,
    place_of,
)
from strongroom_tui.model.secrets.apart import Apart
from strongroom_tui.model.text.words import one_line

if TYPE_CHECKING:
    from strongroom.document import Connector
    from strongroom.validator import Finding

SIGNS: Final = {"error": ("✗", "bad"), "warning": ("!", "warn"), "info": ("i", "muted")}
"""Severity -> sign and style. The sign is clear without colour."""

DEPTHS: Final = 3
"""The levels of rows: files, connectors and findings, or rules and their places."""

BY_FILE: Final = "by file"
BY_RULE: Final = "by rule"

_NO_FILES: Final = (
    "No connector files here.",
    "",
    "Looked for connectors_registry.json and connectors.json.",
)
_NO_MATCHES: Final = ("Nothing matches.", "", "esc  shows all again")
_NO_FINDINGS: Final = ("No findings.", "", "v  shows the files")


class TreeRow(NamedTuple):
    """Hold one row.

    `key` is the same after a new scan, so that folding and the cursor stay. A rule has no file.
    """

    key: tuple[str, ...]
    depth: int
    text: str
    style: str
    tail: str
    tail_style: str
    file: ConnectorFile | None = None
    connector: "Connector | None" = None
    finding: "Finding | None" = None
    has_children: bool = False
    rule: str = ""
    """The rule of a row in the order by rules."""

    @property
    def offset(self) -> int:
        """Return the row's offset in the file."""
        return self.finding.start if self.finding else self.connector.start if self.connector else 0


class Tree:
    """Hold the rows of a workspace, folded and filtered."""

    columns = (Column("", 0), Column("", 8, drop=1, right=True))

    def __init__(self) -> None:
        self.view = WorkspaceView("")
        self.query = ""
        self.order = BY_FILE
        self.folded: set[tuple[str, ...]] = set()
        self._nodes: list[TreeRow] = []
        self.nodes: list[TreeRow] = []
        self._apart: dict[int, Apart] = {}

    def load(self, view: WorkspaceView) -> None:
        """Show another scan."""
        self.view = view
        self._build()

    def turn(self) -> str:
        """Switch between the order by file and by rule. Return the order's name."""
        self.order = BY_RULE if self.order == BY_FILE else BY_FILE
        self._build()
        return self.order

    def _build(self) -> None:
        if self.order == BY_RULE:
            self._nodes = _rule_nodes(self.view.files)
        else:
            self._nodes = [node for file in self.view.files for node in _file_nodes(file)]
        self._apart = {
            depth: Apart([n.text for n in self._nodes if n.depth == depth]) for depth in range(DEPTHS)
        }
        self._arrange()

    def filter(self, query: str) -> None:
        """Show only the rows that hold `query`, and the rows around them."""
        self.query = query
        self._arrange()

    def fold(self, node: TreeRow) -> None:
        """Fold or unfold the rows below a row."""
        self.folded ^= {node.key}
        self._arrange()

    def _arrange(self) -> None:
        if self.query:
            words = self.query.lower().split()
            kept: set[tuple[str, ...]] = set()
            for node in self._nodes:
                text = f"{node.text} {node.file.shown if node.file else ''} {node.rule}".lower()
                if all(word in text for word in words):
                    kept.update(node.key[:depth] for depth in range(1, len(node.key) + 1))
            self.nodes = [node for node in self._nodes if node.key in kept]
            return
        self.nodes = [
            node
            for node in self._nodes
            if not any(node.key[:depth] in self.folded for depth in range(1, len(node.key)))
        ]

    def empty_lines(self) -> tuple[str, ...]:
        """Return why the tree has no rows."""
        if self.view.problem:
            return (self.view.problem,)
        if not self.view.files:
            return _NO_FILES
        return _NO_MATCHES if self.query else _NO_FINDINGS

    def node(self, index: int) -> TreeRow | None:
        """Return the row at `index`, or None."""
        return self.nodes[index] if 0 <= index < len(self.nodes) else None

    def index_of(self, key: tuple[str, ...]) -> int | None:
        """Return the index of the row with this key, or None."""
        return next((i for i, node in enumerate(self.nodes) if node.key == key), None)

    def index_of_finding(self, finding: "Finding", path: str) -> int | None:
        """Return the index of this finding of the file at `path`, or None while folded."""
        return next(
            (i for i, n in enumerate(self.nodes) if n.finding is finding and n.file and n.file.path == path),
            None,
        )

    def next_finding(self, index: int, by: int = 1) -> int | None:
        """Return the next row with a finding after `index`, going round.

        For `by` -1, return the row before.
        """
        found = [i for i, node in enumerate(self.nodes) if node.finding is not None]
        if by < 0:
            return next((i for i in reversed(found) if i < index), found[-1] if found else None)
        return next((i for i in found if i > index), found[0] if found else None)

    def first_finding(self) -> int:
        """Return the first row with a finding, or 0."""
        return self.next_finding(-1) or 0

    def __len__(self) -> int:
        return len(self.nodes)

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the cells of one row."""
        node = self.nodes[index]
        fold = "▸ " if node.key in self.folded and not self.query else "▾ "
        if not node.has_children:
            # A blank for the sign, so that names of one depth are below each other; findings have their own.
            fold = "  " if node.finding is None else ""
        before = " " * node.depth + fold

        def short(width: int) -> str:
            return before + self._apart[node.depth].shorten(node.text, max(1, width - len(before)))

        return Cell(before + node.text, node.style, short), Cell(node.tail, node.tail_style)

    def summary(self) -> str:
        """Return a few words about all files."""
        findings = [finding for file in self.view.files for finding in file.findings]
        if not self.view.files:
            return ""
        return f"{counted(len(self.view.files), 'file')} · {tally(findings)}"


def tally(findings: "Sequence[Finding]") -> str:
    """Count the findings by severity: "2 errors, 1 warning", or "no findings"."""
    levels = [finding.severity.value for finding in findings]
    words = {"error": "error", "warning": "warning", "info": "note"}
    parts = [counted(levels.count(level), word) for level, word in words.items() if level in levels]
    return ", ".join(parts) if parts else "no findings"


def _tail(findings: "Sequence[Finding]") -> tuple[str, str]:
    levels = [finding.severity.value for finding in findings]
    parts = [f"{levels.count(level)}{sign}" for level, (sign, _) in SIGNS.items() if level in levels]
    worst = next((style for level, (_, style) in SIGNS.items() if level in levels), "good")
    return " ".join(parts) or "✓", worst


# -- by file -----------------------------------------------------------------------


def _file_nodes(file: ConnectorFile) -> list[TreeRow]:
    if file.problem:
        return [TreeRow((file.path,), 0, one_line(file.shown), "strong", "✗", "bad", file)]
    below: dict[int, list[Finding]] = {}
    loose: list[Finding] = []
    for finding in file.findings:
        owner = connector_at(file, finding.start)
        (loose if owner is None else below.setdefault(owner.start, [])).append(finding)
    connectors = file.document.connectors if file.document else ()
    has_children = bool(loose or connectors)
    tail, style = _tail(file.findings)
    key = (file.path,)
    nodes = [TreeRow(key, 0, one_line(file.shown), "strong", tail, style, file, has_children=has_children)]
    nodes += [_finding_node(file, None, sub, 1, finding) for sub, finding in _keyed(key, loose)]
    names: dict[str, int] = {}
    for connector in connectors:
        own = below.get(connector.start, [])
        tail, style = _tail(own)
        identity = connector.permalink or connector.name
        # A connector keeps its key when others are put before it: counted among those of its name only.
        number = names[identity] = names.get(identity, -1) + 1
        here = (*key, f"{identity} {number}")
        name = one_line(connector.name) or "(no name)"
        steps = f" ({counted(len(connector.steps), 'step')})" if connector.is_composite else ""
        nodes.append(TreeRow(here, 1, name + steps, "", tail, style, file, connector, has_children=bool(own)))
        nodes += [_finding_node(file, connector, sub, 2, finding) for sub, finding in _keyed(here, own)]
    return nodes


def _keyed(
    key: tuple[str, ...], findings: "Iterable[Finding]"
) -> "Iterable[tuple[tuple[str, ...], Finding]]":
    numbers: dict[str, int] = {}
    for finding in findings:
        number = numbers[finding.rule] = numbers.get(finding.rule, -1) + 1
        yield (*key, f"{finding.rule} {number}"), finding


def _finding_node(
    file: ConnectorFile, connector: "Connector | None", key: tuple[str, ...], depth: int, finding: "Finding"
) -> TreeRow:
    sign, style = SIGNS[finding.severity.value]
    return TreeRow(
        key,
        depth,
        f"{sign} {finding.rule}",
        style,
        _line_of(file, finding),
        "muted",
        file,
        connector,
        finding,
    )


def _line_of(file: ConnectorFile, finding: "Finding") -> str:
    fixable = "fix " if finding.fix is not None else ""
    return f"{fixable}{place_of(file, finding.start)[0]}"


# -- by rule -----------------------------------------------------------------------


def _rule_nodes(files: Sequence[ConnectorFile]) -> list[TreeRow]:
    found: dict[str, list[tuple[ConnectorFile, Finding]]] = {}
    for file in files:
        for finding in file.findings:
            found.setdefault(finding.rule, []).append((file, finding))
    levels = list(SIGNS)

    def gravity(rule: str) -> tuple[int, int, str]:
        worst = min(levels.index(finding.severity.value) for _, finding in found[rule])
        return worst, -len(found[rule]), rule

    nodes: list[TreeRow] = []
    for rule in sorted(found, key=gravity):
        sign, style = SIGNS[levels[gravity(rule)[0]]]
        nodes.append(
            TreeRow(
                (rule,),
                0,
                f"{sign} {rule}",
                style,
                str(len(found[rule])),
                "muted",
                has_children=True,
                rule=rule,
            )
        )
        for number, (file, finding) in enumerate(found[rule]):
            owner = connector_at(file, finding.start)
            place = one_line(owner.name) if owner and owner.name else one_line(file.shown)
            if len(files) > 1 and owner and owner.name:
                place += f" · {one_line(file.shown)}"
            key = (rule, f"{file.path} {finding.connector} {number}")
            tail = _line_of(file, finding)
            nodes.append(TreeRow(key, 1, place, "", tail, "muted", file, owner, finding, rule=rule))
    return nodes
