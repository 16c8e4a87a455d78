"""Reach one item of the system's keyring through a child with a time limit.

Keyrings hang: on a bus that does not answer, on a collection that asks nobody. So a service has a few
seconds. A keyring also asks: it shows a dialog of its own, in which a person types a password. The child (see
`keyring_child`) says when the dialog begins and ends, and in between the person has minutes. Every failure
ends in the same message with the ways out.
"""

import queue
import subprocess
import threading
from collections.abc import Callable
from typing import IO

from strongroom import child
from strongroom.store.errors import KeyringUnavailable

SECONDS = 4.5
"""The seconds for a service's answer.

With the start of a process, the person has the answer within five seconds.
"""
SECONDS_FOR_A_PERSON = 180.0
"""The seconds for a person to answer the keyring's own dialog."""

Tell = Callable[[str], None]
"""A function that shows the person one sentence."""
WAITING = "Waiting for your keyring's dialog."


def fetch(store_id: bytes, tell: Tell | None = None) -> bytes:
    """Return the 32 bytes kept for this vault. Raises `KeyringUnavailable`."""
    secret = _ask("get", store_id.hex(), b"", tell)
    if len(secret) != 32:
        raise unavailable("the item that it holds for this vault is damaged")
    return secret


def keep(store_id: bytes, secret: bytes, tell: Tell | None = None) -> bytes:
    """Keep `secret` for this vault if nothing is kept yet, and return what is kept.

    Never overwrites: the slots that were made with what is kept open with nothing else. Raises
    `KeyringUnavailable`.
    """
    kept = _ask("keep", store_id.hex(), secret, tell)
    if fetch(store_id, tell) != kept:
        raise unavailable("it did not give back what was stored in it")
    return kept


def unavailable(why: str) -> KeyringUnavailable:
    """Return the one message that every failure of the keyring ends in.

    `why` is a clause.
    """
    return KeyringUnavailable(
        f"The system's keyring could not be used: {why}.",
        "Unlock the keyring and do it again, or open the vault another way: name a key file with "
        "--key-file or STRONGROOM_KEY_FILE, or set STRONGROOM_NO_KEYRING=1 to be asked for the passphrase.",
    )


def child_command(action: str, item: str) -> list[str]:
    """Return the command line of the child."""
    return child.command("strongroom.store.keys.keyring_child", action, item)


def fetch_login(item: str, tell: Tell | None = None) -> bytes:
    """Return what `keep_login` stored under `item`. Raises `KeyringUnavailable`."""
    return _ask("get", item, b"", tell)


def keep_login(item: str, secret: bytes, tell: Tell | None = None) -> None:
    """Store a login's secret over an earlier one. Raises `KeyringUnavailable`."""
    if _ask("put", item, secret, tell) != secret or fetch_login(item, tell) != secret:
        raise unavailable("it did not give back what was stored in it")


def drop_login(item: str, tell: Tell | None = None) -> None:
    """Remove a login's secret. Raises `KeyringUnavailable`, also if none is stored."""
    _ask("drop", item, b"", tell)


def _ask(action: str, item: str, secret: bytes, tell: Tell | None) -> bytes:
    """Return the child's answer: `ok` and hexadecimal digits, or `no` and a clause."""
    try:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            child_command(action, item),
            env=child.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise unavailable(f"its helper could not be started ({error.strerror})") from None
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        _hand_over(process.stdin, secret.hex().encode("ascii"))
        word, _, rest = _answer(process.stdout, tell).partition(" ")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    if word == "ok":
        return bytes.fromhex(rest)
    raise unavailable(rest if word == "no" and rest else "its helper ended without an answer")


def _hand_over(pipe: IO[bytes], secret: bytes) -> None:
    try:
        with pipe:
            pipe.write(secret)
    except OSError:
        return  # the child ended already, and its answer says why


def _answer(output: IO[bytes], tell: Tell | None) -> str:
    """Return the child's last line, or "" if it ended without one.

    Raises `KeyringUnavailable` if the child takes too long.
    """
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read_lines, args=(output, lines), name="keyring", daemon=True).start()
    may_ask, seconds = False, SECONDS
    while True:
        try:
            line = lines.get(timeout=seconds)
        except queue.Empty:
            if not may_ask or seconds == SECONDS_FOR_A_PERSON:
                whose = "its dialog was not answered" if may_ask else "it did not answer"
                raise unavailable(f"{whose} within {seconds:g} seconds") from None
            line = "asks"  # such a keyring does not say that it shows a dialog, and would have answered
        if line == "asks":
            may_ask, seconds = True, SECONDS_FOR_A_PERSON
            if tell is not None:
                tell(WAITING)
        elif line == "was answered":
            may_ask, seconds = False, SECONDS
        elif line == "may ask":
            may_ask = True
        else:
            return line


def _read_lines(output: IO[bytes], lines: "queue.SimpleQueue[str]") -> None:
    try:
        for line in output:
            lines.put(line.decode("utf-8", "replace").strip())
    except (OSError, ValueError):
        pass  # the output was closed: nobody waits for a line
    lines.put("")
