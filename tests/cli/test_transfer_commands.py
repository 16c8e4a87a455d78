"""Import, export, backup and restore as processes; no value is in any preview, message or listing."""

import json
import os
import stat

import pytest

CANARY = "sk_live_Zq81-canary"


@pytest.fixture
def vault(strongroom):
    strongroom.make_vault("api_key")
    return strongroom


def held(vault) -> dict[str, dict[str, object]]:
    return {entry["name"]: entry for entry in json.loads(vault("secret", "list", "--format", "json").out)}


def value(vault, name: str) -> str:
    return vault("secret", "show", name, "--reveal").out


def test_the_preview_names_each_bad_line_and_nothing_is_applied_until_accepted(vault) -> None:
    lines = [f"NAME_{number}={CANARY}{number}" for number in range(5000)]
    bad = range(7, 5000, 250)
    for number in bad:
        lines[number] = f"bad {CANARY} line"
    vault.write(".env", "\n".join(lines))
    ran = vault("secret", "import", ".env", "--yes")
    assert ran.status == 1
    assert [f"refused line {number + 1}: " in ran.out for number in bad] == [True] * 20
    assert "4980 new, 0 changed, 0 same, 20 refused" in ran.out
    assert "--skip-refused" in ran.err
    assert len(held(vault)) == 1
    asked = vault("secret", "import", ".env", "--skip-refused")
    assert asked.status == 2
    assert "--yes" in asked.err
    assert len(held(vault)) == 1
    done = vault("secret", "import", ".env", "--skip-refused", "--yes")
    assert done.status == 0
    assert "Imported 4,980 entries" in done.out
    assert len(held(vault)) == 4981
    assert value(vault, "NAME_4999") == f"{CANARY}4999"
    for output in (ran, asked, done):
        assert "canary" not in output.out + output.err


def test_a_dry_run_changes_nothing_and_tells_programs_everything(vault) -> None:
    vault.write("x.env", f"api_key={CANARY}\napi-token=y\nbase_url=https://x.example\n")
    ran = vault(
        "secret", "import", "x.env", "--dry-run", "--format", "json", "--kind-of", "base_url=variable"
    )
    assert ran.status == 1
    assert CANARY not in ran.out
    told = json.loads(ran.out)
    assert [(c["action"], c["name"], c["kind"], c["parts"]) for c in told["changes"]] == [
        ("changed", "api_key", "secret", ["value"]),
        ("new", "base_url", "variable", []),
    ]
    assert told["refused"] == [
        {"line": 2, "name": "api-token", "reason": "the name contains a hyphen", "suggestion": "api_token"}
    ]
    assert value(vault, "api_key") == "value of api_key"


def test_suggested_names_are_taken_when_asked(vault) -> None:
    vault.write("x.env", "api-token=y\n")
    assert "`api_token`" in vault("secret", "import", "x.env", "--yes").out
    assert vault("secret", "import", "x.env", "--yes", "--rename-invalid").status == 0
    assert value(vault, "api_token") == "y"


def test_standard_input_needs_a_format(vault) -> None:
    refused = vault("secret", "import", "-", "--yes", given="a=1")
    assert refused.status == 2
    assert "--from" in refused.err
    assert vault("secret", "import", "-", "--from", "env", "--yes", given="a=1").status == 0
    assert value(vault, "a") == "1"


def test_a_bundle_goes_to_a_colleague_with_a_passphrase(vault) -> None:
    vault.write("pass.txt", "correct horse\n")
    ran = vault("secret", "export", "b.strongroom", "--passphrase-file", "pass.txt")
    assert ran.status == 0, ran.err
    file = vault.folder / "b.strongroom"
    assert b"value of" not in file.read_bytes()
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert vault("secret", "export", "b.strongroom", "--passphrase-file", "pass.txt").status == 2
    community = json.loads(vault("vault", "status", "--format", "json").out)["current_community"]
    into = ("secret", "import", "b.strongroom", "--community", "other", "--from-community", community)
    into = (*into, "--yes", "--passphrase-file")
    wrong = vault(*into, str(vault.write("wrong.txt", "battery")))
    assert wrong.status == 2
    assert "passphrase does not open" in wrong.err
    assert vault(*into, "pass.txt").status == 0
    assert vault("secret", "show", "api_key", "--reveal", "--community", "other").out == "value of api_key"


def test_without_a_terminal_the_flag_for_the_passphrase_is_named(vault) -> None:
    ran = vault("secret", "export", "b.strongroom")
    assert ran.status == 2
    assert "--passphrase-file FILE" in ran.err
    assert not (vault.folder / "b.strongroom").exists()


def test_a_bundle_goes_to_a_recipient(vault) -> None:
    identity = vault("vault", "identity").out.strip()
    assert vault("secret", "export", "b.strongroom", "api_key", "--to", identity).status == 0
    community = json.loads(vault("vault", "status", "--format", "json").out)["current_community"]
    into = ("--community", "other", "--from-community", community)
    ran = vault("secret", "import", "b.strongroom", *into, "--yes")
    assert ran.status == 0, ran.err
    assert "A bundle into" in ran.out
    wrong = vault("secret", "export", "c.strongroom", "--to", identity[:-1] + "7")
    assert wrong.status == 2
    assert "vault identity" in wrong.err


def test_values_leave_in_clear_only_when_it_is_said(vault) -> None:
    for arguments in (["x.env", "--format", "env"], ["x.json", "--format", "json"], ["-", "--format", "csv"]):
        ran = vault("secret", "export", *arguments)
        assert ran.status == 2
        assert "--plain" in ran.err
        assert "value of" not in ran.out
    ran = vault("secret", "export", "x.env", "--plain")
    assert ran.status == 0
    assert "in clear" in ran.err
    file = vault.folder / "x.env"
    assert file.read_text() == "api_key='value of api_key'\n"
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert vault("secret", "import", "x.env", "--dry-run").out.endswith(
        "0 new, 0 changed, 1 same, 0 refused.\n"
    )
    piped = vault("secret", "export", "-", "--plain", "--format", "json")
    assert json.loads(piped.out)["entries"][0]["value"] == "value of api_key"


def test_another_vault_is_imported_with_its_own_key(vault, tmp_path) -> None:
    other, key = tmp_path / "private" / "other.db", tmp_path / "private" / "other.key"
    start = ("--vault", str(other), "--key-file", str(key))
    assert vault(*start, "vault", "init", "--key-file", str(key)).status == 0
    assert vault(*start, "secret", "add", "theirs", "--community", "c", given=CANARY).status == 0
    refused = vault("secret", "import", str(other), "--yes")
    assert refused.status == 2
    ran = vault("secret", "import", str(other), "--yes", "--from-key-file", str(key))
    assert ran.status == 0, ran.err
    assert CANARY not in ran.out
    assert value(vault, "theirs") == CANARY


def test_backup_and_restore(vault) -> None:
    copy = vault.vault.with_name("backup.db")
    ran = vault("vault", "backup", str(copy))
    assert ran.status == 0, ran.err
    assert "every value opens" in ran.out
    assert vault("vault", "backup", str(copy)).status == 2
    assert vault("secret", "set", "api_key", given="new").status == 0
    asked = vault("vault", "restore", str(copy))
    assert asked.status == 2
    assert "--yes" in asked.err
    assert value(vault, "api_key") == "new"
    done = vault("vault", "restore", str(copy), "--yes")
    assert done.status == 0, done.err
    assert "is kept as" in done.out
    shown = vault("secret", "show", "api_key", "--reveal")
    assert (shown.out, shown.err) == ("value of api_key", "")
    assert vault("vault", "verify").status == 0


def test_without_the_key_only_the_structure_is_checked(vault) -> None:
    copy = vault.vault.with_name("backup.db")
    vault.key_file.rename(vault.key_file.with_name("away"))
    ran = vault("vault", "backup", str(copy), "--without-key")
    assert ran.status == 0
    assert "were not opened" in ran.out
    assert vault("vault", "restore", str(copy), "--yes").status == 2
    assert vault("vault", "restore", str(copy), "--yes", "--without-key").status == 0
