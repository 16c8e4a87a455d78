"""`strongroom bundle` between colleagues, each with a vault of their own, and a bundle in the repository."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import CommandLine

CANARY = "sk_live_Zq81-canary"
FILE = "prod.strongroom"


class Team:
    """Colleagues in one repository."""

    def __init__(self, one: CommandLine) -> None:
        self._one = one
        self.folder = one.folder
        self.said: list[str] = []

    def run(self, who: str, *arguments: str, given: str = "", typed: str | None = None):
        home = self.folder.parent / who
        home.mkdir(mode=0o700, exist_ok=True)
        environment = {
            "STRONGROOM_VAULT": str(home / "vault.db"),
            "STRONGROOM_KEY_FILE": str(home / "key"),
            "XDG_STATE_HOME": str(home / "state"),
        }
        if typed is not None:
            self._one.environment.update(environment)
            ran = self._one.typed(typed, *arguments)
        else:
            ran = self._one(*arguments, given=given, environment=environment)
        self.said.append(ran.out + ran.err)
        return ran

    def join(self, *people: str) -> dict[str, str]:
        """Make a vault for each, and list all of them for the community."""
        keys = {}
        for who in people:
            home = self.folder.parent / who
            assert self.run(who, "vault", "init", "--key-file", str(home / "key")).status == 0
            keys[who] = self.run(who, "vault", "identity").out.strip()
        self.list(keys, list(people))
        return keys

    def list(self, keys: dict[str, str], people: list[str]) -> None:
        lines = ["[people]", *(f'{who} = "{key}"' for who, key in keys.items())]
        self._one.write(
            "strongroom.recipients", "\n".join([*lines, "[communities]", f"prod = {json.dumps(people)}"])
        )

    def value(self, who: str, name: str) -> str:
        shown = self.run(who, "secret", "show", name, "--reveal", "--community", "prod").out
        self.said.pop()
        return shown


@pytest.fixture
def team(strongroom: CommandLine) -> Team:
    return Team(strongroom)


def test_a_community_goes_to_everybody_who_is_listed_and_changes_come_back(team: Team) -> None:
    team.join("ann", "bob")
    team.run("ann", "secret", "add", "a", "--community", "prod", given=CANARY)
    sealed = team.run("ann", "bundle", "seal", FILE)
    assert sealed.out == 'Sealed 1 entry of community "prod" for ann and bob in "prod.strongroom".\n'
    asked = team.run("bob", "bundle", "open", FILE)
    assert (asked.status, "--yes" in asked.err) == (2, True)
    opened = team.run("bob", "bundle", "open", FILE, "--yes")
    assert opened.status == 0, opened.err
    assert 'of community "prod", sealed' in opened.out
    assert "by ann, for ann and bob." in opened.out
    assert team.value("bob", "a") == CANARY
    # The other way round, with a deletion and a rename. What Ann has not seen yet cannot be sealed over.
    team.run("bob", "secret", "add", "b", "--community", "prod", given="b value 1")
    team.run("bob", "secret", "rename", "a", "a_new", "--community", "prod")
    assert team.run("bob", "bundle", "seal", FILE).status == 2
    assert team.run("bob", "bundle", "seal", FILE, "--replace").status == 0
    refused = team.run("ann", "bundle", "seal", FILE, "--replace")
    assert refused.status == 1
    assert "has 2 changes that this vault does not have" in refused.err
    assert team.run("ann", "bundle", "open", FILE, "--yes").status == 0
    assert team.value("ann", "a_new") == CANARY
    assert team.run("ann", "bundle", "seal", FILE, "--replace").status == 0
    trail = team.run("ann", "vault", "audit").out
    assert "import-bundle  prod       bob" in trail
    assert not any("canary" in said for said in team.said)


def test_a_conflict_is_asked_about_and_never_decided_alone(team: Team) -> None:
    team.join("ann", "bob")
    team.run("ann", "secret", "add", "a", "--community", "prod", given="first value")
    team.run("ann", "bundle", "seal", FILE)
    team.run("bob", "bundle", "open", FILE, "--yes")
    team.run("ann", "secret", "set", "a", "--community", "prod", given="Ann's value")
    team.run("bob", "secret", "set", "a", "--community", "prod", given="Bob's value")
    team.run("ann", "bundle", "seal", FILE, "--replace")
    refused = team.run("bob", "bundle", "open", FILE, "--yes")
    assert refused.status == 1
    assert "conflict  secret  a" in refused.out
    assert "--theirs NAME" in refused.err
    assert team.value("bob", "a") == "Bob's value"
    both = team.run("bob", "bundle", "open", FILE, "--yes", "--mine", "a", "--theirs", "a")
    assert both.status == 2
    shown = team.run("bob", "bundle", "open", FILE, typed="q\n")
    assert shown.status == 1
    assert "a: changed on both sides (value). Keep [m]ine, take [t]heirs, or [q]uit?" in shown.out
    assert team.run("bob", "bundle", "open", FILE, typed="t\ny\n").status == 0
    assert team.value("bob", "a") == "Ann's value"


def test_check_needs_no_key_and_finds_who_is_missing_and_who_should_not_be_there(team: Team) -> None:
    keys = team.join("ann", "bob", "carol")
    team.run("ann", "secret", "add", "a", "--community", "prod", given=CANARY)
    team.list(keys, ["ann", "carol"])
    team.run("ann", "bundle", "seal", FILE)
    good = team.run("nobody", "bundle", "check", FILE)
    assert (good.status, good.err) == (0, "")
    team.list(keys, ["ann", "bob"])
    bad = team.run("nobody", "bundle", "check", FILE)
    assert bad.status == 1
    assert bad.out.splitlines() == [
        'prod.strongroom: It does not open for bob, who is listed for community "prod".',
        'prod.strongroom: It opens for carol, who is not listed for community "prod".',
    ]
    told = json.loads(team.run("nobody", "bundle", "check", FILE, "--format", "json").out)
    assert [len(one["problems"]) for one in told] == [2]
    del keys["carol"]
    team.list(keys, ["ann", "bob"])
    outsider = team.run("nobody", "bundle", "check", FILE)
    assert "It opens for strongroom1" in outsider.out
    assert team.run("ann", "bundle", "rekey", FILE).status == 0
    assert team.run("nobody", "bundle", "check", FILE).status == 0
    assert team.run("carol", "bundle", "open", FILE, "--yes").status == 2
    assert team.run("bob", "bundle", "open", FILE, "--yes").status == 0
    (team.folder / "cut").write_bytes((team.folder / FILE).read_bytes()[:-50])
    (team.folder / "other").write_bytes(b"hello")
    cut = team.run("nobody", "bundle", "check", "cut", "other", FILE)
    assert cut.status == 2
    assert cut.out.splitlines() == [
        "cut: The bundle is cut short, or a part of it was changed.",
        "other: This is not a bundle of Strongroom.",
        'prod.strongroom: opens for exactly those who are listed for community "prod".',
    ]
    before = (team.folder / FILE).read_bytes()
    assert "cut: The bundle" in team.run("ann", "bundle", "rekey", FILE, "cut").err
    assert (team.folder / FILE).read_bytes() == before  # all of them or none


def test_after_somebody_left_the_bundle_says_what_is_left_to_do(team: Team) -> None:
    keys = team.join("ann", "bob")
    team.run("ann", "secret", "add", "a", "--community", "prod", given=CANARY)
    team.run("ann", "bundle", "seal", FILE)
    before = (team.folder / FILE).read_bytes()
    team.list(keys, ["ann"])
    ran = team.run("ann", "bundle", "rekey", FILE)
    assert ran.status == 0
    assert "It does not open for bob any more. The values are known there" in ran.out
    assert (team.folder / FILE).read_bytes() != before
    assert team.run("bob", "bundle", "open", FILE, "--yes").status == 2


def test_another_community_has_to_be_named_and_yes_alone_is_not_enough(team: Team) -> None:
    team.join("ann", "bob")
    team.run("ann", "secret", "add", "a", "--community", "prod", given=CANARY)
    team.run("ann", "bundle", "seal", FILE)
    for command in (("secret", "import"), ("bundle", "open")):
        ran = team.run("bob", *command, FILE, "--community", "staging", "--yes")
        assert ran.status == 2
        assert 'of community "prod", and would go into "staging"' in ran.err
        assert '--from-community "prod"' in ran.err
        wrong = team.run("bob", *command, FILE, "--community", "staging", "--yes", "--from-community", "x")
        assert wrong.status == 2
    assert "No secrets" in team.run("bob", "secret", "list", "--community", "staging").out
    said = team.run(
        "bob", "secret", "import", FILE, "--community", "staging", "--yes", "--from-community", "prod"
    )
    assert said.status == 0, said.err


def test_a_sender_who_is_not_listed_is_called_so(team: Team) -> None:
    keys = team.join("ann", "eve")
    team.run("eve", "secret", "add", "a", "--community", "prod", given="eve's own value")
    team.run("eve", "bundle", "seal", FILE, "--to", "ann")
    del keys["eve"]
    team.list(keys, ["ann"])
    ran = team.run("ann", "bundle", "open", FILE, "--dry-run")
    assert "who is not listed, for ann." in ran.out


def test_export_seals_for_everybody_who_is_named(team: Team) -> None:
    keys = team.join("ann", "bob", "carol")
    team.run("ann", "secret", "add", "a", "--community", "prod", given=CANARY)
    ran = team.run("ann", "secret", "export", "x.strongroom", "--to", keys["bob"], "--to", "carol")
    assert ran.status == 0, ran.err
    for who in ("bob", "carol"):
        assert team.run(who, "secret", "import", "x.strongroom", "--community", "prod", "--yes").status == 0
        assert team.value(who, "a") == CANARY
    unknown = team.run("ann", "secret", "export", "y.strongroom", "--to", "carl")
    assert unknown.status == 2
    assert 'Did you mean "carol"?' in unknown.err


def test_a_key_file_is_an_identity_that_rotation_does_not_change(team: Team) -> None:
    keys = team.join("ann", "bob")
    key = team.folder.parent / "bob" / "key"
    keys["bob"] = team.run("bob", "vault", "identity", "--of-key-file", str(key)).out.strip()
    team.list(keys, ["ann", "bob"])
    team.run("ann", "secret", "add", "a", "--community", "prod", given=CANARY)
    team.run("ann", "bundle", "seal", FILE)
    assert team.run("bob", "vault", "rotate", "--yes").status == 0
    assert team.run("bob", "bundle", "open", FILE, "--yes").status == 0
    team.run("bob", "bundle", "seal", "again.strongroom")
    assert "by bob" in team.run("ann", "bundle", "open", "again.strongroom", "--dry-run").out


def test_a_bundle_of_the_first_version_is_still_imported(team: Team) -> None:
    team.join("ann")
    vector = Path(__file__).parents[1] / "core/transfer/vectors/bundle_1_passphrase.strongroom"
    (team.folder / "old.strongroom").write_bytes(vector.read_bytes())
    (team.folder / "pass").write_text("correct horse\n")
    for command in (("secret", "import"), ("bundle", "open")):
        community = command[1]
        ran = team.run(
            "ann", *command, "old.strongroom", "--yes", "--passphrase-file", "pass", "--community", community
        )
        assert ran.status == 0, ran.err
        assert "2 new" in ran.out
    checked = team.run("ann", "bundle", "check", "old.strongroom")
    assert checked.status == 1
    assert "does not say its community" in checked.out


def test_one_vault_of_several_people_is_rotated_without_locking_anybody_out(team: Team) -> None:
    team.join("ann")
    keys = {"ann": team.run("ann", "vault", "identity").out.strip()}
    for who in ("bob", "carol"):
        home = team.folder.parent / who
        home.mkdir(mode=0o700)
        keys[who] = team.run(who, "vault", "identity", "--of-key-file", str(home / "key")).out.strip()
    team.list(keys, ["ann"])
    shared = {"STRONGROOM_VAULT": str(team.folder.parent / "ann" / "vault.db")}

    def on_shared(who: str, *arguments: str, given: str = ""):
        environment = {**shared, "STRONGROOM_KEY_FILE": str(team.folder.parent / who / "key")}
        return team._one(*arguments, given=given, environment=environment)

    assert (
        on_shared("ann", "vault", "slots", "add", "--recipient", "bob", "--recipient", keys["carol"]).status
        == 0
    )
    assert on_shared("bob", "secret", "add", "a", "--community", "prod", given=CANARY).status == 0
    rotated = on_shared("ann", "vault", "rotate", "--yes")
    assert "Removed slot" not in rotated.out
    assert on_shared("carol", "secret", "set", "a", "--community", "prod", given="by carol").status == 0
    assert on_shared("bob", "secret", "show", "a", "--reveal", "--community", "prod").out == "by carol"
    trail = json.loads(on_shared("ann", "vault", "audit", "--format", "json").out)
    assert [(row["action"], row["by"]) for row in trail if row["action"] in ("add", "rotate", "set")] == [
        ("add", "public-key bob"),
        ("rotate", "key-file key"),
        ("set", "public-key carol"),
    ]
    assert "public-key carol" in on_shared("ann", "vault", "audit", "--last", "1").out
    # Carol leaves: her slot is named by its label, and a rotation ends what she could have kept.
    assert on_shared("ann", "vault", "slots", "remove", "carol").status == 0
    assert on_shared("ann", "vault", "rotate", "--yes").status == 0
    assert on_shared("carol", "secret", "show", "a", "--reveal", "--community", "prod").status == 2
    assert on_shared("bob", "vault", "verify").status == 0


def test_a_slot_is_named_by_the_beginning_of_its_id(team: Team) -> None:
    team.join("ann")
    first = json.loads(team.run("ann", "vault", "slots", "--format", "json").out)[0]["id"]
    key = str(team.folder.parent / "ann" / "key2")
    assert team.run("ann", "vault", "slots", "add", "--key-file", key).status == 0
    unclear = team.run("ann", "vault", "slots", "remove", first[:3])
    assert unclear.status == 2
    assert "no such slot" in unclear.err
    ran = team.run(
        "ann",
        "vault",
        "slots",
        "remove",
        json.loads(team.run("ann", "vault", "slots", "--format", "json").out)[1]["id"][:8],
    )
    assert ran.status == 0, ran.err
    assert team.run("ann", "secret", "list", "--community", "x").status in (0, 2)


def test_the_identity_of_the_own_vault_opens_another_one(team: Team) -> None:
    """Carol has a vault in its usual place, and no key file for the shared one."""
    team.join("ann")
    home = team.folder.parent / ".config" / "strongroom"
    own = {"STRONGROOM_VAULT": "", "STRONGROOM_KEY_FILE": ""}
    made = team._one("vault", "init", "--key-file", str(home / "key"), environment=own)
    assert made.status == 0, made.err
    identity = team._one(
        "vault", "identity", environment={**own, "STRONGROOM_KEY_FILE": str(home / "key")}
    ).out.strip()
    unnamed = team.run("ann", "vault", "slots", "add", "--recipient", identity)
    assert "--label NAME" in unnamed.err
    assert team.run("ann", "vault", "slots", "add", "--recipient", identity, "--label", "carol").status == 0
    shared = {**own, "STRONGROOM_VAULT": str(team.folder.parent / "ann" / "vault.db")}
    ran = team._one("secret", "add", "a", "--community", "prod", given="by carol", environment=shared)
    assert ran.status == 0, ran.err
    assert "public-key carol" in team.run("ann", "vault", "audit", "--last", "1").out
