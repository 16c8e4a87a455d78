"""Judge how easily a new passphrase is guessed.

Nothing is refused: the person chooses.
"""

from strongroom.text.phrases import counted
from strongroom.values.secret_value import SecretValue

FEWEST = 12
"""The fewest characters that are not remarked on.

Argon2id makes a guess slow, and a shorter passphrase is still found by trying.
"""

# fmt: off
_COMMON = frozenset({
    "password", "passphrase", "passwort", "letmein", "welcome", "admin", "administrator", "secret",
    "qwerty", "qwertyuiop", "asdfgh", "iloveyou", "dragon", "monkey", "football", "baseball",
    "changeme", "default", "trustno", "abc", "abcdef", "abcdefg", "strongroom", "gainsight",
})
# fmt: on


def weakness(passphrase: SecretValue) -> str | None:
    """Return a clause on why `passphrase` is easily guessed, or None.

    An example is "it has 4 characters". An empty passphrase is not judged: it is refused elsewhere.
    """
    text = passphrase.reveal().strip()
    if not text:
        return None
    folded = text.casefold()
    if len(set(folded)) == 1 and len(folded) > 1:
        return "it is one character again and again"
    if folded.isdecimal() and len(folded) < 20:
        return "it is only digits"
    if folded.strip("0123456789!?.,$#@*-_ ") in _COMMON:
        return "it is one of the words that are tried first"
    if _is_a_row(folded):
        return "it is a row of neighbouring keys or letters"
    if len(text) < FEWEST:
        return f"it has {counted(len(text), 'character')}"
    if any(
        folded == folded[:size] * (len(folded) // size) for size in range(2, min(8, len(folded) // 2) + 1)
    ):
        return "it is a few characters again and again"
    return None


_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "01234567890",
)


def _is_a_row(text: str) -> bool:
    return len(text) > 3 and any(text in row or text[::-1] in row for row in _ROWS)
