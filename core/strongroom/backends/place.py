"""Describe the engine that holds a community, as `strongroom.toml` names it.

A place has no token and no password, so that it can be committed.

Imports nothing costly, because `check` reads it with the settings.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from strongroom.text.expressions import expression


class EnginePlace(NamedTuple):
    """Hold the engine of one community, and its place in that engine.

    The fields after `community` are the keys of a `[backends.COMMUNITY]` table.
    """

    community: str
    engine: str
    address: str = ""
    """The address of the server, such as https://bao.example.com:8200."""
    mount: str = "secret"
    path: str = ""
    """The folder of the community in the engine, without slashes around it."""
    namespace: str = ""
    login: str = "token"
    role: str = ""
    user: str = ""
    ca_file: str = ""
    region: str = ""
    profile: str = ""

    @property
    def host(self) -> str:
        """Return the host to which a person agrees."""
        return ENGINES[self.engine].host(self)

    @property
    def words(self) -> str:
        """Return the engine and its host, for messages."""
        return f"{ENGINES[self.engine].title} at {self.host}"

    @property
    def key(self) -> str:
        """Return a text that no other place has."""
        return "\n".join((self.engine, self.host, self.namespace, self.mount, self.path, self.profile))


class Engine(NamedTuple):
    """Describe one engine: the name in messages, and the keys that its table may have."""

    title: str
    keys: tuple[str, ...]
    needed: tuple[str, ...]
    module: str
    library: str
    """The library's module, which is imported when a community of this engine is used."""
    host: Callable[[EnginePlace], str]
    """Returns the host to which a person agrees."""
    check: Callable[[EnginePlace], None]
    """Raises `ValueError` with a clause about the first mistake of a place."""
    own_login: str = ""
    """The way to log in with the engine's own tools. Without one, `strongroom community login` keeps a login."""


LOGINS: Final[Mapping[str, tuple[str, ...]]] = {
    "token": (),
    "approle": ("role",),
    "userpass": ("user",),
    "jwt": ("role",),
}
"""The logins of OpenBao, with the keys that each needs."""

_PATH: Final = expression(r"[A-Za-z0-9_.@+=-]+(?:/[A-Za-z0-9_.@+=-]+)*")
_REGION: Final = expression(r"[a-z0-9-]+")
_LOCAL: Final = expression(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?")
_ADDRESS: Final = expression(r"https://[A-Za-z0-9.\-\[\]:]+")


def place_of(community: str, table: Mapping[str, str]) -> EnginePlace:
    """Return the place that a table describes.

    Raises `ValueError` with a clause about the first mistake. `table` has keys that its engine knows.
    """
    fields = {key.replace("-", "_"): value.rstrip("/") for key, value in table.items()}
    place = EnginePlace(community, **fields)
    engine = ENGINES[place.engine]
    for key in engine.needed:
        if key not in table:
            raise ValueError(f'it needs "{key}"')
    engine.check(place)
    if not place.path:
        place = place._replace(path=default_path(community))
    for key, text in (("path", place.path), ("mount", place.mount)):
        if not _PATH.fullmatch(text) or ".." in text:
            raise ValueError(f'"{key}" must be letters, digits and any of _ . @ + = - with / between')
    return place


def default_path(community: str) -> str:
    """Return the folder of a community whose table has no path."""
    return f"strongroom/{community}"


def _check_openbao(place: EnginePlace) -> None:
    if not _ADDRESS.fullmatch(place.address) and not _LOCAL.fullmatch(place.address):
        raise ValueError('"address" must be like https://bao.example.com:8200, with https and without a path')
    if place.login not in LOGINS:
        raise ValueError(f'"login" must be one of {", ".join(LOGINS)}')
    for key in LOGINS[place.login]:
        if not getattr(place, key):
            raise ValueError(f'login "{place.login}" needs "{key}"')


def _check_aws(place: EnginePlace) -> None:
    if not _REGION.fullmatch(place.region):
        raise ValueError('"region" must be like eu-central-1')


ENGINES: Final[Mapping[str, Engine]] = {
    "openbao": Engine(
        "OpenBao",
        ("address", "mount", "path", "namespace", "login", "role", "user", "ca-file"),
        ("address",),
        "strongroom.backends.openbao",
        "hvac",
        lambda place: place.address.partition("://")[2].lower(),
        _check_openbao,
    ),
    "aws": Engine(
        "AWS Secrets Manager",
        ("region", "path", "profile"),
        ("region",),
        "strongroom.backends.aws",
        "boto3",
        lambda place: f"secretsmanager.{place.region}.amazonaws.com",
        _check_aws,
        "Log in with `aws sso login` or `aws configure`.",
    ),
}
"""The engines by name. The name is also that of the extra with the library."""
