"""The compiled code of attrs' classes, kept between starts: used where it can be, and never in the way."""

import gc
import os
import sys

import attr
import attr._make
import pytest

import strongroom_lsp.quick_import
from strongroom_lsp.quick_import import KeptCode, quick_import


@pytest.fixture(autouse=True)
def python_keeps_code(monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "kept.bin")


def made_in(place):
    """A class that attrs writes with the kept code of this place."""
    with quick_import(place):
        return attr.make_class("Made", ["first", "second"])


def test_a_second_start_compiles_nothing(place):
    kept = KeptCode(place)
    kept.compile("first = 1", "<one>", "exec")
    kept.save()
    again = KeptCode(place)
    names = {}
    exec(again.compile("first = 1", "<one>", "exec"), names)
    assert names["first"] == 1
    assert again.misses == 0
    again.compile("first = 2", "<one>", "exec")
    assert again.misses == 1


def test_classes_are_the_same_from_kept_code(place):
    for _ in range(2):
        made = made_in(place)
        assert (made(1, second=2).first, repr(made(1, 2))) == (1, "Made(first=1, second=2)")


@pytest.mark.parametrize("damage", [b"", b"x" * 10, b"x" * 1000])
def test_a_damaged_file_is_made_anew(place, tmp_path, damage):
    made_in(place)
    (tmp_path / "kept.bin").write_bytes(damage)
    assert made_in(place)(1, 2).second == 2
    assert KeptCode(place)._known


def test_code_of_another_text_behind_the_same_digest_is_not_used(place, tmp_path):
    made_in(place)
    data = (tmp_path / "kept.bin").read_bytes()
    (tmp_path / "kept.bin").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert KeptCode(place)._known == {}


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path):
    assert made_in(str(tmp_path / "missing" / "kept.bin"))(1, 2).first == 1


def test_compiler_and_collector_are_as_before_even_after_an_error(place):
    thresholds = gc.get_threshold()
    with pytest.raises(ImportError), quick_import(place):
        raise ImportError
    assert "compile" not in vars(attr._make)
    assert gc.get_threshold() == thresholds


def test_no_second_generation_is_collected_during_an_import(place):
    before = gc.get_stats()
    with quick_import(place):
        kept = [[] for _ in range(200_000)]
    collected = [
        now["collections"] - then["collections"] for now, then in zip(gc.get_stats(), before, strict=True)
    ]
    assert len(kept) == 200_000
    assert collected[0] > 0
    assert collected[1:] == [0, 0]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_every_reader_of_the_module_may_read_the_kept_code(place):
    made_in(place)
    module = os.stat(strongroom_lsp.quick_import.__file__).st_mode & 0o666
    assert os.stat(place).st_mode & 0o777 == module
