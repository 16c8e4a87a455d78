"""The server's text and findings stay right under random edits; `benchmarks/lsp_random_edits.py` does more of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "lsp_random_edits.py"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_after_each_random_edit_the_texts_and_after_some_the_findings_are_equal(encoding):
    if not SCRIPT.exists():
        pytest.skip("there are no benchmarks in this copy")
    arguments = ["--edits", "150", "--seed", "5", "--encoding", encoding, "--check-every", "75"]
    done = subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=os.environ,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "150 edits, 2 checks compared, no difference" in done.stdout
