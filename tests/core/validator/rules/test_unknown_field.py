"""Test the rule unknown-field."""

import pytest

from core.validator.connector_texts import SECRET, authenticated, connector, mended
from strongroom.validator import Severity
from strongroom.validator.rules.near_fields import near_field


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("header", "headers"), ("Headers", "headers"), ("queryParameters", "query_parameters"),
        ("queryParams", "query_parameters"), ("pathParams", "path_parameters"), ("path-parameters", "path_parameters"),
    ],
)  # fmt: skip
def test_a_slip_of_a_field_s_name_is_flagged_and_renamed(check, wrong, right):
    check(connector(f'"«unknown-field:{wrong}»": []'))
    assert mended(connector(f'"{wrong}": []')) == connector(f'"{right}": []')


def test_a_typing_error_is_mended_only_when_asked(check):
    (finding,) = check(connector('"«unknown-field:reqest_body»": ""'))
    assert finding.severity is Severity.WARNING
    assert (finding.fix, len(finding.fixes)) == (None, 1)


def test_fields_of_rows_and_of_authentication_are_known_too(check):
    check(connector('"headers": [{"key": "A", "«unknown-field:overrideable»": true}]'))
    check(connector('"authentication": {"type": "none", "«unknown-field:configs»": {}}'))


@pytest.mark.parametrize(
    "key",
    [
        "description",
        "$schema",
        "cacheStrategy",
        "id",
        "tags",
        "enabled",
        "steps2x",
        "note",
        "timeout",
        "body",
    ],
)
def test_other_keys_are_silent(check, key):
    check(connector(f'"{key}": "x"'))


def test_a_slip_beside_the_right_field_has_no_fix(check):
    (finding,) = check(connector('"headers": [], "«unknown-field:header»": []'))
    assert finding.fixes == ()


def test_a_misspelt_registry_is_flagged(check):
    check('{"«unknown-field:connector»": [{"name": "A"}]}')


def test_the_headers_of_a_jwt_have_a_name_of_their_own(check):
    config = f'"private_key": "{SECRET}", "claims": {{"a": 1}}, "«unknown-field:headers»": {{"kid": "k1"}}'
    (finding,) = check(authenticated("jwt", config))
    assert finding.message == "Unknown field `headers` is ignored. Did you mean `jwt_headers`?"
    text = authenticated("jwt", config.replace("«unknown-field:headers»", "headers"))
    assert '"jwt_headers": {"kid": "k1"}' in mended(text)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("permelimk", "permalink"),
        ("respnse_cntent_tpe", "response_content_type"),
        ("rspnse_cntent_tpe", ""),
        ("nam", "name"),
        ("ur", ""),
        ("toads", ""),
    ],
)
def test_how_far_a_slip_may_be_from_a_field_depends_on_its_length(name, field):
    assert near_field(name, ("permalink", "response_content_type", "name", "url", "method")) == field
