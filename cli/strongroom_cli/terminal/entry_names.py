"""Check the name of a secret or variable among the arguments."""

from strongroom.platform.naming import INVALID_NAME, is_valid_name, why_invalid
from strongroom.store.errors import InvalidName


def check_entry_name(text: str) -> None:
    """Raise `InvalidName` for a text that cannot be a name.

    The error does not repeat the text, because it may be a value.
    """
    if is_valid_name(text):
        return
    before = text.partition("=")[0]
    if "=" in text and is_valid_name(before):
        raise InvalidName(
            f'{INVALID_NAME}: "{before}=…" has an equals sign; names are letters, digits, underscores.',
            f"Give only the name, {before}: a value is asked for, or read from standard input.",
        )
    raise InvalidName(
        f"{INVALID_NAME}: it {why_invalid(text)}.",
        "Use letters, digits and underscores, not starting with a digit, such as api_key.",
    )
