"""Fit text to a width, and look up styles by name."""

from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from strongroom_tui.frame import theme


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` in exactly `width` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        cut = text[: width - 1] if text.isascii() else set_cell_size(text, width - 1)
        return cut + "…"
    pad = " " * (width - length)
    return pad + text if right else text + pad


@lru_cache(maxsize=512)
def style(theme_name: str, name: str, ground: str = "ground") -> Style:
    """Return the named style of a theme over a named background (theme.styles)."""
    named = theme.styles(theme_name)
    return named[name] + named[ground]


def segment(theme_name: str, text: str, name: str = "", ground: str = "ground") -> Segment:
    """Return one styled piece of a line."""
    return Segment(text, style(theme_name, name, ground))
