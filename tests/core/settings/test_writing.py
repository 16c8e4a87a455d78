"""Writing one setting: comments stay, what could not be used is never written."""

import stat
from pathlib import Path

import pytest

from strongroom.settings.loading import load_settings
from strongroom.settings.reading import SettingsError
from strongroom.settings.writing import remove_engines_community, rename_engines_community, write_setting

TEXT = """\
# ours
community = "staging"  # the usual one

[test]
allow-hosts = ["localhost"] # the sample API
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "strongroom.toml"
    path.write_text(TEXT)
    path.chmod(0o640)
    return path


def test_one_key_changes_and_every_comment_stays(file: Path) -> None:
    write_setting(str(file), "", "community", "production")
    assert file.read_text() == TEXT.replace("staging", "production")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_new_table_is_added_at_the_end_and_can_be_read(file: Path) -> None:
    write_setting(str(file), "app", "lock-after", 60)
    write_setting(str(file), "app", "theme", "light")
    assert file.read_text().startswith(TEXT)
    settings = load_settings(str(file.parent), {})
    assert (settings.lock_after, settings.theme, settings.community) == (60, "light", "staging")


def test_a_key_is_taken_out(file: Path) -> None:
    write_setting(str(file), "test", "allow-hosts", None)
    assert load_settings(str(file.parent), {}).allowed_hosts == ()
    assert "# ours" in file.read_text()


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    write_setting(str(tmp_path / "strongroom.toml"), "", "community", "production")
    assert load_settings(str(tmp_path), {}).community == "production"


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [("app", "theme", "pink"), ("app", "lock-after", 0), ("app", "nothing", 1), ("", "community", "")],
)
def test_what_could_not_be_used_is_not_written(file: Path, table: str, name: str, value: object) -> None:
    with pytest.raises(SettingsError) as caught:
        write_setting(str(file), table, name, value)  # type: ignore[arg-type]
    assert str(file) in str(caught.value)
    assert ".new-" not in str(caught.value)
    assert file.read_text() == TEXT
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_is_no_toml_is_left_as_it_is(file: Path) -> None:
    file.write_text("community = \n")
    with pytest.raises(SettingsError, match="cannot be read as settings"):
        write_setting(str(file), "", "community", "x")
    assert file.read_text() == "community = \n"


ENGINES = """\
community = "production"
communities = ["staging", "production", "test"]  # all of ours

[backends.production]
engine = "aws"  # of the company
region = "eu-central-1"

[backends.staging]
engine = "aws"
region = "eu-central-1"
path = "kept"
"""


def test_a_community_of_an_engine_is_renamed_wherever_it_is_named(file: Path) -> None:
    file.write_text(ENGINES)
    rename_engines_community(str(file), "production", "live")
    settings = load_settings(str(file.parent), {})
    assert settings.community == "live"
    assert settings.communities == ("staging", "live", "test")
    assert settings.backends["live"].path == "strongroom/production"
    rename_engines_community(str(file), "staging", "try")
    assert load_settings(str(file.parent), {}).backends["try"].path == "kept"
    assert "# of the company" in file.read_text()
    assert "# all of ours" in file.read_text()


def test_a_community_of_an_engine_is_removed_wherever_it_is_named(file: Path) -> None:
    file.write_text(ENGINES)
    remove_engines_community(str(file), "production")
    settings = load_settings(str(file.parent), {})
    assert (settings.community, list(settings.backends)) == (None, ["staging"])
    assert settings.communities == ("staging", "test")
    remove_engines_community(str(file), "staging")
    assert load_settings(str(file.parent), {}).backends == {}
