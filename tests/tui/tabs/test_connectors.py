"""The Connectors tab: findings, the marked source, fixes, the editor, and files that change."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tui_support import MemorySession, ready, screen_text, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.frame import outside
from strongroom_tui.tabs.connectors import ConnectorsPane

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


async def test_the_finding_is_marked_in_the_source_and_told_below_it(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "! 26 │")
        strips = app.screen._compositor.render_strips(app.size)
        underlined = [s.text for strip in strips for s in strip if s.style and s.style.underline]
        assert "".join(underlined) == '\\"crm_client_secret\\"'
        await see(app, "Use single quotes: get_secret('crm_client_secret').")


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

    def edit(command: list[str], _way_out: str) -> None:
        started.append(command)
        file = registry(workspace)
        file.write_text(file.read_text().replace("Weather now", "Weather edited"))

    monkeypatch.setenv("VISUAL", "nvim -n")
    monkeypatch.setattr(outside, "run_command", edit)
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
        assert node.file is not None
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
        tree = app.query_one(ConnectorsPane).tree_rows
        shown = ["connectors_registry.json", "Stripe charges", "✗ unknown-secret"]
        await until(lambda: [node.text for node in tree.nodes] == shown[:2], "filtered")


async def test_findings_are_ordered_by_rule_and_back_with_the_cursor_on_the_same_one(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        pane = app.query_one(ConnectorsPane)
        await pilot.press("2")
        await see(app, "! secret-quotes")
        assert pane.node is not None
        finding = pane.node.finding
        await pilot.press("v")
        await until(lambda: pane.tree_rows.order == "by rule")
        assert [node.text for node in pane.tree_rows.nodes] == [
            "✗ unknown-secret",
            "Stripe charges",
            "! secret-quotes",
            "CRM contacts",
        ]
        assert pane.node.finding is finding
        await pilot.press("up")
        await see(app, "Why it is bad")  # a rule's row shows its page
        await pilot.press("down", "v")
        await until(lambda: pane.tree_rows.order == "by file")
        assert pane.node.finding is finding


async def test_the_cursor_of_the_source_tells_what_is_under_it(make_app: Make, workspace: Path) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        pane = app.query_one(ConnectorsPane)
        await pilot.press("2")
        await see(app, "! secret-quotes")
        await pilot.press("tab")
        await until(lambda: pane.source.has_focus)
        text = registry(workspace).read_text()
        for offset, told in (
            (text.index("weather_api_key"), ("production  ✓ secret", "staging     ✓ secret")),
            (text.index("crm_base_url"), ("production  ✓ variable", "staging     ✗ missing")),
            (text.index("get_variable"), ("In connectors it works in url, headers",)),
            (text.index("pathParams"), ("The path parameters of this call.", "it works in url.")),
            (text.index('"permalink"'), ("string · at most 255 characters",)),
            (text.index('"key": "X-Api'), ("The header's or parameter's name; unique.",)),
        ):
            pane.source._move(offset)
            for part in told:
                await see(app, part)


async def test_fix_all_shows_the_difference_and_writes_it_only_after_a_yes(
    make_app: Make, workspace: Path
) -> None:
    file = registry(workspace)
    file.write_text(file.read_text().replace("get_secret('stripe_key')", "get_secret( 'weather_api_key' )"))
    before = file.read_text()
    fixed = before.replace('(\\"crm_client_secret\\")', "('crm_client_secret')")
    fixed = fixed.replace("( 'weather_api_key' )", "('weather_api_key')")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "secret-spacing")
        await pilot.press("F")
        await see(app, "2 findings in 1 file would go, by certain fixes.")
        await see(app, "26 + ")
        assert "get_secret('crm_client_secret')" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert file.read_text() == before
        await pilot.press("F")
        await see(app, "2 findings in 1 file")
        await pilot.press("enter")
        await until(lambda: file.read_text() == fixed, "written")
        await see(app, "z takes it back")
        await pilot.press("z")
        await until(lambda: file.read_text() == before, "taken back")


async def test_a_fix_that_may_be_wrong_is_shown_before_it_is_written(make_app: Make, workspace: Path) -> None:
    file = registry(workspace)
    file.write_text(file.read_text().replace("'weather_api_key'", "'Weather_API_key'"))
    before = file.read_text()
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        pane = app.query_one(ConnectorsPane)
        await pilot.press("2")
        await see(app, "unknown-secret")
        found = next(i for i, n in enumerate(pane.tree_rows.nodes) if n.finding and n.finding.fixes)
        node = pane.tree_rows.nodes[found]
        assert node.finding is not None
        assert node.finding.fixes
        pane.rows.go(found)
        await pilot.press("f")
        if node.finding.fix is None:
            await see(app, "this fix may not be what was meant")
            assert file.read_text() == before
            await pilot.press("enter")
        await until(lambda: "'weather_api_key'" in file.read_text(), "written")


async def test_a_missing_name_is_made_where_its_finding_is(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "! secret-quotes")
        await pilot.press("n", "m")
        await see(app, "New · production")
        await pilot.press(*"sk_1", "ctrl+s")
        await until(lambda: "stripe_key" in session.data["production"], "added")
        tree = app.query_one(ConnectorsPane).tree_rows
        await until(
            lambda: not any("unknown-secret" in node.text for node in tree.nodes), "the finding is gone"
        )


async def test_the_cursor_stays_on_its_text_when_the_file_changes_above_it(
    make_app: Make, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        pane = app.query_one(ConnectorsPane)
        await pilot.press("2")
        await see(app, "! secret-quotes")
        await pilot.press("tab")
        await until(lambda: pane.source.has_focus)
        file = registry(workspace)
        pane.source._move(file.read_text().index("stripe_key"))
        file.write_text(file.read_text().replace("Weather now", "Weather of\\nthis very moment"))
        await until(
            lambda: pane.source.cursor == file.read_text().index("stripe_key"), "the cursor moved along"
        )


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


async def test_a_files_name_cannot_steer_the_terminal(make_app: Make, workspace: Path) -> None:
    folder = workspace / "evil\x1b[2J\u202e"
    folder.mkdir()
    registry(workspace).rename(folder / "connectors.json")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        for keys, told in (("2", "evil␛[2J\ufffd"), ("v", "Stripe charges"), ("F", "would go")):
            await pilot.press(keys)
            await see(app, told)
            assert not {"\x1b", "\u202e"} & set(screen_text(app))
        await pilot.press("escape", "3")
        await see(app, "runs the test")
        await pilot.press("p")
        await see(app, "evil␛")
        assert not {"\x1b", "\u202e"} & set(screen_text(app))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_file_that_may_not_be_written_is_named(make_app: Make, workspace: Path) -> None:
    registry(workspace).chmod(0o400)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2", "f")
        await see(app, "cannot be written")


async def test_a_template_is_read_without_the_escapes_of_json(make_app: Make, workspace: Path) -> None:
    body = '{\n  "who": "{{ user.email }}"\n}'
    connector = {"name": "C", "permalink": "c", "url": "https://a.example.com", "request_body": body}
    (workspace / "connectors_registry.json").write_text(json.dumps({"connectors": [connector]}, indent=1))
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "request_body")
        await pilot.press("W")
        await see(app, "no template here")
        await pilot.press("tab", "G", "k", "k", "k", "end", "h", "W")
        await see(app, '  "who": "{{ user.email }}"')
        assert "─ request_body ─" in screen_text(app)


async def test_a_list_without_rows_says_which_of_its_causes_it_has(make_app: Make, workspace: Path) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("2", "/", *"zzz")
        await see(app, "Nothing matches.")
        assert "No connector files" not in screen_text(app)
        await pilot.press("escape", "escape")
        await see(app, "CRM contacts")
        for file in workspace.rglob("*.json"):
            file.write_text("[]")
        await until(lambda: "CRM contacts" not in screen_text(app), "the files were read again")
        await pilot.press("v")
        await see(app, "No findings.")
        for file in workspace.rglob("*.json"):
            file.unlink()
        await see(app, "No connector files here.")
