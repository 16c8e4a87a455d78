"""The three states of what is known: the vault, a committed names file, nothing."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.errors import StrongroomError
from strongroom.names import Kind, Knowledge, Name
from strongroom.settings.model import Settings
from strongroom.values.secret_value import SecretValue
from strongroom.workspace import (
    NoCommunity,
    choose_community,
    format_names_file,
    read_names_file,
    resolve_names,
)

LISTS = {
    "production": [Name("token", Kind.SECRET), Name("base_url", Kind.VARIABLE)],
    "staging": [Name("other", Kind.SECRET)],
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings for a folder, with a vault that does not exist yet."""
    return Settings(str(tmp_path), vault=str(tmp_path / "vault.db"))


def write_names(settings: Settings, name: str = "strongroom.names.json", **options: bool) -> str:
    file = Path(settings.folder) / name
    file.write_text(format_names_file(LISTS, **options), encoding="utf-8")
    return str(file)


def make_vault(settings: Settings, *entries: tuple[str, str]) -> None:
    from strongroom.store.keys.ways import KeyFile
    from strongroom.store.vault import Vault

    key = Path(settings.folder) / "key"
    with Vault.create(settings.vault, [KeyFile(key)]) as vault:
        for community, name in entries:
            vault.add(community, name, Kind.SECRET, SecretValue("value-of-" + name))


def test_with_neither_vault_nor_file_nothing_is_known_and_it_says_where_it_looked(settings: Settings) -> None:
    names = resolve_names(settings)
    assert names.knowledge is Knowledge.NONE
    assert names.looked == (
        f'the vault "{settings.vault}", which does not exist',
        f'strongroom.names.json in "{settings.folder}" and above, where there is none',
    )


def test_the_usual_names_file_is_found_without_being_set(settings: Settings) -> None:
    write_names(settings)
    names = resolve_names(settings, community="production")
    assert names.knowledge is Knowledge.COMPLETE
    assert names.source == "strongroom.names.json"
    assert {entry.name: entry.kind for entry in names.by_name.values()} == {
        "token": Kind.SECRET,
        "base_url": Kind.VARIABLE,
    }
    assert [other.community for other in names.others] == ["staging"]


def test_the_usual_names_file_is_found_from_a_folder_below_it(settings: Settings) -> None:
    write_names(settings)
    below = Path(settings.folder) / "widgets" / "a"
    below.mkdir(parents=True)
    assert resolve_names(settings._replace(folder=str(below)), community="staging").get("other")


def test_no_name_of_another_community_is_among_the_chosen_ones(settings: Settings) -> None:
    write_names(settings)
    assert resolve_names(settings, community="staging").get("token") is None


def test_the_vault_wins_over_the_file_for_its_communities_only(settings: Settings) -> None:
    write_names(settings)
    make_vault(settings, ("production", "from_vault"))
    assert list(resolve_names(settings, community="production").by_name) == ["from_vault"]
    assert resolve_names(settings, community="production").source == "the vault"
    assert list(resolve_names(settings, community="staging").by_name) == ["other"]


def test_a_names_file_of_the_command_line_is_the_only_source(settings: Settings) -> None:
    make_vault(settings, ("production", "from_vault"))
    file = write_names(settings, "ci.json")
    names = resolve_names(settings, community="production", names_files=[file])
    assert sorted(names.by_name) == ["base_url", "token"]


def test_the_only_community_needs_no_choice(settings: Settings) -> None:
    make_vault(settings, ("production", "a"))
    assert resolve_names(settings).community == "production"


def test_of_several_communities_none_is_guessed(settings: Settings) -> None:
    write_names(settings)
    names = resolve_names(settings)
    assert names.knowledge is Knowledge.NONE
    assert names.looked[-1] == '"production" and "staging": none of these communities is chosen'


def test_a_misspelt_community_of_the_command_line_is_an_error(settings: Settings) -> None:
    write_names(settings)
    with pytest.raises(NoCommunity) as caught:
        resolve_names(settings, community="prodution")
    assert caught.value.way_out == 'Did you mean "production"?'


def test_a_community_of_the_settings_that_nobody_knows_is_no_error(settings: Settings) -> None:
    write_names(settings)
    names = resolve_names(settings._replace(community="elsewhere"))
    assert names.knowledge is Knowledge.NONE
    assert 'community "elsewhere", which is none of "production" or "staging"' in names.looked


def test_an_incomplete_file_is_never_strict(settings: Settings) -> None:
    write_names(settings, complete=False)
    assert resolve_names(settings, community="staging").knowledge is Knowledge.PARTIAL


def test_a_set_names_file_that_is_missing_is_an_error(settings: Settings) -> None:
    with pytest.raises(StrongroomError, match=r"missing\.json cannot be read"):
        resolve_names(settings._replace(names_files=(str(Path(settings.folder) / "missing.json"),)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"version": 2, "communities": {}}',
        '{"version": 1, "communities": []}',
        '{"version": 1, "communities": {"a": {}}}',
        '{"version": 1, "communities": {"a": ["x"]}}',
        '{"version": 1, "communities": {"a": [{"name": "x"}]}}',
        '{"version": 1, "communities": {"a": [{"name": "x", "kind": []}]}}',
        '{"version": 1, "communities": {"a": [{"name": 1, "kind": "secret"}]}}',
        "[" * 100_000,
    ],
)
def test_a_file_that_is_no_names_file_ends_in_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "names.json"
    file.write_text(text)
    with pytest.raises(StrongroomError) as caught:
        read_names_file(str(file))
    assert str(file) in caught.value.message
    assert caught.value.way_out


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        st.dictionaries(
            st.from_regex(r"[A-Za-z_]\w{0,5}", fullmatch=True), st.sampled_from(Kind), max_size=4
        ),
        max_size=3,
    )
)
def test_a_names_file_reads_as_it_was_written_and_is_the_same_whatever_the_order(
    lists: dict[str, dict[str, Kind]],
) -> None:
    import tempfile

    entries = {c: [Name(name, kind) for name, kind in names.items()] for c, names in lists.items()}
    backwards = {c: names[::-1] for c, names in reversed(entries.items())}
    text = format_names_file(entries)
    assert format_names_file(backwards) == text
    json.loads(text)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "names.json"
        file.write_bytes(text.encode("utf-8"))
        read = read_names_file(str(file))
    assert {c: {e.name: e.kind for e in names.by_name.values()} for c, names in read.items()} == lists


@pytest.mark.parametrize(
    ("given_name", "set_name", "current", "known", "chosen"),
    [
        ("flag", "settings", "current", ["a"], "flag"),
        (None, "settings", "current", ["a"], "settings"),
        (None, None, "current", ["a"], "current"),
        (None, None, None, ["a"], "a"),
        ("new", None, None, [], "new"),
    ],
)
def test_the_order_of_choosing_a_community(
    settings: Settings,
    given_name: str | None,
    set_name: str | None,
    current: str | None,
    known: list[str],
    chosen: str,
) -> None:
    assert choose_community(settings._replace(community=set_name), known, current, given_name) == chosen


@pytest.mark.parametrize(("known", "says"), [([], "no community yet"), (["a", "b"], 'there are "a" and "b"')])
def test_where_a_community_is_needed_and_not_clear_the_message_says_how(
    settings: Settings, known: list[str], says: str
) -> None:
    with pytest.raises(NoCommunity, match=says) as caught:
        choose_community(settings, known, None)
    assert "--community NAME" in caught.value.way_out
