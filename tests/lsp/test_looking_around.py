"""How often the server looks at the vault, the settings and the project."""

import time

import pytest


@pytest.fixture
def looks(talk, folder, monkeypatch):
    """The moments of looks, each of which takes `looks.cost` seconds of processor time."""

    class Looks(list):
        cost = 0.0

    looks = Looks()

    def look():
        looks.append(talk.loop.now)
        end = time.thread_time() + looks.cost
        while time.thread_time() < end:
            pass

    talk.initialize(folder)
    monkeypatch.setattr(talk.session, "look_around", look)
    talk.open((folder / "connectors_registry.json").as_uri(), "{}")
    return looks


def test_a_quick_look_is_repeated_soon(talk, looks):
    talk.wait(1)
    assert len(looks) >= 4


def test_a_long_look_is_followed_by_a_long_pause(talk, looks):
    looks.cost = 0.02
    talk.wait(1)
    assert len(looks) == 1
    talk.wait(30)
    assert len(looks) > 1
