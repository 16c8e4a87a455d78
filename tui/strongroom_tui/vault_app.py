"""Unlock the vault with what it opens with. Lock it on a key and when idle."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from textual import events

from strongroom.backends.place import EnginePlace
from strongroom.errors import StrongroomError
from strongroom.settings.trusted_hosts import TrustedHosts, trusts_everything
from strongroom.store.errors import VaultExists, VaultMissing
from strongroom.store.file import places
from strongroom.values.secret_value import SecretValue
from strongroom_tui.app_base import AppBase
from strongroom_tui.backend.session import Locked
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.text.words import one_line
from strongroom_tui.vault_state import Snapshot, VaultState
from strongroom_tui.widgets.dialog import Dialog

WARNED_SECONDS = 30
"""Seconds before the idle lock at which a notice says so."""

T = TypeVar("T")


class VaultApp(AppBase):
    """Unlock and lock the vault of the app."""

    _warned_of = 0.0
    _making: Dialog[bool] | None = None
    """The dialog that makes a vault, while it is open."""

    @property
    def is_unlocked(self) -> bool:
        """Return True while values can be read."""
        return self.snapshot.state is VaultState.UNLOCKED

    @property
    def key_file(self) -> str:
        """Return the key file of the settings or of the usual place, or ""."""
        named = self.settings.key_file or os.environ.get("STRONGROOM_KEY_FILE", "")
        usual = places.default_key_file()
        return named or (usual if os.path.lexists(usual) else "")

    async def _try_key_file(self) -> bool:
        from strongroom.store.keys.ways import KeyFile

        try:
            await self.vault_call(self.session.unlock, [KeyFile(self.key_file)])
        except StrongroomError as error:
            self._key_problem = error_text(error)
            return False
        return await self._heed_warnings()

    async def _heed_warnings(self) -> bool:
        """Show what the vault warns of. Lock it again without a yes."""
        from strongroom_tui.dialogs.confirm import Confirm

        warnings = await self.vault_call(self.session.warnings)
        if warnings:
            lines = [line for message, way_out in warnings for line in (message, way_out, "")]
            if not await self.push_screen_wait(Confirm("This vault needs a look", lines, "go on", "lock it")):
                await self.action_lock()
                return False
            await self.vault_call(self.session.accept_warnings)
        for notice in await self.vault_call(self.session.notices):
            self.notify(one_line(notice), markup=False, timeout=12)
        await self.refresh_vault()
        return True

    async def ensure_unlocked(self) -> bool:
        """Unlock or make the vault if it is needed. Return True if values can be read."""
        with self.key_queue.flow():
            return self.is_unlocked or await self._unlock_somehow()

    async def _unlock_somehow(self) -> bool:
        if place := self.session.engine:
            return await self._open_engine(place)
        if self.snapshot.state is VaultState.UNREADABLE:
            self.complain(StrongroomError(self.snapshot.problem))
            return False
        if self.snapshot.state is VaultState.GONE and not await self._make_in_place_of_the_gone():
            return False
        if self.snapshot.state is VaultState.LOCKED and self.key_file and await self._try_key_file():
            return True
        return await self._ask_for_key()

    async def _open_engine(self, place: EnginePlace, *, asks: bool = True) -> bool:
        """Log in at the shown community's engine, after the person agreed to its host.

        Return True if values can be read. Without `asks`, no question and no error is shown.
        """
        trusted = TrustedHosts()
        hosts = trusted.missing(self.settings.folder, place.community, [place.host])
        if hosts and not trusts_everything(os.environ):
            if not asks or not await self._agree_to(place):
                return False
            await self.in_thread(trusted.agree, self.settings.folder, place.community, hosts)
        try:
            await self.vault_call(self.session.shared.open, place.community)
        except StrongroomError as error:
            if asks:
                self.complain(error)
            return False
        await self.refresh_vault()
        return self.is_unlocked

    async def _agree_to(self, place: EnginePlace) -> bool:
        from strongroom_tui.dialogs.confirm import Confirm

        lines = (
            f'The settings of this folder say that {place.words} holds the secrets of "{place.community}".',
            "Your login and what you save go there.",
            "",
        )
        answer = await self.push_screen_wait(Confirm("A new host", lines, "log in there", "not there"))
        return bool(answer)

    async def keyed_call(self, work: Callable[..., T], *args: object) -> T:
        """Do as `vault_call`, after `ensure_unlocked`. Raises `Locked`."""
        if self.snapshot.state is VaultState.GONE:
            raise VaultMissing(
                f'The vault has gone: it was at "{self.session.path}".', "Put it back, and do this again."
            )
        if not await self.ensure_unlocked():
            raise Locked
        return await self.vault_call(work, *args)

    async def _make_in_place_of_the_gone(self) -> bool:
        from strongroom_tui.dialogs.confirm import Confirm

        lines = (
            f'It was at "{self.session.path}".',
            "Put it back, and it is shown as soon as it is there.",
            "",
            "A new vault would be empty. It keeps the old one from being put back.",
            "",
        )
        answer = await self.push_screen_wait(
            Confirm("The vault has gone", lines, "make a new one", "wait for it")
        )
        return bool(answer)

    async def _ask_for_key(self) -> bool:
        from strongroom.store.keys.ways import keyring_is_off
        from strongroom_tui.dialogs.unlock import (
            KEY_FILE,
            KEYRING,
            PASSPHRASE,
            RECOVERY,
            REMEMBERED,
            CreateVault,
            Unlock,
            Ways,
        )

        makes = self.snapshot.state.is_absent
        ways = [PASSPHRASE, KEY_FILE, *(() if keyring_is_off() else (KEYRING,))]
        if not makes:
            slots = await self.vault_call(self.session.slots)
            ways = [way for way in (*ways, RECOVERY) if way.replace(" ", "-") in slots] or ways
            if await self.vault_call(self.session.has_remembered_key):
                ways.insert(0, REMEMBERED)
        if self.key_file:
            ways.sort(key=lambda way: way != KEY_FILE)
        kind: type[Ways] = CreateVault if makes else Unlock
        dialog = kind(
            ways, partial(self._open_with, makes), key_file=self.key_file, problem=self._key_problem
        )
        self._key_problem = ""
        self._making = dialog if makes else None
        opened = await self.push_screen_wait(dialog)
        self._making = None
        if not opened and makes and self.snapshot.state.is_there:
            # Another program has made a vault meanwhile.
            self._key_problem = f"There is a vault at {self.session.path} by now: what opens it?"
            return await self._ask_for_key()
        if not opened:
            await self.vault_call(self.session.lock)  # the person gave up while a key was being tried
        elif await self._heed_warnings():
            self.say("✓ vault made and unlocked" if makes else "✓ unlocked")
        return self.is_unlocked

    def heed(self, before: Snapshot) -> None:
        """Say what changed. Use a vault that has just appeared instead of making one."""
        super().heed(before)
        if self.snapshot.state.is_absent or not before.state.is_absent:
            return
        if self._making is not None:
            self._making.forget()
            self._making.dismiss(None)
        elif before.state is VaultState.NEVER and self.snapshot.state is VaultState.LOCKED:
            start(self, Group.DIALOG, self.unlock_without_asking)

    async def _open_with(self, makes: bool, way: str, typed: SecretValue, path: str) -> None:
        from strongroom.store.keys import ways
        from strongroom_tui.dialogs import unlock

        made: dict[str, Callable[[], Any]] = {
            unlock.PASSPHRASE: lambda: ways.Passphrase(lambda: typed),
            unlock.RECOVERY: lambda: ways.RecoveryCode(lambda: typed),
            unlock.KEY_FILE: lambda: ways.KeyFile(os.path.expanduser(path)),
            unlock.KEYRING: ways.Keyring,
            unlock.REMEMBERED: ways.RememberedKey,
        }
        if not makes:
            await self.vault_call(self.session.unlock, [made[way]()])
            return
        try:
            await self.vault_call(self.session.create, [made[way]()])
        except VaultExists:
            await self.refresh_vault()
            if not self.snapshot.state.is_there:
                raise

    async def unlock_without_asking(self) -> None:
        """Unlock with the key file, or with the key that `strongroom vault unlock` keeps."""
        from strongroom.store.keys.ways import RememberedKey

        if self.snapshot.state is not VaultState.LOCKED:
            return
        if place := self.session.engine:
            await self._open_engine(place, asks=False)
            return
        if self.key_file:
            await self._try_key_file()
        elif await self.vault_call(self.session.has_remembered_key):
            with suppress(StrongroomError):
                await self.vault_call(self.session.unlock, [RememberedKey()])
                if await self._heed_warnings():
                    self.say("✓ unlocked with the remembered key")

    async def action_lock(self) -> None:
        """Drop the key, all values on the screen, and all dialogs, which may hold values."""
        self.secrets_state.lock()
        for pane in self.panes:
            pane.forget()
        closed = self._close_dialogs()
        await self.vault_call(self.session.lock)
        await self.clear_clipboard()
        self.snapshot = await self.vault_call(self.session.snapshot)
        self.show_vault()
        for pane in self.panes:
            pane.reload()
        self.say("locked")
        for heading, fields in closed:
            kept = f"{', '.join(fields)}: kept until it is opened again, except a value."
            self.notify(
                f"The form “{one_line(heading)}” was closed by the lock. {kept}", markup=False, timeout=12
            )

    def _close_dialogs(self) -> list[tuple[str, list[str]]]:
        """Close all dialogs. Return the headings and fields of those with typed text."""
        from strongroom_tui.dialogs.input_dialog import InputDialog

        closed = []
        while self.is_running and len(self.screen_stack) > 1:
            if isinstance(self.screen, InputDialog) and (fields := self.screen.keep_draft()):
                closed.append((self.screen.heading, fields))
            if isinstance(self.screen, Dialog):
                self.screen.forget()
            self.screen.dismiss(None)
        return closed

    def action_unlock(self) -> None:
        """Unlock now."""
        start(self, Group.DIALOG, self._unlock)

    async def _unlock(self) -> None:
        await self.ensure_unlocked()

    async def on_event(self, event: events.Event) -> None:
        """Remember when a person last did something."""
        if isinstance(event, events.Key | events.MouseEvent | events.Paste):
            self._last_touch = time.monotonic()
        await super().on_event(event)

    async def _lock_when_idle(self) -> None:
        if not self.is_unlocked:
            return
        left = self._last_touch + self.idle_seconds - time.monotonic()
        if left <= 0:
            await self.action_lock()
        elif left <= min(WARNED_SECONDS, self.idle_seconds / 2) and self._warned_of != self._last_touch:
            self._warned_of = self._last_touch
            text = f"The vault locks in {left:.0f} s. Any key keeps it open."
            self.notify(text, severity="warning", markup=False, timeout=left)
