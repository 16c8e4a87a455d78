"""Test the rule invalid-algorithm."""

import pytest

from core.validator.connector_texts import header_row, jwt, mended
from strongroom.platform.authentication import ALGORITHMS


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_known_algorithms_are_silent(check, algorithm):
    check(jwt(algorithm=algorithm))


def test_an_unknown_algorithm_is_flagged(check):
    check(jwt(algorithm="«invalid-algorithm:RS1»"))
    check(jwt(algorithm="«invalid-algorithm:none»"))
    check(jwt(algorithm="{{ get_variable('region') }}"))
    assert mended(jwt(algorithm="eddsa")) == jwt(algorithm="EdDSA")


@pytest.mark.parametrize(
    "arguments",
    [
        "{}, get_secret('api_key'), '«invalid-algorithm:RS250»'",
        "{}, get_secret('api_key'), algorithm='«invalid-algorithm:»'",
        "algorithm='«invalid-algorithm:hs256»', payload={}, key=get_secret('api_key')",
        "{}, get_secret('api_key'), 'HS' '250'",
        "{}, *['a', 'RS250']",
        "{}, get_secret('api_key'), user.id",
        "{}, get_secret('api_key'), headers={'alg': 'RS250'}",
    ],
)
def test_an_algorithm_written_out_in_jwt_encode_is_one_of_the_known(check, arguments):
    check(header_row("X-T", f"{{{{ jwt_encode({arguments}) }}}}"))


def test_an_algorithm_in_the_wrong_case_is_mended_in_a_template_too():
    text = header_row("X-T", "{{ jwt_encode({}, get_secret('api_key'), 'hs256') }}")
    assert mended(text) == text.replace("hs256", "HS256")


def test_an_algorithm_that_is_a_number_is_flagged(check):
    text = jwt().replace('"RS256"', "«invalid-algorithm:256»")
    (found,) = check(text)
    assert not found.fixes
