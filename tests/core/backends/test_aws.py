"""AWS Secrets Manager itself: what happens between two requests, what is said, and what is logged."""

import json

import boto3
import pytest

from engines import free_port
from strongroom.backends.aws import VersionId
from strongroom.backends.errors import AccessRefused, BackendError, LoginNeeded, Unreachable
from strongroom.backends.opening import open_backend
from strongroom.backends.protocol import ABSENT, Put
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged, ValueTooLong
from strongroom.values.secret_value import SecretValue


def secret(name: str, value: str = "v1", note: str = "", expires: str = "") -> Put:
    return Put(name, Kind.SECRET, SecretValue(value), note, expires)


@pytest.fixture
def ours(aws_pair):
    return aws_pair.ours


@pytest.fixture
def theirs(aws_pair):
    return aws_pair.theirs


@pytest.fixture
def api(aws_place):
    return boto3.client("secretsmanager", region_name=aws_place.region)


def before(backend, method, interruption, monkeypatch):
    """Let another person act just before the client sends this request."""
    client = backend._client
    original = getattr(client, method)

    def interrupted(*arguments):
        monkeypatch.setattr(client, method, original)
        interruption()
        return original(*arguments)

    monkeypatch.setattr(client, method, interrupted)


@pytest.mark.parametrize("request_", ["add_version", "move_label"])
def test_a_write_between_the_look_and_the_change_is_noticed_and_kept(ours, theirs, monkeypatch, request_):
    seen = ours.put(secret("token")).tag
    before(ours, request_, lambda: theirs.put(secret("token", "theirs")), monkeypatch)
    with pytest.raises(EntryChanged):
        ours.put(secret("token", "ours"), seen)
    assert ours.get("token").value.reveal() == "theirs"
    assert [one.number for one in ours.versions("token")] == [2, 1]


def test_a_write_just_after_ours_is_no_fault_of_ours(ours, theirs, monkeypatch):
    seen = ours.put(secret("token")).tag
    before(ours, "drop_label", lambda: theirs.put(secret("token", "theirs")), monkeypatch)
    ours.put(secret("token", "ours"), seen)
    assert [theirs.get("token", one.number).value.reveal() for one in ours.versions("token")] == [
        "theirs",
        "ours",
        "v1",
    ]


def test_a_repeated_request_whose_first_answer_was_lost_is_a_success(ours, monkeypatch):
    seen = ours.put(secret("token")).tag
    client, move = ours._client, ours._client.move_label

    def twice(*arguments):
        move(*arguments)
        move(*arguments)

    monkeypatch.setattr(client, "move_label", twice)
    assert ours.put(secret("token", "v2"), seen).version == 2


def test_a_write_between_the_look_and_a_deletion_brings_the_entry_back(ours, theirs, monkeypatch):
    ours.put(secret("token"))
    before(ours, "delete", lambda: theirs.put(secret("token", "theirs")), monkeypatch)
    with pytest.raises(EntryChanged):
        ours.delete("token")
    assert ours.get("token").value.reveal() == "theirs"


def test_two_people_who_add_one_name_at_the_same_time_do_not_mix(ours, theirs, monkeypatch):
    before(ours, "create", lambda: theirs.put(secret("token", "theirs")), monkeypatch)
    with pytest.raises(EntryChanged):
        ours.put(secret("token", "ours"), ABSENT)
    assert ours.get("token").value.reveal() == "theirs"


def test_a_value_of_another_program_is_read_as_it_is_and_kept_in_the_history(ours, api, aws_place):
    name = f"{aws_place.path}/secrets/token"
    api.create_secret(Name=name, SecretString="plain text")
    assert ours.get("token").value.reveal() == "plain text"
    assert ours.put(secret("token", "v2")).version == 2
    assert ours.get("token", 1).value.reveal() == "plain text"


def test_a_deleted_value_can_be_read_and_stays_deleted(ours, api, aws_place):
    ours.put(secret("token", "v1", "note"))
    ours.delete("token")
    assert ours.get("token", 1).value.reveal() == "v1"
    assert list(ours.names()) == []


def test_a_binary_value_is_named(ours, api, aws_place):
    api.create_secret(Name=f"{aws_place.path}/secrets/token", SecretBinary=b"\0")
    with pytest.raises(BackendError, match="is binary"):
        ours.get("token")


def test_what_is_longer_than_the_engine_keeps_is_refused(ours):
    with pytest.raises(ValueTooLong, match="65,536"):
        ours.put(secret("token", "v" * 65_530))


def test_more_names_than_one_page_are_listed(ours):
    for number in range(101):
        ours.put(secret(f"token_{number:03}"))
    assert [one.name for one in ours.names()] == [f"token_{number:03}" for number in range(101)]


def test_the_id_of_a_version_has_its_number_and_the_version_before_it():
    first = VersionId.parse("0cd4ab42-6d1a-4b2c-8d2f-111111111111")
    second = first.next()
    assert (second.number, second.before) == (2, first.own)
    assert VersionId.parse(str(second)) == second
    assert 32 <= len(str(second)) <= 64  # what the engine takes


# -- what is said ---------------------------------------------------------------------------


def test_without_a_login_the_way_to_one_is_named(aws_place, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(LoginNeeded, match="aws sso login"):
        open_backend(aws_place).names()
    with pytest.raises(LoginNeeded):
        open_backend(aws_place._replace(profile="missing"))


def test_an_engine_that_is_not_there_is_a_sentence(aws_place, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(Unreachable, match="cannot be reached"):
        open_backend(aws_place).names()


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("AccessDeniedException", AccessRefused),
        ("ExpiredTokenException", LoginNeeded),
        ("ThrottlingException", Unreachable),
        ("DecryptionFailure", BackendError),
    ],
)
def test_a_refusal_is_a_sentence_without_the_engines_own_text(
    aws_place, httpserver, monkeypatch, code, error
):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", httpserver.url_for("").rstrip("/"))
    body = json.dumps({"__type": code, "message": "canary-of-a-message"})
    httpserver.expect_request("/").respond_with_data(
        body, status=400, content_type="application/x-amz-json-1.1"
    )
    with pytest.raises(error) as caught:
        open_backend(aws_place).get("token")
    assert "canary" not in str(caught.value)
