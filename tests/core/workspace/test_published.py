"""The other files of a project, read from the disk."""

import json

import pytest

from strongroom.validator.publication import Convention
from strongroom.workspace.published import Published, convention_of, project_of

ONE = '{"connectors": [{"name": "One", "url": "https://a.example/"}]}'


@pytest.fixture
def write(tmp_path):
    def put(name, text=ONE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return put


def test_a_registry_and_the_files_of_widgets_beside_it_are_one_project(write, tmp_path):
    widget, registry = write("widgets/a/connectors.json"), write("connectors_registry.json")
    assert project_of(widget) == project_of(registry) == str(tmp_path)


def test_other_connector_files_have_no_project(write):
    for name in (
        "connectors.json",
        "widgets/connectors.json",
        "widgets/a/b/connectors.json",
        "alone/connectors_registry.json",
    ):
        assert project_of(write(name)) is None


@pytest.mark.parametrize(
    ("version", "has_script", "convention"),
    [
        (None, False, Convention.UNKNOWN),
        (None, True, Convention.BUILT),
        ("1.8.0", False, Convention.WRITTEN),
        ("v1.10.2", False, Convention.WRITTEN),
        ("^2.0", False, Convention.WRITTEN),
        ("1.7.9", False, Convention.BUILT),
        ("1.8.2", True, Convention.UNKNOWN),
        (["1.8"], False, Convention.UNKNOWN),
        ("latest", True, Convention.BUILT),
    ],
)
def test_the_convention_follows_from_gsds_and_the_build_script(
    write, tmp_path, version, has_script, convention
):
    if version is not None:
        write("gsds.json", json.dumps({"cliVersion": version}))
    if has_script:
        write("bin/build-registry.sh", "")
    assert convention_of(str(tmp_path)) is convention


@pytest.mark.parametrize("text", ["", "7", "[" * 100_000, "\0", '{"cliVersion": "9' + "9" * 5_000 + '.1"}'])
def test_a_damaged_gsds_file_says_nothing(write, tmp_path, text):
    write("gsds.json", text)
    assert convention_of(str(tmp_path)) is Convention.UNKNOWN


def test_a_changed_file_is_read_again(write):
    path = write("widgets/a/connectors.json")
    published = Published()
    assert published.publication(path).registry is None
    assert not published.refresh()
    write("connectors_registry.json")
    assert published.refresh()
    assert [key.permalink for key in published.publication(path).registry] == ["one"]
    write("widgets/a/connectors.json", ONE.replace("One", "Another"))
    assert published.refresh()
    assert [key.permalink for key in published.own(path)] == ["another"]


def test_a_project_whose_registry_is_written_by_hand_and_missing_has_an_empty_one(write):
    path = write("widgets/a/connectors.json")
    write("gsds.json", '{"cliVersion": "1.8.1"}')
    assert Published().publication(path).registry == {}


def test_a_registry_that_cannot_be_read_is_not_compared(write, tmp_path):
    path = write("widgets/a/connectors.json")
    (tmp_path / "connectors_registry.json").write_bytes(b"\xff\xfe{}")
    assert Published().publication(path).registry is None
