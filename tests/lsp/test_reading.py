"""Framing: what is a message and what is noise."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom_lsp.protocol.reading import LONGEST, read_bodies


def bodies(data):
    return list(read_bodies(io.BytesIO(data)))


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 2\r\n\r\n",
        b"content-length:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        b"CONTENT-LENGTH : 2 \n\n",
        b"X-Anything: 1\r\nContent-Length: 2\r\n\r\n",
        b"noise\r\n\r\nContent-Length: many\r\n\r\nContent-Length: 2\r\n\r\n",
        b"\r\n\r\nContent-Length: -5\r\n\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_headers_are_read_generously(head):
    assert bodies(head + b"{}") == [b"{}"]


def test_a_message_that_breaks_off_is_dropped():
    assert bodies(b"Content-Length: 10\r\n\r\n{}") == []


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: many\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
        b"X-Content-Length: 2\r\n\r\n",
        b"Content-Length: %d\r\n\r\n" % (LONGEST + 1),
        b"Content-Length: %s\r\n\r\n" % (b"9" * 5000),
        b"",
    ],
    ids=["a word", "negative", "another header", "too long", "5,000 digits", "no header"],
)
def test_after_a_message_of_no_usable_length_the_next_one_is_read(head):
    following = b"Content-Length: 3\r\n\r\n{1}" * 2
    assert bodies(head + b'{"method": "lost"}' + following) == [b"{1}", b"{1}"]


def test_after_a_length_that_was_too_small_the_next_message_is_read():
    assert bodies(b'Content-Length: 4\r\n\r\n{"a": 1}Content-Length: 2\r\n\r\n{}') == [b'{"a"', b"{}"]


def test_after_a_length_that_was_too_great_a_later_message_is_read():
    following = b"Content-Length: 2\r\n\r\n{}" * 3
    assert bodies(b"Content-Length: 9\r\n\r\n{}" + following)[1:] == [b"{}", b"{}"]


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_the_reader(data):
    bodies(data)
