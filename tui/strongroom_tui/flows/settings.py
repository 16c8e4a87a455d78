"""Looking at the settings, and changing one after the other."""

import os
from typing import TYPE_CHECKING

from strongroom_tui.app_settings import change_setting, settings_path, shown_settings
from strongroom_tui.screens.settings import ChangeSetting, SettingsScreen

if TYPE_CHECKING:
    from strongroom_tui.app import StrongroomApp

AT_START = frozenset({"community", "vault"})
"""What is looked at only when the app starts."""


async def change_settings(app: "StrongroomApp") -> None:
    """Show the list until it is left; write what is changed, and take it at once where that can be."""
    at = 0
    while True:
        in_force = {
            "community": app.snapshot.community,
            "theme": app.theme.removeprefix("strongroom-"),
            "vault": app.session.path,
        }
        shown = shown_settings(app.settings, os.environ, in_force)
        path = settings_path(app.settings)
        chosen = await app.push_screen_wait(SettingsScreen(shown, path, at))
        if chosen is None:
            return
        at = chosen
        key = shown[at].key

        async def write(text: str) -> None:
            await app.in_thread(change_setting, path, key, text)  # noqa: B023 - awaited within this round

        if await app.push_screen_wait(ChangeSetting(shown[at], write)):
            await app.take_settings()
            later = " · counts from the next start" if key.field in AT_START else ""
            app.say(f"✓ {shown[at].title} is written{later}")
