"""Get a token for OpenBao.

A token is never in a settings file. A login gives one for this process: AppRole, userpass, or a JWT of the surroundings
(CI). The secret of a login is in the environment or in the system's keyring, and so is a token that is used as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from strongroom.backends.errors import BackendError, LoginNeeded, Unreachable
from strongroom.backends.openbao_client import Client, NotFound
from strongroom.backends.place import Place
from strongroom.values.secret_value import SecretValue


class Login(NamedTuple):
    """Describe one login: the variables with its secret, the word for that, and the request.

    Without a request, the secret is the token.
    """

    variables: tuple[str, ...]
    word: str
    request: Callable[[Any, Place, str], Any] | None = None


LOGINS: Final[Mapping[str, Login]] = {
    "token": Login(("BAO_TOKEN", "VAULT_TOKEN"), "token"),
    "approle": Login(
        ("BAO_SECRET_ID", "VAULT_SECRET_ID"),
        "secret id",
        lambda auth, place, secret: auth.approle.login(role_id=place.role, secret_id=secret),
    ),
    "userpass": Login(
        ("BAO_PASSWORD", "VAULT_PASSWORD"),
        "password",
        lambda auth, place, secret: auth.userpass.login(username=place.user, password=secret),
    ),
    "jwt": Login(
        ("BAO_JWT", "VAULT_JWT"),
        "JWT",
        lambda auth, place, secret: auth.jwt.jwt_login(role=place.role, jwt=secret),
    ),
}


def log_in(place: Place, secret: SecretValue) -> SecretValue:
    """Return the token that a login with `secret` gives.

    Raises `LoginNeeded` if the engine does not accept it.
    """
    login = LOGINS[place.login]
    request = login.request
    if request is None:
        return secret
    client = Client(place, "")
    try:
        answer = client.call(lambda: request(client.api.auth, place, secret.reveal()))
    except Unreachable:
        raise
    except (BackendError, NotFound):
        raise LoginNeeded(
            f"{place.words} did not accept the {login.word} (login {place.login}).",
            f'Log in again with `strongroom community login "{place.community}"`, or correct {login.variables[0]}.',
        ) from None
    finally:
        client.close()
    return SecretValue(answer["auth"]["client_token"])
