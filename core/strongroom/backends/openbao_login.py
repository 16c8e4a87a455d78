"""Get a token for OpenBao.

A token is never in a settings file. A login gives one for this process: AppRole, userpass, or a JWT of the surroundings
(CI). The secret of a login is in the environment or in the system's keyring, and so is a token that is used as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from strongroom.backends.errors import BackendError, LoginNeeded, Unreachable
from strongroom.backends.logins import VARIABLES, WORDS
from strongroom.backends.openbao_client import KvClient
from strongroom.backends.place import EnginePlace
from strongroom.values.secret_value import SecretValue

Request = Callable[[Any, EnginePlace, str], Any]

REQUESTS: Final[Mapping[str, Request]] = {
    "approle": lambda auth, place, secret: auth.approle.login(role_id=place.role, secret_id=secret),
    "userpass": lambda auth, place, secret: auth.userpass.login(username=place.user, password=secret),
    "jwt": lambda auth, place, secret: auth.jwt.jwt_login(role=place.role, jwt=secret),
}
"""The request of each login. The login `token` has none, because its secret is the token."""


def log_in(place: EnginePlace, secret: SecretValue) -> SecretValue:
    """Return the token that a login with `secret` gives.

    Raises `LoginNeeded` if the engine does not accept it.
    """
    request = REQUESTS.get(place.login)
    if request is None:
        return secret
    client = KvClient(place, "")
    try:
        answer = client.call(lambda: request(client.api.auth, place, secret.reveal()))
    except Unreachable:
        raise
    except BackendError:
        raise LoginNeeded(
            f"{place.words} did not accept the {WORDS[place.login]} (login {place.login}).",
            f'Log in again with `strongroom community login "{place.community}"`, '
            f"or correct {VARIABLES[place.login][0]}.",
        ) from None
    finally:
        client.close()
    return SecretValue(answer["auth"]["client_token"])
