"""Vim with ALE and the file of editors/vim: see a mistake, and leave other JSON alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from editors_support import LIFETIME, PATIENCE, instructions

VIM = shutil.which("vim")
ALE = Path("/usr/share/vim-ale")  # where Debian's package puts it

SCRIPT = """
set nocompatible nomore viminfo= noswapfile encoding=utf-8
source ~/.vimrc
let g:ale_json_strongroom_executable = $PROGRAM
let g:ale_enabled = 1
execute 'set runtimepath^=' . $ALE . ',~/.vim'
runtime plugin/ale.vim
filetype plugin on
function! Until(what, condition)
  let l:end = localtime() + $PATIENCE
  while !a:condition()
    if localtime() > l:end
      call writefile([json_encode({'failed': a:what})], $REPORT)
      cquit
    endif
    sleep 20m
  endwhile
endfunction
edit $OTHER
setlocal filetype=json
ALELint
edit $FILE
setlocal filetype=json
ALELint
call Until('a finding', {-> len(ale#engine#GetLoclist(bufnr('%'))) > 0})
let s:found = ale#engine#GetLoclist(bufnr('%'))[0]
let s:report = {'text': s:found.text, 'code': get(s:found, 'code', ''), 'line': s:found.lnum,
      \\ 'columns': [s:found.col, s:found.end_col],
      \\ 'other': len(ale#engine#GetLoclist(bufnr($OTHER)))}
call writefile([json_encode(s:report)], $REPORT)
qall!
"""


@pytest.mark.skipif(VIM is None or not ALE.exists(), reason="Vim with ALE is not installed")
def test_vim_shows_the_finding_at_its_text(tmp_path, connector_file, editors):
    program, script, report = tmp_path / "strongroom", tmp_path / "script.vim", tmp_path / "report.json"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m strongroom_cli "$@"\n')
    program.chmod(0o755)
    command, setting, _vimrc = instructions("Vim (ALE)")
    subprocess.run(["sh", "-ec", command], check=True, timeout=PATIENCE, cwd=editors.parent)
    (tmp_path / "home" / ".vimrc").write_text(f"{setting}\n")
    script.write_text(SCRIPT)
    done = subprocess.run(
        [VIM, "-N", "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", script],
        capture_output=True, text=True, timeout=LIFETIME, check=False, cwd=connector_file.parent,
        env={**os.environ, "REPORT": str(report), "FILE": str(connector_file),
             "OTHER": str(connector_file.parent / "package.json"), "PROGRAM": str(program), "ALE": str(ALE),
             "PATIENCE": str(PATIENCE)},
    )  # fmt: skip
    assert report.exists(), (done.stdout, done.stderr)
    told = json.loads(report.read_text())
    assert "failed" not in told, told
    assert told["code"] == "secret-quotes"
    assert told["other"] == 0
    assert told["line"] == 6
    # ALE hands the server's columns on as they are: UTF-16 code units, here of a line with an emoji.
    first, last = told["columns"]
    line = connector_file.read_text().split("\n")[5].encode("utf-16-le")
    assert line[(first - 1) * 2 : last * 2].decode("utf-16-le") == '\\"api_key\\"'
