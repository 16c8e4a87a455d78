"""The cache that the platform has: GET and HEAD, 200, 301 and 308, by the API's own headers, a namespace a connector.

Time passes by the answers' Date headers, which is how a cache sees it.
"""

import asyncio
import time
from email.utils import formatdate

import httpx2
import pytest

from strongroom.resolver import AnswerCache, MappingValues, Runner, run_connector


def ago(seconds):
    return formatdate(time.time() - seconds, usegmt=True)


class Origin:
    """An API that counts its calls and answers as it is told; `seen` are the requests' headers."""

    def __init__(self):
        self.seen = []
        self.cache = AnswerCache()
        self.answer = lambda request, number: httpx2.Response(200, text=f"answer {number}")

    def says(self, status=200, **headers):
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self.answer = lambda _request, number: httpx2.Response(status, text=f"answer {number}", headers=named)

    def __call__(self, request):
        self.seen.append(dict(request.headers))
        return self.answer(request, len(self.seen))

    def run(self, connector=None, community="", fresh=False, secrets=None, **fields):
        connector = {"name": "Weather", "url": "https://api.example.com/now", **(connector or {}), **fields}
        running = run_connector(
            connector,
            MappingValues(secrets),
            transport=httpx2.MockTransport(self),
            cache=self.cache,
            community=community,
            fresh=fresh,
        )
        return asyncio.run(running)

    @property
    def calls(self):
        return len(self.seen)


@pytest.fixture
def origin():
    return Origin()


def test_a_fresh_answer_is_given_without_calling_the_api(origin):
    origin.says(cache_control="max-age=60", content_type="text/plain", date=ago(10))
    first, second = origin.run(), origin.run()
    assert (origin.calls, first.text, second.text) == (1, "answer 1", "answer 1")
    assert (first.cache, second.cache) == ("stored", "hit")
    assert (first.connector_timing["cache_hit"], second.connector_timing["cache_hit"]) == (False, True)
    assert second.headers["content-type"] == "text/plain"
    assert second.exchanges[0].from_cache
    assert "The answer is kept in the cache for 60 seconds" in " ".join(first.explanation)
    age = int(second.headers["age"])
    assert 10 <= age <= 15
    assert f"from the cache, {age} seconds old and good for {60 - age} more" in " ".join(second.explanation)


def test_an_answer_that_is_no_longer_fresh_is_asked_for_again(origin):
    origin.says(cache_control="max-age=60", date=ago(61))
    assert [origin.run().text, origin.run().text] == ["answer 1", "answer 2"]


def test_the_age_that_an_answer_came_with_counts(origin):
    origin.says(cache_control="max-age=60", age="61")
    assert [origin.run().text, origin.run().text] == ["answer 1", "answer 2"]


def test_expires_counts_from_the_date(origin):
    origin.says(expires=ago(-60), date=ago(0))
    assert [origin.run().cache, origin.run().cache] == ["stored", "hit"]


def test_s_maxage_wins_over_max_age_and_max_age_over_expires(origin):
    origin.says(cache_control="max-age=0, s-maxage=60", expires=ago(5))
    assert [origin.run().cache, origin.run().cache] == ["stored", "hit"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"cache_control": "no-store, max-age=60"},
        {"cache_control": "no-cache, max-age=60"},
        {"cache_control": "private, max-age=60"},
        {"cache_control": "max-age=0"},
        {"cache_control": "max-age=soon"},
        {"expires": "0"},
        {"cache_control": "max-age=60", "vary": "*"},
        {"cache_control": "public"},
    ],
    ids=str,
)
def test_answers_that_are_not_kept(origin, headers):
    origin.says(**headers)
    reports = [origin.run(), origin.run()]
    assert [report.text for report in reports] == ["answer 1", "answer 2"]
    assert {report.cache for report in reports} == {""}


def test_why_an_answer_with_a_lifetime_is_not_kept_is_said(origin):
    origin.says(cache_control="private, max-age=60")
    assert "not kept in the cache: it says Cache-Control: private" in " ".join(origin.run().explanation)


@pytest.mark.parametrize(
    ("status", "kept"),
    [(200, True), (301, True), (308, True), (203, False), (302, False), (404, False), (410, False)],
)
def test_only_three_statuses_are_kept(origin, status, kept):
    origin.says(status, cache_control="max-age=60")
    origin.run()
    assert (origin.run().cache == "hit") is kept


@pytest.mark.parametrize(
    ("method", "kept"),
    [("GET", True), ("HEAD", True), ("POST", False), ("PUT", False), ("DELETE", False), ("OPTIONS", False)],
)
def test_only_get_and_head_are_kept(origin, method, kept):
    origin.says(cache_control="max-age=60")
    origin.run(method=method)
    assert (origin.run(method=method).cache == "hit") is kept


def test_get_and_head_do_not_answer_for_each_other(origin):
    origin.says(cache_control="max-age=60")
    origin.run()
    assert origin.run(method="HEAD").cache == "stored"


def test_each_connector_and_each_community_has_answers_of_its_own(origin):
    origin.says(cache_control="max-age=60")
    origin.run()
    assert origin.run(permalink="other").cache == "stored"
    assert origin.run(community="staging").cache == "stored"
    assert origin.run().cache == "hit"


def test_the_query_is_a_part_of_what_is_asked(origin):
    origin.says(cache_control="max-age=60")
    rows = [{"key": "q", "value": "{{ get_secret('k') }}"}]
    origin.run(query_parameters=rows, secrets={"k": "one"})
    assert origin.run(query_parameters=rows, secrets={"k": "two"}).cache == "stored"
    assert origin.run(query_parameters=rows, secrets={"k": "one"}).cache == "hit"


def test_vary_keeps_answers_to_different_headers_apart(origin):
    origin.says(cache_control="max-age=60", vary="X-Lang")
    rows = [{"key": "X-Lang", "value": "{{ get_secret('lang') }}"}]
    assert origin.run(headers=rows, secrets={"lang": "nl"}).cache == "stored"
    assert origin.run(headers=rows, secrets={"lang": "de"}).cache == "stored"
    assert origin.run(headers=rows, secrets={"lang": "nl"}).text == "answer 1"
    assert origin.calls == 2


def test_an_answer_to_an_authorized_request_is_kept_only_where_it_says_that_it_is_public(origin):
    rows = [{"key": "Authorization", "value": "Bearer {{ get_secret('k') }}"}]
    origin.says(cache_control="max-age=60")
    report = origin.run(headers=rows, secrets={"k": "v"})
    assert "does not say that it is public" in " ".join(report.explanation)
    assert origin.run(headers=rows, secrets={"k": "v"}).cache == ""
    origin.says(cache_control="public, max-age=60")
    origin.run(headers=rows, secrets={"k": "v"})
    assert origin.run(headers=rows, secrets={"k": "v"}).cache == "hit"


@pytest.mark.parametrize(
    ("validator", "value", "asked"),
    [("etag", '"v1"', "if-none-match"), ("last_modified", ago(3600), "if-modified-since")],
    ids=["etag", "last-modified"],  # not the time, which is another one in each process that collects
)
def test_an_answer_with_a_validator_is_checked_with_the_api(origin, validator, value, asked):
    named = {validator.replace("_", "-"): value, "content-type": "text/plain"}
    still = {"cache-control": "max-age=60", "content-length": "0", "x-new": "1"}

    def answer(request, number):
        if asked in request.headers:
            assert request.headers[asked] == value
            return httpx2.Response(304, headers={**named, **still})
        return httpx2.Response(200, text=f"answer {number}", headers=named)

    origin.answer = answer
    assert "checked with the API at each run" in " ".join(origin.run().explanation)
    report = origin.run()
    assert (report.status, report.text, report.cache) == (200, "answer 1", "revalidated")
    assert report.headers["x-new"] == "1"
    assert report.headers["content-type"] == "text/plain"
    assert "still holds (304)" in " ".join(report.explanation)
    assert origin.calls == 2
    assert origin.run().cache == "hit"  # the 304 said for how long


def test_an_answer_that_changed_replaces_the_kept_one(origin):
    origin.answer = lambda _request, number: httpx2.Response(
        200, text=f"answer {number}", headers={"etag": f'"{number}"'}
    )
    assert [origin.run().text, origin.run().text] == ["answer 1", "answer 2"]
    assert origin.seen[1]["if-none-match"] == '"1"'
    origin.run()
    assert origin.seen[2]["if-none-match"] == '"2"'


def test_nothing_is_guessed_from_last_modified(origin):
    origin.says(last_modified=ago(1_000_000), date=ago(0))
    origin.run()
    origin.run()
    assert origin.calls == 2


def test_a_304_that_nobody_asked_for_is_the_apis_answer(origin):
    origin.says(304)
    assert origin.run().status == 304


def test_the_cache_can_be_passed_by_and_is_then_refreshed(origin):
    origin.says(cache_control="max-age=60")
    origin.run()
    report = origin.run(fresh=True)
    assert (report.text, report.cache) == ("answer 2", "bypassed")
    assert "although the cache has an answer" in " ".join(report.explanation)
    assert origin.run().text == "answer 2"


def test_a_request_that_asks_for_no_cache_is_sent(origin):
    origin.says(cache_control="max-age=60")
    rows = [{"key": "Cache-Control", "value": "no-cache"}]
    origin.run(headers=rows)
    origin.run(headers=rows)
    assert origin.calls == 2


def test_an_unsafe_step_makes_the_kept_answer_of_its_url_go(origin):
    origin.says(cache_control="max-age=60")
    get = {"name": "read", "url": "https://api.example.com/now"}
    origin.run({"name": "both", "steps": [get]})
    origin.run({"name": "both", "steps": [{**get, "name": "write", "method": "POST"}, get]})
    assert origin.calls == 3


def test_a_kept_answer_that_repeats_a_token_of_an_earlier_run_is_masked(origin):
    """The run that gets it never knew that token."""
    origin.answer = lambda request, _number: httpx2.Response(
        200, text=request.headers["x-key"], headers={"cache-control": "max-age=60"}
    )
    rows = [{"key": "X-Key", "value": "{{ get_secret('k') }}"}]
    origin.run(headers=rows, secrets={"k": "first-s3cret"})
    report = origin.run(headers=rows, secrets={"k": "second-s3cret"})
    assert (report.cache, report.text) == ("hit", "••••••••")


def test_the_cache_shows_nothing_and_forgets_on_demand(origin):
    origin.answer = lambda request, _number: httpx2.Response(
        200, text=request.headers["x-key"], headers={"cache-control": "max-age=60"}
    )
    rows = [{"key": "X-Key", "value": "{{ get_secret('k') }}"}]
    origin.run(headers=rows, secrets={"k": "first-s3cret"})
    assert "s3cret" not in repr(vars(origin.cache))
    origin.cache.clear()
    assert origin.run(headers=rows, secrets={"k": "x"}).cache == "stored"


def test_what_is_kept_is_bounded(origin, monkeypatch):
    monkeypatch.setattr("strongroom.resolver.network.cache.MOST_ENTRIES", 3)
    origin.says(cache_control="max-age=60")
    for number in range(5):
        origin.run(url=f"https://api.example.com/{number}")
    assert [origin.run(url=f"https://api.example.com/{number}").cache for number in (4, 3, 0)] == [
        "hit",
        "hit",
        "stored",
    ]


def test_the_response_template_runs_on_a_kept_answer_too(origin):
    origin.says(cache_control="max-age=60")
    fields = {"response_body": "{{ response.body }}, {{ user.email }}"}
    origin.run(**fields)
    report = origin.run(**fields)
    assert (report.cache, report.text) == ("hit", "answer 1, test.user@example.com")


async def test_a_runner_keeps_answers_by_itself():
    origin = Origin()
    origin.says(cache_control="max-age=60")
    async with Runner(transport=httpx2.MockTransport(origin)) as runner:
        connector = {"name": "n", "url": "https://api.example.com/"}
        await runner.run(connector, MappingValues())
        assert (await runner.run(connector, MappingValues())).cache == "hit"
