"""docs/teams.md sets OpenBao up for a team of ten: followed word for word, on a server of the test's own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engines import ROOT_TOKEN, Server, start_openbao

PAGE = (Path(__file__).parents[2] / "docs" / "teams.md").read_text("utf-8")
SETUP = PAGE.partition("## OpenBao for a team of ten")[2].partition("## What the engines keep")[0]


def blocks(heading, language="sh"):
    text = SETUP.partition(f"### {heading}\n")[2].partition("\n### ")[0]
    found = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found, heading
    return found


@pytest.fixture(scope="module")
def server():
    with start_openbao() as started:
        yield started


@pytest.fixture
def follow(server: Server, tmp_path: Path):
    """Runs the blocks below a heading in a shell, as somebody whose surroundings have nothing else."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / ".git").mkdir()

    def here(text: str) -> str:
        host = server.address.removeprefix("http://")
        return text.replace("https://bao.example.com:8200", server.address).replace(
            "bao.example.com:8200", host
        )

    def run(heading: str, **more: str) -> str:
        environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "XDG_STATE_HOME": str(tmp_path / f"state-of-{heading}"),
            "STRONGROOM_VAULT": str(tmp_path / "vault.db"),
            "STRONGROOM_NO_KEYRING": "1",
            "BAO_ADDR": server.address,
            **more,
        }
        script = "set -e\n" + here("".join(blocks(heading)))
        ran = subprocess.run(
            ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    (folder / "strongroom.toml").write_text(here(blocks("The repository, once", "toml")[0]))
    return run


def test_the_page_is_followed_word_for_word(follow, server):
    follow("The administrator, once", BAO_TOKEN=ROOT_TOKEN)
    out = follow("A developer")
    assert "a-value-of-staging" in out
    assert out.count("the token may not do it") == 1
    follow("A release")
    import hvac

    root = hvac.Client(url=server.address, token=ROOT_TOKEN)
    role = root.read("auth/approle/role/ci/role-id")["data"]["role_id"]
    secret = root.write("auth/approle/role/ci/secret-id")["data"]["secret_id"]
    out = follow("CI", ROLE_ID=role, SECRET_ID=secret)
    assert "1 name in community" in out
    assert "a-value" not in out
