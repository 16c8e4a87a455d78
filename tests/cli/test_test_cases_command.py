"""`strongroom test` with test cases: the demo's own tests, its outputs, recording, history, bad usage."""

import json
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from strongroom_cli.demo import Demo
from strongroom_cli.runs.progress import ProgressBar


@pytest.fixture
def lonely(strongroom):
    """A workspace with one connector that cannot be reached and the tests that are written into it."""

    def write(tests: str) -> None:
        connector = {
            "name": "A",
            "url": "https://127.0.0.1:1/x",
            "headers": [{"key": "K", "value": "{{ get_secret('k') }}"}],
        }
        strongroom.write("connectors.json", json.dumps({"connectors": [connector]}))
        strongroom.write("connectors.tests.toml", tests)

    return write


A_TEST = '[[test]]\nname = "t"\nconnector = "a"\n'


def test_the_demos_tests_pass_and_are_counted(run) -> None:
    ran = run("--all")
    assert ran.status == 0, ran.out + ran.err
    assert ran.out.splitlines()[-1].startswith("9 of 9 tests passed in ")
    assert ran.err == "", "no progress bar without a terminal"


def test_tests_are_chosen_by_tag_by_name_and_by_connector(run) -> None:
    assert "3 of 3 tests passed" in run("--tag", "smoke").out
    assert run("Weather in Lisbon").out.startswith("PASS Weather in Lisbon  city-weather  200 OK")
    assert "4 of 4 tests passed" in run("city-weather").out
    assert "PASS City weather  200 OK" in run("city-weather", "--path-param", "city=oslo").out
    assert run("--tag", "nope").err == ("strongroom: No test has this tag.\n  There are the tags smoke.\n")


def test_json_has_the_report_and_what_the_test_adds(run) -> None:
    (result,) = json.loads(run("A city that nobody knows", "--json").out)
    assert (result["outcome"], result["status"], result["passed"]) == ("passed", 404, True)
    assert (result["test"], result["community"], result["mismatches"]) == (
        "A city that nobody knows",
        "acme_staging",
        [],
    )
    assert result["debug"]["headers"]["X-API-Key"] == "{{ get_secret('weather_api_key') }}"


def test_answers_are_recorded_and_replayed_without_vault_or_network(
    run, strongroom, demo: Demo, tmp_path
) -> None:
    recorded = run("--all", "--record")
    assert recorded.status == 0
    assert recorded.out.splitlines()[-1].startswith('Recorded 9 tests in "connectors.recorded". ')
    nothing = {"STRONGROOM_VAULT": str(tmp_path / "none.db"), "STRONGROOM_COMMUNITY": ""}
    ran = strongroom("test", "--all", "--replay", environment=nothing)
    assert (ran.status, ran.err) == (0, ""), ran.out
    assert "9 of 9 tests passed" in ran.out
    before = len(list(Path(demo.workspace).glob(".strongroom/captures/*")))
    strongroom("test", "--all", "--replay", environment=nothing)
    assert len(list(Path(demo.workspace).glob(".strongroom/captures/*"))) == before, (
        "a replay is no run to keep"
    )


def test_a_junit_report_has_every_test(run, tmp_path) -> None:
    file = tmp_path / "out.xml"
    assert run("--all", "--junit", str(file)).status == 0
    root = ET.parse(file).getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("9", "0", "0")
    cases = root.findall("testsuite/testcase")
    assert (cases[0].get("name"), cases[0].get("classname"), cases[0].get("file")) == (
        "Weather in Lisbon",
        "city-weather",
        "connectors.tests.toml",
    )


def test_a_failure_says_what_was_expected_and_what_came(strongroom, lonely, tmp_path) -> None:
    lonely(
        A_TEST
        + "expect.status = 404\n"
        + A_TEST.replace('"t"', '"u"').replace('"a"', '"b"')
        + A_TEST.replace('"t"', '"s"')
        + 'skip = "not now"\n'
    )
    file = tmp_path / "out.xml"
    ran = strongroom("test", "--all", "--junit", str(file))
    assert ran.status == 1
    assert "FAIL t  a  connectors.tests.toml:1  502" in ran.out
    assert "  status: expected 404; got 502 127.0.0.1" in ran.out
    assert '\nERROR u  No connector here is named "b".' in ran.out
    assert "\nSKIP s  not now\n0 of 2 tests passed, 1 skipped in " in ran.out
    root = ET.parse(file).getroot()
    counts = [root.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counts == ["3", "1", "1", "1"]
    assert root.find("testsuite/testcase/failure").get("message").startswith("status: expected 404; got 502")


def test_every_mistake_in_a_file_is_told_with_its_place_and_nothing_runs(strongroom, lonely) -> None:
    lonely(A_TEST + 'conector = "x"\nexpect.statu = 2\n')
    ran = strongroom("test", "--all")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        'connectors.tests.toml:4:1: No key in [[test]] is named "conector". Did you mean "connector"?\n'
        'connectors.tests.toml:5:8: No key among expectations is named "statu". Did you mean "status"?\n'
    )
    assert strongroom("test", "a", "--query", "x=1").status == 1, "a connector by itself does not mind"


def test_a_test_for_another_community_is_left_out(strongroom, lonely) -> None:
    strongroom.make_vault("k", community="staging")
    lonely(A_TEST + 'community = "production"\n' + A_TEST.replace('"t"', '"u"'))
    ran = strongroom("test", "--all", "--community", "staging", "--json")
    assert [result["test"] for result in json.loads(ran.out)] == ["u"]
    (first, second) = json.loads(strongroom("test", "--all", "--json").out)
    assert first["reason"].startswith('No community is named "production".')
    assert second["community"] == "staging"


def test_without_tests_all_runs_every_connector(strongroom, lonely) -> None:
    lonely(A_TEST)
    (strongroom.folder / "connectors.tests.toml").unlink()
    ran = strongroom("test", "--all")
    assert ran.out.startswith("FAIL A  502")
    assert strongroom("test", "--all", "--record").status == 2


def test_the_history_lists_runs_and_two_are_compared(run) -> None:
    run("city-weather", "--path-param", "city=oslo")
    run("city-weather", "--path-param", "city=lisbon", "--query", "units=fahrenheit")
    listed = json.loads(run("city-weather", "--history", "--json").out)
    assert [entry["number"] for entry in listed][:2] == [1, 2]
    assert {entry["connector"] for entry in listed} == {"City weather"}
    assert "City weather" in run("--history").out
    ran = run("city-weather", "--compare", "2", "1")
    assert ran.status == 0
    assert "body $.headline changed" in ran.out
    assert "request query_parameters.units changed" in ran.out
    same = run("--compare", listed[0]["path"], listed[0]["path"])
    assert "No difference besides the time." in same.out
    assert json.loads(run("city-weather", "--compare", "2", "1", "--json").out)["changes"]
    gone = run("--compare", "1", "9999")
    assert (gone.status, gone.err.splitlines()[0]) == (2, "strongroom: No kept run has the number 9999.")


def test_curl_shows_commands_and_no_value(run, demo: Demo) -> None:
    ran = run("Weather in Lisbon", "--curl")
    assert ran.status == 0
    assert '"X-API-Key: $WEATHER_API_KEY"' in ran.out
    assert "city-weather" in ran.out
    (shown,) = json.loads(run("Weather in Lisbon", "--curl", "--json").out)
    assert shown["curl"].startswith("#")


def test_a_composite_can_be_run_and_shown(run) -> None:
    assert run("order-with-weather", "--query", "city=oslo").status == 0
    shown = run("order-with-weather", "--dry-run")
    assert shown.status == 0
    assert "orders/A-1002" in shown.out
    assert "then, made of the answers: weather" in shown.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--all", "city-weather"], "--all and names cannot be combined."),
        (["--all", "--query", "a=b"], "need the name of a connector."),
        (["--all", "--record", "--replay"], "--record and --replay cannot be combined."),
        (["default-city-weather", "--record"], "Only tests can be recorded and replayed."),
        (["Weather in Lisbn"], 'Did you mean "Weather in Lisbon"?'),
        (["--all", "--junit", "no/such/folder/x.xml"], "cannot be written"),
        (["a", "b", "--history"], "--history takes one connector or test"),
    ],
)
def test_bad_usage_ends_with_two_and_the_way_out(run, arguments: list[str], says: str) -> None:
    ran = run(*arguments)
    assert ran.status == 2
    assert says in ran.err


def test_an_interrupt_shows_what_there_is_and_ends_with_130(demo: Demo, strongroom) -> None:
    slow = {
        "name": "Slow",
        "url": "{{ get_variable('sample_api_url') }}/slow",
        "query_parameters": [{"key": "seconds", "value": "20"}],
    }
    quick = {"name": "Quick", "url": "{{ get_variable('sample_api_url') }}/status/200"}
    strongroom.write("connectors.json", json.dumps({"connectors": [slow, quick]}))
    strongroom.write("strongroom.toml", (Path(demo.workspace) / "strongroom.toml").read_text())
    strongroom.write("sample-api-ca.pem", (Path(demo.workspace) / "sample-api-ca.pem").read_text())
    strongroom.write(
        "connectors.tests.toml",
        "".join(f'[[test]]\nname = "{n}"\nconnector = "{n}"\n' for n in ("quick", "slow")),
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "strongroom_cli", "test", "--all", "--jobs", "1", "--junit", "out.xml"],
        cwd=strongroom.folder,
        env={**strongroom.environment, **demo.environment, "STRONGROOM_TRUST": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    kept = strongroom.folder / ".strongroom/captures"
    deadline = time.monotonic() + 120
    while not list(kept.glob("*quick.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "PASS quick" in out
    assert "1 of 2 tests passed, 1 not run" in out
    assert err == "strongroom: interrupted.\n"
    assert 'skipped message="not run"' in (strongroom.folder / "out.xml").read_text()


class Screen:
    """A stream that says it is a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def test_the_bar_counts_and_is_taken_away(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    bar = ProgressBar(4, screen)
    bar.show("first \x1b[31m test")
    bar.step(is_failure=True)
    bar.step(is_failure=False)
    assert "[............] 0/4" in screen.text.replace("." * 24, "." * 12)
    assert "2/4, 1 failed" in screen.text
    assert "\x1b" not in screen.text
    bar.clear()
    assert screen.text.endswith(" \r")
    for total, term in ((1, "xterm"), (4, "dumb")):
        monkeypatch.setenv("TERM", term)
        silent = Screen()
        ProgressBar(total, silent).show("x")
        assert silent.text == ""
