"""The loop: calls in their order, timers when nothing is queued, and never starved."""

import threading

from strongroom_lsp.protocol.loop import Loop


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def drain(loop):
    while loop.run_once(wait=False):
        pass


def test_a_timer_waits_for_everything_that_is_queued():
    loop, seen = Loop(Clock()), []
    loop.call_later(0.0, lambda: seen.append("timer"))
    for number in range(3):
        loop.call_soon(seen.append, number)
    drain(loop)
    assert seen == [0, 1, 2, "timer"]


def test_a_flood_of_calls_cannot_starve_a_timer():
    clock = Clock()
    loop, seen = Loop(clock), []
    loop.call_later(0.0, lambda: seen.append("timer"))
    for number in range(10):
        loop.call_soon(seen.append, number)
    clock.now = 1.0
    assert loop.run_once()
    assert seen == ["timer"]


def test_timers_run_when_they_are_due_and_in_the_order_they_are_due():
    clock = Clock()
    loop, seen = Loop(clock), []
    loop.call_later(2.0, lambda: seen.append("late"))
    loop.call_later(1.0, lambda: seen.append("early"))
    loop.call_later(1.0, lambda: seen.append("early too"))
    drain(loop)
    assert seen == []
    clock.now = 2.0
    drain(loop)
    assert seen == ["early", "early too", "late"]


def test_a_cancelled_timer_does_not_run():
    loop, seen = Loop(Clock()), []
    loop.call_later(0.0, lambda: seen.append("timer")).cancel()
    drain(loop)
    assert seen == []


def test_run_ends_with_the_first_status_given_and_takes_calls_from_other_threads():
    loop = Loop()

    def other():
        loop.call_soon(loop.stop, 3)
        loop.call_soon(loop.stop, 4)

    threading.Thread(target=other).start()
    assert loop.run() == 3
