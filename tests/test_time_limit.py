"""No test can hang the run: a time limit fails it and names its place."""

import subprocess
import sys

import pytest

HANGING = """
import asyncio, threading

def test_waits_for_a_thread():
    threading.Event().wait()

async def test_waits_for_the_loop():
    await asyncio.Event().wait()

def test_comes_later():
    pass
"""


def test_each_test_has_a_limit(pytestconfig):
    assert 0 < float(pytestconfig.getini("timeout")) <= 120


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no alarm signal: there a hang ends the run")
def test_a_test_that_hangs_fails_and_the_next_ones_run(tmp_path, pytestconfig):
    file = tmp_path / "test_hanging.py"
    file.write_text(HANGING)
    settings = ["-c", str(pytestconfig.inipath), "-n", "0", "-p", "no:cacheprovider", "-o", "timeout=0.5"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *settings, file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "threading.Event().wait()" in done.stdout
