"""A name that the community does not have: a default takes its place, or its expression stays."""

import pytest

from strongroom.resolver import MappingValues, render_request
from strongroom.resolver.reports.sources import describe_request

HOST = "https://{{ get_variable('portal') | default('a.example.com'%s) }}/x"


def request(url, variables=None, **fields):
    connector = {"name": "Sample", "url": url, **fields}
    return render_request(connector, MappingValues({"key": "s3cr3t"}, variables or {}))


@pytest.mark.parametrize("second", ["", ", true", ", boolean=true"])
def test_the_default_is_the_host_where_no_variable_is_set(second):
    found = request(HOST % second)
    assert (found.shown_url, found.failure, found.unresolved) == ("https://a.example.com/x", None, ())
    assert "url: from the default of the variable 'portal'." in describe_request(found)


@pytest.mark.parametrize(
    ("second", "url", "failure"),
    [("", "https:///x", "the URL has no host: https:///x"), (", true", "https://a.example.com/x", None)],
)
def test_a_variable_that_is_set_but_empty_falls_back_only_when_told(second, url, failure):
    found = request(HOST % second, {"portal": ""})
    assert (found.shown_url, found.failure and found.failure.reason) == (url, failure)


def test_a_variable_that_is_set_is_used():
    assert request(HOST % "", {"portal": "b.example.com"}).shown_url == "https://b.example.com/x"


def test_the_default_for_a_whole_origin_carries_its_protocol():
    url = "{{ get_variable('portal') | default('https://a.example.com', true) }}/x"
    assert request(url).shown_url == "https://a.example.com/x"


@pytest.mark.parametrize(
    ("template", "sent"),
    [
        ("{{ get_variable('no') | d('a') | upper }}", "A"),
        ("{{ get_secret('no') | default('a') }}", "a"),
        ("{% set v = get_variable('no') %}{{ v | default('a') }}", "a"),
        ("{% if get_variable('no') is defined %}yes{% else %}no{% endif %}", "no"),
        ("{{ get_variable('key') | default('a') }}", "a"),
        ("{{ get_variable('no') | upper }}", "get_variable('no')"),
        ("{{ get_variable('no') ~ '!' }}", "get_variable('no')!"),
        ("{{ get_variable('no') or 'a' }}", "get_variable('no')"),
    ],
)
def test_only_default_and_is_defined_see_that_a_name_is_missing(template, sent):
    found = request("https://a.example.com", headers=[{"key": "X", "value": template}])
    assert found.stand_ins.open(found.headers[0].value.text) == sent


def test_a_name_that_is_also_asked_without_a_default_is_unresolved():
    found = request(HOST % "" + "{{ get_variable('portal') }}")
    assert found.unresolved == ("{{ get_variable('portal') }}",)
    assert found.failure is not None
