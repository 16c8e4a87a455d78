"""Turn data into what a screen shows: ages, expiry, safe text, keys."""

import re
from datetime import UTC, date, datetime
from typing import Final

from strongroom.text import terminal
from strongroom.values.expiry import expiry_words, is_near


def visible(text: str) -> str:
    """Return `text` as the app shows it.

    The text is safe for a terminal, and has two spaces for a tab.
    """
    return terminal.visible(text.replace("\t", "  "))


def one_line(text: str) -> str:
    """Return `text` on one line.

    Line breaks are shown as `⏎`, and the rest is made visible.
    """
    return visible(re.sub(r"\r\n|\r|\n", "⏎", text))


def parse_time(text: str) -> datetime | None:
    """Return an ISO 8601 time as an aware time, or None.

    A time without a zone is taken as UTC.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


_UNITS: Final = ((60, "min"), (3600, "h"), (86400, "d"), (604800, "wk"), (2629800, "mo"), (31557600, "yr"))


def age(when: str, now: datetime) -> str:
    """Return the age of `when`, or "" for no time.

    Ages are "now", "5 min", "3 h", "2 d", "6 wk", "4 mo" and "2 yr".
    """
    time = parse_time(when)
    if time is None:
        return ""
    seconds = (now - time).total_seconds()
    if seconds < 60:
        return "now"
    size, unit = next(((s, u) for s, u in reversed(_UNITS) if seconds >= s), _UNITS[0])
    return f"{int(seconds // size)} {unit}"


def expiry(expires: str, today: date) -> str:
    """Return when a secret expires: "! expired", "! in 3 d", "in 90 d", or ""."""
    words = expiry_words(expires, today, short=True)
    return f"! {words}" if is_near(expires, today) else words


def shorten(text: str, most: int) -> str:
    """Return `text`, or its beginning and an ellipsis beyond `most` characters."""
    return text if len(text) <= most else text[: max(0, most - 1)] + "…"


def shorten_middle(text: str, most: int) -> str:
    """Return `text`, with an ellipsis in its middle beyond `most` characters.

    Names of one kind differ at their end as often as at their beginning.
    """
    if len(text) <= most:
        return text
    end = max(0, (most - 1) // 2)
    return text[: max(0, most - 1 - end)] + "…" + (text[-end:] if end else "")


_KEYS: Final = {
    "enter": "⏎",
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "space": "space",
    "comma": ",",
    "semicolon": ";",
    "asterisk": "*",
    "plus": "+",
    "minus": "-",
    "shift+up": "⇧↑",
    "shift+down": "⇧↓",
}


def key_label(key: str) -> str:
    """Return a Textual key name as people write it.

    "ctrl+l" is "^l", "question_mark" is "?".
    """
    if key.startswith("ctrl+"):
        return "^" + key[5:]
    return _KEYS.get(key, key)


_PLAIN_KEYS: Final = {"escape": "esc", "shift+up": "shift+up", "shift+down": "shift+down"}


def key_words(key: str) -> str:
    """Return a Textual key name as documentation has it: "ctrl+l", "?", "enter"."""
    if key in _PLAIN_KEYS or len(label := _KEYS.get(key, "")) != 1 or key in {"enter", "up", "down"}:
        return _PLAIN_KEYS.get(key, key)
    return label
