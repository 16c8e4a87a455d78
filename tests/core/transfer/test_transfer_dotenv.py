"""The dialect of .env files, and what is refused in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.names import Kind
from strongroom.store.rows.many import EntryWithValue
from strongroom.transfer import dotenv
from strongroom.transfer.decoding import decode
from strongroom.transfer.errors import TransferError
from strongroom.values.secret_value import SecretValue


def read(text: str) -> dict[str, str]:
    return {item.name: item.value.reveal() for item in dotenv.read(text).entries}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=x", "x"),
        ("  A = x  ", "x"),
        ("export A=x", "x"),
        ("export\tA=x", "x"),
        ("A=x # a comment", "x"),
        ("A=x#y", "x#y"),
        ("A=#x", "#x"),
        ("A=x=y==", "x=y=="),
        ("A='x # y'", "x # y"),
        ("A='x'   # a comment", "x"),
        (r"A='x\n$B'", r"x\n$B"),
        (r'A="x\ny\t\"\\\$\`"', 'x\ny\t"\\$`'),
        (r'A="C:\dir"', r"C:\dir"),
        ('A="first\nsecond"', "first\nsecond"),
        ("A='first\r\nsecond'\r\nB=1\r\n", "first\nsecond"),
        ("A=x\rB=1\r", "x"),
        ("\ufeff".join(["", "A=x"]), "x"),
        ("# A=y\n\nA=x", "x"),
        ('A=a"b', 'a"b'),
        ("A=\u2028x\u2029", "\u2028x\u2029"),
    ],
)
def test_a_value_is_read_as_the_common_readers_do(text: str, value: str) -> None:
    assert read(decode(text.encode()))["A"] == value


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("just words", "it has no `=`"),
        ("export A", "it has no `=`"),
        ("A: x", "it has no `=`"),
        ('A="never', "never closed"),
        ("A='never", "never closed"),
        ("A='x'y", "text after the closing quote"),
        ('A="x"#y', "text after the closing quote"),
        ("A=`date`", "backquotes"),
        ("A=-----BEGIN PRIVATE KEY-----", "without quotes"),
        ("MIIEpAIBAAKCAQEA==", "end of a value of several lines"),
    ],
)
def test_a_bad_line_is_named_and_the_lines_around_it_are_read(line: str, reason: str) -> None:
    source = dotenv.read(f"FIRST=1\n{line}\nLAST=2\n")
    assert [(refusal.line, reason in refusal.reason) for refusal in source.refusals] == [(2, True)]
    assert [(item.line, item.name) for item in source.entries] == [(1, "FIRST"), (3, "LAST")]


def test_a_quote_that_closes_at_the_next_lines_quote_is_refused_at_its_own_line() -> None:
    source = dotenv.read('A="x\nB="y"\nC=1')
    assert [(refusal.line, refusal.name) for refusal in source.refusals] == [(1, "A")]
    assert [(item.line, item.name) for item in source.entries] == [(2, "B"), (3, "C")]


def test_lines_after_a_value_of_several_lines_keep_their_numbers() -> None:
    source = dotenv.read("A='1\n2\n3'\nbad\nB=1")
    assert [item.line for item in source.entries] == [1, 5]
    assert [refusal.line for refusal in source.refusals] == [4]


@pytest.mark.parametrize("line", ["A=$B", "A=${B}x", 'A="$(date)"'])
def test_interpolation_is_not_done_and_said(line: str) -> None:
    source = dotenv.read(line)
    assert [remark.line for remark in source.remarks] == [1]
    assert "$" in source.entries[0].value.reveal()


@pytest.mark.parametrize("line", ["A='$B'", r'A="\$B"', "A=5$", "A=x"])
def test_nothing_is_said_where_nothing_would_be_expanded(line: str) -> None:
    assert dotenv.read(line).remarks == []


def test_a_line_of_other_bytes_is_refused_alone() -> None:
    source = dotenv.read(decode(b"A=1\nB=\xff\xfe\nC=2\n"))
    assert [(refusal.line, refusal.reason) for refusal in source.refusals] == [(2, "it is not UTF-8 text")]
    assert len(source.entries) == 2


@pytest.mark.parametrize("line", ["B=x\0y", "B='x\0'", 'B="\0"', "B\0=x"])
def test_a_null_character_is_refused_with_its_line(line: str) -> None:
    source = dotenv.read(f"A=1\n{line}\nC=2\n")
    assert [(refusal.line, refusal.name, refusal.reason) for refusal in source.refusals] == [
        (2, "", dotenv.NULL)
    ]
    assert [item.name for item in source.entries] == ["A", "C"]


def test_a_value_with_a_null_character_is_not_written() -> None:
    with pytest.raises(TransferError, match=r"a \.env file cannot hold it"):
        dotenv.write([EntryWithValue("A", Kind.SECRET, SecretValue("x\0y"), "", "", 1)])


def test_a_key_without_quotes_is_never_quoted_in_a_message() -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nAoIBAQC7+/canary=\nccanary==\n-----END KEY-----"
    source = dotenv.read(f"KEY={key}\n")
    assert "canary" not in repr(source.refusals)
    assert [item.name for item in source.entries if item.value.reveal()] == []


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_what_is_written_is_read_back_exactly(value: str) -> None:
    text = dotenv.write([EntryWithValue("A", Kind.SECRET, SecretValue(value), "", "", 1)] * 2)
    source = dotenv.read(decode(text.encode()))
    assert source.refusals == []
    assert [item.value.reveal() for item in source.entries] == [value, value]


@given(st.text(st.sampled_from("A=\"'\\\n #$`x")))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    source = dotenv.read(text)
    lines = text.count("\n") + 1
    assert all(1 <= item.line <= lines for item in (*source.entries, *source.refusals))
