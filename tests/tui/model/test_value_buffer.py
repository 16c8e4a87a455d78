"""The text of a value while it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.values.secret_value import SecretValue
from strongroom_tui.model.secrets.value_buffer import ValueBuffer


def text(buffer: ValueBuffer) -> str:
    return buffer.value().reveal()


@given(st.text())
def test_what_is_put_in_comes_out_with_its_bytes(value: str) -> None:
    buffer = ValueBuffer()
    buffer.set(SecretValue(value))
    assert text(buffer) == value


@given(st.text(), st.text(), st.integers(0, 20))
def test_inserting_at_the_cursor_is_inserting_there(before: str, new: str, steps: int) -> None:
    before = before.replace("\r", "")
    new = new.replace("\r", "")
    buffer = ValueBuffer()
    buffer.set(SecretValue(before))
    for _ in range(steps):
        buffer.move(0, -1)
    at = max(0, len(before) - steps)
    buffer.insert(new)
    assert text(buffer) == before[:at] + new + before[at:]


@given(
    st.text(alphabet="ab\n"), st.lists(st.sampled_from(["<", ">", "^", "v", "back", "del", "home", "end"]))
)
def test_no_key_can_break_it(value: str, keys: list[str]) -> None:
    buffer = ValueBuffer()
    buffer.set(SecretValue(value))
    does = {
        "<": lambda: buffer.move(0, -1),
        ">": lambda: buffer.move(0, 1),
        "^": lambda: buffer.move(-1, 0),
        "v": lambda: buffer.move(1, 0),
        "back": buffer.backspace,
        "del": buffer.delete,
        "home": buffer.home,
        "end": buffer.end,
    }
    for key in keys:
        does[key]()
        assert 0 <= buffer.row < buffer.line_count
        assert 0 <= buffer.column <= buffer.length(buffer.row)
    assert len(text(buffer)) <= len(value)


def test_windows_line_ends_stay_as_they_are() -> None:
    buffer = ValueBuffer()
    buffer.set(SecretValue("a\r\nb\rc\n"))
    assert buffer.line_count == 4
    assert text(buffer) == "a\r\nb\rc\n"


def test_backspace_joins_lines() -> None:
    buffer = ValueBuffer()
    buffer.insert("ab\ncd")
    buffer.home()
    buffer.backspace()
    assert text(buffer) == "abcd"
    assert (buffer.row, buffer.column) == (0, 2)


def test_clearing_leaves_nothing_behind() -> None:
    buffer = ValueBuffer()
    buffer.insert("hunter2")
    buffer.clear()
    assert buffer.is_empty
    assert "hunter2" not in repr(vars(buffer))


def test_it_keeps_no_history() -> None:
    buffer = ValueBuffer()
    buffer.insert("first-value")
    for _ in range(11):
        buffer.backspace()
    buffer.insert("second")
    assert "first" not in repr(vars(buffer))


@pytest.mark.parametrize("value", ["", "\n", "a\n"])
def test_empty_means_no_text_at_all(value: str) -> None:
    buffer = ValueBuffer()
    buffer.set(SecretValue(value))
    assert buffer.is_empty == (value == "")
