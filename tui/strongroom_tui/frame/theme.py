"""Define the themes, and the named styles of widgets that draw their own lines.

A state is never shown by colour alone: each `good`, `warn` or `bad` has a word or a sign beside it.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from rich.style import Style
from textual.theme import Theme


class Palette(NamedTuple):
    """Hold the colours of one theme.

    `ground` is behind everything, `raised` behind bars and dialogs. `code` is for what a template calls and reads.
    """

    ground: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    good: str
    warn: str
    bad: str
    cursor: str
    resting: str
    code: str
    is_dark: bool


DARK: Final = Palette(
    ground="#15171c",
    raised="#1c1f26",
    line="#343a46",
    text="#d9dce3",
    muted="#8d95a5",
    accent="#e2b769",
    good="#8cc58f",
    warn="#e8945a",
    bad="#ec7a74",
    cursor="#3a3323",
    resting="#23262e",
    code="#86b4d9",
    is_dark=True,
)
LIGHT: Final = Palette(
    ground="#fbfaf7",
    raised="#f1efe9",
    line="#cfcabf",
    text="#23262c",
    muted="#646b78",
    accent="#855600",
    good="#2b7437",
    warn="#a84a12",
    bad="#b0231c",
    cursor="#f3e3c3",
    resting="#eae7df",
    code="#1d5c93",
    is_dark=False,
)

MONO: Final = Palette(
    ground="#000000",
    raised="#1c1c1c",
    line="#5f5f5f",
    text="#e4e4e4",
    muted="#a8a8a8",
    accent="#ffffff",
    good="#e4e4e4",
    warn="#ffffff",
    bad="#ffffff",
    cursor="#444444",
    resting="#262626",
    code="#ffffff",
    is_dark=True,
)

PALETTES: Final = {"strongroom-dark": DARK, "strongroom-light": LIGHT, "strongroom-mono": MONO}
DEFAULT_THEME: Final = "strongroom-dark"
MONO_THEME: Final = "strongroom-mono"


def first_theme(environment: Mapping[str, str]) -> str:
    """Return the theme to start with: greys where NO_COLOR is set (no-color.org)."""
    return MONO_THEME if environment.get("NO_COLOR") else DEFAULT_THEME


def short_name(full: str) -> str:
    """Return the name of a theme as settings have it."""
    return full.removeprefix("strongroom-")


def full_name(short: str) -> str:
    """Return the full name of the theme `short` of the settings: dark, light or mono."""
    return f"strongroom-{short}"


def themes() -> tuple[Theme, ...]:
    """Return Textual's themes, with `$line`, `$muted` and others for the style sheet."""
    return tuple(_theme(name, palette) for name, palette in PALETTES.items())


def _theme(name: str, p: Palette) -> Theme:
    return Theme(
        name=name,
        primary=p.accent,
        secondary=p.muted,
        accent=p.accent,
        success=p.good,
        warning=p.warn,
        error=p.bad,
        foreground=p.text,
        background=p.ground,
        surface=p.ground,
        panel=p.raised,
        dark=p.is_dark,
        variables={
            "line": p.line,
            "muted": p.muted,
            "raised": p.raised,
            "cursor-row": p.cursor,
            "resting": p.resting,
            "input-cursor-background": p.accent,
            "input-cursor-foreground": p.ground,
            "input-selection-background": p.cursor,
            "scrollbar": p.line,
            "scrollbar-hover": p.muted,
            "scrollbar-active": p.accent,
            "scrollbar-background": p.ground,
            "scrollbar-background-hover": p.ground,
            "scrollbar-background-active": p.ground,
            "scrollbar-corner-color": p.ground,
        },
    )


def styles(name: str) -> dict[str, Style]:
    """Return the named styles of a theme.

    An unknown name gives those of the default theme.
    """
    p = PALETTES.get(name, DARK)
    return {
        "": Style(color=p.text),
        "muted": Style(color=p.muted),
        "accent": Style(color=p.accent),
        "strong": Style(color=p.text, bold=True),
        "good": Style(color=p.good),
        "warn": Style(color=p.warn),
        "bad": Style(color=p.bad),
        "mark": Style(color=p.bad, bold=True, underline=True),
        "line": Style(color=p.line),
        "ground": Style(bgcolor=p.ground),
        "raised": Style(bgcolor=p.raised),
        "cursor": Style(bgcolor=p.cursor, bold=True),
        "resting": Style(bgcolor=p.resting),
        "query": Style(color=p.text, bgcolor=p.raised),
        "key": Style(color=p.accent, bold=True),
        "code": Style(color=p.code),
        "call": Style(color=p.code, bold=True),
        "keyword": Style(color=p.code, italic=True),
        "literal": Style(color=p.good),
        "added": Style(color=p.good),
        "removed": Style(color=p.bad),
        "added-part": Style(color=p.good, bold=True, underline=True),
        "removed-part": Style(color=p.bad, bold=True, underline=True),
        "found": Style(color=p.ground, bgcolor=p.accent),
        "caret": Style(color=p.text, reverse=True),
    }
