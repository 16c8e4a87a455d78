"""Settings and names by folder."""

import json

import pytest

from strongroom.document import Document
from strongroom.names import Knowledge
from strongroom_lsp.context.file_context import FileContexts
from strongroom_lsp.context.options import Options


@pytest.fixture
def contexts(folder):
    return FileContexts(Options(), str(folder))


def test_each_file_has_the_settings_nearest_to_it(contexts, folder):
    (folder / "strongroom.toml").write_text('community = "production"\n')
    (folder / "old").mkdir()
    (folder / "old" / "strongroom.toml").write_text('community = "staging"\n')
    assert contexts.of(str(folder / "a.json")).settings.community == "production"
    assert contexts.of(str(folder / "old" / "a.json")).settings.community == "staging"
    assert contexts.of(None).settings.community == "production"  # an unsaved buffer


def test_folders_with_the_same_settings_share_what_was_read(contexts, folder):
    (folder / "strongroom.toml").write_text('community = "production"\n')
    for name in ("one", "two"):
        (folder / name).mkdir()
    shared = contexts.of(str(folder / "one" / "a.json"))
    assert contexts.of(str(folder / "two" / "a.json")) is shared


def test_settings_that_come_nearer_or_go_are_noticed(contexts, folder):
    path = str(folder / "old" / "a.json")
    (folder / "old").mkdir()
    (folder / "strongroom.toml").write_text('community = "production"\n')
    contexts.of(path)
    (folder / "old" / "strongroom.toml").write_text('community = "staging"\n')
    assert contexts.refresh([path])
    assert contexts.of(path).settings.community == "staging"
    (folder / "old" / "strongroom.toml").unlink()
    assert contexts.refresh([path])
    assert contexts.of(path).settings.community == "production"
    assert not contexts.refresh([path])


def test_a_names_file_above_that_comes_and_changes_is_noticed(contexts, folder):
    (folder / "old").mkdir()
    path, names = str(folder / "old" / "a.json"), folder / "strongroom.names.json"
    contexts.of(path)
    for secrets in ("[]", '[{"name": "a", "kind": "secret"}]'):
        names.write_text(f'{{"version": 1, "communities": {{"production": {secrets}}}}}')
        assert contexts.refresh([path])
        assert len(contexts.of(path).names.by_name) == secrets.count("name")
    names.unlink()
    assert contexts.refresh([path])
    assert contexts.of(path).names.knowledge is Knowledge.NONE


def test_with_no_list_anywhere_it_is_known_where_one_was_looked_for(contexts, folder):
    names = contexts.of(str(folder / "a.json")).names
    assert names.knowledge is Knowledge.NONE
    assert any("vault.db" in place for place in names.looked)


def test_nothing_changes_by_being_asked(contexts, folder, make_vault):
    make_vault({"production": {"api_key": "canary-value"}})
    contexts.of(str(folder / "a.json"))
    assert [contexts.refresh() for _ in range(3)] == [False, False, False]


def test_an_unknown_community_is_a_problem_in_words(folder, make_vault):
    make_vault({"production": {"api_key": "canary-value"}})
    contexts = FileContexts(Options(community="productoin"), str(folder))
    (problem,) = contexts.of(str(folder / "a.json")).problems
    assert "productoin" in problem


def test_the_names_never_hold_a_secrets_value(contexts, folder, make_vault):
    make_vault({"production": {"api_key": "canary-value", "BASE_URL": "https://a.example"}})
    names = contexts.of(str(folder / "a.json")).names
    assert "canary-value" not in repr(names)
    assert names.get("BASE_URL").value == "https://a.example"


NAMES_FILE = (
    '{"version": 1, "communities": {"production": [{"name": "api_key", "kind": "secret"}], "staging": []}}'
)


def found(contexts, path, text):
    """The findings in a file with this text: (rule, the text that is marked)."""
    document = Document.parse(text)
    return [
        (one.rule, text[one.start : one.end]) for one in contexts.of(str(path)).findings(document, str(path))
    ]


@pytest.mark.parametrize(
    ("communities", "option", "is_found"),
    [
        ('["production"]', None, False),
        ('["staging"]', None, True),
        ('["production", "staging"]', None, True),
        ('["staging"]', "production", False),
    ],
)
def test_connectors_are_checked_for_every_community_of_the_settings(
    folder, registry, communities, option, is_found
):
    (folder / "strongroom.names.json").write_text(NAMES_FILE)
    (folder / "strongroom.toml").write_text(f"communities = {communities}\n")
    contexts = FileContexts(Options(community=option), str(folder))
    expected = [("unknown-secret", "api_key")] if is_found else []
    assert found(contexts, folder / "connectors.json", registry("{{ get_secret('api_key') }}")) == expected


def test_what_a_baseline_knows_is_not_said_and_a_changed_baseline_is_noticed(contexts, folder, registry):
    path, text = folder / "connectors.json", registry('{{ get_secret("a") }}{{ get_secret("a") }}')
    (folder / "strongroom.toml").write_text('baseline = "known.json"\n')
    (folder / "known.json").write_text("[]")
    assert len(found(contexts, path, text)) == 2
    (finding, _) = contexts.of(str(path)).findings(Document.parse(text), str(path))
    known = {"file": path.name, "rule": finding.rule, "connector": finding.connector}
    known |= {"field": finding.field, "message": finding.message}
    (folder / "known.json").write_text(json.dumps([known]))
    assert contexts.refresh([str(path)])
    assert len(found(contexts, path, text)) == 1  # one entry silences one finding, at every look
    assert len(found(contexts, path, text)) == 1
    (folder / "known.json").write_text("7")
    assert contexts.refresh([str(path)])
    assert "is not a report of findings" in contexts.of(str(path)).problems[0]


def test_a_permalink_of_another_file_that_is_published_with_this_one_is_said(contexts, folder):
    one, two = (folder / "widgets" / name / "connectors.json" for name in ("one", "two"))
    text = '{"connectors": [{"name": "A", "permalink": "same", "url": "https://api.example.com/"}]}'
    for path in (one, two):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    assert found(contexts, one, text) == []
    assert found(contexts, two, text) == [("duplicate-permalink", "same")]
    one.write_text(text.replace("same", "other"))
    assert contexts.refresh([str(two)])
    assert found(contexts, two, text) == []
    assert not contexts.refresh([str(two)])


def test_nothing_is_said_about_what_the_settings_leave_out(contexts, folder, registry):
    (folder / "strongroom.toml").write_text('exclude = ["dist"]\n')
    text = registry('{{ get_secret("a") }}')
    assert found(contexts, folder / "dist" / "connectors.json", text) == []
    assert found(contexts, folder / "src" / "connectors.json", text) == [("secret-quotes", '\\"a\\"')]
