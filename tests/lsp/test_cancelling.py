"""Cancellations: what is not wanted any more is not done, and what is wanted is."""

import pytest

CANCELLED = -32800
TEXT = '{"connectors": [{"name": "One", "url": "https://a.example/{{ get_secret(\'a\') }}"}]}'


@pytest.fixture
def ready(talk, folder, uri):
    talk.initialize(folder)
    talk.open(uri, TEXT)
    return talk


def answers(talk):
    return {message["id"]: message for message in talk.sent if "id" in message and "method" not in message}


def hover(uri):
    return {"textDocument": {"uri": uri}, "position": {"line": 0, "character": TEXT.index("'a'") + 1}}


def test_of_a_storm_of_requests_only_the_one_that_was_not_cancelled_is_served(ready, uri):
    for number in range(500):
        ready.queue("textDocument/hover", hover(uri), f"r{number}")
        if number != 250:
            ready.cancel(f"r{number}")
    ready.settle()
    found = {number: answers(ready)[f"r{number}"] for number in range(500)}
    assert [number for number, answer in found.items() if "result" in answer] == [250]
    assert {answer["error"]["code"] for number, answer in found.items() if number != 250} == {CANCELLED}


def test_cancellations_of_unknown_and_unusable_ids_are_passed_over(ready, uri):
    for number in ("never", 7, None, [], {"a": 1}, 1.5, True):
        ready.cancel(number)
    ready.notify("$/cancelRequest")
    ready.queue("textDocument/hover", hover(uri))
    ready.settle()
    assert "result" in answers(ready)["mine"]


def test_a_request_that_waits_for_the_index_ends_when_it_is_cancelled(ready, uri):
    place = {**hover(uri), "context": {"includeDeclaration": True}}
    ready.queue("textDocument/references", place)
    ready.cancel("mine")
    ready.settle()
    assert answers(ready)["mine"]["error"]["code"] == CANCELLED


def test_an_answer_is_about_the_text_that_was_there_when_it_was_asked_for(ready, uri):
    ready.queue("textDocument/references", {**hover(uri), "context": {"includeDeclaration": True}})
    ready.change(uri, {"text": " " * 100 + TEXT})
    ready.settle()
    assert [place["range"]["start"]["character"] for place in answers(ready)["mine"]["result"]] == [
        TEXT.index("'a'") + 101
    ]
