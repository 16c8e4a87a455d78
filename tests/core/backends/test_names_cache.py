"""The names of an engine are known without it, and no value is among them."""

import os
import stat
import time
from pathlib import Path

from strongroom.backends.names_cache import cache_path, cached_age, change_cached, read_cached, write_cached
from strongroom.backends.place import EnginePlace
from strongroom.names import Kind, Knowledge, Name
from strongroom.settings.model import Settings
from strongroom.workspace import format_names_file, resolve_names

PLACE = EnginePlace("production", "openbao", "https://bao.example.com", path="strongroom/production")


def settings(folder: Path, community: str | None = "production") -> Settings:
    return Settings(str(folder), community=community, backends={"production": PLACE})


def test_names_come_back_with_kind_note_and_date_and_without_a_value():
    names = [Name("url", Kind.VARIABLE, "a note", "2031-02-03", "canary-value"), Name("token", Kind.SECRET)]
    write_cached(PLACE, names)
    found = read_cached(PLACE)
    assert found.knowledge is Knowledge.COMPLETE
    assert list(found.by_name.values()) == [names[1], names[0]._replace(value=None)]
    assert found.source.startswith("OpenBao at bao.example.com, read 20")
    assert "canary" not in Path(cache_path(PLACE)).read_text()


def test_only_the_owner_can_read_the_file():
    write_cached(PLACE, [Name("token", Kind.SECRET)])
    assert stat.S_IMODE(os.stat(cache_path(PLACE)).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(cache_path(PLACE))).st_mode) == 0o700


def test_each_place_has_names_of_its_own():
    write_cached(PLACE, [Name("token", Kind.SECRET)])
    for other in (
        PLACE._replace(address="https://other.example.com"),
        PLACE._replace(path="strongroom/staging"),
        PLACE._replace(namespace="team"),
    ):
        assert read_cached(other).knowledge is Knowledge.NONE


def test_a_damaged_file_is_no_list(tmp_path):
    for text in (
        "",
        "[]",
        "{",
        '{"version": 9, "read": 1, "names": []}',
        '{"version": 1, "read": 1, "names": [["a", "b", "", ""]]}',
    ):
        write_cached(PLACE, [])
        Path(cache_path(PLACE)).write_text(text)
        assert read_cached(PLACE).knowledge is Knowledge.NONE
        assert resolve_names(settings(tmp_path)).knowledge is Knowledge.NONE


def test_the_age_is_in_words(monkeypatch):
    assert cached_age(PLACE) == ""
    write_cached(PLACE, [])
    assert cached_age(PLACE) == "just now"
    now = time.time()
    for seconds, words in ((90, "1 minute ago"), (7300, "2 hours ago"), (86_400 * 3, "3 days ago")):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: now + seconds)
        assert cached_age(PLACE) == words


def test_a_write_of_our_own_changes_the_names_and_not_their_age(monkeypatch):
    change_cached(PLACE, changed=Name("early", Kind.SECRET))
    assert read_cached(PLACE).knowledge is Knowledge.NONE
    write_cached(PLACE, [Name("a", Kind.SECRET), Name("b", Kind.SECRET)])
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 7300)
    change_cached(PLACE, changed=Name("c", Kind.VARIABLE, value="canary"), removed="a")
    assert list(read_cached(PLACE).by_name) == ["b", "c"]
    assert cached_age(PLACE) == "2 hours ago"
    assert "canary" not in Path(cache_path(PLACE)).read_text()


def test_names_that_were_never_read_are_unknown_and_a_names_file_helps(tmp_path):
    found = resolve_names(settings(tmp_path))
    assert found.knowledge is Knowledge.NONE
    assert any("OpenBao at bao.example.com, which were not read yet" in place for place in found.looked)
    listed = {"production": [Name("of_file", Kind.SECRET)]}
    (tmp_path / "strongroom.names.json").write_text(format_names_file(listed))
    assert list(resolve_names(settings(tmp_path)).by_name) == ["of_file"]
    write_cached(PLACE, [Name("of_engine", Kind.SECRET)])
    assert list(resolve_names(settings(tmp_path)).by_name) == ["of_engine"]


def test_the_only_community_is_meant_although_no_vault_is_there(tmp_path):
    write_cached(PLACE, [Name("token", Kind.SECRET)])
    assert resolve_names(settings(tmp_path, community=None)).get("token")
