"""What the core says in the command line's words is said in the app's."""

from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.reader import NamesReader
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_tui.frame.app_words import error_text, in_app


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = Vault.create(tmp_path / "vault.db", [KeyFile(tmp_path / "key")])
    made.add("prod", "a", Kind.SECRET, SecretValue("1"))
    return made


def errors(vault: Vault, tmp_path: Path) -> list[StrongroomError]:
    """Errors that a person can meet in the app, as the core raises them."""
    found = []
    for call in (
        lambda: vault.get("prod", "missing"),
        lambda: vault.get("nowhere", "a"),
        lambda: vault.variable("prod", "a"),
        lambda: vault.get_version("prod", "a", 9),
        lambda: Vault.create(vault.path, [KeyFile(tmp_path / "key")]),
        lambda: NamesReader.open(tmp_path / "none.db"),
        lambda: Vault.unlock(vault.path, [KeyFile(tmp_path / "no-key")]),
    ):
        with pytest.raises(StrongroomError) as caught:
            call()
        found.append(caught.value)
    return found


def test_errors_that_the_app_can_mend_name_no_command_and_no_option(vault: Vault, tmp_path: Path) -> None:
    for error in errors(vault, tmp_path):
        text = error_text(error)
        assert "`strongroom" not in text, text
        assert "--" not in text.replace(str(tmp_path), ""), text
        assert text.endswith("."), text


def test_what_only_the_command_line_can_do_stays() -> None:
    text = "Run `strongroom vault verify`, which names each change."
    assert in_app(text) == text
