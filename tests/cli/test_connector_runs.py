"""`strongroom test`, against the demo's sample API on loopback."""

import json
from pathlib import Path

import pytest

from strongroom_cli.demo import Demo


@pytest.fixture
def secret(demo: Demo) -> str:
    """A secret's value, to be looked for."""
    from strongroom.store.keys.ways import KeyFile
    from strongroom.store.vault import Vault

    with Vault.unlock(demo.vault_path, [KeyFile(demo.key_file)]) as vault:
        return vault.get(demo.community, "weather_api_key").reveal()


def test_a_run_that_passes_ends_with_zero_and_shows_no_value(run, secret: str) -> None:
    ran = run("city-weather", "--path-param", "city=lisbon", "--query", "units=fahrenheit", "--verbose")
    assert ran.status == 0, ran.out + ran.err
    assert ran.out.startswith("PASS City weather  200 OK  ")
    assert "X-Debug-Request" in ran.out
    assert "get_secret('weather_api_key')" in ran.out
    assert secret not in ran.out + ran.err


def test_a_run_that_fails_ends_with_one_and_says_why(run) -> None:
    ran = run("mistake-missing-name")
    assert ran.status == 1
    assert "FAIL" in ran.out
    assert "did not resolve: {{ get_secret('weather_apikey') }}" in ran.out
    assert "401" in ran.out


def test_what_the_api_received_is_repeated_without_the_secret(run, secret: str, demo: Demo) -> None:
    ran = run("echo", "--json")
    (report,) = json.loads(ran.out)
    assert report["passed"]
    assert secret not in ran.out + ran.err
    captures = list((Path(demo.workspace) / ".strongroom" / "captures").glob("*.json"))
    assert captures
    assert all(secret not in capture.read_text() for capture in captures)


def test_a_connector_is_found_by_name_and_several_are_counted(run) -> None:
    ran = run("CRM contacts", "default-city-weather")
    assert ran.status == 0
    assert ran.out.endswith("2 of 2 connectors passed.\n")


def test_the_payload_is_text_or_comes_from_a_file_or_standard_input(run, strongroom) -> None:
    order = '{"item": "Lamp", "quantity": 1}'
    assert run("place-an-order", "--payload", order).status == 0
    assert run("place-an-order", "--payload", "@inputs/order.json").status == 0
    assert run("place-an-order", "--payload", "@-", given=order).status == 0


def test_a_user_is_a_word_or_comes_from_a_file(run, strongroom, demo: Demo) -> None:
    (Path(demo.workspace) / "me.json").write_text('{"email": "me@file.example"}')
    for given in ("anonymous", "me@word.example", "42", "@me.json", "me.json"):
        assert run("city-weather", "--path-param", "city=oslo", "--user", given).status == 0, given
    assert "10 MB" in run("city-weather", "--payload", "@-", given=b" " * 10_000_001).err


def test_a_dry_run_sends_nothing_and_shows_the_request(run) -> None:
    ran = run("city-weather", "--dry-run", "--path-param", "city=oslo", "--json")
    assert ran.status == 0
    (shown,) = json.loads(ran.out)
    assert shown["url"].endswith("/weather/oslo")
    assert shown["headers"]["X-API-Key"] == "{{ get_secret('weather_api_key') }}"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "No connector or test was named."),
        (["city-wether"], 'Did you mean "city-weather"?'),
        (["city-weather", "--path-param", "lisbon"], "--path-param takes KEY=VALUE."),
        (["city-weather", "--user", "nobody.json"], "nobody.json cannot be read"),
        (["city-weather", "--payload", "@nothing"], "nothing cannot be read"),
    ],
)
def test_bad_usage_ends_with_two(run, arguments: list[str], says: str) -> None:
    ran = run(*arguments)
    assert ran.status == 2
    assert says in ran.err


def test_without_a_vault_nothing_resolves_and_it_says_so(strongroom, demo: Demo) -> None:
    strongroom.write(
        "connectors.json",
        """{"connectors": [{"name": "A", "url": "https://localhost/{{ get_variable('x') }}"}]}""",
    )
    ran = strongroom("test", "a")
    assert ran.status == 1
    assert "No secret and no variable resolves" in ran.err
