"""A credential that is written out in a file becomes a secret, and the file references it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tui_support import MemorySession, ready, screen_text, see, until

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom_tui.app import StrongroomApp

Make = Callable[..., StrongroomApp]
SIZE = (100, 36)
VALUE = "lit-s3cr3t-1234"


@pytest.fixture
def file(workspace: Path) -> Path:
    """A file of one connector whose API key is written out."""
    config = {"key": "X-Key", "value": VALUE, "in": "header"}
    connector = {
        "name": "Maps",
        "url": "https://a.example/",
        "authentication": {"type": "api_key", "config": config},
    }
    path = workspace / "connectors_registry.json"
    path.write_text(json.dumps({"connectors": [connector]}, indent=2))
    return path


async def test_the_credential_is_stored_and_referenced(
    make_app: Make, file: Path, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    before = file.read_text()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "m  stores it as a secret, and references it")
        await pilot.press("m")
        await see(app, "New · production")
        await see(app, "maps_api_key")
        assert VALUE not in screen_text(app)
        assert file.read_text() == before
        await pilot.press(*"maps_key", "tab", "right", "ctrl+s")
        await until(lambda: file.read_text() != before, "the reference")
        assert file.read_text() == before.replace(VALUE, "{{ get_secret('maps_key') }}")
        assert session.value("production", "maps_key").reveal() == VALUE
        assert session.data["production"]["maps_key"][0].kind is Kind.SECRET
        await until(lambda: "literal-credential" not in screen_text(app), "the finding is gone")
        await pilot.press("z")
        await until(lambda: file.read_text() == before, "the file as it was")


async def test_without_a_saved_secret_the_file_stays_as_it_is(
    make_app: Make, file: Path, session: MemorySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: object) -> None:
        raise StrongroomError("The disk is full.", "Make room.")

    monkeypatch.setattr(session, "add", refused)
    session.open = True
    app = make_app()
    before = file.read_text()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "stores it as a secret")
        await pilot.press("m")
        await see(app, "maps_api_key")
        await pilot.press("ctrl+s")
        await see(app, "The disk is full.")
        await pilot.press("escape")
        await until(lambda: not app.screen.query("#name"), "the form is closed")
        assert file.read_text() == before


async def test_a_file_that_changed_meanwhile_is_not_overwritten(
    make_app: Make, file: Path, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "stores it as a secret")
        await pilot.press("m")
        await see(app, "maps_api_key")
        theirs = file.read_text().replace("Maps", "Atlas")
        file.write_text(theirs)
        await pilot.press("ctrl+s")
        await until(lambda: any("still written out" in n.message for n in app._notifications))
        assert file.read_text() == theirs
        assert session.value("production", "maps_api_key").reveal() == VALUE
