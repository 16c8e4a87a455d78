"""Return the lines below the source: the finding and the symbol at the cursor."""

import textwrap
from typing import TYPE_CHECKING, Final

from strongroom.names import Kind
from strongroom.text.phrases import counted
from strongroom.text.suggest import differences
from strongroom_tui.model.connectors.details import States, SymbolAtCursor, describe
from strongroom_tui.model.connectors.tree import SIGNS, TreeRow, tally
from strongroom_tui.model.connectors.workspace_view import ConnectorFile, place_of
from strongroom_tui.model.text.words import one_line, visible

if TYPE_CHECKING:
    from strongroom.validator import Finding
    from strongroom.workspace.literals import LiteralCredential

Piece = tuple[str, str]
Line = list[Piece]


MADE: Final = {"unknown-secret": Kind.SECRET, "unknown-variable": Kind.VARIABLE}
"""The rules whose finding goes once the name is made, and the word for that name."""


def literal_credential(file: ConnectorFile, finding: "Finding") -> "LiteralCredential | None":
    """Return the credential that is written out, if the finding is about one."""
    from strongroom.workspace.literals import literal_of

    return literal_of(file.document, finding) if file.document is not None else None


def finding_lines(file: ConnectorFile, finding: "Finding", width: int) -> list[Line]:
    """Return severity, rule and place, the message, the fixes, and related places."""
    sign, style = SIGNS[finding.severity.value]
    line, column = place_of(file, finding.start)
    head = f"{sign} {finding.severity.value}  "
    where = f"line {line}, column {column}" + (f" · {finding.field}" if finding.field else "")
    lines: list[Line] = [[(head, style), (finding.rule, "strong")]]
    if len(head) + len(finding.rule) + 2 + len(where) <= width:
        lines[0].append(("  " + where, "muted"))
    else:
        lines += [[(piece, "muted")] for piece in textwrap.wrap(visible(where), width)]
    lines += [[(piece, "")] for piece in textwrap.wrap(visible(finding.message), width)]
    for fix in finding.fixes:
        key = "f  " if fix in (finding.fix, finding.fixes[0]) else "·  "
        title = fix.title if fix.is_safe else f"{fix.title} (shown first)"
        words = textwrap.wrap(visible(title), width - 3) or [""]
        lines += [[(key if not i else "   ", "key"), (piece, "")] for i, piece in enumerate(words)]
    if near := finding.data.get("near"):
        lines += comparison(finding.data["name"], near)
    if finding.rule in MADE:
        lines.append([("m  ", "key"), (f"makes the {MADE[finding.rule].value}", "")])
    elif literal_credential(file, finding) is not None:
        lines.append([("m  ", "key"), ("stores it as a secret, and references it", "")])
    for related in finding.related:
        at = place_of(file, related.start)[0]
        words = textwrap.wrap(f"line {at}: {visible(related.message)}", width)
        lines += [[(piece, "muted")] for piece in words]
    return lines


def comparison(name: str, near: str) -> list[Line]:
    """Return a wrong name and the near known one, with differing characters marked."""
    styles = ("bad", "good")
    return [
        [(label, "muted"), *((one, style if mark else "") for one, mark in zip(text, marks, strict=True))]
        for label, text, marks, style in zip(
            ("written  ", "known    "), (name, near), differences(name, near), styles, strict=True
        )
    ]


def symbol_lines(symbol: SymbolAtCursor, states: States | None, shown: str, width: int) -> list[Line]:
    """Return the lines about the symbol at the cursor."""
    return describe(symbol, states, shown, width)


def node_lines(node: TreeRow, width: int) -> list[Line]:
    """Return the head of a file, a connector or a rule."""
    if node.file is None:
        return _rule_lines(node, width)
    file = node.file
    if file.problem:
        return [[(piece, "bad")] for piece in textwrap.wrap(visible("✗ " + file.problem), width)]
    if node.connector is None:
        connectors = len(file.document.connectors) if file.document else 0
        return [[(f"{counted(connectors, 'connector')} · {tally(file.findings)}", "muted")]]
    connector = node.connector
    data = connector.data if isinstance(connector.data, dict) else {}
    lines: list[Line] = []
    if connector.is_composite:
        names = " → ".join(one_line(step.name) or "(no name)" for step in connector.steps)
        lines += [[(piece, "")] for piece in textwrap.wrap(names or "no steps", width)]
    else:
        method, url = str(data.get("method") or "GET"), str(data.get("url") or "")
        target = textwrap.wrap(one_line(url), max(16, width - len(method) - 2)) or [""]
        lines.append([(one_line(method) + "  ", "accent"), (target[0], "")])
        lines += [[(" " * (len(method) + 2) + piece, "")] for piece in target[1:]]
    lines.append([("t  ", "key"), ("tests this connector", "muted")])
    return lines


def _rule_lines(node: TreeRow, width: int) -> list[Line]:
    """Return the rule's page without its Markdown marks."""
    from strongroom.validator import RULES

    rule = RULES.get(node.rule)
    if rule is None:
        return []
    sign, style = SIGNS[rule.severity.value]
    lines: list[Line] = [[(f"{sign} {rule.severity.value}  ", style), (rule.name, "strong")], []]
    for block in rule.page.split("\n\n"):
        if block.startswith("```"):
            lines += [[("  " + visible(text), "code")] for text in block.split("\n")[1:-1]]
        elif block.startswith("#"):
            lines.append([(block.lstrip("# "), "accent")])
        else:
            # The page's own line breaks are those of its source.
            lines += [[(piece, "")] for piece in textwrap.wrap(visible(block.replace("\n", " ")), width)]
        lines.append([])
    return lines
