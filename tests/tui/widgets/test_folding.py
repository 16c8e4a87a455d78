"""Nothing is cut in the middle: sentences fold, lists of keys and outcomes leave out whole pieces."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tui_support import NOW, MemorySession, ready, report, screen_text, see, until

from strongroom.names import Kind
from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.model.runs.report_lines import summary
from strongroom_tui.model.secrets.name_row import NameRow
from strongroom_tui.model.text.words import shorten
from strongroom_tui.widgets.secret_details import DetailContext, detail_lines

Make = Callable[..., StrongroomApp]


def text_of(lines: Any) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def test_connectors_that_use_an_entry_take_two_lines_at_most() -> None:
    uses = tuple(f"Connector {number}" for number in range(40))
    row = NameRow("api_key", Kind.SECRET, uses=uses, note="a long note " * 8, version=1)
    lines = text_of(detail_lines(row, DetailContext(NOW, 40, "production", "a•", unlocked=True)))
    assert max(len(line) for line in lines) <= 49
    assert lines[1].startswith("used by  Connector 0, ")
    assert lines[2].endswith(" …")
    assert not lines[3].startswith("         ")


@pytest.mark.parametrize("width", [16, 30, 69])
def test_what_a_missing_name_means_is_told_whole(width: int) -> None:
    row = NameRow("a_rather_long_name_of_a_secret", Kind.SECRET, missing=True)
    lines = text_of(detail_lines(row, DetailContext(NOW, width, "production", "", unlocked=True)))
    assert "andcallsfail" in "".join(lines).replace(" ", "")
    assert max(len(line) for line in lines[:3]) <= width + 9


def test_what_took_how_long_and_how_much_came_are_pieces_of_their_own() -> None:
    pieces = [text for text, _ in summary(report(), 58)]
    assert pieces == ["✓ passed", "  200 OK", "   123 ms", "   58 characters"]


@pytest.mark.parametrize(
    ("reason", "is_whole"),
    [
        ("Unauthorized", True),
        ("no value was given for city, which the url asks for", True),
        ("a reason of no end " * 9, False),
    ],
    ids=["short", "sentence", "endless"],
)
async def test_the_reason_of_a_failure_is_whole_where_there_is_room_and_other_pieces_give_way(
    reason: str, is_whole: bool, make_app: Make, session: MemorySession
) -> None:
    session.open = True

    async def runner(*_: Any) -> Any:
        return report(passed=False, status=401, reason=reason, failure={"errors": {}})

    app = make_app(run_connector=runner)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("3", "ctrl+r")
        await see(app, f"✗ failed  401 {reason[:30]}")
        head, _, below = screen_text(app).partition("[Explain] API")
        assert (reason in head) == is_whole
        assert " ".join(below.replace("\n", " ").split()).startswith(f"✗ {reason}".strip())


async def test_an_outcome_that_is_too_long_leaves_out_its_last_pieces(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True

    async def runner(*_: Any) -> Any:
        return report(passed=False, status=401, reason="Unauthorized")

    app = make_app(run_connector=runner)
    async with app.run_test(size=(50, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("3", "ctrl+r")
        await see(app, "401 Unauthorized   123 ms")
        assert "58 char" not in screen_text(app)


async def test_a_dialogs_way_out_stays_where_its_keys_do_not_all_fit(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=(60, 18)) as pilot:
        await ready(app, pilot)
        app.push_screen(Confirm("Sure?", ["It goes."], "yes, " * 12, "keep it"))
        await see(app, "n keep it ─")
        assert "yes," not in screen_text(app)


async def test_where_there_is_nothing_the_whole_reason_is_read(make_app: Make, workspace: Path) -> None:
    (workspace / "connectors_registry.json").unlink()
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await see(app, "unlocked" if app.is_unlocked else "locked")
        await pilot.press("2")
        await see(app, "No connector files here.")
        shown = " ".join(line.split("│")[0].strip() for line in screen_text(app).splitlines())
        assert "Looked for connectors_registry.json and connectors.json." in shown
        await pilot.press("3")
        await see(app, "Connectors (2) says where Strongroom looks.")


def test_a_text_is_shortened_with_an_ellipsis() -> None:
    assert shorten("status", 6) == "status"
    assert shorten("statuses", 6) == "statu…"


async def test_details_that_changed_while_hidden_are_folded_to_the_width_they_are_shown_in(
    make_app: Make,
) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        detail = app.secrets.detail
        shown = detail.text()
        await pilot.press("3")
        await until(lambda: not detail.size.width, "the tab is hidden")
        app.secrets.show_detail()
        folded = detail.text()
        await pilot.press("1")
        await until(lambda: detail.text() == shown, "the details were folded again")
        assert folded != shown
