"""What the screens' tests share: a session held in memory, a fixed clock, a report, waiting."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from textual import events
from textual._context import visible_screen_stack

from strongroom.errors import StrongroomError
from strongroom.names import NO_NAMES, Kind, Knowledge, Name, Names
from strongroom.platform.naming import DUPLICATE_NAME
from strongroom.store.errors import EntryChanged
from strongroom.store.keys.ways import KeyFile
from strongroom.store.rows.expected import Saved
from strongroom.store.rows.listing import Entry
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_tui.app import StrongroomApp
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.frame.workers import Group
from strongroom_tui.vault_state import Snapshot, VaultFingerprint, VaultState

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CANARY = "wk_live_CANARY_51H7aPq"


def entry(
    name: str,
    kind: Kind = Kind.SECRET,
    value: str | None = None,
    *,
    note: str = "",
    expires: str = "",
    changed: str = "2026-11-20T09:00:00+00:00",
) -> Entry:
    return Entry(name, kind, note, expires, value, changed, changed, 1)


class MemorySession(VaultSession):
    """A session without a file: opened by the passphrase "open sesame" or the key file "the.key"."""

    def __init__(self) -> None:
        super().__init__("memory", None)
        self.data: dict[str, dict[str, tuple[Entry, SecretValue]]] = {"production": {}, "staging": {}}
        self.shown = "production"
        self.open = False
        self.exists = True
        self.changes = 1
        self.kinds = ("passphrase", "key-file")

    def put(self, community: str, one: Entry, value: str) -> None:
        self.changes += 1
        tagged = one._replace(tag=b"%d" % self.changes)
        self.data.setdefault(community, {})[one.name] = (tagged, SecretValue(value))

    def _seen(self, community: str, name: str, expected: bytes | None = None) -> Entry:
        found = self.find(community, name)
        if found is None or expected not in (None, found.tag):
            raise EntryChanged(name, community, "changed")
        return found

    def _saved(self, community: str, name: str) -> Saved:
        one = self._seen(community, name)
        return Saved(one.name, one.version, one.note, one.expires, one.tag)

    def snapshot(self) -> Snapshot:
        if not self.exists:
            return self.nothing(VaultState.NEVER)
        entries = tuple(one for one, _ in self.data.get(self.shown, {}).values())
        state = VaultState.UNLOCKED if self.open else VaultState.LOCKED
        return Snapshot(state, self.shown, tuple(self.data), entries, self.fingerprint())

    def first_look(self) -> Snapshot:
        return self.snapshot()

    def names(self, community: str) -> Names:
        if not self.exists:
            return NO_NAMES
        entries = (one for one, _ in self.data.get(community, {}).values())
        names = {e.name: Name(e.name, e.kind, e.note, e.expires, e.value) for e in entries}
        return Names(Knowledge.COMPLETE, names, community, "the vault")

    def known_names(self, settings: Any, community: str) -> Names:
        return self.names(community)

    def find(self, community: str, name: str) -> Entry | None:
        found = self.data.get(community, {}).get(name)
        return found[0] if found else None

    def fingerprint(self) -> VaultFingerprint:
        return (
            VaultFingerprint(VaultState.LOCKED, counter=self.changes)
            if self.exists
            else VaultFingerprint(VaultState.NEVER)
        )

    def use(self, community: str) -> None:
        self.shown = community
        self.data.setdefault(community, {})

    def do(self, work: Callable[..., Any], *args: object) -> Any:
        return work(SimpleNamespace(path="memory"), *args)

    def has_remembered_key(self) -> bool:
        return False

    def slots(self) -> tuple[str, ...]:
        return self.kinds

    def unlock(self, ways: Any) -> None:
        from strongroom.store.keys.ways import KeyFile, Passphrase

        for way in ways:
            if isinstance(way, Passphrase) and way._prompt().reveal() == "open sesame":
                self.open = True
            if isinstance(way, KeyFile) and way.path.endswith("the.key"):
                self.open = True
        if not self.open:
            raise StrongroomError("The passphrase does not open this vault.", "Try again.")

    def create(self, ways: Any) -> None:
        self.exists = self.open = True

    def lock(self) -> None:
        self.open = False

    def warnings(self) -> list[tuple[str, str]]:
        return []

    def notices(self) -> list[str]:
        return []

    def value(self, community: str, name: str) -> SecretValue:
        if not self.open:
            raise StrongroomError("The vault is locked.")
        return self.data[community][name][1]

    def hints(self, community: str, names: Any) -> dict[str, str]:
        return {n: self.data[community][n][1].hint() for n in names if self.open}

    def end_interrupted_renames(self) -> list[Any]:
        return []

    def add(
        self, community: str, name: str, kind: Kind, value: SecretValue, note: str, expires: str
    ) -> Saved:
        if name in self.data[community]:
            raise StrongroomError(f"{DUPLICATE_NAME}: {name} exists.", "Edit it.")
        text = value.reveal()
        shown = text if kind is Kind.VARIABLE else None
        self.put(community, entry(name, kind, shown, note=note, expires=expires), text)
        return self._saved(community, name)

    def change(
        self,
        community: str,
        name: str,
        value: SecretValue | None,
        note: str | None,
        expires: str | None,
        expected: bytes | None = None,
    ) -> Saved:
        self._seen(community, name, expected)
        old, old_value = self.data[community][name]
        new_value = value or old_value
        text = new_value.reveal() if old.kind is Kind.VARIABLE else None
        new = old._replace(
            value=text,
            note=old.note if note is None else note,
            expires=old.expires if expires is None else expires,
            version=old.version + (value is not None),
        )
        self.put(community, new, new_value.reveal())
        return self._saved(community, name)

    def delete(self, community: str, name: str, expected: bytes | None = None) -> Saved:
        self._seen(community, name, expected)
        saved = self._saved(community, name)
        self.bin = {name: self.data[community].pop(name)}
        self.changes += 1
        return saved._replace(is_deleted=True)

    def undelete(self, community: str, name: str, expected: bytes | None = None) -> Saved:
        self.data[community][name] = self.bin.pop(name)
        self.changes += 1
        return self._saved(community, name)


REGISTRY: dict[str, Any] = {
    "connectors": [
        {
            "name": "Weather now",
            "permalink": "weather-now",
            "url": "https://api.weather.example.com/v1/{{ pathParams.city }}",
            "headers": [{"key": "Authorization", "value": "Bearer {{ get_secret('weather_api_key') }}"}],
            "path_parameters": [{"key": "city"}],
        },
        {
            "name": "CRM contacts",
            "permalink": "crm-contacts",
            "url": "{{ get_variable('crm_base_url') }}/contacts",
            "headers": [{"key": "X-Api-Key", "value": '{{ get_secret("crm_client_secret") }}'}],
        },
        {
            "name": "Stripe charges",
            "permalink": "stripe-charges",
            "url": "https://api.stripe.example.com/v1/charges",
            "headers": [{"key": "Authorization", "value": "Bearer {{ get_secret('stripe_key') }}"}],
        },
    ]
}


def report(**changes: Any) -> SimpleNamespace:
    """A test's report as the resolver gives it."""
    body = '{"city": "Lisbon", "celsius": 21, "tags": ["sun", "wind"]}'
    return SimpleNamespace(
        **{
            "passed": True,
            "status": 200,
            "reason": "OK",
            "headers": {"Content-Type": "application/json", "X-Request-ID": "req-1"},
            "text": body,
            "body": str(changes.get("text", body)).encode(),
            "request_id": "req-1",
            "server_timing": {
                "setup": 2.0,
                "transform": 1.0,
                "cache": 0.0,
                "external": 120.0,
                "total": 123.0,
            },
            "phases": {"connect": 20.0, "wait": 95.0, "receive": 5.0},
            "debug": {
                "url": "https://api.weather.example.com/v1/lisbon",
                "method": "GET",
                "headers": {"Authorization": "Bearer {{ get_secret('weather_api_key') }}"},
            },
            "unresolved": (),
            "failure": None,
            "explanation": ("headers[0] (Authorization): the secret 'weather_api_key' of production.",),
            **changes,
        }
    )


async def until(condition: Callable[[], Any], what: str = "", seconds: float = 30.0) -> Any:
    """Wait until `condition` holds; fail after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"never came true: {what or condition}")
        await asyncio.sleep(0.01)


def screen_text(app: StrongroomApp) -> str:
    """The text that is on the screen now."""
    # As the app does before it paints: a dialog would be drawn, and kept, without what is behind it.
    visible_screen_stack.set(app._background_screens)
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def see(app: StrongroomApp, text: str) -> None:
    """Wait until `text` is on the screen."""
    end = time.monotonic() + 30
    while text not in screen_text(app):
        if time.monotonic() > end:
            raise AssertionError(f"never on the screen: {text!r}\n{screen_text(app)}")
        await asyncio.sleep(0.02)


MAY_WAIT = (Group.DIALOG, Group.FIX, Group.TRY, Group.RUN, Group.REVEAL)
"""The groups whose work may wait for a person or an API."""


async def ready(app: StrongroomApp, pilot: Any) -> None:
    """Wait until the first scan is shown, with the names of the vault if it opens without a question."""
    await until(lambda: app.workspace.files, "the first scan")
    await at_rest(app, pilot)


async def at_rest(app: StrongroomApp, pilot: Any) -> None:
    """Wait until the work beside the screen has ended."""
    others = {group.value[0] for group in Group if group not in MAY_WAIT}
    await until(lambda: all(w.is_finished for w in app.workers if w.group in others), "the work's end")
    await pilot.pause()


Open = Callable[..., StrongroomApp]
FILES = ("connectors_registry.json", "widgets/a/connectors.json", "widgets/b/connectors.json")


def connector(name: str, secret: str) -> dict[str, object]:
    value = f"Bearer {{{{ get_secret('{secret}') }}}}"
    return {
        "name": name,
        "permalink": name.lower(),
        "url": "https://api.example.com/v1",
        "headers": [{"key": "Authorization", "value": value}],
    }


async def unlocked(app: StrongroomApp, pilot: object) -> None:
    await ready(app, pilot)
    await see(app, "● unlocked")


def stored(vault_file: Path) -> dict[str, str]:
    """Name -> value, read by another connection."""
    with Vault.unlock(vault_file, [KeyFile(vault_file.parent / "key")]) as vault:
        read = {Kind.SECRET: lambda n: vault.get("production", n).reveal()}
        read[Kind.VARIABLE] = lambda n: vault.variable("production", n)
        return {e.name: read[e.kind](e.name) for e in vault.entries("production")}


async def click(app: StrongroomApp, pilot: Any, text: str, *, last: bool = False) -> None:
    """Click the first (or last) place on the screen where `text` stands."""
    await see(app, text)
    lines = [(y, line) for y, line in enumerate(screen_text(app).splitlines()) if text in line]
    y, line = lines[-1 if last else 0]
    await pilot.click(offset=(line.index(text) + 1, y))
    await pilot.pause()


def burst(app: StrongroomApp, *keys: str) -> None:
    """Press keys without waiting for what one of them does."""
    for key in keys:
        pressed = events.Key(key, key if len(key) == 1 else None)
        pressed.set_sender(app)
        app.post_message(pressed)


async def typed(pilot: Any, text: str) -> None:
    """Press the keys of `text`."""
    keys = {
        "-": "minus",
        "_": "underscore",
        " ": "space",
        "/": "slash",
        ".": "full_stop",
        ":": "colon",
        "@": "at",
    }
    await pilot.press(*(keys.get(c, c) for c in text))
