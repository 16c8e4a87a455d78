"""Programs that tests start can be ended by a signal, however the tests were started."""

import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shell and no such signals")

SIGNALS = [
    signal.SIGINT,
    signal.SIGTERM,
    *([signal.SIGHUP, signal.SIGQUIT] if hasattr(signal, "SIGHUP") else []),
]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_child_ends_at_a_signal(number):
    with subprocess.Popen(
        [sys.executable, "-c", "import signal; signal.pause()"], stderr=subprocess.PIPE
    ) as child:
        child.send_signal(number)
        try:
            assert child.wait(timeout=20) == -number
        finally:
            child.kill()


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_child_ends_even_if_the_tests_were_started_with_the_signals_ignored(workers):
    test = f"{__file__}::{test_a_child_ends_at_a_signal.__name__}"
    pytest_ = [sys.executable, "-m", "pytest", "-n", workers, "-p", "no:cacheprovider", test]
    ignoring = ["sh", "-c", 'trap "" INT TERM HUP QUIT; exec "$@"', "sh", *pytest_]
    done = subprocess.run(ignoring, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
