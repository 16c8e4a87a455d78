"""Run `strongroom community login` and `logout`.

The system's keyring keeps the login at an engine.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from strongroom.backends import logins
from strongroom.backends.place import ENGINES, EnginePlace
from strongroom.errors import StrongroomError
from strongroom.store.errors import KeyringUnavailable
from strongroom.store.keys import keyring_client
from strongroom.store.keys.ways import keyring_is_off
from strongroom.text.terminal import visible
from strongroom.values.secret_value import SecretValue
from strongroom_cli.terminal.engines import agree_to_host
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import read_value
from strongroom_cli.terminal.session import CommandSession


@click.command("login")
@click.argument("name")
def login(name: str) -> None:
    """Log in at the engine that holds community NAME.

    The login is kept in the system's keyring. The token, password or secret id is read from a hidden prompt,
    or from standard input.
    """
    session = CommandSession(name)
    place = _place(session, name)
    if keyring_is_off():
        raise KeyringUnavailable(
            "STRONGROOM_NO_KEYRING says not to use the system's keyring, so the login cannot be kept.",
            "Set the variable that docs/teams.md names for this login instead.",
        )
    agree_to_host(session.settings, place)
    word = _word(place)
    secret = read_value(f"the {word} for {place.words}", exact=False)
    _try(place, secret)
    with _about_logins(place):
        keyring_client.keep_login(logins.login_item(place), secret.reveal().encode(), say)
    print(f'Logged in for community "{visible(name)}". The {word} is in the keyring.')


@click.command("logout")
@click.argument("name")
def logout(name: str) -> None:
    """Remove the login for community NAME from the system's keyring."""
    place = _place(CommandSession(name), name)
    with _about_logins(place):
        keyring_client.drop_login(logins.login_item(place), say)
    print(f'Removed the login for community "{visible(name)}" from the keyring.')


def _place(session: CommandSession, name: str) -> EnginePlace:
    place = session.settings.backends.get(name)
    if place is None:
        raise StrongroomError(
            f'No engine holds community "{name}".',
            "Name one in strongroom.toml: see docs/teams.md.",
        )
    if own_login := ENGINES[place.engine].own_login:
        raise StrongroomError(f"{place.words} takes the login of its own tools.", own_login)
    return place


@contextmanager
def _about_logins(place: EnginePlace) -> Iterator[None]:
    """Explain the keyring's failure for a login.

    The failure's own sentence is about vaults.
    """
    try:
        yield
    except KeyringUnavailable as error:
        raise KeyringUnavailable(
            error.message.replace("for this vault", f'for community "{place.community}"'),
            f"Unlock the keyring and do it again, or set {logins.VARIABLES[place.login][0]} without a keyring.",
        ) from None


def _word(place: EnginePlace) -> str:
    return logins.WORDS[place.login]


def _try(place: EnginePlace, secret: SecretValue) -> None:
    """Log in, and look at the names. Raises `BackendError`."""
    from strongroom.backends.opening import open_backend

    backend = open_backend(place, secret)
    try:
        backend.watch()
    finally:
        backend.close()
