"""The demo: its connectors do what their names say against its own API, and its files are for their owner."""

import asyncio
import json
import os
import stat
from pathlib import Path

import pytest

from strongroom.names import Kind
from strongroom.resolver import Inputs, Policy, TokenCache, VaultValues, run_connector
from strongroom.settings.loading import load_settings
from strongroom.store.file.seen import seen_path
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom_cli.demo import prepare_demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with prepare_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="module")
def vault(demo):
    with Vault.unlock(demo.vault_path, [KeyFile(demo.key_file)]) as vault:
        yield vault


def connectors(demo, path):
    data = json.loads((Path(demo.workspace) / path).read_text(encoding="utf-8"))
    found = [*data["connectors"], *data.get("composite_connectors", [])]
    return {connector["permalink"]: connector for connector in found}


@pytest.fixture(scope="module")
def try_out(demo, vault):
    settings = load_settings(demo.workspace)
    policy = Policy(settings.allowed_hosts, settings.ca_file)
    order = (Path(demo.workspace) / "inputs/order.json").read_text(encoding="utf-8")

    def try_out(connector, community=demo.community):
        payload = order if connector.get("method") == "POST" else ""
        inputs = Inputs(path_parameters={"city": "oslo"}, payload=payload)
        values = VaultValues(vault, community)
        return asyncio.run(run_connector(connector, values, inputs, policy, tokens=TokenCache()))

    return try_out


GOOD = (
    "city-weather",
    "default-city-weather",
    "open-orders",
    "place-an-order",
    "crm-contacts",
    "crm-accounts",
    "echo",
    "order-with-weather",
)


def test_the_registry_holds_these_connectors(demo):
    assert set(connectors(demo, "connectors_registry.json")) == set(GOOD)


@pytest.mark.parametrize("community", ["acme_staging", "acme_production"])
@pytest.mark.parametrize("permalink", GOOD)
def test_the_good_connectors_pass_in_each_community(demo, try_out, permalink, community):
    report = try_out(connectors(demo, "connectors_registry.json")[permalink], community)
    assert report.passed, report.explanation
    assert not report.unresolved


@pytest.mark.parametrize(
    ("mistake", "status", "words"),
    [
        ("double-quotes", 200, "single quotes"),
        ("inner-spaces", 200, "no spaces inside"),
        ("missing-name", 401, "no secret is named 'weather_apikey'"),
        ("wrong-case", 401, "no secret is named 'Weather_API_Key'"),
        ("hyphen-name", 401, "no secret is named 'weather-api-key'"),
        ("secret-in-url", 422, "get_secret does not exist in this field"),
        ("secret-in-request-body", 200, "the text itself is sent in the body"),
        ("secret-in-response-body", 200, "the text itself is in the answer"),
    ],
)
def test_each_mistake_shows_itself(demo, try_out, mistake, status, words):
    mistakes = connectors(demo, "common_mistakes/connectors.json")
    assert len(mistakes) == 8
    report = try_out(mistakes[f"mistake-{mistake}"])
    assert report.status == status
    assert words in " ".join(report.explanation)


def test_the_echoing_connector_shows_how_secrets_are_masked(demo, vault, try_out):
    report = try_out(connectors(demo, "connectors_registry.json")["echo"])
    key = vault.get(demo.community, "weather_api_key").reveal()
    assert key not in json.dumps(report.to_json())
    assert report.echoes == {"weather_api_key": 1}


def test_two_communities_have_their_own_secrets_and_share_most_names(demo, vault):
    staging, production = (vault.get(name, "weather_api_key").reveal() for name in vault.communities())
    assert staging != production
    names = [
        {entry.name for entry in vault.entries(community)}
        for community in ("acme_staging", "acme_production")
    ]
    assert names[0] - names[1] == {"staging_banner"}
    assert {entry.kind for entry in vault.entries(demo.community)} == {Kind.SECRET, Kind.VARIABLE}
    assert vault.current_community() == demo.community == load_settings(demo.workspace).community


def test_no_credential_stands_in_the_workspace(demo, vault):
    secrets = [
        vault.get(demo.community, e.name).reveal()
        for e in vault.entries(demo.community)
        if e.kind is Kind.SECRET
    ]
    text = "".join(
        path.read_text(encoding="utf-8") for path in Path(demo.workspace).rglob("*") if path.is_file()
    )
    assert not [secret for secret in secrets if secret in text]


def test_the_environment_leads_every_command_to_the_demo(demo):
    assert demo.environment == {
        "STRONGROOM_VAULT": demo.vault_path,
        "STRONGROOM_KEY_FILE": demo.key_file,
        "STRONGROOM_COMMUNITY": "acme_staging",
        "STRONGROOM_NO_KEYRING": "1",
    }
    assert stat.S_IMODE(os.stat(demo.key_file).st_mode) == 0o600


def test_closing_stops_the_api_and_forgets_the_vault(tmp_path):
    with prepare_demo(tmp_path) as demo:
        assert os.path.exists(seen_path(demo.vault_path))
        port = demo.api_url.rpartition(":")[2]
    assert not os.path.exists(seen_path(demo.vault_path))
    connector = {"name": "n", "url": f"https://localhost:{port}/echo"}
    policy = Policy(("localhost",), str(tmp_path / "workspace/sample-api-ca.pem"))
    report = asyncio.run(run_connector(connector, VaultValues.__new__(VaultValues), None, policy))
    assert "refuses connections" in report.reason


def test_what_expires_in_the_demo_does_so_in_three_months_whenever_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date, timedelta

    from strongroom.store.reader import NamesReader

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with prepare_demo(tmp_path / "demo") as demo, NamesReader.open(demo.vault_path) as reader:
        expiries = {entry.expires for entry in reader.entries(demo.community)} - {""}
    assert expiries == {(date.today() + timedelta(days=90)).isoformat()}
