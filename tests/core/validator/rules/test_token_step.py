"""Test the rule token-step."""

from core.validator.connector_texts import composite, step


def test_a_step_that_only_fetches_a_token_is_flagged(check):
    form = (
        ', "method": "POST", "request_body": "grant_type=client_credentials&x={{ get_variable(\'region\') }}"'
    )
    check(composite(step("«token-step:login»", form), step("b")))
    post = '{"name": "«token-step:t»", "url": "https://a.example/oauth2/token?x=1", "method": "POST"}'
    check(composite(post, step("b")))


def test_other_steps_are_not_taken_for_token_steps(check):
    check(composite(step("a", ', "method": "POST"'), step("b")))
    check(composite('{"name": "a", "url": "https://a.example/token", "method": "GET"}', step("b")))
    check(composite(step("a"), '{"name": "t", "url": "https://a.example/token", "method": "POST"}'))
