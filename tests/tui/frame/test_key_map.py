"""The user's key map: what it changes, and what is said about each mistake in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from dialog_support import dialog
from tui_support import MemorySession, ready, screen_text, see

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.frame.actions import Tab, footer, of, reachable
from strongroom_tui.frame.key_map import KeyMapError, read_key_map
from strongroom_tui.frame.key_place import find_key_map

Make = Callable[..., StrongroomApp]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    def made(text: str) -> str:
        (tmp_path / "keys.toml").write_text(text)
        return str(tmp_path / "keys.toml")

    return made


def test_keys_are_written_as_people_write_them(write: Callable[[str], str]) -> None:
    mapped = read_key_map(write('[secrets]\nnew = "+"\ndelete = ["D", "Ctrl+X"]\n[app]\nquit = "F12"\n'))
    keys = {(a.tab, a.id): a.keys for a in mapped}
    assert keys[Tab.SECRETS, "new"] == ("plus",)
    assert keys[Tab.SECRETS, "delete"] == ("D", "ctrl+x")
    assert keys[Tab.APP, "quit"] == ("f12",)
    assert keys[Tab.SECRETS, "edit"] == ("e", "enter")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[secretz]\nnew = "a"', '[secretz] is not a tab. Did you mean "secrets"?'),
        ('[secrets]\nnev = "a"', '[secrets] has no action "nev". Did you mean "new"?'),
        ('[secrets]\nnew = "entr"', '"entr" is not a key. Did you mean "enter"?'),
        ('[secrets]\nnew = "meta+x"', '"meta+x" is not a key.'),
        ("[secrets]\nnew = 1", "secrets.new must be a key or a list of keys."),
        ('[secrets]\nnew = "j"', "secrets.new: j moves in lists."),
        (
            '[secrets]\nnew = "e"',
            'e is given to both secrets.new ("New secret or variable") and secrets.edit',
        ),
        ('[app]\nquit = "e"', 'e is given to both secrets.edit ("Edit the selected entry") and app.quit'),
        ("[secrets", "is not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_the_way_out(write: Callable[[str], str], text: str, words: str) -> None:
    with pytest.raises(KeyMapError) as caught:
        read_key_map(write(text))
    assert words in str(caught.value)
    assert "keys.toml" in str(caught.value)


def test_two_keys_can_change_places(write: Callable[[str], str]) -> None:
    mapped = read_key_map(write('[secrets]\nnew = "e"\nedit = "n"\n'))
    assert {a.id: a.keys for a in of(Tab.SECRETS, mapped)}["new"] == ("e",)


def test_the_key_map_of_the_person_comes_before_that_of_the_folder(tmp_path: Path) -> None:
    own, project = tmp_path / "config" / "strongroom", tmp_path / "site"
    own.mkdir(parents=True)
    project.mkdir()
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    settings = str(project / "strongroom.toml")
    assert find_key_map(settings, environment) is None
    (project / "keys.toml").write_text("")
    assert find_key_map(settings, environment) == str(project / "keys.toml")
    (own / "keys.toml").write_text("")
    assert find_key_map(settings, environment) == str(own / "keys.toml")


async def test_the_mapped_key_works_and_is_shown_and_the_old_one_is_free(
    make_app: Make, session: MemorySession, write: Callable[[str], str]
) -> None:
    session.open = True
    app = make_app()
    app.use_keys(read_key_map(write('[secrets]\nnew = "a"\n[app]\nhelp = "f9"\nshow_test = "8"\n')))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        assert "a new" in screen_text(app)
        assert "f9 help" in screen_text(app)
        await pilot.press("end", "n")
        await pilot.pause()
        assert len(app.screen_stack) == 1
        await pilot.press("a")
        await dialog(app, EntryForm)
        await pilot.press("escape", "8")
        await see(app, "[3 Test]")
        await pilot.press("f9")
        await see(app, "f9")


def test_footer_and_help_follow_the_map(write: Callable[[str], str]) -> None:
    mapped = read_key_map(write('[secrets]\nnew = "a"\n'))
    assert footer(Tab.SECRETS, mapped)[0].key == "a"
    assert reachable(Tab.SECRETS, actions=mapped)[0].key == "a"
