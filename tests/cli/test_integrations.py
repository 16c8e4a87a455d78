"""The definitions for other programs fit what the command line really does."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from strongroom.workspace import is_connector_path

ROOT = Path(__file__).parents[2]


def test_the_problem_matchers_read_the_text_report(strongroom) -> None:
    strongroom.write("a:b/connectors.json", '{"connectors": [{"name": "A" "url": ""}]}')
    body = '{"name": "A", "url": "https://a.example", "request_body": "x", "method": "get", "header": []}'
    strongroom.write("c 語/connectors.json", body)
    strongroom.write("d/connectors.json", body.replace('"get"', "null"))
    matchers = json.loads((ROOT / "integrations/problem-matcher.json").read_text())["problemMatcher"]
    assert len({matcher["owner"] for matcher in matchers}) == len(matchers)
    read = []
    for line in strongroom("check").out.split("\n"):
        found = [said for matcher in matchers if (said := annotation(matcher, line)) is not None]
        assert len(found) <= 1
        read += found
    # What GitHub knows: anything else makes it skip the line.
    levels = {"error": "error", "warning": "warning", "info": "notice"}
    findings = json.loads(strongroom("check", "--format", "json").out)
    assert {finding["severity"] for finding in findings} == set(levels)
    assert read == [
        [f["file"], str(f["line"]), str(f["column"]), levels[f["severity"]], f["rule"], f["message"]]
        for f in findings
    ]


def annotation(matcher: dict[str, Any], line: str) -> list[str] | None:
    """What GitHub reads from a line of a log by a problem matcher."""
    (pattern,) = matcher["pattern"]
    match = re.match(pattern["regexp"], line)
    if match is None:
        return None
    keys = ("file", "line", "column", "severity", "code", "message")
    return [match[pattern[key]] if key in pattern else matcher[key] for key in keys]


@pytest.mark.parametrize(
    "path",
    [
        "connectors_registry.json",
        "widgets/a/connectors.json",
        "a/old-connectors.json",
        "x_connectors.json",
        "myconnectors.json",
        "connectors.json.bak",
        "package.json",
    ],
)
def test_the_hooks_run_for_the_files_that_a_folder_stands_for(path: str) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    expressions = re.findall(r"^  files: (.+)$", text, re.MULTILINE)
    assert len(expressions) == 2
    for expression in expressions:
        assert (re.search(expression, path) is not None) is is_connector_path(path)


def test_every_command_of_a_hook_is_understood(strongroom) -> None:
    strongroom.write("connectors.json", '{"connectors": []}')
    entries = re.findall(r"^  entry: strongroom (.+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.M)
    for entry in entries:
        assert strongroom(*entry.split(), "connectors.json").status == 0


@pytest.mark.skipif(shutil.which("bash") is None, reason="the action runs under bash")
def test_the_script_of_the_action_gives_paths_and_communities_as_they_are(strongroom, tmp_path) -> None:
    strongroom.write("a b/connectors.json", '{"connectors": [')
    strongroom.write("$(touch x)/connectors.json", '{"connectors": []}')
    strongroom.write("strongroom.names.json", '{"version": 1, "communities": {"acme, inc": []}}')
    program = tmp_path / "bin" / "strongroom"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m strongroom_cli "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def run(**given: str) -> subprocess.CompletedProcess[str]:
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", str(ROOT / "integrations/github-action.sh")],
            cwd=strongroom.folder,
            env={**strongroom.environment, "PATH": path, **given},
            capture_output=True,
            text=True,
            check=False,
        )

    ran = run(PATHS="a b\n$(touch x)\n", COMMUNITIES="acme, inc\n", FORMAT="github")
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.startswith("::error file=a b/connectors.json,")
    assert not (strongroom.folder / "x").exists()
    assert run(FORMAT="json", OUTPUT="report.json", PATHS=".").stdout == ""
    assert json.loads((strongroom.folder / "report.json").read_text())


def test_the_action_hands_its_inputs_over_in_the_environment_only() -> None:
    text = (ROOT / "action.yml").read_text()
    for line in text.split("\n"):
        if line.strip().startswith("run:"):
            assert "${{" not in line
    assert (ROOT / "integrations/github-action.sh").is_file()
