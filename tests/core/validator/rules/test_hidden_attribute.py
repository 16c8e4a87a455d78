"""Test the rule hidden-attribute."""

import pytest

from core.validator.connector_texts import QUIET, field

DATA = "{% set data = response.body | from_json %}"


@pytest.mark.parametrize(
    "template",
    [
        "{{ data.«hidden-attribute:__class__» }}",
        "{{ data['«hidden-attribute:__dict__»'] }}",
        "{{ data.«hidden-attribute:__class__».«hidden-attribute:__mro__» | length }}",
    ],
)
def test_what_the_sandbox_hides_is_always_empty(check, template):
    for finding in check(field("response_body", DATA + template), levels=QUIET):
        assert finding.message.endswith("is always empty: the sandbox hides Python's internals.")


@pytest.mark.parametrize("name", ["_id", "__typename", "a__b__c", "class"])
def test_keys_that_an_api_may_have_are_silent(check, name):
    assert check(field("response_body", f"{DATA}{{{{ data.{name} }}}}"), levels=QUIET) == []
