"""The caller and the body of a run as a person writes them: the same words in every face."""

import io
import os
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.resolver.terms.inputs import ANONYMOUS, SAMPLE_USER
from strongroom.testcases.loading import load_text
from strongroom.testcases.typed_inputs import InputFiles, named_file, payload_of, user_of, user_words
from strongroom.testcases.writing import payload_value

NO_FILES = InputFiles()


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("", SAMPLE_USER),
        ("sample", SAMPLE_USER),
        ("anonymous", ANONYMOUS),
        ("me@a.example", {**SAMPLE_USER, "email": "me@a.example"}),
        (" 42 ", {**SAMPLE_USER, "id": 42}),
    ],
)
def test_a_user_is_a_word(text: str, user: dict) -> None:
    assert user_of(text, NO_FILES) == user
    assert user_of(user_words(user), NO_FILES) == user


def test_a_user_that_only_a_file_can_hold_has_no_words() -> None:
    assert user_words({**SAMPLE_USER, "email": "me@a.example", "id": 9}) == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[1]", "does not hold a JSON object"),
        (b"{", "is not valid JSON"),
        (b"\xff", "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (b" " * 10_000_001, "is larger than 10 MB"),
    ],
)
def test_a_file_that_holds_no_user_is_refused(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "user.json").write_bytes(content)
    with pytest.raises(StrongroomError, match=f"^user.json {says}"):
        user_of("@user.json", InputFiles(str(tmp_path)))


def test_other_words_and_missing_files_are_refused() -> None:
    with pytest.raises(StrongroomError, match=r'^"somebody" is not a user\.'):
        user_of("somebody", NO_FILES)
    with pytest.raises(StrongroomError, match=r"^nowhere.json cannot be read"):
        user_of("@nowhere.json", NO_FILES)


def test_a_payload_is_text_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"a\r\nb")
    (tmp_path / "bytes").write_bytes(b"\xff")
    files = InputFiles(str(tmp_path), lambda: io.BytesIO(b"given"))
    assert payload_of("text", files) == "text"
    assert payload_of("@@text", files) == "@text"
    assert payload_of("@text", files) == "a\r\nb"
    assert payload_of("@bytes", files) == b"\xff"
    assert payload_of("@-", files) == "given"
    assert named_file("@text") == "text"
    assert named_file("@@text") is None


def test_too_much_standard_input_is_refused() -> None:
    with pytest.raises(StrongroomError, match=r"^Standard input is larger than 10 MB"):
        payload_of("@-", InputFiles("", lambda: io.BytesIO(b" " * 10_000_001)))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_screen_reads_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StrongroomError, match=r"^pipe is not a regular file"):
        payload_of("@pipe", InputFiles(str(tmp_path)))


def test_a_test_case_has_the_same_words_for_a_payload(tmp_path: Path) -> None:
    (tmp_path / "large.json").write_bytes(b" " * 10_000_001)
    case = '[[test]]\nname = "{0}"\nconnector = "c"\npayload = "{0}"\n'
    loaded = load_text(str(tmp_path / "a.tests.toml"), case.format("@@at") + case.format("@large.json"))
    assert [one.inputs.payload for one in loaded.cases] == ["@at"]
    assert ["larger than 10 MB" in one.message for one in loaded.problems] == [True]
    assert payload_value("@at") == "@@at"
