"""Names of secrets, as the platform takes and advises them."""

import pytest

from strongroom.platform.naming import is_vague


@pytest.mark.parametrize(
    "name",
    [
        "salesforce_client_id",
        "weather_api_key",
        "stripe_webhook_secret",
        "githubToken",
        "SAP_PASSWORD",
        "crm2_key",
    ],
)
def test_a_name_with_a_service_and_a_purpose_is_not_vague(name):
    assert not is_vague(name)


@pytest.mark.parametrize(
    "name", ["token", "api_key", "client_secret_2", "KEY", "weather", "myApiKey", "_", "x1"]
)
def test_a_single_or_general_name_is_vague(name):
    assert is_vague(name)
