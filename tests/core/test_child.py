"""A child process sees the installation of its parent, and nothing of the folder it runs in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from strongroom import child

BASE = getattr(sys, "_base_executable", sys.executable)
START = """
import subprocess
from strongroom import child
done = subprocess.run(child.command({module!r}, *{arguments!r}), env=child.environment(), input=b"",
                      capture_output=True)
print(done.stdout.decode(), done.stderr.decode())
"""
CHILDREN = {
    "the keyring's": ("strongroom.store.keys.keyring_child", ["get", "00"], "no "),
    "the command line": ("strongroom_cli", ["--version"], "strongroom "),
}


@pytest.mark.skipif(os.name == "nt", reason="a user's packages are in another place there")
@pytest.mark.parametrize("which", CHILDREN)
@pytest.mark.parametrize("how", ["pip install --user", "PYTHONPATH", "sys.path"])
def test_it_finds_what_was_installed_for_its_parent(which: str, how: str, tmp_path: Path) -> None:
    module, arguments, answer = CHILDREN[which]
    packages = [path for path in sys.path if os.path.isabs(path) and not path.startswith(sys.base_prefix)]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = tmp_path / "user" / "lib" / version / "site-packages"
    site.mkdir(parents=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONUSERBASE": str(tmp_path / "user"),
    }
    script = START.format(module=module, arguments=arguments)
    if how == "pip install --user":
        (site / "strongroom.pth").write_text("\n".join(packages))
    elif how == "PYTHONPATH":
        environment["PYTHONPATH"] = os.pathsep.join(packages)
    else:
        script = f"import sys; sys.path += {packages!r}\n{script}"
    here = tmp_path / "here"
    here.mkdir()
    for name in ("strongroom", "strongroom_cli", "keyring", "secretstorage", "queue", "click"):
        (here / f"{name}.py").write_text("raise SystemExit('imported from the current folder')")
    program = tmp_path / "program.py"
    program.write_text(script)
    done = subprocess.run(
        [BASE, str(program)], cwd=here, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith(answer), done.stdout + done.stderr


def test_a_relative_entry_of_pythonpath_does_not_bring_the_current_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", ".", str(tmp_path), *sys.path])
    folders = child.environment()["PYTHONPATH"].split(os.pathsep)
    assert str(tmp_path) not in folders
    assert all(os.path.isabs(folder) for folder in folders)
