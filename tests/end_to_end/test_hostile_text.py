"""Text that would steer a terminal, hide or change its order: in every place, through every face, and never shown."""

import asyncio
import json
import os
import time
from pathlib import Path

import pytest

from end_to_end.screens import picture, texts
from strongroom.names import Kind
from strongroom.settings.loading import load_settings
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.text.terminal import is_safe
from strongroom.values.secret_value import SecretValue
from strongroom_cli.main import main
from strongroom_tui.app import StrongroomApp
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.frame.actions import ACTIONS

HOSTILE = "evil\x1b[2J\x07\x9b31m\u202e\u2066\u00ad\u200b\u200d\ufeff\U000e0041\ue000\u0378\x85\u2028"
IN_A_NAME = HOSTILE.replace("\x85", "").replace("\u2028", "")
"""The same for a file's name, which every part of the system takes."""
IN_A_NOTE = "".join(character for character in HOSTILE if ord(character) >= 32)
"""The same for a note, which has no control character."""

REGISTRY = {
    "connectors": [
        {"name": HOSTILE, "permalink": HOSTILE, "url": f"ftp://{HOSTILE}.example/{{{{ nothing }}}}", HOSTILE: HOSTILE},
        {
            "name": "plain",
            "permalink": "plain",
            "method": "POST",
            "url": "https://a.example/{{ get_variable('v') }}",
            "headers": [{"key": "X-A", "value": HOSTILE}, {"key": HOSTILE, "value": "{{ get_secret('gone') }}"}],
            "query_parameters": [{"key": HOSTILE, "value": HOSTILE, "overridable": True}],
            "request_body": HOSTILE,
        },
    ]
}  # fmt: skip
_QUOTED = json.dumps(IN_A_NAME, ensure_ascii=False)
TESTS = f'[[test]]\nname = {_QUOTED}\nconnector = "plain"\nuser = {{ name = {_QUOTED} }}\n'

LINES = [
    *(["check", *more] for more in ([], ["--diff"], ["--format", "github"], ["--format", "junit"])),
    ["names"],
    ["secret", "list"],
    ["variable", "list"],
    ["secret", "history", "s"],
    ["community", "list"],
    ["doctor"],
    ["hosts"],
    ["test", "--all"],
    ["test", "--all", "--dry-run"],
    ["test", "--all", "--curl"],
    ["test", "--all", "--verbose", "--replay"],
    ["test", "plain", "--user", "{}", "--verbose"],
    ["test", HOSTILE],
    ["test", "--history"],
    ["secret", "import", "values.env", "--dry-run"],
    ["variable", "add", HOSTILE],
    ["secret", "list", "--community", HOSTILE],
    ["secret", HOSTILE],
]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "workspace"
    (folder / ".git").mkdir(parents=True)
    for name in [name for name in os.environ if name.startswith("STRONGROOM_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("STRONGROOM_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    monkeypatch.setenv("STRONGROOM_COMMUNITY", "acme")
    monkeypatch.chdir(folder)
    with Vault.create(tmp_path / "vault.db", [KeyFile(tmp_path / "key")]) as vault:
        vault.add("acme", "s", Kind.SECRET, SecretValue(HOSTILE), note=IN_A_NOTE)
        vault.add("acme", "v", Kind.VARIABLE, SecretValue(HOSTILE), note=IN_A_NOTE)
    below = folder / IN_A_NAME
    below.mkdir()
    (below / "connectors.json").write_text(json.dumps(REGISTRY), encoding="utf-8")
    (folder / "connectors.json").write_text(
        json.dumps(REGISTRY, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    (folder / "a.tests.toml").write_text(TESTS, encoding="utf-8")
    (folder / "values.env").write_text(f"OK=1\n{IN_A_NAME}=2\nB={IN_A_NAME}\n", encoding="utf-8")
    return folder


def unsafe(text: str) -> set[str]:
    """Return the characters that a terminal would not show as themselves."""
    return {character for character in text if character != "\n" and not is_safe(character)}


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line).replace(HOSTILE, "HOSTILE"))
def test_the_command_line_shows_it_as_signs(
    line: list[str], workspace: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    status = main(list(line))
    out, err = capfd.readouterr()
    assert status in (0, 1, 2), err
    assert not unsafe(out + err), (out, err)


async def test_the_app_shows_it_as_signs(workspace: Path) -> None:
    app = StrongroomApp(
        str(workspace), VaultSession(os.environ["STRONGROOM_VAULT"], "acme"), load_settings(str(workspace))
    )
    seen = ""
    async with app.run_test(size=(130, 40)) as pilot:
        end = time.monotonic() + 60
        while not (app.is_unlocked and app.workspace.files):
            assert time.monotonic() < end, "the app is never ready"
            await asyncio.sleep(0.01)
        for action in ACTIONS:
            if action.id in ("quit", "open"):
                continue
            await app.perform(action)
            await pilot.pause()
            shown = texts(picture(app))
            assert not unsafe(shown), (action.id, unsafe(shown))
            seen += shown
            for _ in range(6):
                if len(app.screen_stack) > 1:
                    await pilot.press("escape")
            if not app.is_unlocked:
                await app.perform(next(one for one in ACTIONS if one.id == "unlock"))
                await pilot.pause()
    assert "evil␛[2J" in seen
