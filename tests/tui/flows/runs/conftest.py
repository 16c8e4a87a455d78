"""Fixtures of the tests of runs."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from run_support import Api, open_test_place
from tui_support import MemorySession, entry

from strongroom_tui.tabs.test import TestPane


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def opened(session: MemorySession, api: Api) -> Callable[..., Awaitable[TestPane]]:
    """Give the way to the Test tab, over an unlocked vault in which every secret is stored."""
    session.open = True
    session.put("production", entry("stripe_key"), "sk_1_value")
    return partial(open_test_place, api=api)
