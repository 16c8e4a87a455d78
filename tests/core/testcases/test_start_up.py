"""What an editor needs of test cases imports nothing that renders, sends or writes."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["keys", "outline", "structure"])
def test_the_modules_for_editors_are_light(module: str) -> None:
    heavy = (
        "strongroom.resolver",
        "tomlkit",
        "jsonpath",
        "httpx2",
        "jinja2",
        "cryptography",
        "dataclasses",
        "pathlib",
    )
    code = f"import sys, strongroom.testcases.{module}; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_loading_compiles_no_path_before_it_has_one() -> None:
    code = (
        "import sys; from strongroom.testcases.loading import load_text;"
        "load_text('/w/a.tests.toml', '[[test]]\\nname=\"a\"\\nconnector=\"c\"\\n');"
        "print([m for m in ('jsonpath', 'tomlkit', 'httpx2', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
