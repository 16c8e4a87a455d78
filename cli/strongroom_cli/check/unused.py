"""Find connectors that no widget calls (`check --unused`)."""

import os
from collections.abc import Sequence

from strongroom.workspace.widget_files import WidgetProjects, uncalled
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.style import quoted


def say_unused(paths: Sequence[str], projects: WidgetProjects) -> None:
    """Write a line for each connector that no widget of the paths' projects calls."""
    places = [os.path.abspath(path) for path in paths or [os.curdir]]
    folders = dict.fromkeys(
        projects.around(path if os.path.isdir(path) else os.path.dirname(path)) for path in places
    )
    for folder in filter(None, folders):
        found = uncalled(folder)
        for connector in found:
            noun = "composite" if connector.is_composite else "connector"
            say(f"no widget calls the {noun} {quoted(connector.permalink)}.")
        if not found:
            say(f"each connector of {quoted(os.path.relpath(folder))} is called by a widget.")
    if not any(folders):
        say("no folder here or above has connectors, so --unused has nothing to compare.")
