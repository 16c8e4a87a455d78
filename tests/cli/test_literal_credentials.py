"""Test `strongroom secret add --literal`, as a user would run it."""

import json

import pytest

from core.validator.connector_texts import api_key
from strongroom.errors import StrongroomError
from strongroom_cli.secrets.literal import FilePosition, written_out

VALUE = 's3cr3t-"1234'


@pytest.fixture
def written(strongroom):
    """Return the command line of a folder whose file has a credential written out, and the file."""
    strongroom.make_vault("api_key", community="prod")
    file = strongroom.folder / "connectors_registry.json"
    file.write_text(f'{{"connectors": [\n{api_key(json.dumps(VALUE)[1:-1])}\n]}}\n', newline="\r\n")
    return strongroom, file


def place_in(strongroom):
    """Return the place of the literal, as `check` prints it."""
    lines = strongroom("check").out.splitlines()
    return next(line for line in lines if "[literal-credential]" in line).split(": ")[0]


def test_a_credential_that_is_written_out_becomes_a_secret_and_a_reference(written):
    strongroom, file = written
    ran = strongroom("secret", "add", "weather_key", "--community", "prod", "--literal", place_in(strongroom))
    assert (ran.status, ran.err) == (0, "")
    assert "connectors_registry.json references it now." in ran.out
    assert VALUE not in ran.out
    assert file.read_bytes().decode() == (
        f'{{"connectors": [\r\n{api_key("{{ get_secret(" + chr(39) + "weather_key" + chr(39) + ") }}")}\r\n]}}\r\n'
    )
    assert (
        strongroom("secret", "show", "weather_key", "--reveal", "--community", "prod").out.strip("\n")
        == VALUE
    )
    assert strongroom("check").status == 0


def test_the_text_of_an_editor_comes_from_standard_input_and_no_file_is_changed(written):
    strongroom, file = written
    before = file.read_bytes()
    place = place_in(strongroom).replace("connectors_registry.json", "-")
    text = before.decode().replace("s3cr3t", "unsaved")
    assert strongroom("secret", "add", "k", "--community", "prod", "--literal", place, given=text).status == 0
    assert strongroom("secret", "show", "k", "--reveal", "--community", "prod").out.startswith("unsaved")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("api_key", None, "prod already has a secret named api_key"),
        ("new", "connectors_registry.json:1:1", "has no credential that is written out at line 1, column 1"),
        ("new", "missing.json:1:1", "missing.json cannot be read"),
        ("new", "s3cr3t-value", "Give FILE:LINE:COLUMN, as `strongroom check` prints it."),
    ],
)
def test_a_failure_leaves_the_file_and_the_vault_as_they_are(written, name, place, said):
    strongroom, file = written
    before, names = file.read_bytes(), strongroom("names", "--community", "prod").out
    ran = strongroom("secret", "add", name, "--community", "prod", "--literal", place or place_in(strongroom))
    assert ran.status == 2
    assert said in ran.err
    assert "s3cr3t" not in ran.err + ran.out
    assert file.read_bytes() == before
    assert strongroom("names", "--community", "prod").out == names


def test_a_file_that_was_changed_meanwhile_is_named_together_with_the_way_on(tmp_path):
    file = tmp_path / "connectors.json"
    file.write_text(api_key("s3cr3t"))
    column = file.read_text().index("s3cr3t") + 1
    literal = written_out(FilePosition(str(file), 1, column))
    file.write_text(api_key("another"))
    with pytest.raises(StrongroomError) as error:
        literal.reference("new")
    assert "The secret new is stored, but its value is still written out." in error.value.message
    assert f"{file} was changed by another program" in error.value.message
    assert "get_secret('new')" in error.value.way_out
    assert "another" in file.read_text()
