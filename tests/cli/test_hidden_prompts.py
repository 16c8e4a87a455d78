"""What is typed and pasted at a hidden prompt is kept whole, or refused with a sentence."""

import contextlib
import itertools
import os
import select
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.errors import StrongroomError
from strongroom_cli.terminal.typed import Typed
from terminal_support import converse, type_all

PEM = "-----BEGIN PRIVATE KEY-----\n" + f"{'A' * 64}\n" * 26 + "-----END PRIVATE KEY-----"
on_a_terminal = pytest.mark.skipif(sys.platform != "linux", reason="uses Linux's pseudo-terminals")


def marked(text: str) -> bytes:
    """The bytes that a terminal sends for a paste of `text` where pastes are marked."""
    return b"\x1b[200~" + text.replace("\n", "\r").encode() + b"\x1b[201~"


def typed(*pieces: bytes) -> str:
    """What an entry of these pieces is, each of which came by itself."""
    entry = Typed()
    for piece in pieces:
        entry.feed(piece)
    return entry.text()


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """`data` in pieces, cut at these places."""
    at = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(at)]


texts = st.text(st.characters(exclude_characters="\r\x1b", exclude_categories=["Cs"]), max_size=200)
plain_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"), max_size=200)
places = st.lists(st.integers(0, 10_000), max_size=8)


@given(texts, places)
def test_a_marked_paste_is_the_text_wherever_it_was_cut(text: str, places: list[int]) -> None:
    # As on standard input, one line end after the last line only ends it.
    assert typed(*cut(marked(text) + b"\r", places)) == text.removesuffix("\n")


@given(
    plain_texts.filter(lambda text: not text.endswith("\n")), places, st.sampled_from([b"\n", b"\r", b"\r\n"])
)
def test_an_unmarked_burst_is_the_text_wherever_it_was_cut(
    text: str, places: list[int], line_end: bytes
) -> None:
    data = text.encode().replace(b"\n", line_end) + line_end
    assert typed(*cut(data, places)) == text


@given(st.binary(max_size=100), places)
def test_any_bytes_are_read_or_refused_and_never_fail_otherwise(data: bytes, places: list[int]) -> None:
    with contextlib.suppress(StrongroomError, KeyboardInterrupt):
        typed(*cut(data, places))


def test_the_editing_keys_work_on_characters_and_words() -> None:
    assert typed("abcö\x7f\x7fd\r".encode()) == "abd"
    assert typed(b"wrong\x15right\r") == "right"
    assert typed(b"two words\x17ones\r") == "two ones"
    assert typed(b"one\x04") == "one"
    for keys in (b"some\x03", b"\x04"):
        with pytest.raises(KeyboardInterrupt):
            typed(keys)


@pytest.mark.parametrize("keys", [b"ab\x1b[Dc\r", b"ab\x1bOPc\r", b"ab\x01c\r", b"ab\x1b"])
def test_a_key_that_cannot_be_kept_is_refused_and_not_dropped(keys: bytes) -> None:
    with pytest.raises(StrongroomError, match="no meaning here"):
        typed(keys)


def test_what_is_longer_than_is_read_is_refused_and_not_cut() -> None:
    with pytest.raises(StrongroomError, match="longer"):
        typed(b"x" * (5 << 20))


@pytest.fixture
def vault(strongroom):
    """A command line with an empty vault that a key file opens."""
    strongroom.make_vault()
    return strongroom


VALUES = {
    "a key of many lines": PEM,
    "a key of many lines and a line end": PEM + "\n",
    "10,000 characters": "t" * 10_000,
    "4,096 characters": "t" * 4096,
    "lines of 5,000 characters": "\n".join(["u" * 5000, "", "v" * 5000]),
    "blanks": "  a\n\tb  ",
}


@on_a_terminal
@pytest.mark.parametrize("paste", [marked, lambda text: text.encode()], ids=["marked", "unmarked"])
@pytest.mark.parametrize("what", VALUES)
def test_what_is_pasted_is_stored_whole(vault, what: str, paste) -> None:
    value = VALUES[what]
    burst = paste(value) + b"\r" * (not value.endswith("\n") or paste is marked)
    status, said = converse(
        vault, ["secret", "add", "api_key", "--community", "c"], ("Value of", burst), ("Again:", burst)
    )
    assert status == 0, said
    stored = vault("secret", "show", "api_key", "--reveal").out
    assert stored == value.removesuffix("\n")
    lines = stored.count("\n") + 1
    assert f"saved: {len(stored):,} characters, {lines} line{'s' if lines > 1 else ''}\r\n" in said
    assert stored[:40] not in said


@on_a_terminal
@pytest.mark.parametrize("burst", [b"p" * 6000 + b"\r", marked(PEM) + b"\r"], ids=["long", "lines"])
def test_a_long_passphrase_is_taken_whole(strongroom, burst: bytes) -> None:
    strongroom.environment.pop("STRONGROOM_KEY_FILE")
    status, said = converse(
        strongroom, ["vault", "init", "--no-recovery-code"], ("New passphrase:", burst), ("Again:", burst)
    )
    assert status == 0, said
    # All but its end does not open the vault.
    shorter = b"p" * 4095 + b"\r"
    turns = [("Passphrase:", shorter)] * 2 + [("Passphrase:", burst)]
    status, said = converse(strongroom, ["community", "add", "c"], *turns)
    assert status == 0, said


@on_a_terminal
def test_a_key_that_comes_in_pieces_with_pauses_is_waited_for(vault) -> None:
    head, tail = PEM[:700].rsplit("\n", 1)[0] + "\n", PEM[:700].rsplit("\n", 1)[1] + PEM[700:] + "\n"
    turns = [("Value of", head.encode()), ("did not come yet", tail.encode())]
    turns += [("Again:", head.encode()), ("did not come yet", tail.encode())]
    status, said = converse(vault, ["secret", "add", "api_key", "--community", "c"], *turns)
    assert status == 0, said
    assert vault("secret", "show", "api_key", "--reveal").out == PEM


@on_a_terminal
@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
@pytest.mark.parametrize(
    ("command", "question"),
    [
        (["secret", "add", "api_key", "--community", "c"], "Value of"),
        (["vault", "slots", "add", "--passphrase"], "New passphrase:"),
        (["vault", "recover"], "Recovery code:"),
    ],
)
def test_a_byte_that_is_not_utf_8_ends_in_one_sentence(vault, locale, command, question) -> None:
    vault.environment.pop("PYTHONIOENCODING")
    vault.environment.update(locale)
    assert vault("vault", "slots", "add", "--recovery-code").status == 0
    status, said = converse(vault, command, (question, b"caf\xe9\r"))
    assert status == 2, said
    assert "is not UTF-8 text" in said
    assert "internal error" not in said


@on_a_terminal
def test_a_question_answered_with_any_bytes_is_a_no(vault) -> None:
    vault("secret", "add", "api_key", "--community", "c", given="x")
    vault.environment.pop("PYTHONIOENCODING")
    vault.environment.update({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    status, said = converse(vault, ["secret", "delete", "api_key"], ("[y/N]", b"\xe9\xff\n"))
    assert (status, "Nothing was deleted." in said) == (1, True), said


SECRET_ADD = ("-m", "strongroom_cli", "secret", "add", "a")


class Asked:
    """A process that waits at a hidden prompt, on a terminal whose modes can be looked at."""

    def __init__(self, strongroom, *arguments: str) -> None:
        import pty
        import termios

        self.terminal, inner = pty.openpty()
        self.before = termios.tcgetattr(inner)
        # A shell holds the terminal, as in life: only then can a job be stopped.
        self.shell = subprocess.Popen(
            [sys.executable, "-c", HOLDER, sys.executable, *(arguments or SECRET_ADD)],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            cwd=strongroom.folder,
            env={**strongroom.environment, "TERM": "xterm", "STRONGROOM_COMMUNITY": "c"},
            start_new_session=True,
        )
        self.inner = inner
        self.said = ""

    def wait_for(self, text: str) -> None:
        """Read until `text` was said."""
        deadline = time.monotonic() + 60
        while text not in self.said and time.monotonic() < deadline:
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.said += os.read(self.terminal, 65536).decode("utf-8", "replace")
        assert text in self.said, self.said
        self.said = self.said.split(text, 1)[1]

    def mode(self) -> list:
        """The terminal's mode now."""
        import termios

        return termios.tcgetattr(self.inner)

    def end(self) -> None:
        """Leave nothing behind."""
        self.shell.kill()
        self.shell.wait()
        os.close(self.terminal)
        os.close(self.inner)


# What a shell does with one job: in a group of its own in the foreground, told about, and let go on when it stopped.
HOLDER = """
import fcntl, os, signal, sys, termios
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
print("JOB", pid, "STARTED", flush=True)
while True:
    _, status = os.waitpid(pid, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        break
    os.tcsetpgrp(0, os.getpid())
    print("JOB STOPPED", flush=True)
    sys.stdin.readline()
    os.tcsetpgrp(0, pid)
    os.kill(pid, signal.SIGCONT)
print("JOB ENDED", os.waitstatus_to_exitcode(status), flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def asked(vault):
    """A `secret add` that waits for its value."""
    job = Asked(vault)
    job.wait_for("Value of a: ")
    yield job
    job.end()


@on_a_terminal
@pytest.mark.parametrize("keys", [b"\x03", b"abc\x03", b"\x04", b"\x1b[200~half a paste"])
def test_the_terminal_is_as_before_after_an_interrupt(asked, keys: bytes) -> None:
    assert asked.mode() != asked.before
    type_all(asked.terminal, keys)
    if keys.startswith(b"\x1b"):
        select.select([], [], [], 0.3)
        type_all(asked.terminal, b"\x03")
    asked.wait_for("JOB ENDED 130")
    assert asked.mode() == asked.before


@on_a_terminal
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_the_terminal_is_as_before_after_a_signal(asked, number: int) -> None:
    os.kill(job_of(asked), number)
    asked.wait_for("JOB ENDED")
    assert asked.mode() == asked.before


SIGNAL_JUST_BEFORE_THE_WAIT = """
import select, signal
from strongroom_cli.terminal import hidden

wait = select.select
def select_after_a_signal(*arguments):
    # The handler waits, as it does where the signal comes when the system call has begun: only its pipe knows of it.
    handler = signal.signal(signal.SIGTERM, lambda *_: None)
    signal.raise_signal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, handler)
    select.select = wait
    ready = wait(*arguments)
    print("WOKEN", flush=True)
    return ready
with hidden.open_terminal() as terminal:
    select.select = select_after_a_signal
    terminal.read(None)
"""


@on_a_terminal
def test_a_signal_that_comes_just_before_the_wait_ends_it(strongroom) -> None:
    job = Asked(strongroom, "-c", SIGNAL_JUST_BEFORE_THE_WAIT)
    try:
        job.wait_for("WOKEN")
    finally:
        job.end()


@on_a_terminal
@pytest.mark.parametrize("how", ["ctrl+z", "signal", "SIGSTOP"])
def test_a_stopped_prompt_gives_the_terminal_back_and_goes_on_hidden(asked, vault, how: str) -> None:
    import termios

    if how == "ctrl+z":
        type_all(asked.terminal, b"\x1a")
    else:
        os.kill(job_of(asked), signal.SIGTSTP if how == "signal" else signal.SIGSTOP)
    asked.wait_for("JOB STOPPED")
    if how == "SIGSTOP":  # nobody could put the mode back, so the shell does
        termios.tcsetattr(asked.inner, termios.TCSANOW, asked.before)
    assert asked.mode() == asked.before
    type_all(asked.terminal, b"\n")
    asked.wait_for("Value of a: ")
    assert asked.mode() != asked.before
    for _ in range(2):
        type_all(asked.terminal, b"canary-value\r")
        asked.wait_for("Again: " if _ == 0 else "saved: 12 characters")
    assert "canary" not in asked.said
    assert vault("secret", "show", "a", "--reveal").out == "canary-value"


def job_of(asked: Asked) -> int:
    """The process that asks: the child of the one that holds the terminal."""
    with open(f"/proc/{asked.shell.pid}/task/{asked.shell.pid}/children") as file:
        return int(file.read().split()[0])
