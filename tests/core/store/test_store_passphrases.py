"""A passphrase that can be guessed gets a word."""

import pytest

from strongroom.store.passphrases import weakness


@pytest.mark.parametrize("passphrase", ["", "a", "hunter2", "a" * 20, "123456789012", "ab" * 8])
def test_what_can_be_guessed_is_told_without_being_repeated(passphrase: str) -> None:
    said = weakness(passphrase)
    assert said
    assert not passphrase or len(passphrase) < 3 or passphrase not in said


@pytest.mark.parametrize(
    "passphrase", ["correct horse battery staple", "vK9#tq2LmXw!", "ein ganz langer Satz"]
)
def test_several_words_or_a_random_one_get_none(passphrase: str) -> None:
    assert weakness(passphrase) is None
