"""Answers that come later, and what goes wrong on the way."""

import pytest

from strongroom.errors import StrongroomError
from strongroom_lsp.protocol.later import Later
from strongroom_lsp.protocol.transport import ClientGone


@pytest.fixture
def outcomes():
    """A later answer, and the list of what it came to."""
    later, found = Later(), []
    later.then(found.append)
    return later, found


def test_only_the_first_outcome_counts(outcomes):
    later, found = outcomes
    later.give(1)
    later.give(2)
    later.fail(-1, "late")
    assert found == [{"result": 1}]


def test_an_outcome_that_is_there_already_is_told_at_once():
    later, found = Later(), []
    later.give(None)
    later.then(found.append)
    assert found == [{"result": None}]


def test_stopping_ends_the_work_and_stops_only_once():
    ended = []
    later = Later(on_stop=lambda: ended.append(1))
    later.stop(-32800, "no")
    later.stop(-32800, "no")
    assert ended == [1]
    assert later.is_done


def test_work_that_fails_is_told_to_the_one_who_asked(outcomes):
    later, found = outcomes

    def fail():
        raise StrongroomError("No such name.", "Choose another.")

    later.attempt(fail)
    assert found[0]["error"]["code"] == -32803
    assert "No such name." in found[0]["error"]["message"]


def test_a_mistake_of_ours_is_told_without_its_words_and_logged(outcomes):
    later, found = outcomes
    with pytest.raises(ZeroDivisionError):
        later.attempt(lambda: 1 / 0)
    assert found[0]["error"]["code"] == -32603
    assert "division" not in found[0]["error"]["message"]


def test_a_client_that_is_gone_is_told_nothing(outcomes):
    later, found = outcomes

    def gone():
        raise ClientGone

    with pytest.raises(ClientGone):
        later.attempt(gone)
    assert found == []


def test_an_answer_of_the_client_that_cannot_be_used_ends_nothing(talk, folder, capfd):
    talk.initialize(folder)

    def fail(_answer, _is_result):
        raise RuntimeError("no way")

    talk.session.ask("window/showMessageRequest", {}, fail)
    talk.answer(talk.asked("window/showMessageRequest")[0], None)
    assert "no way" in capfd.readouterr().err
    assert "error" not in talk.request("workspace/symbol", {"query": ""})
