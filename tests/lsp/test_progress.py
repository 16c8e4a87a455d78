"""The bar of long work: it begins once the work is long, and only where the client shows one."""

import pytest

CREATE = "window/workDoneProgress/create"


@pytest.fixture
def ready(talk, folder, full):
    full["window"] = {"workDoneProgress": True}
    talk.initialize(folder, capabilities=full)
    return talk


@pytest.fixture
def work(ready):
    return begin(ready)


def begin(talk, token=None, on_cancel=None):
    """Begin work and return its progress."""
    made = []
    talk.loop.call_soon(lambda: made.append(talk.session.show_progress("Reading", token, on_cancel)))
    talk.settle()
    return made[0]


def shown(talk):
    """What was sent for bars: (kind, message, percentage)."""
    return [
        (value["kind"], value.get("message"), value.get("percentage"))
        for value in (message["params"]["value"] for message in talk.asked("$/progress"))
    ]


def test_a_bar_is_asked_for_when_half_a_second_has_passed(ready, work):
    ready.wait(0.4)
    assert ready.asked(CREATE) == []
    ready.wait(0.2)
    assert len(ready.asked(CREATE)) == 1
    assert shown(ready) == []
    work.end()


def test_a_bar_begins_with_what_is_done_by_then_and_follows_the_work(ready, work):
    ready.wait(0.6)
    work.report("1 of 4", 1, 4)
    (request,) = ready.asked(CREATE)
    ready.answer(request, None)
    work.report("2 of 4", 2, 4)
    work.end("4 files")
    assert shown(ready) == [("begin", "1 of 4", 25), ("report", "2 of 4", 50), ("end", "4 files", None)]
    assert {one["params"]["token"] for one in ready.asked("$/progress")} == {request["params"]["token"]}


def test_quick_work_shows_no_bar(ready, work):
    ready.wait(0.3)
    work.end("4 files")
    ready.wait(2)
    assert (ready.asked(CREATE), shown(ready)) == ([], [])


def test_work_that_ended_before_the_answer_shows_no_bar(ready, work):
    ready.wait(0.6)
    work.end("4 files")
    ready.answer(ready.asked(CREATE)[0], None)
    assert shown(ready) == []


def test_a_client_that_refuses_the_bar_gets_none(ready, work, capfd):
    ready.wait(0.6)
    refusal = {"code": -32603, "message": "no bars today"}
    ready.feed({"jsonrpc": "2.0", "id": ready.asked(CREATE)[0]["id"], "error": refusal})
    ready.settle()
    work.report("2 of 4", 2, 4)
    work.end()
    assert shown(ready) == []
    assert "Traceback" not in capfd.readouterr().err


def test_a_client_that_shows_no_progress_is_not_asked_for_a_bar(talk, folder):
    talk.initialize(folder)
    work = begin(talk)
    talk.wait(2)
    work.end()
    assert (talk.asked(CREATE), shown(talk)) == ([], [])


def test_the_bar_of_a_request_begins_at_once(ready):
    work = begin(ready, token="mine")
    assert shown(ready) == [("begin", None, 0)]
    work.end()
    work.end()
    assert shown(ready)[1:] == [("end", None, None)]


def test_the_button_of_the_bar_cancels_the_work(ready):
    cancelled = []
    work = begin(ready, token="mine", on_cancel=lambda: cancelled.append(True))
    assert ready.asked("$/progress")[0]["params"]["value"]["cancellable"] is True
    ready.notify("window/workDoneProgress/cancel", {"token": "mine"})
    ready.settle()
    assert cancelled == [True]
    work.end()
