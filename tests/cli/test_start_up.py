"""What each command imports: the quick ones must not pay for the slow ones, and `check` never meets a key."""

import ast
import json
from importlib.util import find_spec
from pathlib import Path

import pytest

CODE = """
import sys
from strongroom_cli.main import main
status = main({arguments!r})
modules = sorted(sys.modules)
import json
print("\\n" + json.dumps([status, modules]))
"""


def imported(strongroom, *arguments: str) -> set[str]:
    ran = strongroom.python("-c", CODE.format(arguments=list(arguments)))
    status, modules = json.loads(ran.out.rstrip().split("\n")[-1])
    assert status == 0, ran.err
    return set(modules)


SCREENS_AND_PROTOCOLS = {"textual", "pygls", "lsprotocol"}


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (
            ["check"],
            {"cryptography", "keyring", "click", "dataclasses", "asyncio", "jinja2", "rapidfuzz", "httpx2"},
        ),
        (["check"], {"sqlite3", "tomllib", "platformdirs", "pathlib"}),
        (["names"], {"cryptography", "keyring", "jinja2", "httpx2", "click", "pathlib", "json", "inspect"}),
        (["secret", "list"], {"cryptography", "keyring", "jinja2", "httpx2", "click", "pathlib", "json"}),
        (["secret", "show", "api_key"], {"keyring", "jinja2", "httpx2", "click", "pathlib", "threading"}),
        (["secret", "show", "api_key"], {"cryptography.hazmat.primitives.ciphers.aead", "subprocess"}),
        (["rules"], {"cryptography", "keyring", "httpx2"}),
        (["--help"], {"cryptography", "keyring", "jinja2", "httpx2", "sqlite3"}),
    ],
)
def test_a_command_imports_no_more_than_it_needs(strongroom, arguments: list[str], absent: set[str]) -> None:
    if arguments != ["check"]:
        strongroom.make_vault("api_key")
    strongroom.write("connectors.json", '{"connectors": []}')
    modules = imported(strongroom, *arguments)
    assert not modules & (absent | SCREENS_AND_PROTOCOLS)


def test_check_with_a_vault_still_meets_no_key(strongroom) -> None:
    strongroom.make_vault("api_key")
    strongroom.write("connectors.json", '{"connectors": []}')
    modules = imported(strongroom, "check")
    assert "sqlite3" in modules
    assert not modules & ({"cryptography", "keyring", "click"} | SCREENS_AND_PROTOCOLS)


def test_no_process_of_ours_imports_from_the_folder_that_it_is_started_in():
    """A `json.py` in somebody's repository must not run in a process that is given a key or a value."""
    started = []
    for package in ("strongroom", "strongroom_cli", "strongroom_lsp", "strongroom_tui"):
        for file in Path(find_spec(package).origin).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.List) and node.elts and ast.unparse(node.elts[0]) == "sys.executable":
                    started.append((file.name, ast.unparse(node.elts[1])))
    assert started == [("child.py", "'-P'")], "processes of ours are started by strongroom.child"
