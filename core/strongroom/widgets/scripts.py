"""Find the script in the text of a widget's file.

A file of JavaScript or TypeScript is one script. In HTML, Vue and Svelte the scripts are blocks and attributes.
"""

import re
from typing import Final

from strongroom.text.expressions import expression

SCRIPTS: Final = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
MARKUP: Final = (".html", ".htm", ".vue", ".svelte")

Region = tuple[int, int]
"""Start and end of a stretch of script."""

_BLOCK: Final = expression(
    r"<!--.*?(?:-->|\Z)|<(?P<tag>script|style)\b(?P<attributes>[^>]*)>(?P<body>.*?)(?:</(?P=tag)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_TYPE: Final = expression(r"\btype\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_HANDLER: Final = expression(r"\s(?:on\w+|@[\w.:-]+|v-on:[\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_SCRIPT_TYPES: Final = ("javascript", "ecmascript", "module", "typescript", "babel", "jsx", "tsx", "ts")


def is_widget_path(path: str) -> bool:
    """Return True if a file of this name may hold the code of a widget."""
    lower = path.lower()
    return lower.endswith((*SCRIPTS, *MARKUP)) and not lower.endswith((".d.ts", ".min.js", ".min.mjs"))


def may_call(text: str) -> bool:
    """Return True if a text has the words without which it calls no connector."""
    return "execute" in text and ("connectors" in text or "permalink" in text)


def regions_of(path: str, text: str) -> tuple[Region, ...]:
    """Return the stretches of script in a file, in order."""
    lower = path.lower()
    if lower.endswith(".svelte"):
        return tuple(_without_styles(text))
    if lower.endswith(MARKUP):
        return tuple(sorted(_in_markup(text)))
    return ((0, len(text)),)


def _in_markup(text: str) -> list[Region]:
    found: list[Region] = []
    at = 0
    for block in _BLOCK.finditer(text):
        found += _handlers(text, at, block.start())
        at = block.end()
        if _is_script(block):
            found.append(block.span("body"))
    return found + _handlers(text, at, len(text))


def _handlers(text: str, start: int, end: int) -> list[Region]:
    return [match.span(match.lastindex or 0) for match in _HANDLER.finditer(text, start, end)]


def _without_styles(text: str) -> list[Region]:
    """Return the scripts and markup of a Svelte file, whose braces hold code as well."""
    found: list[Region] = []
    at = 0
    for block in _BLOCK.finditer(text):
        found.append((at, block.start()))
        at = block.end()
        if _is_script(block):
            found.append(block.span("body"))
    return [*found, (at, len(text))]


def _is_script(block: re.Match[str]) -> bool:
    if (block["tag"] or "").lower() != "script":
        return False
    kind = _TYPE.search(block["attributes"])
    return kind is None or kind[1].lower().rpartition("/")[2].startswith(_SCRIPT_TYPES)
