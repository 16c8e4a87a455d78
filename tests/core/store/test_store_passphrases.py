"""The remark on a new passphrase that is easily guessed."""

import pytest

from strongroom.store.keys.passphrases import weakness
from strongroom.values.secret_value import SecretValue


@pytest.mark.parametrize(
    ("passphrase", "remark"),
    [
        ("", None),
        ("   ", None),
        ("correct horse battery", None),
        ("x7#kQ9!vTp2w", None),
        ("x7#kQ9!vTp2", "it has 11 characters"),
        ("x", "it has 1 character"),
        ("xX", "it is one character again and again"),
        ("1234567890123456789", "it is only digits"),
        ("82947710364826405718", None),
        ("**Password123!", "it is one of the words that are tried first"),
        ("QWERTYUIOPASDF", "it is a row of neighbouring keys or letters"),
        ("mnbvcxylkjhgfdsa", "it is a row of neighbouring keys or letters"),
        ("abcd", "it is a row of neighbouring keys or letters"),
        ("bcd", "it has 3 characters"),
        ("k9" * 6, "it is a few characters again and again"),
        ("aBc9-xy" * 2, "it is a few characters again and again"),
        ("aBc9-xyz" * 2, "it is a few characters again and again"),
        ("aBc9-xyzw" * 2, None),
        ("k9k9k9k9k9k9k", None),
    ],
)
def test_a_passphrase_that_is_easily_guessed_gets_a_remark(passphrase: str, remark: str | None) -> None:
    assert weakness(SecretValue(passphrase)) == remark
