"""Test the rule unknown-secret."""

import pytest

from core.validator.connector_texts import apply_fixes, field_source, header_source
from strongroom.names import NO_NAMES, Kind, Knowledge, Name, Names
from strongroom.validator import Severity


@pytest.mark.parametrize("place", ["header", "query", "auth"])
def test_a_known_secret_is_silent_where_secrets_resolve(check, place):
    check(field_source(place, "{{ get_secret('api_key') }}"))


@pytest.mark.parametrize("place", ["header", "query", "auth"])
def test_a_missing_secret_is_flagged_at_its_name(check, place):
    (finding,) = check(field_source(place, "Bearer {{ get_secret('«unknown-secret:nothing_like_it»') }}"))
    assert finding.message == "Unknown secret `nothing_like_it` in community `staging`."
    assert finding.severity is Severity.ERROR
    assert finding.fixes == ()
    assert finding.data == {"name": "nothing_like_it", "kind": "secret"}
    assert finding.connector == "Sample"


def test_the_only_near_name_is_offered_but_not_as_a_safe_fix(check):
    (finding,) = check(header_source("{{ get_secret('«unknown-secret:api_kye»') }}"))
    assert "Did you mean `api_key`?" in finding.message
    assert finding.fix is None
    text = header_source("{{ get_secret('api_kye') }}")
    assert apply_fixes(text, [finding]) == text
    assert apply_fixes(text, [finding], unsafe=True) == header_source("{{ get_secret('api_key') }}")


def test_a_slip_of_case_is_called_that(check):
    (finding,) = check(header_source("{{ get_secret('«unknown-secret:API_KEY»') }}"))
    assert finding.message.endswith("Names are case-sensitive: `api_key` exists.")
    assert [fix.title for fix in finding.fixes] == ["Change to 'api_key'"]


def test_two_near_names_are_named_and_neither_is_a_fix(check):
    names = Names(Knowledge.COMPLETE, {name: Name(name, Kind.SECRET) for name in ("api_key1", "api_key2")})
    (finding,) = check(header_source("{{ get_secret('«unknown-secret:api_key3»') }}"), names=names)
    assert finding.message == "Unknown secret `api_key3`. Did you mean `api_key1` or `api_key2`?"
    assert finding.fixes == ()


def test_a_name_that_another_community_has_is_said_to_be_there(check, known):
    names = Names(Knowledge.COMPLETE, {}, community="production", others=(known,))
    (finding,) = check(header_source("{{ get_secret('«unknown-secret:api_key»') }}"), names=names)
    assert finding.message == "Unknown secret `api_key` in community `production`. It exists in `staging`."


@pytest.mark.parametrize("names", [NO_NAMES, Names(Knowledge.PARTIAL, {"a": Name("a", Kind.SECRET)})])
def test_without_a_complete_list_no_name_is_unknown(check, names):
    check(header_source("{{ get_secret('missing') ~ get_variable('missing') }}"), names=names)
