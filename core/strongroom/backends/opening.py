"""Open a community's engine, with the library it needs and the login it has."""

from importlib import import_module
from importlib.util import find_spec

from strongroom.backends.errors import LibraryMissing
from strongroom.backends.place import ENGINES, EnginePlace
from strongroom.backends.protocol import Backend
from strongroom.values.secret_value import SecretValue


def open_backend(place: EnginePlace, secret: SecretValue | None = None) -> Backend:
    """Return the engine of a community, with the login that is given or known.

    Raises `LibraryMissing`, `LoginNeeded`, and what the login raises.
    """
    check_library(place)
    engine = ENGINES[place.engine]
    opened: Backend = import_module(engine.module).open_place(place, secret)
    return opened


def check_library(place: EnginePlace) -> None:
    """Raise `LibraryMissing` if the library of the engine is not installed."""
    engine = ENGINES[place.engine]
    if find_spec(engine.library) is None:
        raise LibraryMissing(
            f"{engine.title} needs a library that is not installed.",
            f"Install it with `pip install 'strongroom[{place.engine}]'`.",
        )
