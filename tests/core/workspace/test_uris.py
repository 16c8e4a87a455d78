"""Uris and paths."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.workspace import uris
from strongroom.workspace.uris import path_of, uri_of

posix = pytest.mark.skipif(os.name == "nt", reason="the paths here are POSIX paths")


@posix
@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/a/connectors_registry.json", "/home/a/connectors_registry.json"),
        ("file:///with%20space/%C3%A9%23.json", "/with space/é#.json"),
        ("file:///left#unescaped?.json", "/left#unescaped?.json"),
        ("file://localhost/a.json", "/a.json"),
        ("untitled:Untitled-1", None),
        ("vscode-notebook-cell:/a.json", None),
        ("file:", None),
        ("file:///zero%00byte", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_only_file_uris_name_a_path(uri, path):
    assert path_of(uri) == path


@posix
@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0")).map(lambda name: "/" + name.lstrip("/"))
)
def test_a_path_survives_the_way_there_and_back(path):
    assert path_of(uri_of(path)) == path


@posix
@given(
    st.binary(min_size=1).filter(lambda name: b"\0" not in name).map(lambda name: b"/" + name.lstrip(b"/"))
)
def test_bytes_that_are_not_utf_8_survive_the_way_there_and_back(name):
    path = os.fsdecode(name)
    assert os.fsencode(path_of(uri_of(path)) or "") == name


def test_a_drive_is_written_in_one_way_whatever_the_client_writes(monkeypatch):
    monkeypatch.setattr(uris, "_WINDOWS", True)
    spelled = ["file:///c%3A/project/a.json", "file:///C:/project/a.json", "file:///c:/project/a.json"]
    assert {path_of(uri) for uri in spelled} == {"C:\\project\\a.json"}
