"""Settings of every test: the same examples in each run, and children that heed signals.

Property tests look at the same examples in every run, however busy the machine is.
`pytest --hypothesis-profile=explore` looks at new ones, as the fuzzers in `benchmarks/` do for longer.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from engines import Server, start_moto, start_openbao
from inherited_signals import give_children_the_default

_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", _PATIENT, derandomize=True)
settings.register_profile("explore", _PATIENT)
settings.register_profile("mutants", _PATIENT, derandomize=True, max_examples=25)
settings.load_profile("repeatable")


def pytest_configure() -> None:
    """Run in each process of the tests before it starts a child."""
    give_children_the_default()


@pytest.fixture(scope="session")
def bao_server() -> Iterator[Server]:
    """A real OpenBao, which starts with the first test that asks for it."""
    with start_openbao() as server:
        yield server


@pytest.fixture(scope="session")
def moto_server() -> Iterator[Server]:
    """A server in place of AWS, which starts with the first test that asks for it."""
    with start_moto() as server:
        yield server
