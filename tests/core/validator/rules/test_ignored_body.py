"""Test the rule ignored-body."""

from core.validator.connector_texts import connector
from strongroom.validator import Severity


def test_a_body_is_ignored_on_methods_that_send_none(check):
    (finding,) = check(connector('"«ignored-body:request_body»": "x"'))
    assert finding.severity is Severity.INFO
    check(connector('"method": "HEAD", "«ignored-body:request_body»": "x"'))
    check(connector('"method": "GET", "request_body": " "'))
    check(connector('"method": "DELETE", "request_body": "x"'))


def test_a_payload_that_the_sdk_does_not_send_is_found_in_code(check_code):
    (finding,) = check_code(
        "s.connectors.execute({ permalink: 'news', method: 'GET', «ignored-body:payload»: { page: 2 } })"
    )
    assert finding.message == "The payload has no effect: the SDK sends none with GET."
    check_code(
        "s.connectors.execute({ permalink: props.x, method: 'DELETE', «ignored-body:payload»: { id } })"
    )


def test_a_payload_that_may_be_sent_is_left_alone(check_code):
    check_code("s.connectors.execute({ permalink: props.x, method: props.method, payload: { id } })")
    check_code("s.connectors.execute({ permalink: 'add-topic', method: 'POST', payload: { id } })")
    check_code("s.connectors.execute({ permalink: 'news', method: 'GET', payload: undefined })")
