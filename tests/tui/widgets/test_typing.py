"""Typing in bursts: every place that takes text takes keys in their order, alone and in one read of the terminal."""

import asyncio
import importlib
import pkgutil
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from dialog_support import dialog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.dom import DOMNode
from textual.widgets import Input
from tui_support import NOW, MemorySession, entry, ready, until
from typing_support import SCENES, Make, Model, Scene, arrive, clear, paste, send, text_of, typed

import strongroom_tui
from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.dialogs.jump import Jump
from strongroom_tui.frame import key_queue
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.widgets.text_editor import TextEditor, TextField
from strongroom_tui.widgets.value_editor import ValueEditor
from strongroom_tui.widgets.virtual_list import VirtualList

SIZES = ((60, 18), (120, 40))

PEM = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n"

ONE_LINE = (
    (*"xy", "backspace", "z"),
    (*"xy", "left", "z"),
    (*"hello", "ctrl+a", "X"),
    (*"hello", "home", "X", "end", "Y", "ctrl+e", "Z"),
    (*"one", " ", *"two", "ctrl+w", *"three"),
    (*"gone", "ctrl+u", *"kept"),
    (*"hello", "left", "left", "ctrl+k", *"p"),
    (*"abc", "home", "delete", "right", "x"),
)
LINES = ((*"ab", "enter", *"cd", "enter", *"ef"), tuple("enter" if c == "\n" else c for c in PEM))


def text_takers() -> Iterator[type[DOMNode]]:
    """Every class of the app that looks at keys itself, or is a field of Textual's."""
    for module in pkgutil.walk_packages(strongroom_tui.__path__, "strongroom_tui."):
        if module.name.endswith("__main__"):
            continue
        for found in vars(importlib.import_module(module.name)).values():
            if not (isinstance(found, type) and issubclass(found, DOMNode)):
                continue
            own = found.__module__.startswith("strongroom_tui")
            if own and (
                issubclass(found, Input) or any(hasattr(found, n) for n in ("on_key", "key_enter", "key_tab"))
            ):
                yield found


def test_each_widget_that_takes_text_is_held_to_the_order_of_keys() -> None:
    held = {TextEditor, Jump, *(scene.widget for scene in SCENES.values())}
    assert {one.__name__ for one in text_takers() if not issubclass(one, tuple(held))} == set()
    assert {one for one in text_takers() if issubclass(one, TextEditor)} == {
        TextEditor,
        TextField,
        ValueEditor,
    }
    assert VirtualList in set(text_takers())


@pytest.mark.parametrize(
    ("scene", "size"), zip(SCENES.values(), cycle(SIZES), strict=False), ids=SCENES.keys()
)
async def test_a_burst_makes_the_text_that_its_keys_make_one_by_one(
    scene: Scene, size: tuple[int, int], make_app: Make, session: MemorySession
) -> None:
    session.open, session.exists = scene.is_open, scene.has_vault
    app = make_app()
    async with app.run_test(size=size) as pilot:
        widget = await arrive(app, pilot, scene)
        several = isinstance(widget, TextEditor) and not widget.is_single
        for burst in (*ONE_LINE, *(LINES if several else ())):
            if getattr(widget, "type", "") == "integer":
                continue
            send(app, burst)
            await until(lambda b=burst: text_of(widget) == typed(b), f"{burst}: {typed(burst)!r}")
            await pilot.pause()
            assert text_of(widget) == typed(burst)
            await clear(app, widget)


SAVED = (
    "n",
    *"new_key",
    "tab",
    "tab",
    *"val",
    "enter",
    *"ue",
    "tab",
    "tab",
    *"a note",
    "tab",
    *"90d",
    "ctrl+s",
)
WALKS: dict[str, tuple[tuple[str, ...], bool]] = {
    "the form, from its key to its end": (SAVED, True),
    "through the dialog that unlocks": (("n", *"open sesame", "enter", *SAVED[1:]), False),
    "enter goes on, shift+tab comes back": (
        ("n", *"nw", "enter", "enter", *"value", "shift+tab", "shift+tab", "home", "right", "e", "ctrl+s"),
        True,
    ),
    "by the palette": (("ctrl+p", *"new secret", "enter", *SAVED[1:]), True),
    "after another tab": (("2", "1", *SAVED), True),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS.keys())
async def test_one_burst_goes_through_dialogs_and_fields(
    walk: tuple[tuple[str, ...], bool], size: tuple[int, int], make_app: Make, session: MemorySession
) -> None:
    keys, session.open = walk
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await ready(app, pilot)
        send(app, keys)
        name = "new_key" if "new_key" in "".join(k for k in keys if len(k) == 1) else "new"
        await until(lambda: session.find("production", name), "saved")
        made, value = session.data["production"][name]
        assert value.reveal() == ("val\nue" if name == "new_key" else "value")
        assert made.note == ("a note" if name == "new_key" else "")


async def test_one_burst_picks_a_connector_and_fills_its_inputs(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(app, pilot)
        send(
            app,
            ["3", "p", *"stripe", "enter", "i", *"a=1", "tab", "tab", "{", "enter", "}", "up", "end", "!"],
        )
        pane = app.pane(app.tab)
        await until(lambda: app.tab.value == "test")
        pane = app.pane(app.tab)
        await until(lambda: pane.values().get("payload") == "{!\n}", "typed")  # type: ignore[attr-defined]
        assert pane.target.name == "Stripe charges"  # type: ignore[attr-defined]
        assert pane.values()["query"] == "a=1"  # type: ignore[attr-defined]


async def test_a_question_is_not_answered_by_a_key_that_was_pressed_before_it_was_seen(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("end")
        send(app, "dyy")
        await dialog(app, Confirm)
        await pilot.pause()
        assert isinstance(app.screen, Confirm)
        assert session.find("production", "weather_api_key")
        await pilot.press("y")
        await until(lambda: not session.find("production", "weather_api_key"), "deleted by a later y")


async def test_a_paste_keeps_its_place_among_the_keys(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        send(app, ["n", *"ab"])
        paste(app, "cd")
        send(app, ["left", "x", "tab", "tab"])
        paste(app, PEM.replace("\n", "\r"))
        send(app, ["z"])
        form = await dialog(app, EntryForm)
        await until(lambda: text_of(form.editor) == PEM + "z", "pasted")
        assert form.query_one("#name", Input).value == "abcxd"


async def test_keys_wait_for_no_flow_for_ever(
    make_app: Make, session: MemorySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_queue, "LONGEST_SECONDS", 0.05)
    app = make_app()
    never = asyncio.Event()

    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)

        async def flow() -> None:
            await never.wait()

        start(app, Group.DIALOG, flow)
        send(app, ["2", "3"])
        await until(lambda: app.tab.value == "test", "the keys came through")
        never.set()


KEYS = st.sampled_from([
    *"ab .é", "backspace", "delete", "left", "right", "home", "end", "ctrl+a", "ctrl+e", "ctrl+u", "ctrl+w", "ctrl+k"
])  # fmt: skip


@pytest.mark.parametrize("name", ["form: note", "form: value", "secrets: filter", "test: payload"])
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(bursts=st.lists(st.lists(KEYS | st.just("enter"), max_size=30), min_size=8, max_size=8))
def test_any_keys_make_the_text_of_a_plain_model(
    name: str, bursts: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    scene = SCENES[name]
    session = MemorySession()
    session.put("production", entry("weather_api_key"), "wk_1")
    session.open = True
    folder = tmp_path_factory.mktemp("site")
    asyncio.run(_type_and_compare(scene, bursts, session, folder))


async def _type_and_compare(
    scene: Scene, bursts: list[list[str]], session: MemorySession, folder: Path
) -> None:
    write_registry(folder)
    app = StrongroomApp(str(folder), session, clock=lambda: NOW)
    async with app.run_test(size=(80, 24)) as pilot:
        widget = await arrive(app, pilot, scene)
        has_lines = isinstance(widget, TextEditor) and not widget.is_single
        for burst in bursts:
            keys = burst if has_lines else [key for key in burst if key != "enter"]
            model = Model(has_lines=has_lines)
            for key in [*keys, "end", "!"]:
                model.press(key)
            send(app, [*keys, "end", "!"])
            await until(lambda m=model: text_of(widget) == m.text, f"{keys}: {model.text!r}")
            await clear(app, widget)


def write_registry(folder: Path) -> None:
    import json

    from tui_support import REGISTRY

    (folder / "connectors_registry.json").write_text(json.dumps(REGISTRY))
