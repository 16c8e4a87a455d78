"""Test the rule ignored-body."""

from core.validator.connector_texts import connector
from strongroom.validator import Severity


def test_a_body_is_ignored_on_methods_that_send_none(check):
    (finding,) = check(connector('"«ignored-body:request_body»": "x"'))
    assert finding.severity is Severity.INFO
    check(connector('"method": "HEAD", "«ignored-body:request_body»": "x"'))
    check(connector('"method": "GET", "request_body": " "'))
    check(connector('"method": "DELETE", "request_body": "x"'))
