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


def test_folders_with_the_same_settings_share_what_was_read(surroundings, folder):
    (folder / "strongroom.toml").write_text('community = "production"\n')
    for name in ("one", "two"):
        (folder / name).mkdir()
    shared = surroundings.of(str(folder / "one" / "a.json"))
    assert surroundings.of(str(folder / "two" / "a.json")) is shared


def test_settings_that_come_nearer_or_go_are_noticed(surroundings, folder):
    path = str(folder / "old" / "a.json")
    (folder / "old").mkdir()
    (folder / "strongroom.toml").write_text('community = "production"\n')
    surroundings.of(path)
    (folder / "old" / "strongroom.toml").write_text('community = "staging"\n')
    assert surroundings.refresh([path])
    assert surroundings.of(path).settings.community == "staging"
    (folder / "old" / "strongroom.toml").unlink()
    assert surroundings.refresh([path])
    assert surroundings.of(path).settings.community == "production"
    assert not surroundings.refresh([path])


def test_a_names_file_above_that_comes_and_changes_is_noticed(surroundings, folder):
    (folder / "old").mkdir()
    path, names = str(folder / "old" / "a.json"), folder / "strongroom.names.json"
    surroundings.of(path)
    for secrets in ("[]", '[{"name": "a", "kind": "secret"}]'):
        names.write_text(f'{{"version": 1, "communities": {{"production": {secrets}}}}}')
        assert surroundings.refresh([path])
        assert len(surroundings.of(path).names.by_name) == secrets.count("name")
    names.unlink()
    assert surroundings.refresh([path])
    assert surroundings.of(path).names.knowledge is Knowledge.NONE


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
