"""The recipients file: who is meant, and a clear sentence for every mistake in it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.store.identity import Identity
from strongroom.transfer.errors import TransferError
from strongroom.transfer.recipient import Recipient
from strongroom.transfer.recipients_file import (
    RecipientsFile,
    _Reader,
    find_recipients_file,
    read_recipients_file,
)

ANN, BOB, CI, CI_OLD = (Recipient.of_identity(Identity.of_private(bytes([n] * 32))) for n in range(1, 5))
GOOD = f"""
[people]
ann = "{ANN}"
bob = "{BOB}"
ci = ["{CI}", "{CI_OLD}"]

[groups]
developers = ["ann", "bob"]

[communities]
staging = ["developers", "ci"]
production = "ann"
"""


def read(folder: Path, text: str) -> RecipientsFile:
    path = folder / "strongroom.recipients"
    path.write_text(text)
    return read_recipients_file(str(path))


def test_a_community_has_the_keys_of_its_people_and_groups(tmp_path: Path) -> None:
    listed = read(tmp_path, GOOD)
    assert listed.of_community("staging") == {ANN: "ann", BOB: "bob", CI: "ci", CI_OLD: "ci"}
    assert listed.of_community("production") == {ANN: "ann"}
    assert listed.named(["developers", "ci"]) == listed.of_community("staging")
    assert [listed.name_of(one) for one in (CI_OLD, None, Recipient(bytes(32)))] == ["ci", "", ""]


def test_what_is_not_listed_is_said_with_what_is_near(tmp_path: Path) -> None:
    listed = read(tmp_path, GOOD)
    with pytest.raises(TransferError, match=r'community `stagign`. Did you mean "staging"'):
        listed.of_community("stagign")
    with pytest.raises(TransferError, match=r'does not list `bbo`. Did you mean "bob"'):
        listed.named(["bbo"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people", "is not TOML"),
        ("\udcff", "is not TOML: it is not UTF-8 text"),
        ("[person]\n", "no table `person`. There are: communities, groups, people."),
        ("people = 1\n", "`people` is not a table"),
        ("[people]\nann = 1\n", "`ann` in [people] is not a text or a list of texts"),
        ("[people]\nann = []\n", "`ann` in [people] is not a text or a list of texts"),
        ('[people]\nann = "strongroom1x"\n', "a key of `ann` is not a recipient"),
        ('[people]\n"" = "x"\n', "a name in [people] is empty"),
        (f'[people]\nann = "{ANN}"\nbob = "{ANN}"\n', "ann and bob have the same key"),
        (
            GOOD.replace('"bob"]', '"bbo"]'),
            '`developers` in [groups] names `bbo`, who is not listed. Did you mean "bob"',
        ),
        (GOOD.replace('"developers", "ci"', '"developer"'), "`staging` in [communities] names `developer`"),
        (GOOD.replace("developers =", "ann ="), "`ann` is a person and a group"),
        ("x" * (1 << 20) + "x", "is larger than 1 MiB"),
        ("a = " + "[" * 5000, "is not TOML"),
    ],
)
def test_every_mistake_in_it_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "strongroom.recipients"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(TransferError) as caught:
        read_recipients_file(str(path))
    assert said in str(caught.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["people", "groups", "communities", "x"]), _JSON))
def test_no_table_raises_anything_else(tables: dict[str, object]) -> None:
    try:
        _Reader("strongroom.recipients", tables).read()
    except TransferError:
        return
    assert all(not table for table in tables.values())


def test_the_nearest_file_counts_up_to_the_top_of_the_repository(tmp_path: Path) -> None:
    top, below = tmp_path / "repository", tmp_path / "repository" / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "strongroom.recipients").write_text("")
    (top / ".git").mkdir()
    assert find_recipients_file(str(below)) is None
    (top / "strongroom.recipients").write_text("")
    assert find_recipients_file(str(below)) == str(top / "strongroom.recipients")
