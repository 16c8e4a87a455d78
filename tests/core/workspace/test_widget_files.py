"""Find the code of widgets and their project."""

from pathlib import Path

import pytest

from strongroom.workspace.widget_files import (
    WatchedConnectors,
    WidgetProjects,
    may_hold_calls,
    read_connectors,
    uncalled,
)

CONNECTOR = '{"connectors": [{"name": "News", "url": "https://a.example.com"}]}'
OTHER = '{"connectors": [{"name": "Other", "url": "https://a.example.com", "method": "PUT"}]}'


@pytest.fixture
def write(tmp_path):
    def written(name, text=""):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


def test_a_project_is_the_nearest_folder_with_connectors(write, tmp_path):
    write("connectors_registry.json", CONNECTOR)
    write("inner/widgets/a/connectors.json", CONNECTOR)
    projects = WidgetProjects()
    assert projects.folder_of(write("scripts/x/script.js")) == str(tmp_path)
    assert projects.folder_of(write("inner/widgets/b/app.js")) == str(tmp_path / "inner")
    assert projects.folder_of("/elsewhere/app.js") == ""
    assert projects.connectors("/elsewhere/app.js") is None


def test_the_connectors_of_a_project_are_those_of_all_its_files(write, tmp_path):
    write("connectors_registry.json", CONNECTOR)
    write("widgets/a/connectors.json", OTHER)
    known = read_connectors(str(tmp_path))
    assert {one.permalink for one in known.all()} == {"news", "other"}
    assert known.is_complete


@pytest.mark.parametrize("text", ["{", '{"connectors": [{"name": "Über"}]}', "\0"])
def test_a_file_that_is_not_whole_leaves_the_list_incomplete(write, tmp_path, text):
    write("connectors_registry.json", CONNECTOR)
    write("widgets/a/connectors.json", text)
    assert not read_connectors(str(tmp_path)).is_complete


def test_code_that_cannot_be_read_or_was_made_by_a_program_holds_no_calls(write):
    call = "sdk.connectors.execute({ permalink: 'news' })"
    assert may_hold_calls(write("a.js", call))
    assert not may_hold_calls(write("b.js", call + ";" * 6_000))
    assert not may_hold_calls(write("c.js", "sdk.connectors.configure()"))
    assert not may_hold_calls("/elsewhere/a.js")


def test_a_permalink_in_what_a_build_made_is_called(write, tmp_path):
    write(
        "connectors_registry.json",
        OTHER.replace("]}", ', {"name": "News", "url": "https://a.example.com"}]}'),
    )
    write("widgets/a/package.json")
    write("widgets/a/dist/widget.js", "m.connectors.execute({permalink:`news`})")
    assert [one.permalink for one in uncalled(str(tmp_path))] == ["other"]


def test_connectors_are_read_again_when_their_files_change_or_appear(write):
    code = write("widgets/a/app.js")
    watched = WatchedConnectors()
    assert watched.of(code) is None
    assert not watched.refresh()
    registry = write("connectors_registry.json", CONNECTOR)
    assert watched.refresh()
    assert [one.permalink for one in watched.of(code).all()] == ["news"]
    assert not watched.refresh()
    write("widgets/a/connectors.json", OTHER)
    assert watched.refresh()
    assert [one.permalink for one in watched.of(code).all()] == ["news", "other"]
    Path(registry).unlink()
    assert watched.refresh()
    assert [one.permalink for one in watched.of(code).all()] == ["other"]
