"""Test the rule unknown-variable."""

from core.validator.connector_texts import field_source


def test_a_missing_variable_is_flagged_in_the_url(check):
    (finding,) = check(field_source("url", "{{ get_variable('«unknown-variable:base_ulr»') }}/x"))
    assert finding.message == "Unknown variable `base_ulr` in community `staging`. Did you mean `base_url`?"
    assert (finding.pointer, finding.field) == ("/connectors/0/url", "url")
