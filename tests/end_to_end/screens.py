"""The screen of the app as text."""

import html
import re

from textual.app import App

from strongroom_tui.app import StrongroomApp


def picture(app: StrongroomApp) -> str:
    """The screen as it is, as SVG. Not the app's own picture, which masks values first."""
    return App.export_screenshot(app, simplify=True)


def texts(svg: str) -> str:
    """What can be read on it: line by line, and as one text, since a value may go over a line's end."""
    lines: dict[str, str] = {}
    for y, text in re.findall(r'<text[^>]* y="([\d.]+)"[^>]*>(.*?)</text>', svg):
        lines[y] = lines.get(y, "") + html.unescape(text).replace("\N{NO-BREAK SPACE}", " ")
    whole = "\n".join(lines.values())
    return whole + "\n" + "".join(line.strip() for line in lines.values())
