"""Why a token is not signed, in words that hold nothing of the key."""

import jwt
import pytest

from strongroom.resolver.signing import UNSIGNED, Signer, SigningFailed

SHARED = "a-long-enough-shared-secret-for-hs256"
PEM = "-----BEGIN %s-----\nQUJD\n-----END %s-----"


@pytest.mark.parametrize(
    ("claims", "key", "algorithm", "reason"),
    [
        ({}, SHARED, "none", "the algorithm is not one of HS256, HS384, "),
        ([], SHARED, "HS256", "the claims are not an object."),
        ({}, None, "HS256", "the key is empty."),
        ({}, " \n", "HS256", "the key is empty."),
        ({}, 5, "HS256", "the key is empty."),
        ({}, "a\ud800", "HS256", "the key holds half of a surrogate pair, which is not a character."),
        ({}, PEM % (2 * ("PRIVATE KEY",)), "HS256", "the key does not suit HS256: an HMAC algorithm takes"),
        (
            {},
            PEM % (2 * ("PUBLIC KEY",)),
            "RS256",
            "the key is a public key: RS256 signs with a private key.",
        ),
        (
            {},
            PEM % (2 * ("CERTIFICATE",)),
            "RS256",
            "the key is a public key: RS256 signs with a private key.",
        ),
        (
            {},
            SHARED,
            "RS256",
            "the key is not a PEM private key (it has no -----BEGIN line), which RS256 needs.",
        ),
        (
            {},
            "-----BEGIN PRIVATE KEY-----\\nQUJD",
            "RS256",
            "the key has \\n written out where its line breaks",
        ),
        (
            {},
            PEM % (2 * ("ENCRYPTED PRIVATE KEY",)),
            "RS256",
            "the private key is protected by a passphrase,",
        ),
        ({}, PEM % (2 * ("PRIVATE KEY",)), "RS256", "the private key cannot be used for RS256 ("),
    ],
)
def test_a_token_that_is_not_signed_has_its_reason(claims, key, algorithm, reason):
    failed = Signer().sign(claims, key, algorithm)
    assert isinstance(failed, SigningFailed)
    assert failed.reason.startswith(reason)


def test_a_key_that_did_not_resolve_is_the_first_reason_but_for_a_shared_secret():
    failed = Signer().sign({}, "{{ get_secret('k') }}", "RS256", is_resolved=False)
    assert failed == SigningFailed("the secret that holds the private key did not resolve.")
    assert isinstance(
        Signer().sign({}, "{{ get_secret('a long enough key') }}", "HS256", is_resolved=False), str
    )


def test_the_algorithm_that_was_asked_for_holds_against_the_headers():
    token = Signer().sign({"a": 1}, SHARED, "HS256", {"alg": "none", "kid": "k"})
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "kid": "k", "typ": "JWT"}


def test_recorded_answers_get_a_text_in_place_of_a_token():
    assert UNSIGNED.sign({}, "", "RS256") == "recorded-answers-need-no-token"
    failed = UNSIGNED.sign({}, "", "none")
    assert isinstance(failed, SigningFailed)
    assert failed.reason == Signer().sign({}, "", "none").reason
