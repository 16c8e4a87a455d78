"""Read the caller and the body of a run as a person writes them.

The app's form and options of `strongroom test` take them. A user is `sample`, `anonymous`, an email address,
an id, or `@FILE` with a JSON object. A payload is text, or `@FILE`; `@@` begins a text with an `@`. A file
has at most 10 MB.
"""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.resolver.terms.inputs import ANONYMOUS, SAMPLE_USER
from strongroom.workspace.files import SIZE_LIMIT, UnreadableFile, read_bytes, within_limit

USERS: Final = "sample, anonymous, an email address, an id, or @FILE with a JSON object"
STANDARD_INPUT: Final = "-"


class InputFiles(NamedTuple):
    """Read the files that `@FILE` can name. Relative paths start at `folder`.

    `standard_input` gives the stream of `@-`. A program that has one also reads pipes. A program without one
    reads regular files only: a pipe without a writer waits for ever, which a screen must not do.
    """

    folder: str = ""
    standard_input: Callable[[], BinaryIO] | None = None

    def read(self, path: str) -> bytes:
        """Return the bytes of a file. Raises `UnreadableFile`."""
        if path == STANDARD_INPUT and self.standard_input is not None:
            return within_limit("Standard input", self.standard_input().read(SIZE_LIMIT + 1))
        whole = os.path.join(self.folder, os.path.expanduser(path))
        return read_bytes(whole, path, may_wait=self.standard_input is not None)


def named_file(text: str) -> str | None:
    """Return the path in `@PATH`; None for any other text.

    A text that begins with `@@` is another text.
    """
    return text[1:] if text.startswith("@") and not text.startswith("@@") else None


def plain_text(text: str) -> str:
    """Return a text that names no file. Of two `@` at the beginning, one is left out."""
    return text[1:] if text.startswith("@@") else text


def as_plain_text(text: str) -> str:
    """Return the text from which `plain_text` makes `text`."""
    return f"@{text}" if text.startswith("@") else text


def payload_of(text: str, files: InputFiles) -> str | bytes:
    """Return a call's body, as bytes if a file is not UTF-8. Raises `UnreadableFile`."""
    path = named_file(text)
    if path is None:
        return plain_text(text)
    data = files.read(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data


def named_user(text: str) -> dict[str, Any] | None:
    """Return the user that a word, an email address or an id means, or None."""
    if text == "anonymous":
        return dict(ANONYMOUS)
    if text in ("", "sample"):
        return dict(SAMPLE_USER)
    if text.isascii() and text.isdigit():
        return {**SAMPLE_USER, "id": int(text)}
    if "@" in text[1:] and not text.startswith("@"):
        return {**SAMPLE_USER, "email": text}
    return None


def user_of(text: str, files: InputFiles) -> dict[str, Any]:
    """Return the caller.

    Raises `StrongroomError` for other words and for a file without a JSON object.
    """
    text = text.strip()
    path = named_file(text)
    if path is not None:
        return _json_object(path, files)
    user = named_user(text)
    if user is None:
        raise StrongroomError(f'"{text}" is not a user.', f"Write {USERS}.")
    return user


def user_words(user: Mapping[str, Any]) -> str:
    """Return the words that mean a user; "" for the sample user and one from a file."""
    if user == ANONYMOUS:
        return "anonymous"
    texts = (str(user.get("email", "")), str(user.get("id", "")))
    return next((text for text in texts if text and named_user(text) == user != SAMPLE_USER), "")


def _json_object(path: str, files: InputFiles) -> dict[str, Any]:
    data = files.read(path)
    try:
        user = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            f"{path} is not valid JSON: {error}.", "Give a file with a JSON object."
        ) from error
    if not isinstance(user, dict):
        raise UnreadableFile(
            f"{path} does not hold a JSON object.", 'Write one like {"email": "a@example.com", "id": 7}.'
        )
    return user
