"""The command line on a community that an engine holds: the same commands, and names without the engine."""

import json
import tomllib
from uuid import uuid4

import hvac
import pytest

from engines import ROOT_TOKEN, free_port

CONNECTORS = {
    "connectors": [
        {
            "name": "A",
            "permalink": "a",
            "url": "https://api.example.com/",
            "headers": [{"key": "X-A", "value": "{{ get_secret('token') }}{{ get_secret('missing') }}"}],
        }
    ]
}


def settings(strongroom, address, path="team", more=""):
    text = f'[backends.production]\nengine = "openbao"\naddress = "{address}"\npath = "{path}"\n{more}'
    (strongroom.folder / "strongroom.toml").write_text(text)


@pytest.fixture
def shared(strongroom, bao_server):
    """A command line whose only community is in an engine, without a vault."""
    settings(strongroom, bao_server.address, f"team/{uuid4().hex}")
    strongroom.environment.update(BAO_TOKEN=ROOT_TOKEN, STRONGROOM_TRUST="1")
    return strongroom


def done(ran):
    assert ran.status == 0, ran.err
    return ran.out


def test_a_secret_goes_in_and_out(shared):
    assert "Added secret token" in done(shared("secret", "add", "token", "--note", "of ann", given="value-1"))
    assert "Changed secret token" in done(shared("secret", "set", "token", given="value-2"))
    assert done(shared("secret", "show", "token", "--reveal")) == "value-2"
    assert "of ann" in done(shared("secret", "list"))
    done(shared("variable", "add", "url", "https://api.example.com"))
    assert done(shared("variable", "show", "url")) == "https://api.example.com"
    assert "https://api.example.com" in done(shared("variable", "list"))
    assert "2 names in community" in done(shared("names"))


def test_history_deletion_and_rename_work(shared):
    done(shared("secret", "add", "token", given="value-1"))
    done(shared("secret", "set", "token", given="value-2"))
    versions = json.loads(done(shared("secret", "history", "token", "--format", "json")))
    assert [one["number"] for one in versions] == [2, 1]
    done(shared("secret", "restore", "token", "1"))
    done(shared("secret", "rename", "token", "renamed"))
    assert done(shared("secret", "show", "renamed", "--reveal")) == "value-1"
    done(shared("secret", "delete", "renamed", "--yes"))
    done(shared("secret", "restore", "renamed"))
    assert done(shared("secret", "show", "renamed", "--reveal")) == "value-1"
    done(shared("secret", "purge", "renamed", "--yes"))
    assert shared("secret", "show", "renamed").status == 2


def test_a_rename_with_files_changes_both(shared):
    done(shared("secret", "add", "token", given="value-1"))
    (shared.folder / "connectors_registry.json").write_text(json.dumps(CONNECTORS))
    done(shared("secret", "rename", "token", "renamed", "--files"))
    assert "get_secret('renamed')" in (shared.folder / "connectors_registry.json").read_text()


def test_import_and_export_work_and_a_second_import_changes_nothing(shared):
    (shared.folder / "a.env").write_text("ONE=value-1\nTWO=value-2\n")
    assert "Imported 2 entries" in done(shared("secret", "import", "a.env", "--yes"))
    assert "0 new, 0 changed, 2 same" in done(shared("secret", "import", "a.env", "--yes"))
    assert done(shared("secret", "export", "-", "--plain", "--format", "env")) == "ONE=value-1\nTWO=value-2\n"


def test_a_run_takes_its_values_from_the_engine(shared):
    done(shared("secret", "add", "token", given="value-1"))
    text = json.dumps(CONNECTORS).replace("{{ get_secret('missing') }}", "")
    (shared.folder / "connectors_registry.json").write_text(text)
    out = done(shared("test", "a", "--dry-run"))
    assert "https://api.example.com/" in out
    assert "value-1" not in out


def test_check_works_from_the_names_that_were_read_last_without_engine_and_token(shared):
    done(shared("secret", "add", "token", given="value-1"))
    done(shared("names"))
    settings_file = shared.folder / "strongroom.toml"
    (shared.folder / "connectors_registry.json").write_text(json.dumps(CONNECTORS))
    for name in ("BAO_TOKEN", "STRONGROOM_TRUST"):
        del shared.environment[name]
    found = json.loads(shared("check", "--format", "json").out)
    assert [one["message"] for one in found] == ["Unknown secret `missing` in community `production`."]
    assert settings_file.exists()


def test_check_imports_no_library_of_an_engine(shared):
    done(shared("names"))
    (shared.folder / "connectors_registry.json").write_text(json.dumps(CONNECTORS))
    code = (
        "import sys; from strongroom_cli.main import main; main(['check']); "
        "print([name for name in ('hvac', 'boto3', 'requests', 'cryptography', 'keyring') if name in sys.modules])"
    )
    assert shared.python("-c", code).out.endswith("[]\n")


def test_without_the_engine_the_names_are_shown_with_their_age(shared, bao_server):
    done(shared("secret", "add", "token", given="value-1"))
    done(shared("names"))
    # The same names are known for another server only if it was read.
    gone = (shared.folder / "strongroom.toml").read_text()
    ran = shared("secret", "list", environment={"BAO_TOKEN": "not-a-token"})
    assert "These names were read just now" in ran.err
    assert "token" in done(ran)
    (shared.folder / "strongroom.toml").write_text(
        gone.replace(bao_server.address, f"http://127.0.0.1:{free_port()}")
    )
    ran = shared("secret", "list")
    assert ran.status == 2
    assert "cannot be reached" in ran.err


def test_a_token_for_names_alone_shows_names_and_is_refused_values(shared, bao_server):
    done(shared("secret", "add", "token", given="value-1"))
    root = hvac.Client(url=bao_server.address, token=ROOT_TOKEN)
    rules = '{ capabilities = ["list"] }'
    root.sys.create_or_update_policy("names", f'path "secret/metadata/team/*" {rules}')
    token = root.auth.token.create(policies=["names"], no_default_policy=True)["auth"]["client_token"]
    shared.environment["BAO_TOKEN"] = token
    assert "1 name in community" in done(shared("names"))
    done(shared("names", "export"))
    for command in (("secret", "show", "token"), ("secret", "export", "-", "--plain", "--format", "env")):
        ran = shared(*command)
        assert ran.status == 2
        assert "the token may not do it" in ran.err


def test_nothing_is_sent_before_the_person_agreed_to_the_host(shared, httpserver):
    del shared.environment["STRONGROOM_TRUST"]
    address = httpserver.url_for("").rstrip("/")
    settings(shared, address)
    for command in (("secret", "list"), ("names",), ("secret", "add", "token")):
        ran = shared(*command, given="value-1")
        assert ran.status == 2
        assert "Nobody agreed yet that OpenBao at" in ran.err
        assert "strongroom hosts allow" in ran.err
    assert httpserver.log == []
    host = address.removeprefix("http://")
    done(shared("hosts", "allow", host, "--community", "production"))
    shared("secret", "list")
    assert httpserver.log


def test_the_list_of_communities_has_both_homes(shared):
    done(shared("vault", "init", "--key-file", str(shared.key_file)))
    done(shared("secret", "add", "own", "--community", "local", given="value-1"))
    done(shared("secret", "add", "token", "--community", "production", given="value-1"))
    done(shared("names", "--community", "production"))
    listed = {
        one["name"]: one["engine"]
        for one in json.loads(done(shared("community", "list", "--format", "json")))
    }
    assert listed["local"] is None
    assert listed["production"].startswith("OpenBao at 127.0.0.1:")
    assert done(shared("secret", "show", "own", "--reveal", "--community", "local")) == "value-1"


def of_toml(shared):
    return tomllib.loads((shared.folder / "strongroom.toml").read_text())


def test_a_community_of_an_engine_is_chosen_for_the_folder(shared):
    done(shared("vault", "init", "--key-file", str(shared.key_file)))
    done(shared("secret", "add", "own", "--community", "local", given="value-1"))
    assert "is meant in this folder from now on" in done(shared("community", "use", "production"))
    assert of_toml(shared)["community"] == "production"
    done(shared("secret", "add", "token", given="value-1"))
    listed = json.loads(done(shared("community", "list", "--format", "json")))
    assert [one["name"] for one in listed if one["current"]] == ["production"]
    ran = shared("community", "use", "production", environment={"STRONGROOM_COMMUNITY": "local"})
    assert 'In this folder "local" counts, because STRONGROOM_COMMUNITY says so.' in ran.out


def test_a_community_of_an_engine_is_added_to_the_settings(strongroom, bao_server):
    options = ("--engine", "openbao", "--address", bao_server.address, "--path", f"team/{uuid4().hex}")
    assert "in OpenBao at 127.0.0.1:" in done(strongroom("community", "add", "production", *options))
    strongroom.environment.update(BAO_TOKEN=ROOT_TOKEN, STRONGROOM_TRUST="1")
    done(strongroom("secret", "add", "token", given="value-1"))
    ran = strongroom("community", "add", "production", "--engine", "aws", "--region", "eu-central-1")
    assert (ran.status, "is in OpenBao at" in ran.err) == (2, True)
    done(strongroom("community", "add", "other", "--engine", "aws", "--region", "eu-central-1"))
    assert of_toml(strongroom)["backends"]["other"] == {"engine": "aws", "region": "eu-central-1"}
    assert done(strongroom("secret", "show", "token", "--reveal", "--community", "production")) == "value-1"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--address", "https://bao.example.com"), "--address is about an engine"),
        (("--engine", "openbao"), 'it needs "address"'),
        (("--engine", "aws", "--region", "eu-central-1", "--mount", "team"), "has no --mount"),
        (("--engine", "openbao", "--address", "http://bao.example.com"), "with https"),
    ],
)
def test_a_place_that_cannot_be_is_not_added(strongroom, options, reason):
    ran = strongroom("community", "add", "production", *options)
    assert ran.status == 2
    assert reason in ran.err
    assert not (strongroom.folder / "strongroom.toml").exists()


def test_a_community_of_an_engine_gets_another_name_and_stays_in_its_place(strongroom, bao_server):
    done(strongroom("community", "add", "production", "--engine", "openbao", "--address", bao_server.address))
    done(strongroom("community", "use", "production"))
    strongroom.environment["BAO_TOKEN"] = ROOT_TOKEN
    done(strongroom("hosts", "allow", bao_server.address.partition("//")[2], "--community", "production"))
    done(strongroom("secret", "add", "token", given="value-1"))
    assert "It stays at strongroom/production in OpenBao" in done(
        strongroom("community", "rename", "production", "live")
    )
    assert of_toml(strongroom)["community"] == "live"
    assert done(strongroom("secret", "show", "token", "--reveal", "--community", "live")) == "value-1"
    done(strongroom("secret", "purge", "token", "--yes"))


def test_a_community_of_an_engine_is_removed_from_the_settings_alone(shared):
    before = (shared.folder / "strongroom.toml").read_text()
    done(shared("community", "use", "production"))
    done(shared("secret", "add", "token", given="value-1"))
    ran = shared("community", "delete", "production")
    assert (ran.status, "--yes" in ran.err) == (2, True)
    assert "stays there" in done(shared("community", "delete", "production", "--yes"))
    assert of_toml(shared) == {}
    (shared.folder / "strongroom.toml").write_text(before)
    assert done(shared("secret", "show", "token", "--reveal")) == "value-1"


def test_a_name_that_an_engine_has_is_given_to_no_community_of_the_vault(shared):
    done(shared("vault", "init", "--key-file", str(shared.key_file)))
    done(shared("community", "add", "own"))
    for command in (("add", "production"), ("rename", "own", "production")):
        ran = shared("community", *command)
        assert ran.status == 2
        assert 'holds a community "production" already' in ran.err


def test_a_login_without_a_keyring_says_what_to_set(shared):
    ran = shared("community", "login", "production", given="token")
    assert ran.status == 2
    assert "STRONGROOM_NO_KEYRING" in ran.err


def test_a_community_of_the_vault_moves_to_an_engine_of_the_same_name(shared):
    file = shared.folder / "strongroom.toml"
    text = file.read_text()
    file.unlink()
    done(shared("vault", "init", "--key-file", str(shared.key_file)))
    for name in ("one", "two"):
        done(shared("secret", "add", name, "--community", "production", given=f"value-{name}"))
    file.write_text(text)
    ran = shared("community", "compare", "vault:production", "production")
    assert ran.status == 1
    assert "0 names are the same, 2 not." in ran.out
    ran = shared("community", "copy", "vault:production", "production")
    assert ran.status == 2
    assert 'Copy 2 entries to "production", in OpenBao at' in ran.err
    assert "read them back" in done(shared("community", "copy", "vault:production", "production", "--yes"))
    assert done(shared("secret", "show", "two", "--reveal")) == "value-two"
    assert "2 names are the same, 0 not." in done(
        shared("community", "compare", "vault:production", "production")
    )
    assert "all of it already" in done(shared("community", "copy", "vault:production", "production", "--yes"))


def test_a_copy_says_how_far_it_came_if_the_engine_is_gone(shared):
    done(shared("vault", "init", "--key-file", str(shared.key_file)))
    done(shared("secret", "add", "one", "--community", "own", given="value-1"))
    settings(shared, f"http://127.0.0.1:{free_port()}")
    ran = shared("community", "copy", "own", "production", "--yes")
    assert ran.status == 2
    assert "cannot be reached" in ran.err
    ran = shared("community", "copy", "onw", "production")
    assert 'No community is named "onw"' in ran.err


def test_bundles_are_between_vaults(shared):
    done(shared("secret", "add", "one", given="value-1"))
    ran = shared("secret", "export", "b.strongroom")
    assert ran.status == 2
    assert "bundles are between vaults" in ran.err


def test_a_community_of_both_homes_is_the_engines(shared):
    file = shared.folder / "strongroom.toml"
    text = file.read_text()
    file.unlink()
    done(shared("vault", "init", "--key-file", str(shared.key_file)))
    done(shared("secret", "add", "token", "--community", "production", given="of-the-vault"))
    file.write_text(text)
    done(shared("secret", "add", "token", given="of-the-engine"))
    assert done(shared("secret", "show", "token", "--reveal")) == "of-the-engine"


def test_a_names_file_of_all_communities_has_those_of_engines(shared):
    done(shared("vault", "init", "--key-file", str(shared.key_file)))
    done(shared("secret", "add", "own", "--community", "local", given="value-1"))
    done(shared("secret", "add", "token", "--community", "production", given="value-1"))
    listed = json.loads(done(shared("names", "export", "-", "--all")))["communities"]
    assert {name: [one["name"] for one in rows] for name, rows in listed.items()} == {
        "local": ["own"],
        "production": ["token"],
    }


def test_the_doctor_says_where_a_community_is_and_how_old_its_names_are(shared):
    def lines():
        found = json.loads(shared("doctor", "--format", "json").out)
        return {one["topic"]: (one["state"], one["text"]) for one in found}

    state, text = lines()["engine"]
    assert (state, "its names were not read yet" in text) == ("note", True)
    done(shared("names"))
    state, text = lines()["engine"]
    assert (state, "its names were read just now" in text) == ("ok", True)
    assert lines()["community"][1].startswith('"production", in OpenBao at')


def test_a_variable_that_cannot_be_read_is_refused_and_not_shown_as_empty(shared, bao_server):
    done(shared("variable", "add", "url", "https://api.example.com"))
    done(shared("names"))
    root = hvac.Client(url=bao_server.address, token=ROOT_TOKEN)
    rules = '{ capabilities = ["list"] }'
    root.sys.create_or_update_policy("names", f'path "secret/metadata/team/*" {rules}')
    token = root.auth.token.create(policies=["names"], no_default_policy=True)["auth"]["client_token"]
    for wrong, words in ((token, "the token may not do it"), ("not-a-token", "refused this")):
        ran = shared("variable", "show", "url", environment={"BAO_TOKEN": wrong})
        assert (ran.status, ran.out) == (2, "")
        assert words in ran.err


def test_names_alone_are_read_without_a_value(shared, bao_server):
    for number in range(3):
        done(shared("variable", "add", f"url_{number}", "https://api.example.com"))
    code = (
        "from strongroom.backends.openbao import OpenBao; OpenBao.get = None; "
        "from strongroom_cli.main import main; main(['names'])"
    )
    assert "3 names in community" in shared.python("-c", code).out


def test_every_key_of_an_engine_is_an_option_of_community_add():
    from strongroom.backends.place import ENGINES, EnginePlace
    from strongroom_cli.secrets.community_engine import _MEANINGS

    assert {key for engine in ENGINES.values() for key in engine.keys} == set(_MEANINGS)
    assert {key.replace("-", "_") for key in _MEANINGS} <= set(EnginePlace._fields)
