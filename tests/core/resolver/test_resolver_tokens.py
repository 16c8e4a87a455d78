"""Tokens that are kept between the runs of a session, and requests for them that are shared."""

import asyncio
import time

import pytest

from strongroom.resolver.authentication.tokens import AccessToken, TokenCache, TokenRequests
from strongroom.values.secret_value import SecretValue

FIRST, SECOND = SecretValue("first"), SecretValue("second")


def test_a_token_is_kept_for_what_it_was_asked_with_until_its_time_is_over(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    cache = TokenCache()
    cache.put(FIRST, 10, "https://a.example", "client")
    assert cache.get("https://a.example", "client") == FIRST
    assert cache.get("https://a.example", "other") is None
    assert cache.get("https://a.examplec", "lient") is None
    now[0] = 110.0
    assert cache.get("https://a.example", "client") is None


def test_a_token_without_time_is_not_kept():
    cache = TokenCache()
    for seconds in (0, -1):
        cache.put(FIRST, seconds, "a")
    assert repr(cache) == "TokenCache(0 tokens)"


def test_only_the_token_that_was_refused_is_forgotten():
    cache = TokenCache()
    cache.forget(FIRST, "a")
    cache.put(SECOND, 10, "a")
    cache.forget(FIRST, "a")
    assert cache.get("a") == SECOND
    cache.forget(SECOND, "a")
    assert (cache.get("a"), repr(cache)) == (None, "TokenCache(0 tokens)")
    assert "second" not in repr(vars(cache))


async def test_runs_at_the_same_time_ask_once_and_a_cancelled_one_leaves_the_others_theirs():
    token_requests, asked, go_on = TokenRequests(), [], asyncio.Event()

    async def ask():
        asked.append(1)
        await go_on.wait()
        return AccessToken(FIRST, 10)

    waiting = [asyncio.create_task(token_requests.once(ask, "a")) for _ in range(3)]
    other = asyncio.create_task(token_requests.once(ask, "b"))
    while len(asked) < 2:
        await asyncio.sleep(0)
    assert repr(token_requests) == "TokenRequests(2)"
    waiting[0].cancel()
    go_on.set()
    assert await asyncio.gather(*waiting[1:], other) == [AccessToken(FIRST, 10)] * 3
    assert (len(asked), repr(token_requests)) == (2, "TokenRequests(0)")


async def test_what_is_under_way_is_stopped_on_closing():
    token_requests, never = TokenRequests(), asyncio.Event()

    async def ask():
        await never.wait()
        return AccessToken(FIRST, 10)

    waiting = asyncio.create_task(token_requests.once(ask, "a"))
    while repr(token_requests) != "TokenRequests(1)":
        await asyncio.sleep(0)
    await token_requests.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting
