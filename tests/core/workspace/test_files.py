"""Which files count as connector files, and what is said about a file that cannot be read."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.workspace import (
    UnreadableFile,
    find_connector_files,
    is_connector_path,
    read_source,
    read_text,
    write_source,
)


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}", encoding="utf-8")


def found_below(folder: Path) -> list[str]:
    return [str(Path(path).relative_to(folder)) for path in find_connector_files([str(folder)])]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("connectors_registry.json", True),
        ("widgets/todo/connectors.json", True),
        ("e375776b__connectors_registry.json", True),
        ("2be118c0__widgets__todo-app__connectors.json", True),
        ("production.connectors_registry.json", True),
        ("old-connectors.json", True),
        ("myconnectors.json", False),
        ("connectors.json.bak", False),
        ("package.json", False),
        ("connectors_registry.jsonc", False),
    ],
)
def test_a_name_says_whether_a_file_counts(name: str, counts: bool) -> None:
    assert is_connector_path(name) is counts


def test_a_folder_stands_for_the_connector_files_below_it(tmp_path: Path) -> None:
    put(
        tmp_path,
        "connectors_registry.json",
        "widgets/b/connectors.json",
        "widgets/a/connectors.json",
        "x.json",
    )
    assert found_below(tmp_path) == [
        "connectors_registry.json",
        "widgets/a/connectors.json",
        "widgets/b/connectors.json",
    ]


def test_folders_of_tools_are_left_out(tmp_path: Path) -> None:
    put(
        tmp_path,
        ".git/connectors.json",
        ".venv/connectors.json",
        "node_modules/x/connectors.json",
        "environment/pyvenv.cfg",
        "environment/connectors.json",
    )
    assert found_below(tmp_path) == []


def test_a_hidden_folder_that_is_asked_for_is_read(tmp_path: Path) -> None:
    put(tmp_path, ".hidden/connectors.json")
    assert found_below(tmp_path / ".hidden") == ["connectors.json"]


def test_a_file_given_by_name_counts_whatever_it_is_called(tmp_path: Path) -> None:
    put(tmp_path, "code-mode.txt")
    assert find_connector_files([str(tmp_path / "code-mode.txt")]) == [str(tmp_path / "code-mode.txt")]


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "connectors.json")
    assert len(find_connector_files([str(tmp_path), str(tmp_path / "connectors.json"), str(tmp_path)])) == 1


@pytest.mark.skipif(os.name == "nt", reason="making links needs a right on Windows")
def test_links_in_a_circle_end(tmp_path: Path) -> None:
    put(tmp_path, "a/connectors.json")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert found_below(tmp_path) == ["a/connectors.json"]


def test_the_current_folder_is_not_part_of_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "widgets/a/connectors.json")
    monkeypatch.chdir(tmp_path)
    assert find_connector_files(["."]) == [os.path.join("widgets", "a", "connectors.json")]


def test_a_path_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nothing\.json cannot be read: No such file"):
        find_connector_files([str(tmp_path / "nothing.json")])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": "\xe9"}', "not valid UTF-8: byte 0xe9 at offset 7 (line 1)"),
        (b'{\r\n"a": "\xff\xfe"}', "byte 0xff at offset 9 (line 2)"),
        (b'\xef\xbb\xbf{"a": "\xe9"}', "at offset 10 (line 1)"),
        ("{}".encode("utf-16"), "is written in UTF-16; JSON is UTF-8"),
        ("{}".encode("utf-32"), "is written in UTF-32"),
        (b"\x7fELF\0\0\1", "is not a text: it has a zero byte at offset 4"),
        (b"{}\0", "zero byte at offset 2"),
    ],
)
def test_bytes_that_are_no_utf8_text_are_named_exactly(tmp_path: Path, data: bytes, says: str) -> None:
    file = tmp_path / "connectors.json"
    file.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        read_text(str(file))
    assert says in caught.value.message
    assert caught.value.exit_status == 2


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strongroom.workspace.files.SIZE_LIMIT", 10)
    file = tmp_path / "connectors.json"
    file.write_bytes(b" " * 10)
    assert read_text(str(file)) == " " * 10
    file.write_bytes(b" " * 11)
    with pytest.raises(UnreadableFile, match="larger than"):
        read_text(str(file))


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), st.booleans())
def test_text_is_kept_to_the_last_line_break_and_written_back_byte_for_byte(text: str, marked: bool) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "connectors.json"
        data = (b"\xef\xbb\xbf" if marked else b"") + text.removeprefix("\ufeff").encode()
        file.write_bytes(data)
        source = read_source(str(file))
        assert source.text == text.removeprefix("\ufeff")
        write_source(source, source.text + "x")
        assert file.read_bytes() == data + b"x"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_writing_keeps_permissions_and_what_a_link_points_to(tmp_path: Path) -> None:
    put(tmp_path, "real.json")
    (tmp_path / "real.json").chmod(0o640)
    (tmp_path / "connectors.json").symlink_to("real.json")
    write_source(read_source(str(tmp_path / "connectors.json")), "[]")
    assert (tmp_path / "connectors.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "[]"
    assert (tmp_path / "real.json").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["connectors.json", "real.json"]


def test_a_file_that_changed_since_it_was_read_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "connectors.json")
    source = read_source(str(tmp_path / "connectors.json"))
    (tmp_path / "connectors.json").write_text('{"edited": 1}')
    with pytest.raises(UnreadableFile, match="changed by another program"):
        write_source(source, "[]")
    assert (tmp_path / "connectors.json").read_text() == '{"edited": 1}'
