"""Find the secret of a login in the environment or the system's keyring."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from typing import Final

from strongroom.backends.errors import LoginNeeded
from strongroom.backends.place import EnginePlace
from strongroom.store.errors import KeyringUnavailable
from strongroom.store.keys import keyring_client
from strongroom.store.keys.ways import keyring_is_off
from strongroom.values.secret_value import SecretValue

VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "token": ("BAO_TOKEN", "VAULT_TOKEN"),
    "approle": ("BAO_SECRET_ID", "VAULT_SECRET_ID"),
    "userpass": ("BAO_PASSWORD", "VAULT_PASSWORD"),
    "jwt": ("BAO_JWT", "VAULT_JWT"),
}
"""The variables that may have the secret of each login of OpenBao."""
WORDS: Final[Mapping[str, str]] = {
    "token": "token",
    "approle": "secret id",
    "userpass": "password",
    "jwt": "JWT",
}
"""The word for the secret of each login."""


def find_secret(place: EnginePlace, variables: Sequence[str]) -> SecretValue:
    """Return a login's secret: that of the first variable set, else the keyring's.

    Raises `LoginNeeded`.
    """
    given = next(filter(None, map(os.environ.get, variables)), None)
    secret = SecretValue(given) if given else kept_secret(place)
    if secret is None:
        raise LoginNeeded(
            f"No login for {place.words} is known.",
            f'Log in with `strongroom community login "{place.community}"`, or set {variables[0]}.',
        )
    return secret


def kept_secret(place: EnginePlace) -> SecretValue | None:
    """Return the secret of the login that the keyring has for this place, or None."""
    if keyring_is_off():
        return None
    try:
        return SecretValue(keyring_client.fetch_login(login_item(place)).decode())
    except (KeyringUnavailable, UnicodeDecodeError):
        return None


def login_item(place: EnginePlace) -> str:
    """Return the name of a place's login in the keyring.

    It has the address and the user in it. So a login is never sent to another host.
    """
    text = "\n".join(("login", place.host, place.namespace, place.login, place.role, place.user))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
