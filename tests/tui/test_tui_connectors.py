"""The Connectors place: findings, the marked source, fixes, the editor, and files that change."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tui_support import ready, screen_text, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.screens import connectors
from strongroom_tui.screens.connectors import ConnectorsPane

Make = Callable[..., StrongroomApp]
SIZE = (100, 30)


def registry(folder: Path) -> Path:
    return folder / "connectors_registry.json"


async def test_findings_stand_under_their_connector_with_sign_and_line(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "! secret-quotes")
        await see(app, "✗ unknown-secret")
        text = screen_text(app)
        assert "CRM contacts" in text
        assert "Weather now" in text


async def test_the_finding_is_marked_by_carets_below_its_text(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "^^^^")
        lines = screen_text(app).splitlines()
        at = next(i for i, line in enumerate(lines) if "^^^^" in line)
        carets = lines[at].index("^"), lines[at].rindex("^")
        assert "crm_client_secret" in lines[at - 1][carets[0] : carets[1] + 1]


async def test_the_fix_writes_only_the_finding_and_keeps_permissions(make_app: Make, workspace: Path) -> None:
    file = registry(workspace)
    file.chmod(0o640)
    before = file.read_text()
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "secret-quotes")
        await pilot.press("f")
        await until(lambda: file.read_text() != before, "the fix")
        assert file.read_text() == before.replace('(\\"crm_client_secret\\")', "('crm_client_secret')")
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        await until(lambda: "secret-quotes" not in screen_text(app), "the finding is gone")


async def test_a_file_that_changed_in_the_meantime_is_not_overwritten(
    make_app: Make, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "secret-quotes")
        file = registry(workspace)
        theirs = file.read_text().replace("Weather now", "Weather soon")
        file.write_text(theirs)
        await pilot.press("f")
        await see(app, "Weather soon")
        assert file.read_text() == theirs


async def test_a_change_of_a_file_shows_by_itself(make_app: Make, workspace: Path) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "secret-quotes")
        file = registry(workspace)
        file.write_text(file.read_text().replace('(\\"crm_client_secret\\")', "('crm_client_secret')"))
        await until(lambda: "secret-quotes" not in screen_text(app), "the finding is gone")


async def test_the_editor_opens_at_the_line_and_the_file_is_read_again(
    make_app: Make, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    def edit(command: list[str]) -> None:
        started.append(command)
        file = registry(workspace)
        file.write_text(file.read_text().replace("Weather now", "Weather edited"))

    monkeypatch.setenv("VISUAL", "nvim -n")
    monkeypatch.setattr(connectors, "run_command", edit)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        from contextlib import nullcontext

        monkeypatch.setattr(app, "suspend", nullcontext)
        await pilot.press("2")
        await see(app, "secret-quotes")
        node = app.query_one(ConnectorsPane).node
        assert node is not None
        await pilot.press("o")
        await see(app, "Weather edited")
        line = int(node.tail.split()[-1])
        assert started == [["nvim", "-n", f"+{line}", str(registry(workspace))]]


async def test_the_tree_filters_and_folds(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "secret-quotes")
        await pilot.press("enter")  # folds the connector that the finding is in
        await until(lambda: "! secret-quotes" not in screen_text(app).replace("! warning", ""), "folded")
        await pilot.press("enter")
        await see(app, "! secret-quotes")
        await pilot.press("slash", *"stripe", "enter")
        await until(lambda: "CRM contacts" not in screen_text(app), "filtered")
        assert "Stripe charges" in screen_text(app)


async def test_an_empty_folder_says_what_was_looked_for(make_app: Make, workspace: Path) -> None:
    registry(workspace).unlink()
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await see(app, "No connector files here.")
        await see(app, "connectors_registry.json")
        await pilot.press("3")
        await see(app, "There is nothing to test yet.")


async def test_a_file_that_cannot_be_read_says_so(make_app: Make, workspace: Path) -> None:
    registry(workspace).write_bytes(b"\xff\xfe\x00broken")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "UTF-8")


async def test_names_with_markup_and_escapes_are_shown_as_text(make_app: Make, workspace: Path) -> None:
    file = registry(workspace)
    file.write_text(file.read_text().replace("Weather now", "[red]Weather[/] \\u001b[2J"))
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "[red]Weather[/] ␛[2J")
        await pilot.press("3")
        await see(app, "[red]Weather[/]")
        assert "\x1b" not in screen_text(app)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_file_that_may_not_be_written_is_named(make_app: Make, workspace: Path) -> None:
    registry(workspace).chmod(0o400)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2", "f")
        await see(app, "cannot be written")
