"""Settings and names by folder."""

import pytest

from strongroom.names import Knowledge
from strongroom_lsp.surroundings import AllSurroundings, Options


@pytest.fixture
def surroundings(folder):
    return AllSurroundings(Options(), str(folder))


def test_each_file_has_the_settings_nearest_to_it(surroundings, folder):
    (folder / "strongroom.toml").write_text('community = "production"\n')
    (folder / "old").mkdir()
    (folder / "old" / "strongroom.toml").write_text('community = "staging"\n')
    assert surroundings.of(str(folder / "a.json")).settings.community == "production"
    assert surroundings.of(str(folder / "old" / "a.json")).settings.community == "staging"
    assert surroundings.of(None).settings.community == "production"  # an unsaved buffer


def test_with_no_list_anywhere_it_is_known_where_one_was_looked_for(surroundings, folder):
    names = surroundings.of(str(folder / "a.json")).names
    assert names.knowledge is Knowledge.NONE
    assert any("vault.db" in place for place in names.looked)


def test_nothing_changes_by_being_asked(surroundings, folder, make_vault):
    make_vault({"production": {"api_key": "canary-value"}})
    surroundings.of(str(folder / "a.json"))
    assert [surroundings.refresh() for _ in range(3)] == [False, False, False]


def test_an_unknown_community_is_a_problem_in_words(folder, make_vault):
    make_vault({"production": {"api_key": "canary-value"}})
    surroundings = AllSurroundings(Options(community="productoin"), str(folder))
    (problem,) = surroundings.of(str(folder / "a.json")).problems
    assert "productoin" in problem


def test_the_names_never_hold_a_secrets_value(surroundings, folder, make_vault):
    make_vault({"production": {"api_key": "canary-value", "BASE_URL": "https://a.example"}})
    names = surroundings.of(str(folder / "a.json")).names
    assert "canary-value" not in repr(names)
    assert names.get("BASE_URL").value == "https://a.example"
