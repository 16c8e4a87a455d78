"""Check what is said of connectors that run here and that the platform may refuse."""

import json
from pathlib import Path

import pytest

from strongroom.settings.model import Settings
from strongroom.testcases.connectors import Connectors
from strongroom.testcases.publishing_notes import error_notes

SOUND = {"name": "Orders", "permalink": "orders", "url": "https://api.example.com/orders"}


def notes(folder: Path, *connectors: dict[str, object], rules: dict[str, str] | None = None) -> list[str]:
    (folder / "connectors_registry.json").write_text(json.dumps({"connectors": connectors}, indent=1))
    settings = Settings(str(folder), rules=rules or {})
    return list(error_notes(Connectors.of_folder(str(folder)).all, settings))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"permalink": "my orders"}, "permalink"),
        ({"method": "FETCH"}, "FETCH"),
        ({"authentication": {"config": {"header": "X-Key"}}}, "authentication"),
    ],
)
def test_a_connector_with_an_error_is_named_with_the_first_one(tmp_path, wrong, words):
    (note,) = notes(tmp_path, SOUND, {**SOUND, "name": "Contacts", "permalink": "contacts", **wrong})
    assert note.startswith("Contacts: `strongroom check` finds 1 error, the first in line ")
    assert words in note


def test_of_two_connectors_with_one_name_the_wrong_one_is_meant(tmp_path):
    other = {**SOUND, "permalink": "other", "method": "FETCH"}
    assert len(notes(tmp_path, SOUND, other)) == 1
    targets = Connectors.of_folder(str(tmp_path)).all
    settings = Settings(str(tmp_path))
    assert [list(error_notes([one], settings)) != [] for one in targets] == [False, True]


def test_errors_are_counted(tmp_path):
    (note,) = notes(tmp_path, {**SOUND, "method": "FETCH", "permalink": "my orders"})
    assert "finds 2 errors" in note


def test_a_run_judges_hosts_and_names_itself(tmp_path):
    url = "http://localhost:8080/{{ get_secret('key') }}"
    assert not notes(tmp_path, {**SOUND, "url": "http://localhost:8080/"})
    assert not notes(tmp_path, {**SOUND, "headers": [{"key": "A", "value": "{{ get_secret('unknown') }}"}]})
    assert notes(tmp_path, {**SOUND, "url": url})  # a secret in a URL is nothing that the settings allow


def test_the_settings_decide_what_an_error_is(tmp_path):
    assert not notes(tmp_path, {**SOUND, "method": "FETCH"}, rules={"invalid-method": "warning"})
