"""Vault, secrets, variables, communities and names, as processes without a terminal."""

import json
import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

SECRET = "sk_live_Zq81-canary"
PEM = "-----BEGIN KEY-----\r\nabc é\n\n-----END KEY-----\n"


@pytest.fixture
def vault(strongroom):
    """A command line with an empty vault, made as a user makes one."""
    ran = strongroom("vault", "init", "--key-file", str(strongroom.key_file))
    assert ran.status == 0, ran.err
    return strongroom


def add(strongroom, name: str, value: str = SECRET, community: str = "production"):
    return strongroom("secret", "add", name, "--community", community, given=value)


@pytest.mark.parametrize("command", ["add", "set"])
def test_saving_a_value_that_cannot_be_masked_well_says_so(vault, command) -> None:
    if command == "set":
        add(vault, "key")
    for value, told in (("test", "cannot be masked well"), (SECRET, "")):
        if command == "add":
            ran = add(vault, f"weather_api_key_{len(value)}", value)
        else:
            ran = vault("secret", "set", "key", "--community", "production", given=value)
        assert ran.status == 0
        assert told in ran.err
        assert bool(told) == bool(ran.err)
        assert value not in ran.out + ran.err


def test_init_makes_vault_and_key_file_without_a_question(strongroom) -> None:
    ran = strongroom("vault", "init", "--key-file", str(strongroom.key_file))
    assert (ran.status, ran.err) == (0, "")
    assert str(strongroom.vault) in ran.out
    if os.name != "nt":
        assert stat.S_IMODE(strongroom.vault.stat().st_mode) == 0o600
        assert stat.S_IMODE(strongroom.key_file.stat().st_mode) == 0o600


def test_init_never_overwrites_a_vault(vault) -> None:
    before = vault.vault.read_bytes()
    ran = vault("vault", "init", "--key-file", str(vault.key_file))
    assert ran.status == 2
    assert vault.vault.read_bytes() == before


def test_init_without_a_terminal_names_the_flag(strongroom) -> None:
    ran = strongroom("vault", "init")
    assert ran.status == 2
    assert "--key-file FILE" in ran.err
    assert not strongroom.vault.exists()


@pytest.mark.parametrize(
    ("given", "options", "kept"),
    [
        ("value\n", [], "value"),
        ("value\r\n", [], "value"),
        ("value\n\n", [], "value\n"),
        ("value\n", ["--exact"], "value\n"),
        ("  value ", [], "  value "),
        (PEM, [], PEM[:-1]),
        (PEM, ["--exact"], PEM),
    ],
)
def test_a_value_from_standard_input_keeps_every_byte_but_one_final_newline(
    vault, given: str, options: list[str], kept: str
) -> None:
    ran = vault("secret", "add", "a", "--community", "c", *options, given=given)
    assert ran.status == 0, ran.err
    shown = vault("secret", "show", "a", "--reveal")
    assert shown.raw == kept.encode()


def test_a_value_is_nowhere_unless_it_is_revealed(vault) -> None:
    outputs = [add(vault, "api_key")]
    outputs += [
        vault(*line)
        for line in (
            ("secret", "show", "api_key"),
            ("secret", "list"),
            ("secret", "list", "--format", "json"),
            ("secret", "history", "api_key"),
            ("names",),
            ("names", "export"),
            ("doctor",),
            ("vault", "status"),
            ("vault", "verify"),
        )
    ]
    assert all(ran.status == 0 for ran in outputs), [ran.err for ran in outputs]
    for ran in outputs:
        assert SECRET not in ran.out + ran.err
        assert SECRET[4:] not in ran.out + ran.err
    assert outputs[1].out == "s••••••••\n"
    for file in vault.vault.parent.parent.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


@pytest.mark.parametrize("command", [["secret", "add"], ["secret", "set"]])
def test_a_value_among_the_arguments_is_refused_and_not_repeated(vault, command: list[str]) -> None:
    ran = vault(*command, "api_key", SECRET, given="other")
    assert ran.status == 2
    assert SECRET not in ran.out + ran.err
    assert "standard input" in ran.err
    named = vault(*command, f"api_key={SECRET}", given="other")
    assert named.status == 2
    assert SECRET not in named.out + named.err


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("api-key", "x", "Invalid secret name"),
        ("api_key", "", "Empty secret value"),
        ("api_key", "\n", "Empty secret value"),
        ("taken", "x", "Duplicate secret name"),
    ],
)
def test_a_refused_save_has_the_platforms_name_and_changes_nothing(
    vault, name: str, value: str, says: str
) -> None:
    add(vault, "taken")
    before = vault("secret", "list", "--format", "json").out
    ran = vault("secret", "add", name, given=value)
    assert ran.status == 2
    assert ran.err.startswith(f"strongroom: {says}")
    assert vault("secret", "list", "--format", "json").out == before


def test_a_value_that_is_no_text_is_refused_without_its_bytes(vault) -> None:
    ran = vault("secret", "add", "a", "--community", "c", given=b"abc\xff\xfe")
    assert ran.status == 2
    assert "not UTF-8 text (at byte 3)" in ran.err
    assert "abc" not in ran.err


def test_set_changes_the_value_or_only_the_note(vault) -> None:
    add(vault, "api_key", "first")
    assert vault("secret", "set", "api_key", given="second").status == 0
    assert vault("secret", "show", "api_key", "--reveal").out == "second"
    ran = vault("secret", "set", "api_key", "--keep-value", "--note", "for orders", "--expires", "2030-01-31")
    assert ran.status == 0
    (entry,) = json.loads(vault("secret", "list", "--format", "json").out)
    assert (entry["note"], entry["expires"], entry["version"]) == ("for orders", "2030-01-31", 2)
    assert "value" not in entry
    assert vault("secret", "restore", "api_key", "1").status == 0
    assert vault("secret", "show", "api_key", "--reveal").out == "first"


def test_delete_asks_and_without_a_terminal_names_the_flag(vault) -> None:
    add(vault, "api_key")
    vault.write(
        "connectors.json",
        """{"connectors": [{"name": "Orders", "url": "https://example.com",
            "headers": [{"key": "k", "value": "{{ get_secret('api_key') }}"}]}]}""",
    )
    refused = vault("secret", "delete", "api_key")
    assert refused.status == 2
    assert "--yes" in refused.err
    assert "connectors.json: Orders" in refused.out
    assert vault("secret", "delete", "api_key", "--yes").status == 0
    assert json.loads(vault("secret", "list", "--format", "json").out) == []
    assert vault("secret", "restore", "api_key").status == 0
    assert vault("secret", "show", "api_key", "--reveal").out == SECRET


def test_rename_says_who_still_uses_the_old_name(vault) -> None:
    add(vault, "api_key")
    vault.write(
        "connectors.json", '{"connectors": [{"name": "Orders", "url": "{{ get_secret(\'api_key\') }}"}]}'
    )
    ran = vault("secret", "rename", "api_key", "orders_key")
    assert ran.status == 0
    assert "connectors.json: Orders" in ran.out
    assert vault("secret", "show", "orders_key", "--reveal").out == SECRET


def test_an_unknown_name_comes_with_the_nearest(vault) -> None:
    add(vault, "api_key")
    ran = vault("secret", "show", "api_kye")
    assert ran.status == 2
    assert 'Did you mean "api_key"?' in ran.err


def test_a_variable_takes_its_value_as_an_argument_and_is_shown_in_full(vault) -> None:
    assert vault("variable", "add", "base_url", "https://x.example", "--community", "c").status == 0
    assert vault("variable", "set", "base_url", given="https://y.example\n").status == 0
    vault.key_file.unlink()
    assert vault("variable", "show", "base_url").out == "https://y.example"
    assert "https://y.example" in vault("variable", "list").out
    ran = vault("secret", "show", "base_url")
    assert ran.status == 2


def test_a_secret_is_not_shown_as_a_variable(vault) -> None:
    add(vault, "api_key")
    ran = vault("variable", "show", "api_key")
    assert ran.status == 2
    assert '"api_key" is a secret, not a variable.' in ran.err


def test_lists_need_no_key_and_values_do(vault) -> None:
    add(vault, "api_key")
    vault.key_file.unlink()
    assert "api_key" in vault("secret", "list").out
    assert "api_key" in vault("names").out
    assert "production" in vault("community", "list").out
    ran = vault("secret", "show", "api_key", "--reveal")
    assert (ran.status, ran.out) == (2, "")
    assert str(vault.key_file) in ran.err


def test_communities_are_separate_and_one_is_chosen(vault) -> None:
    add(vault, "only_here", community="production")
    add(vault, "only_there", community="staging")
    unclear = vault("secret", "list")
    assert unclear.status == 2
    assert '"production" and "staging"' in unclear.err
    assert "community use" in unclear.err
    assert vault("community", "use", "staging").status == 0
    assert "only_there" in vault("secret", "list").out
    assert "only_here" not in vault("secret", "list").out
    assert "only_here" in vault("secret", "list", "--community", "production").out
    assert "only_here" in vault("secret", "list", environment={"STRONGROOM_COMMUNITY": "production"}).out
    vault.write("strongroom.toml", 'community = "production"\n')
    assert "only_here" in vault("secret", "list").out
    (current,) = (
        c["name"] for c in json.loads(vault("community", "list", "--format", "json").out) if c["current"]
    )
    assert current == "production"


def test_communities_are_added_renamed_and_deleted(vault) -> None:
    assert vault("community", "add", "one").status == 0
    assert vault("community", "rename", "one", "two").status == 0
    assert vault("community", "delete", "two").status == 2
    assert vault("community", "delete", "two", "--yes").status == 0
    assert json.loads(vault("community", "list", "--format", "json").out) == []


def test_export_writes_the_chosen_community_only_and_keeps_the_others_of_the_file(vault) -> None:
    add(vault, "a", community="production")
    add(vault, "b", community="staging")
    assert vault("names", "export", "n.json", "--community", "production").status == 0
    first = (vault.folder / "n.json").read_text()
    assert "staging" not in first
    assert vault("names", "export", "n.json", "--community", "staging").status == 0
    both = json.loads((vault.folder / "n.json").read_text())
    assert both == {
        "version": 1,
        "communities": {
            "production": [{"name": "a", "kind": "secret"}],
            "staging": [{"name": "b", "kind": "secret"}],
        },
    }
    assert vault("names", "export", "-", "--community", "production").out == first


def test_names_for_programs_say_how_far_they_can_be_trusted(vault) -> None:
    add(vault, "api_key")
    found = json.loads(vault("names", "--format", "json").out)
    assert found["knowledge"] == "complete"
    assert found["names"] == [{"name": "api_key", "kind": "secret", "note": ""}]
    nothing = vault(
        "names", "--format", "json", environment={"STRONGROOM_VAULT": str(vault.folder / "none.db")}
    )
    assert json.loads(nothing.out)["knowledge"] == "none"


def test_status_and_verify_tell_a_whole_vault_from_a_changed_one(vault) -> None:
    add(vault, "api_key")
    status = json.loads(vault("vault", "status", "--format", "json").out)
    assert status["path"] == str(vault.vault)
    assert status["communities"] == [{"name": "production", "names": 1}]
    assert vault("vault", "verify").status == 0
    import sqlite3

    connection = sqlite3.connect(vault.vault)
    connection.execute("UPDATE entry SET name = 'other'")
    connection.commit()
    connection.close()
    changed = vault("vault", "verify")
    assert changed.status != 0
    assert "Traceback" not in changed.err


def test_slots_are_added_and_removed_but_never_the_last(vault, tmp_path) -> None:
    second = vault.key_file.with_name("second")
    assert vault("vault", "slots", "add", "--key-file", str(second)).status == 0
    slots = json.loads(vault("vault", "slots", "--format", "json").out)
    assert len(slots) == 2
    assert vault("--key-file", str(second), "vault", "verify").status == 0
    assert vault("vault", "slots", "remove", slots[1]["id"]).status == 0
    assert vault("vault", "slots", "remove", slots[0]["id"]).status == 2


@pytest.mark.parametrize(
    ("content", "status"), [(None, 2), (b"", 2), (b"no database at all" * 50, 2), (b"SQLite format 3\0", 2)]
)
def test_a_vault_that_is_missing_or_foreign_is_one_sentence(
    strongroom, content: bytes | None, status: int
) -> None:
    if content is not None:
        strongroom.vault.write_bytes(content)
        strongroom.vault.chmod(0o600)
    for line in (("secret", "list"), ("secret", "show", "a"), ("vault", "status"), ("community", "list")):
        ran = strongroom(*line)
        assert (ran.status, ran.out) == (status, "")
        assert str(strongroom.vault) in ran.err
        assert "Traceback" not in ran.err
    if content is not None:
        assert strongroom.vault.read_bytes() == content


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_vault_that_others_can_read_is_refused(vault) -> None:
    vault.vault.chmod(0o644)
    ran = vault("secret", "list")
    assert ran.status == 2
    assert "chmod" in ran.err


def test_global_options_stand_before_the_command(vault) -> None:
    add(vault, "api_key")
    nowhere = {"STRONGROOM_VAULT": "", "STRONGROOM_KEY_FILE": ""}
    options = (f"--vault={vault.vault}", "--key-file", str(vault.key_file))
    assert vault(*options, "secret", "show", "api_key", "--reveal", environment=nowhere).out == SECRET
    after = vault("secret", "list", "--vault", str(vault.vault), environment=nowhere)
    assert after.status == 2
    assert "before the command" in after.err


def test_the_status_says_how_the_vault_opens_without_a_key(strongroom) -> None:
    strongroom.make_vault("api_key")
    strongroom.key_file.unlink()
    assert "Opens with:  a key file\n" in strongroom("vault", "status").out
    status = json.loads(strongroom("vault", "status", "--format", "json").out)
    assert status["opens_with"] == ["key-file"]


def test_the_audit_trail_is_listed_without_values(strongroom) -> None:
    strongroom.make_vault("api_key", community="prod")
    strongroom("secret", "set", "api_key", given="canary-value")
    listed = strongroom("vault", "audit")
    assert listed.status == 0
    lines = listed.out.splitlines()
    assert lines[0].split() == ["WHEN", "WHAT", "COMMUNITY", "NAME", "BY", "DETAIL"]
    assert lines[-1].split()[1:] == ["set", "prod", "api_key", "key-file", "secret,", "version", "2"]
    assert "canary" not in listed.out
    (newest,) = json.loads(strongroom("vault", "audit", "--last", "1", "--format", "json").out)
    assert (newest["action"], newest["name"], newest["version"]) == ("set", "api_key", 2)


@pytest.mark.parametrize(
    ("days", "listed", "told"),
    [
        (-1, "(expired)", "has expired"),
        (0, "(today)", "expires today"),
        (1, "(in 1 day)", "expires in 1 day"),
        (14, "(in 14 days)", "expires in 14 days"),
        (60, "", ""),
    ],
)
def test_a_date_that_is_near_or_past_is_said_where_it_helps(
    days: int, listed: str, told: str, strongroom
) -> None:
    strongroom.make_vault("api_key", community="prod")
    date = (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
    assert strongroom("secret", "set", "api_key", "--keep-value", "--expires", date).status == 0
    assert f"{date} {listed}".rstrip() + "  " in strongroom("secret", "list").out
    shown = strongroom("secret", "show", "api_key", "--reveal")
    assert shown.out == "value of api_key"
    assert shown.err == (f"strongroom: api_key {told} ({date}).\n" if told else "")


def test_a_date_that_somebody_else_wrote_into_the_file_does_no_harm_to_a_list(strongroom) -> None:
    strongroom.make_vault("api_key", community="prod")
    with closing(sqlite3.connect(strongroom.vault)) as connection:
        connection.execute("UPDATE entry SET expires = 'soon\x1b[2J'")
        connection.commit()
    listed = strongroom("secret", "list")
    assert listed.status == 0
    assert "\x1b" not in listed.out
    assert strongroom("secret", "show", "api_key").status == 2


# -- renaming with the files -----------------------------------------------------------------------------------


def rename_here(vault) -> None:
    add(vault, "api_key")
    uses = '{"connectors": [{"name": "Orders", "url": "{{ get_secret(\'api_key\') }}"}]}'
    vault.write("connectors.json", uses)
    vault.write(
        "strongroom.names.json",
        '{"version": 1, "communities": {"production": [{"name": "api_key", "kind": "secret"}]}}',
    )
    vault.write("other/strongroom.toml", 'community = "staging"\n')
    vault.write("other/connectors.json", uses)


def test_a_rename_with_its_files_changes_connectors_and_names_file_of_its_community(vault) -> None:
    rename_here(vault)
    ran = vault("secret", "rename", "api_key", "orders_key", "--files", "--community", "production")
    assert ran.status == 0
    assert 'community "production" and in 2 files' in ran.out
    assert "get_secret('orders_key')" in (vault.folder / "connectors.json").read_text()
    assert '"name": "orders_key"' in (vault.folder / "strongroom.names.json").read_text()
    assert "get_secret('api_key')" in (vault.folder / "other" / "connectors.json").read_text()
    assert "other/connectors.json: Orders" in ran.out
    assert vault("secret", "show", "orders_key", "--reveal").out == SECRET


def test_a_rename_that_the_vault_refuses_changes_no_file(vault) -> None:
    rename_here(vault)
    add(vault, "orders_key")
    before = {path: path.read_text() for path in vault.folder.rglob("*.json")}
    ran = vault("secret", "rename", "api_key", "orders_key", "--files", "--community", "production")
    assert ran.status == 2
    assert "orders_key" in ran.err
    assert {path: path.read_text() for path in vault.folder.rglob("*.json*")} == before


@pytest.mark.parametrize(
    ("told", "name", "status"),
    [("keep\n", "orders_key", 0), ("", "api_key", 1), ("no\n", "api_key", 1), ("keep", "orders_key", 0)],
)
def test_a_held_rename_is_kept_only_where_the_editor_says_so(vault, told, name, status) -> None:
    add(vault, "api_key")
    ran = vault("secret", "rename", "api_key", "orders_key", "--hold", given=told)
    assert ran.status == status
    assert ran.out.startswith("renamed\n")
    assert vault("secret", "show", name, "--reveal").out == SECRET


def test_recovering_says_that_there_is_nothing_to_recover(vault) -> None:
    add(vault, "api_key")
    assert vault("secret", "rename", "--recover").out == "No rename was interrupted.\n"
    ran = vault("secret", "rename", "api_key")
    assert ran.status == 2
    assert "needs the old and the new name" in ran.err


def test_a_new_community_that_looks_like_another_is_noted_and_made(vault) -> None:
    add(vault, "a", community="production")
    ran = vault("secret", "add", "a", "--community", "Production", given="x")
    assert ran.status == 0
    assert 'community "Production" is new, and looks like "production", which is another one.' in ran.err
    ran = vault("community", "add", "pro\u0308d")
    assert (ran.status, ran.err) == (0, "")
    assert "looks like" in vault("community", "add", "pr\u00f6d").err
    assert "looks like" in vault("community", "rename", "pr\u00f6d", "PRODUCTION").err
    vault.write(".env", "b=1\n")
    assert "looks like" in vault("secret", "import", ".env", "--community", "pro_duction", "--yes").err


def test_a_key_file_in_its_usual_place_needs_no_name(strongroom) -> None:
    strongroom.environment.pop("STRONGROOM_KEY_FILE")
    strongroom.environment["XDG_CONFIG_HOME"] = str(strongroom.folder / "config")
    usual = strongroom.folder / "config" / "strongroom" / "key"
    ran = strongroom("vault", "init", "--key-file", str(usual))
    assert ran.status == 0
    assert "STRONGROOM_KEY_FILE" not in ran.out
    assert add(strongroom, "a").status == 0
    # One that nobody named and that is another vault's is not an end: the next way is tried.
    usual.unlink()
    strongroom(
        "--vault", str(strongroom.folder / "other" / "v.db"), "vault", "init", "--key-file", str(usual)
    )
    ran = strongroom("secret", "show", "a")
    assert ran.status == 2
    assert "opens with a key file, and none was given" in ran.err


def test_what_is_wrong_with_the_arguments_is_said_before_a_key_is_asked_for(strongroom) -> None:
    strongroom.make_vault()
    strongroom.key_file.unlink()
    for arguments, says in (
        (["secret", "add", "a-b"], "it contains a hyphen"),
        (["secret", "add", "a", "--expires", "2026-13-40"], "--expires is not a date"),
        (["secret", "import", "nothing.env"], "nothing.env could not be read"),
    ):
        ran = strongroom(*arguments)
        assert (ran.status, says in ran.err) == (2, True), ran.err


def test_what_cannot_be_seen_in_a_value_is_noted_and_the_value_is_kept(vault) -> None:
    ran = add(vault, "a", "\ufefftoken \n")
    assert ran.status == 0
    assert "the value begins with a byte order mark" in ran.err
    assert "the value ends with a blank" in ran.err
    assert "token" not in ran.err
    assert vault("secret", "show", "a", "--reveal").raw == "\ufefftoken ".encode()
    ran = add(vault, "b", b"\xff\xfet\0o\0")
    assert (ran.status, "It looks like UTF-16" in ran.err) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_a_names_file_can_be_read_by_all_and_written_by_none_but_its_owner(vault) -> None:
    add(vault, "a")
    file = vault.folder / "n.json"
    script = "import os, sys; os.umask(int(sys.argv[1], 8)); from strongroom_cli.main import main; main(sys.argv[2:])"
    for umask, mode in (("000", 0o644), ("022", 0o644), ("077", 0o600)):
        vault.python("-c", script, umask, "names", "export", "n.json")
        assert stat.S_IMODE(file.stat().st_mode) == mode
        file.unlink()
    file.write_text("{}")
    file.chmod(0o640)
    vault("names", "export", "n.json", "--all")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [one.name for one in vault.folder.iterdir() if ".new-" in one.name] == []
