"""A rename in an engine, which has no transaction: nothing is lost whatever comes between its two writes."""

import pytest

from strongroom.backends.errors import AccessRefused, BackendError
from strongroom.backends.protocol import Put
from strongroom.backends.shared_vault import SharedVault
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.values.secret_value import SecretValue
from strongroom.workspace.rename_journal import JournaledRename, note
from strongroom.workspace.rename_transaction import end_interrupted


def secret(name, value):
    return Put(name, Kind.SECRET, SecretValue(value))


@pytest.fixture(params=["openbao", "aws"])
def pair(request):
    return request.getfixturevalue(f"{request.param}_pair")


@pytest.fixture
def vault(pair, request, bao_place, aws_place):
    place = {"OpenBao": bao_place, "AwsSecrets": aws_place}[type(pair.ours).__name__]
    return SharedVault(place, pair.ours)


@pytest.fixture
def between(pair, monkeypatch):
    """between(work) does `work` after the new name is written, before the old one is deleted."""

    def arrange(work):
        delete, waiting = pair.ours.delete, [work]

        def stop(name, expected=None, **more):
            if waiting:
                waiting.pop()()
            return delete(name, expected, **more)

        monkeypatch.setattr(pair.ours, "delete", stop)

    return arrange


def test_an_edit_between_the_two_writes_is_kept_and_the_new_name_is_taken_back(pair, vault, between):
    for value in ("earlier", "before"):
        pair.ours.put(secret("fresh", value))
    pair.ours.delete("fresh")
    pair.ours.put(secret("token", "v1"))
    between(lambda: pair.theirs.put(secret("token", "theirs")))
    with pytest.raises(EntryChanged):
        vault.rename("production", "token", "fresh")
    assert [one.name for one in pair.ours.names()] == ["token"]
    assert pair.theirs.get("token").value.reveal() == "theirs"
    assert pair.ours.get("fresh", 1).value.reveal() == "earlier"  # its own history is as it was


def test_what_cannot_be_taken_back_is_named(pair, vault, monkeypatch):
    pair.ours.put(secret("token", "v1"))

    def refuse(*_args, **_more):
        raise AccessRefused("The token may not do it.")

    monkeypatch.setattr(pair.ours, "delete", refuse)
    with pytest.raises(BackendError, match="fresh was written, but token could not be deleted") as caught:
        vault.rename("production", "token", "fresh")
    assert caught.value.way_out.startswith("Both names hold the value")
    assert {pair.ours.get(name).value.reveal() for name in ("token", "fresh")} == {"v1"}


def test_a_kill_between_the_two_writes_is_told_at_the_next_rename(pair, vault):
    noted = note(JournaledRename(vault.path, "production", "token", "fresh", is_held=True))
    for name in ("token", "fresh"):
        pair.ours.put(secret(name, "v1"))
    noted.close(keep=True)
    (ended,) = end_interrupted(vault)
    assert 'community "production" has both names. Delete the one that is not wanted.' in ended.sentence
    assert end_interrupted(vault) == []
