"""Settings: where they come from, which wins, and what a mistake in them says."""

from pathlib import Path

import pytest

from strongroom.settings.keys import KEYS
from strongroom.settings.loading import VARIABLES, load_settings, settings_from
from strongroom.settings.model import Settings
from strongroom.settings.reading import SettingsError

NO_ENVIRONMENT: dict[str, str] = {}


def settings_for(folder: Path, text: str, environ: dict[str, str] = NO_ENVIRONMENT) -> Settings:
    (folder / "strongroom.toml").write_text(text, encoding="utf-8")
    return load_settings(str(folder), environ)


def mistake_in(folder: Path, text: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        settings_for(folder, text)
    return caught.value


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    settings = load_settings(str(tmp_path), NO_ENVIRONMENT)
    assert settings == Settings(str(tmp_path))


def test_every_key_is_read_and_paths_start_at_the_file(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path,
        'community = "staging"\nvault = "../v.db"\nnames = ["names.json"]\nbaseline = "old.json"\n'
        '[test]\nallow-hosts = ["localhost:8443"]\nca-file = "ca.pem"\n'
        '[rules]\nsecret-quotes = "off"\n[paths."widgets/old/**"]\nsecret-spacing = "info"\n',
    )
    assert settings.community == "staging"
    assert settings.community_source == str(tmp_path / "strongroom.toml")
    assert settings.vault == str(tmp_path.parent / "v.db")
    assert settings.names_files == (str(tmp_path / "names.json"),)
    assert settings.baseline == str(tmp_path / "old.json")
    assert settings.allowed_hosts == ("localhost:8443",)
    assert settings.ca_file == str(tmp_path / "ca.pem")
    assert settings.rules == {"secret-quotes": "off"}
    assert settings.rules_for(str(tmp_path / "widgets/old/a/connectors.json")) == {
        "secret-quotes": "off",
        "secret-spacing": "info",
    }


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path,
        'community = "staging"\nvault = "v.db"\n',
        {
            "STRONGROOM_COMMUNITY": "production",
            "STRONGROOM_VAULT": "/elsewhere/v.db",
            "STRONGROOM_KEY_FILE": "/keys/k",
        },
    )
    assert (settings.community, settings.community_source) == ("production", "STRONGROOM_COMMUNITY")
    assert settings.vault == "/elsewhere/v.db"
    assert settings.key_file == "/keys/k"


def test_an_empty_variable_counts_as_absent(tmp_path: Path) -> None:
    environ = {variable.name: "" for variable in VARIABLES}
    settings = settings_for(tmp_path, 'community = "staging"\n', environ)
    assert settings.community == "staging"


def test_the_nearest_file_counts_and_the_search_ends_at_the_repository(tmp_path: Path) -> None:
    (tmp_path / "strongroom.toml").write_text('community = "outside"\n')
    repository = tmp_path / "repository"
    (repository / "widgets" / "todo").mkdir(parents=True)
    assert load_settings(str(repository / "widgets" / "todo"), NO_ENVIRONMENT).community == "outside"
    (repository / ".git").mkdir()
    assert load_settings(str(repository / "widgets" / "todo"), NO_ENVIRONMENT).community is None
    (repository / "strongroom.toml").write_text('community = "inside"\n')
    assert load_settings(str(repository / "widgets" / "todo"), NO_ENVIRONMENT).community == "inside"


def test_a_file_is_asked_about_through_its_folder(tmp_path: Path) -> None:
    (tmp_path / "strongroom.toml").write_text('community = "here"\n')
    registry = tmp_path / "connectors_registry.json"
    registry.write_text("{}")
    assert load_settings(str(registry), NO_ENVIRONMENT).community == "here"


@pytest.mark.parametrize(
    ("text", "line", "says", "way_out"),
    [
        ('\ncomunity = "x"\n', 2, 'no key is named "comunity"', 'Did you mean "community"?'),
        (
            "[test]\nallow_hosts = []\n",
            2,
            'no key in [test] is named "allow_hosts"',
            'Did you mean "allow-hosts"?',
        ),
        ("[tests]\n", 1, 'no key is named "tests"', 'Did you mean "test"?'),
        ("community = 3\n", 1, '"community" must be a text that is not empty, not a number', ""),
        ('names = "names.json"\n', 1, '"names" must be a list of texts, not "names.json"', ""),
        ("[test]\nca-file = true\n", 2, '"ca-file" must be a text that is not empty, not true or false', ""),
        (
            '[rules]\nsecret-qoutes = "off"\n',
            2,
            'no rule is named "secret-qoutes"',
            'Did you mean "secret-quotes"?',
        ),
        ('[rules]\n\nsecret-quotes = "none"\n', 3, '"secret-quotes" must be one of "error"', ""),
        ('rules = "off"\n', 1, '"rules" must be a table of rule names and levels', ""),
        ("test = 1\n", 1, '"test" must be a table', ""),
        (
            '[paths."a/*"]\nsecret-quote = "off"\n',
            2,
            'no rule is named "secret-quote"',
            'Did you mean "secret-quotes"?',
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, says: str, way_out: str
) -> None:
    error = mistake_in(tmp_path, text)
    assert error.message.startswith(f"{tmp_path / 'strongroom.toml'}:{line}: ")
    assert says in error.message
    assert error.way_out == way_out
    assert error.exit_status == 2


def test_invalid_toml_and_encodings_end_in_a_sentence(tmp_path: Path) -> None:
    assert "not valid TOML" in mistake_in(tmp_path, "community = \n").message
    (tmp_path / "strongroom.toml").write_bytes(b'community = "\xff"\n')
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(str(tmp_path), NO_ENVIRONMENT)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("widgets/old", "widgets/old/connectors.json", True),
        ("widgets/old/", "widgets/old/a/connectors.json", True),
        ("widgets/*/connectors.json", "widgets/a/connectors.json", True),
        ("widgets/*/connectors.json", "widgets/a/b/connectors.json", False),
        ("**/connectors.json", "connectors.json", True),
        ("**/connectors.json", "a/b/connectors.json", True),
        ("widgets/**", "other/connectors.json", False),
        ("a.json", "axjson", False),
    ],
)
def test_a_pattern_matches_files_below_the_settings_file(
    tmp_path: Path, pattern: str, path: str, matches: bool
) -> None:
    settings = settings_for(tmp_path, f'[paths."{pattern}"]\nsecret-quotes = "off"\n')
    assert (settings.rules_for(str(tmp_path / path)) == {"secret-quotes": "off"}) is matches


def test_levels_turn_a_rule_off_and_change_its_severity(tmp_path: Path) -> None:
    from strongroom.document import Document
    from strongroom.validator import Severity, validate

    text = """{"connectors": [{"name": "a", "url": "https://example.com", "headers":
        [{"key": "k", "value": "{{ get_secret( \\"a\\" ) }}"}]}]}"""
    settings = settings_for(tmp_path, '[rules]\nsecret-quotes = "error"\nsecret-spacing = "off"\n')
    found = {
        finding.rule: finding.severity for finding in validate(Document.parse(text), levels=settings.levels)
    }
    assert found["secret-quotes"] is Severity.ERROR
    assert "secret-spacing" not in found


def test_the_page_about_settings_lists_every_key_and_variable() -> None:
    page = (Path(__file__).parents[3] / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in [*(key.name for key in KEYS), *(variable.name for variable in VARIABLES)]:
        assert f"`{name}`" in page or f"[{name}" in page, name


BACKEND = "[backends.production]\n"


def test_the_engine_of_a_community_is_read(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path,
        f'{BACKEND}engine = "openbao"\naddress = "https://bao.example.com:8200/"\nca-file = "ca.pem"\n'
        '[backends.staging]\nengine = "aws"\nregion = "eu-central-1"\npath = "team/staging"\n',
    )
    production, staging = settings.backends["production"], settings.backends["staging"]
    assert (production.address, production.host) == ("https://bao.example.com:8200", "bao.example.com:8200")
    assert (production.path, production.ca_file) == ("strongroom/production", str(tmp_path / "ca.pem"))
    assert staging.host == "secretsmanager.eu-central-1.amazonaws.com"
    assert staging.path == "team/staging"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('engine = "openboa"\n', '"engine" of community "production" must be one of openbao or aws'),
        ('engine = "openbao"\n', 'it needs "address"'),
        ('engine = "openbao"\naddress = "http://bao.example.com"\n', "with https and without a path"),
        ('engine = "openbao"\naddress = "https://user:word@bao.example.com"\n', "with https and without"),
        ('engine = "openbao"\naddress = "http://localhost.example.com"\n', "with https and without a path"),
        ('engine = "openbao"\naddress = "https://b"\nlogin = "approle"\n', 'login "approle" needs "role"'),
        ('engine = "openbao"\naddress = "https://b"\npath = "../other"\n', '"path" must be letters'),
        ('engine = "openbao"\naddress = "https://b"\nmount = "a?b"\n', '"mount" must be letters'),
        (
            'engine = "openbao"\naddress = "https://b"\ntoken = "s.x"\n',
            'engine "openbao" has no key "token"',
        ),
        ('engine = "aws"\nregion = "evil.example.com/"\n', '"region" must be like eu-central-1'),
        ('engine = "aws"\naddress = "https://b"\n', 'engine "aws" has no key "address"'),
    ],
)
def test_a_mistake_in_an_engines_table_is_named(tmp_path: Path, text: str, says: str) -> None:
    error = mistake_in(tmp_path, BACKEND + text)
    assert says in error.message
    assert error.message.startswith(f"{tmp_path / 'strongroom.toml'}:")


def test_an_untrusted_folder_cannot_name_an_engine(tmp_path: Path) -> None:
    file = tmp_path / "strongroom.toml"
    file.write_text(f'{BACKEND}engine = "openbao"\naddress = "https://evil.example.com"\n')
    assert settings_from(str(file), str(tmp_path), NO_ENVIRONMENT, is_trusted=False).backends == {}
