"""Test the rule unknown-connector."""

import pytest


def test_a_permalink_that_is_near_to_one_has_an_unsafe_fix(check_code):
    (finding,) = check_code(
        "sdk.connectors.execute({ permalink: '«unknown-connector:nwes»', method: 'GET' })"
    )
    assert finding.message == "No connector in these files has the permalink `nwes`. Did you mean `news`?"
    assert not finding.fixes[0].is_safe


def test_a_permalink_that_is_near_to_none_may_be_that_of_a_connector_made_by_hand(check_code):
    (finding,) = check_code('sdk.connectors.execute({ permalink: "«unknown-connector:crm»", method: "GET" })')
    assert "made by hand" in finding.message
    assert finding.fixes == ()


def test_a_composite_is_looked_for_among_composites(check_code):
    check_code("sdk.connectors.composite.execute({permalink: '«unknown-connector:profil»'})")
    check_code("sdk.connectors.composite.execute({permalink: '4711'})")


def test_each_permalink_that_a_condition_gives_is_looked_at(check_code):
    check_code("sdk.connectors.execute({permalink: a ? 'news' : '«unknown-connector:newss»', method: 'GET'})")


def test_a_permalink_made_from_a_name_is_known(check_code):
    check_code("sdk.connectors.execute({permalink: 'add-topic', method: 'POST'})")


def test_a_call_without_a_permalink_is_marked_at_the_function(check_code):
    check_code("sdk.connectors.«unknown-connector:execute»({ method: 'GET', queryParams: { q } })")
    check_code("sdk.connectors.execute({ ...base, method: 'GET' })")


@pytest.mark.parametrize(
    "registry", ["", '{"connectors": []}', '{"connectors": [{"name": "News", "url": }]}']
)
def test_nothing_is_said_without_connectors_or_where_one_cannot_be_read(check_code, registry):
    check_code("sdk.connectors.execute({ permalink: 'nwes', method: 'GET' })", registry=registry)


@pytest.mark.parametrize(
    "permalink", ["prefix + '-news'", "`news-${lang}`", "props.permalink", "getName()", "x || 'nwes'"]
)
def test_a_permalink_that_is_computed_is_not_looked_at(check_code, permalink):
    check_code(f"sdk.connectors.execute({{ permalink: {permalink}, method: 'GET' }})")
