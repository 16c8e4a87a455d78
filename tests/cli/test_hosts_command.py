"""`strongroom test` asks before secrets go to a new host; `strongroom hosts` shows and changes the answers."""

import json
import os

import pytest
from pytest_httpserver import HTTPServer


@pytest.fixture
def api(strongroom):
    """An API on this machine that a connector sends a secret to."""
    with HTTPServer(host="127.0.0.1") as server:
        server.expect_request("/x").respond_with_json({"ok": True})
        connector = {
            "name": "Orders",
            "permalink": "orders",
            "url": server.url_for("/x"),
            "headers": [{"key": "X-Key", "value": "{{ get_secret('orders_key') }}"}],
        }
        (strongroom.folder / "connectors_registry.json").write_text(json.dumps({"connectors": [connector]}))
        (strongroom.folder / "strongroom.toml").write_text('[test]\nallow-hosts = ["127.0.0.1"]\n')
        strongroom("vault", "init", "--key-file", str(strongroom.key_file))
        strongroom("secret", "add", "orders_key", "--community", "prod", given="a-value-of-its-own")
        yield server


def test_without_a_terminal_nothing_is_sent_and_the_way_out_is_said(strongroom, api):
    ran = strongroom("test", "orders")
    assert ran.status == 1
    assert f"127.0.0.1:{api.port} (orders_key)" in ran.out
    assert "there is no terminal to ask on" in ran.err
    assert "--yes" in ran.err
    assert api.log == []


@pytest.mark.parametrize("how", ["--yes", "--send-to", "environment", "allow"])
def test_a_yes_is_given_in_many_ways(strongroom, api, how):
    arguments = {"--yes": ["--yes"], "--send-to": ["--send-to", f"127.0.0.1:{api.port}"]}.get(how, [])
    if how == "allow":
        assert strongroom("hosts", "allow", f"127.0.0.1:{api.port}").status == 0
    environment = {"STRONGROOM_TRUST": "1"} if how == "environment" else {}
    assert strongroom("test", "orders", *arguments, environment=environment).status == 0
    assert len(api.log) == 1
    # An answer on the command line is remembered; the environment's is not.
    assert strongroom("test", "orders").status == (1 if how == "environment" else 0)


def test_another_host_is_not_meant_by_send_to(strongroom, api):
    assert strongroom("test", "orders", "--send-to", "127.0.0.1:1").status == 1
    assert api.log == []


def test_the_answers_are_listed_and_forgotten(strongroom, api):
    strongroom("test", "orders", "--yes")
    (one,) = json.loads(strongroom("hosts", "--json").out)
    assert one == {
        "folder": os.path.realpath(strongroom.folder),
        "community": "prod",
        "host": f"127.0.0.1:{api.port}",
    }
    assert f"127.0.0.1:{api.port}" in strongroom("hosts").out
    assert "Forgot 1 agreement." in strongroom("hosts", "forget", f"127.0.0.1:{api.port}").out
    assert "No host yet" in strongroom("hosts").out
    assert strongroom("test", "orders").status == 1


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1), ("", 1)])
def test_a_person_is_asked_once(strongroom, api, answer, status):
    ran = strongroom.typed(f"{answer}\n", "test", "orders")
    assert f"127.0.0.1:{api.port}: orders_key" in ran.out
    assert "Send them, now and later? [y/N]" in ran.out
    assert "a-value-of-its-own" not in ran.out
    assert ran.status == status
    assert len(api.log) == (1 if answer == "y" else 0)
    if answer == "y":
        assert "Send them" not in strongroom.typed("", "test", "orders").out
