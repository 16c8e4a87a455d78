"""Reports against what their readers publish, for files whose names and texts were made to break them."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest

SCHEMA = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0.json").read_text(encoding="utf-8"))

HOSTILE = "a\"b'c <&> ]]> ::error::%0A 語👍\u202e"
FILES = {
    f"{HOSTILE}/connectors.json": json.dumps(
        {
            "connectors": [
                {
                    "name": f"{HOSTILE}\n\x1b[2J",
                    "url": f"http://{HOSTILE}",
                    "method": HOSTILE,
                    "response_body": "{{ response.body | from_json | tojson }}{{ get_secret(1) }}{{ "
                    + HOSTILE,
                }
            ]
        },
        ensure_ascii=False,
    ),
    "broken/connectors.json": '{"connectors": [{"name": "\x07\n',
    "clean/connectors.json": '{"connectors": []}',
    "empty/connectors.json": "",
}


@pytest.fixture
def report(strongroom) -> Iterator[object]:
    """`report(format)`: the report about the hostile files and one that cannot be read."""
    for path, text in FILES.items():
        strongroom.write(path, text)
    strongroom.write("wide/connectors.json", '{"connectors": []}'.encode("utf-16"))

    def run(form: str, *arguments: str) -> str:
        ran = strongroom("check", "--format", form, *arguments)
        assert ran.status == 2
        return ran.out

    return run


def validate(log: object) -> None:
    jsonschema.Draft4Validator(SCHEMA).validate(log)


def test_the_schema_refuses_what_is_no_log():
    with pytest.raises(jsonschema.ValidationError):
        validate({"version": "2.1.0", "runs": [{"results": []}]})


def test_sarif_is_valid_and_leads_to_every_file(report, strongroom):
    log = json.loads(report("sarif"))
    validate(log)
    (run,) = log["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    found = {unquote(place["artifactLocation"]["uri"]) for place in places}
    assert found == {f"{HOSTILE}/connectors.json", "broken/connectors.json", "empty/connectors.json"}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 1


def test_sarif_of_nothing_at_all_and_of_whole_paths_is_valid_too(strongroom):
    strongroom.write("connectors.json", '{"connectors": []}')
    validate(json.loads(strongroom("check", "--format", "sarif").out))
    file = strongroom.write("a b/connectors.json", "[")
    log = json.loads(strongroom("check", "--format", "sarif", str(file)).out)
    validate(log)
    (result,) = log["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == file.as_uri()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_a_file_name_that_is_no_text_keeps_its_bytes_in_sarif_and_breaks_no_report(strongroom):
    name = os.fsdecode(b"\xff")
    strongroom.write(f"{name}/connectors.json", "[")
    log = json.loads(strongroom("check", "--format", "sarif").out)
    validate(log)
    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%FF/connectors.json"
    ElementTree.fromstring(strongroom("check", "--format", "junit").out.encode())
    assert json.loads(strongroom("check", "--format", "json").out)[0]["file"] == f"{name}/connectors.json"
    for form in ("text", "github"):
        assert strongroom("check", "--format", form).status == 1


JUNIT = {
    # element: (its attributes, those that it must have, its children), after Jenkins' junit-10.xsd
    "testsuites": ({"name", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"name", "tests"}, {"testcase"}),
    "testcase": ({"name", "classname", "file", "line"}, {"name"}, {"failure", "error", "system-out"}),
    "failure": ({"type", "message"}, set(), set()),
    "error": ({"type", "message"}, set(), set()),
    "system-out": (set(), set(), set()),
}


def test_junit_has_only_the_elements_and_attributes_that_its_readers_know(report):
    root = ElementTree.fromstring(report("junit").encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        known, needed, children = JUNIT[element.tag]
        assert needed <= set(element.attrib) <= known
        assert {child.tag for child in element} <= children
    for suite in root:
        cases = list(suite)
        assert int(suite.attrib["tests"]) == len(cases)
        for kind, count in (("failure", "failures"), ("error", "errors")):
            assert int(suite.attrib[count]) == sum(case.find(kind) is not None for case in cases)
    for count in ("tests", "failures", "errors"):
        assert int(root.attrib[count]) == sum(int(suite.attrib[count]) for suite in root)


def test_every_line_for_github_is_one_command_with_a_readable_place(report):
    lines = report("github").splitlines()
    assert len(lines) > len(FILES)
    for line in lines:
        command, properties, message = line.removeprefix("::").split("::", 2)[0], *line[2:].split("::", 1)
        assert command.split(" ")[0] in ("error", "warning", "notice")
        given = dict(pair.split("=", 1) for pair in properties.split(" ", 1)[1].split(","))
        path = given["file"].replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
        assert path in {*(name.replace("\u202e", "\ufffd") for name in FILES), "wide/connectors.json"}
        assert message
        assert line.isprintable()


def test_json_is_a_list_of_places_inside_the_files(report):
    for finding in json.loads(report("json")):
        lines = FILES[finding["file"]].split("\n")
        assert 1 <= finding["line"] <= finding["end_line"] <= len(lines)
        assert 1 <= finding["column"] <= len(lines[finding["line"] - 1]) + 1
        assert 1 <= finding["end_column"] <= len(lines[finding["end_line"] - 1]) + 1


def test_text_shows_nothing_that_steers_a_terminal_or_begins_a_command(report):
    out = report("text")
    assert all(line.isprintable() for line in out.split("\n"))
    assert not any(line.startswith(("::", "##[")) for line in out.split("\n"))
