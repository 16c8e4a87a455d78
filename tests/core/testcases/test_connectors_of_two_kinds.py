"""A connector and a composite with one permalink are two things, wherever one is asked for."""

import json

import pytest

from strongroom.testcases.connectors import Connectors, SeveralMeant, reference_to
from strongroom.testcases.loading import load
from strongroom.testcases.running import prepare

URL = "https://api.example.com/x"
REGISTRY = {
    "connectors": [
        {"name": "Orders", "permalink": "same", "url": URL},
        {"name": "Alone", "permalink": "alone", "url": URL},
        {"name": "composite:odd", "permalink": "odd", "url": URL},
    ],
    "composite_connectors": [
        {"name": "All orders", "permalink": "same", "steps": [{"name": "s", "url": URL}]},
        {"name": "Pair", "permalink": "pair", "steps": [{"name": "s", "url": URL}]},
    ],
}


@pytest.fixture
def connectors(tmp_path):
    (tmp_path / "connectors_registry.json").write_text(json.dumps(REGISTRY))
    return Connectors.of_folder(str(tmp_path))


def test_both_are_run_and_neither_hides_the_other(connectors):
    assert [target.name for target in connectors.unique()] == [
        "Orders",
        "Alone",
        "composite:odd",
        "All orders",
        "Pair",
    ]
    assert [target.name for target in connectors.meant("same")] == ["Orders", "All orders"]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("composite:same", "All orders"),
        ("connector:same", "Orders"),
        ("composite:pair", "Pair"),
        ("pair", "Pair"),
        ("alone", "Alone"),
        ("All orders", "All orders"),
        ("composite:odd", "composite:odd"),
    ],
)
def test_a_kind_before_the_permalink_tells_them_apart(connectors, asked, name):
    found = connectors.find(asked)
    assert found is not None
    assert found.name == name
    own = reference_to(found.permalink, is_composite=found.is_composite)
    assert connectors.find(own) == found


def test_one_is_never_chosen_in_silence(connectors):
    with pytest.raises(SeveralMeant, match="Write connector:same or composite:same") as caught:
        connectors.find("same")
    assert caught.value.exit_status == 2
    assert connectors.find("composite:alone") is None


def test_two_connectors_of_one_name_are_told_apart_by_their_permalinks(tmp_path):
    twins = [{"name": "Twin", "permalink": permalink, "url": URL} for permalink in ("one", "two")]
    (tmp_path / "connectors_registry.json").write_text(json.dumps({"connectors": twins}))
    connectors = Connectors.of_folder(str(tmp_path))
    with pytest.raises(SeveralMeant, match="Write connector:one or connector:two"):
        connectors.find("Twin")
    assert connectors.find("two").permalink == "two"


def test_a_test_case_that_means_both_says_how_to_choose(connectors, tmp_path):
    tests = tmp_path / "connectors.tests.toml"
    tests.write_text(
        '[[test]]\nname = "a"\nconnector = "same"\n[[test]]\nname = "b"\nconnector = "composite:same"\n'
    )
    both, one = prepare(load([str(tests)]).cases, connectors)
    assert both.problem.startswith('"same" means more than one connector.')
    assert (one.problem, one.connector["name"]) == ("", "All orders")
