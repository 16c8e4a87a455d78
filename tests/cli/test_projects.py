"""A registry beside the connector files of widgets, as each command meets it."""

import json

import pytest

ONE = {"name": "One", "permalink": "one", "url": "https://a.example.com/x"}
TWO = {"name": "Two", "permalink": "two", "url": "https://a.example.com/y"}


def connectors(*found):
    return json.dumps({"connectors": found})


@pytest.fixture
def project(strongroom):
    """A registry with the connector `one`, and a widget's file that has it otherwise, and `two`."""
    strongroom.write("connectors_registry.json", connectors(ONE))
    strongroom.write("widgets/w/connectors.json", connectors(ONE | {"method": "POST"}, TWO))
    return strongroom


def found(ran):
    return [(one["rule"], one["file"], one["connector"]) for one in json.loads(ran.out)]


DIFFERENCES = [("registry-differs", "widgets/w/connectors.json", name) for name in ("One", "Two")]


@pytest.mark.parametrize("arguments", [(), ("widgets/w/connectors.json",), ("--fix",)])
def test_a_widget_s_file_is_compared_with_the_registry_on_the_disk(project, arguments):
    ran = project("check", "--format", "json", *arguments)
    assert found(ran) == DIFFERENCES
    assert ran.status == 0  # an information


def test_a_text_on_standard_input_is_compared_as_the_file_that_it_stands_for(project):
    ran = project(
        "check",
        "--format",
        "json",
        "-",
        "--stdin-filename",
        "widgets/w/connectors.json",
        given=connectors(ONE, TWO),
    )
    assert found(ran) == DIFFERENCES[1:]


def test_the_settings_and_options_level_it_like_any_other_rule(project):
    assert found(project("check", "--format", "json", "--ignore", "registry-differs")) == []
    project.write("strongroom.toml", '[rules]\nregistry-differs = "error"\n')
    assert project("check").status == 1


def test_a_run_of_what_only_a_widget_s_file_has_says_so(project):
    ran = project("test", "two", "--dry-run")
    assert (
        "Two (widgets/w/connectors.json): `connectors_registry.json` does not have this connector." in ran.err
    )
    assert "registry" not in project("test", "one", "--dry-run").err


def test_doctor_counts_a_connector_once_and_names_the_convention(project):
    assert "2 connector files" in (said := project("doctor").out)
    assert ", 2 connectors" in said
    project.write("bin/build-registry.sh", "")
    assert "is built from widgets/*/connectors.json" in project("doctor").out
    (project.folder / "bin/build-registry.sh").unlink()
    project.write("gsds.json", '{"cliVersion": "1.8.0"}')
    assert "is written by hand (gsds 1.8)" in project("doctor").out


def test_a_run_names_a_connector_that_the_platform_may_refuse(project):
    wrong = {"name": "Three", "permalink": "three", "url": "https://a.example.com/z", "method": "FETCH"}
    project.write("connectors_registry.json", connectors(ONE, wrong))
    ran = project("test", "three", "--dry-run")
    assert "Three: `strongroom check` finds 1 error, the first in line " in ran.err
    assert "strongroom check" not in project("test", "one", "--dry-run").err
