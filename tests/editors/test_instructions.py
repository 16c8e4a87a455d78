"""README's lines for editors, run word for word on a machine where nothing is set up."""

import os
import subprocess

import pytest

from editors_support import PATIENCE, README, instructions


@pytest.mark.parametrize(
    ("editor", "place"),
    [
        ("Neovim 0.11", ".config/nvim/lsp/strongroom.lua"),
        ("Neovim 0.7 to 0.10", ".config/nvim/plugin/strongroom.lua"),
        ("Helix", ".config/helix/languages.toml"),
        ("Vim (ALE)", ".vim/ale_linters/json/strongroom.vim"),
        ("Vim (vim-lsp)", ".vim/plugin/strongroom.vim"),
    ],
)
def test_a_line_puts_the_file_into_its_place(tmp_path, editor, place):
    command = instructions(editor)[0]
    home = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run(["sh", "-ec", command], check=True, timeout=PATIENCE, cwd=README.parent, env=home)
    assert "strongroom" in (tmp_path / place).read_text()
