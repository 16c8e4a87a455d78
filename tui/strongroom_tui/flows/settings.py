"""Show the settings, and change one after the other."""

import os
from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom_tui.dialogs.settings import ChangeSetting, SettingsScreen
from strongroom_tui.frame import theme
from strongroom_tui.frame.app_settings import (
    SettingChanged,
    Shown,
    change_setting,
    refuse_changed,
    settings_path,
    shown_settings,
)

if TYPE_CHECKING:
    from strongroom_tui.host import Host

AT_START = frozenset({"community", "vault"})
"""Settings that the app reads only when it starts."""


async def change_settings(host: "Host") -> None:
    """Show the list until a person leaves it. Write each change and use it."""
    at: int | None = 0
    try:
        while at is not None:
            at = await _round(host, at)
    except StrongroomError as error:
        host.complain(error)  # the file was broken by another program meanwhile


async def _round(host: "Host", at: int) -> int | None:
    """Show the list once and change the chosen setting.

    Return the number of the setting, or None to leave.
    """
    in_force = {
        "theme": theme.short_name(host.theme),
        "community": host.snapshot.community,
        "vault": host.session.path,
    }
    shown = shown_settings(host.settings, os.environ, in_force)
    path = settings_path(host.settings)
    chosen = await host.push_screen_wait(SettingsScreen(shown, path, at))
    if chosen is None:
        return None
    if await _change(host, path, shown[chosen]):
        await host.take_settings()
        later = " · counts from the next start" if shown[chosen].key.field in AT_START else ""
        host.say(f"✓ {shown[chosen].title} is written{later}")
    return chosen


async def _change(host: "Host", path: str, shown: Shown) -> bool:
    was_refused = False

    async def write(text: str) -> None:
        nonlocal was_refused
        if not was_refused:
            try:
                await host.in_thread(refuse_changed, path, shown)
            except SettingChanged:
                was_refused = True
                raise
        await host.in_thread(change_setting, path, shown.key, text)

    written = await host.push_screen_wait(ChangeSetting(shown, write))
    return bool(written)
