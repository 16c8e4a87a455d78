"""Speak with the operating system's keyring, in a child process.

It runs as `python -m strongroom.store.keys.keyring_child ACTION ITEM`, and an item is a vault's id or another
name. `get` reads. `keep` stores what is on standard input if nothing is kept yet, and answers with what is
kept then: a slot that was made before still opens. `put` stores it over what is kept, for a login. `drop`
removes it. The secret travels on standard input and output as hexadecimal digits, never in an argument. The
answer is `ok DIGITS` or `no REASON` on one line; before that comes `asks` when the keyring shows a dialog,
`was answered` when a person answered it, and `may ask` for a keyring whose dialogs cannot be seen from here.

Only the systems' own keyrings count: another back end that happens to be installed could keep the key in
plain text, and would be chosen silently.
"""

import os
import sys
from typing import Any

SERVICE = "strongroom"
TRUSTED = (
    "keyring.backends.SecretService.",
    "keyring.backends.libsecret.",
    "keyring.backends.kwallet.",
    "keyring.backends.macOS.",
    "keyring.backends.Windows.",
)


def main(arguments: list[str]) -> int:
    """Do one action. Return the exit status, which is 0 if the action worked."""
    action, item = arguments
    try:
        answer = _act(action, item)
    except Exception as error:  # whatever a back end raises must end as one line
        answer = f"no {_reason(error)}"
    _say(answer)
    return 0 if answer.startswith("ok") else 1


def _act(action: str, item: str) -> str:
    backend = _trusted_backend()
    if backend is None:
        return "no there is none on this machine that Strongroom trusts"
    if _is_locked_with_nobody_to_ask(backend):
        return "no it is locked"
    if _is_secret_service(backend):
        _announce_dialogs()
    else:
        _say("may ask")
    found = backend.get_password(SERVICE, item)
    if found is None and action == "keep":
        found = sys.stdin.read().strip()
        backend.set_password(SERVICE, item, found)
        if _is_secret_service(backend):
            _name_item(item)
    elif action == "put":
        found = sys.stdin.read().strip()
        backend.set_password(SERVICE, item, found)
    elif action == "drop" and found is not None:
        backend.delete_password(SERVICE, item)
    if found is None:
        return "no it holds nothing for this vault"
    return f"ok {bytes.fromhex(found).hex()}"


def _trusted_backend() -> "KeyringBackend | None":
    """Return the best back end among the systems' own.

    Because keyring may choose another one, its choice is not used.
    """
    from keyring.backend import get_all_keyring

    usable = [
        backend
        for backend in get_all_keyring()
        if f"{type(backend).__module__}.".startswith(TRUSTED) and backend.priority > 0
    ]
    return max(usable, key=lambda backend: backend.priority, default=None)


def _is_secret_service(backend: "KeyringBackend") -> bool:
    return type(backend).__module__.startswith("keyring.backends.SecretService")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _announce_dialogs() -> None:
    """Say when a dialog begins and ends.

    Each back end that opens a dialog does so by secretstorage's `exec_prompt`.
    """
    import secretstorage.collection
    import secretstorage.item
    import secretstorage.util

    execute = secretstorage.util.exec_prompt

    def announced(*arguments: Any, **options: Any) -> object:
        _say("asks")
        answer = execute(*arguments, **options)
        _say("was answered")
        return answer

    for module in (secretstorage.util, secretstorage.collection, secretstorage.item):
        if hasattr(module, "exec_prompt"):
            setattr(module, "exec_prompt", announced)  # noqa: B010  # not every one of them has it


def _name_item(item: str) -> None:
    """Name the new item for the keyring's own program.

    The key is kept without a name, too.
    """
    from contextlib import closing, suppress

    import secretstorage

    with suppress(Exception), closing(secretstorage.dbus_init()) as connection:
        collection = secretstorage.get_default_collection(connection)
        for found in collection.search_items({"service": SERVICE, "username": item}):
            found.set_label(f"Key of the Strongroom vault {item[:8]}")


def _is_locked_with_nobody_to_ask(backend: "KeyringBackend") -> bool:
    """Return True if a Secret Service is locked on a machine without a screen."""
    if not _is_secret_service(backend):
        return False
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return False
    from contextlib import closing

    import secretstorage

    with closing(secretstorage.dbus_init()) as connection:
        locked: bool = secretstorage.get_default_collection(connection).is_locked()
        return locked


_REASONS = {
    "KeyringLocked": "it is locked",
    "LockedException": "it is locked",
    "PromptDismissedException": "it is locked and the question was dismissed",
    "InitError": "its service could not be reached",
    "NoKeyringError": "there is none on this machine",
    "SecretServiceNotAvailableException": "its service is not running",
}


def _reason(error: Exception) -> str:
    """Return a clause for a back end's error.

    Because the error's text may hold anything, the clause has none of it.
    """
    return _REASONS.get(type(error).__name__, f"it answered with an error ({type(error).__name__})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyring.backend import KeyringBackend
