"""A test from an editor asks, through the editor, before secrets go to a new host. Over a real pipe, to a real API."""

import json

import pytest
from pytest_httpserver import HTTPServer

from strongroom.settings.trusted_hosts import TrustedHosts
from strongroom_lsp.commands import connector_run
from strongroom_lsp.commands.connector_run import MOST_QUESTIONS
from strongroom_lsp.commands.consent import CANCEL, SEND, Withheld, withheld_in

VALUE = "canary-value-of-its-own"


@pytest.fixture(autouse=True)
def unlocked(tmp_path, monkeypatch, make_vault):
    """A vault of two communities, which a key file opens, and a state folder of the test's own."""
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(tmp_path / "vault.key"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    make_vault({"production": {"orders_key": VALUE}, "staging": {"orders_key": VALUE}})


@pytest.fixture
def apis():
    """Two APIs on this machine."""
    with HTTPServer(host="127.0.0.1") as one, HTTPServer(host="127.0.0.1") as two:
        for api in (one, two):
            api.expect_request("/x").respond_with_json({"ok": True})
        yield one, two


def host(api):
    return f"127.0.0.1:{api.port}"


def step(name, api):
    return {
        "name": name,
        "permalink": name.lower(),
        "url": api.url_for("/x"),
        "headers": [{"key": "X-Key", "value": "{{ get_secret('orders_key') }}"}],
    }


@pytest.fixture
def project(folder, apis):
    """project(connectors) writes the folder that is opened; gives its registry's uri."""

    def write(*connectors, tests=""):
        registry = folder / "connectors_registry.json"
        kinds = {"connectors": [], "composite_connectors": []}
        for one in connectors or [step("Orders", apis[0])]:
            kinds["composite_connectors" if "steps" in one else "connectors"].append(one)
        registry.write_text(json.dumps(kinds))
        settings = 'community = "production"\n[test]\nallow-hosts = ["127.0.0.1"]\n'
        (folder / "strongroom.toml").write_text(settings)
        if tests:
            (folder / "connectors_registry.tests.toml").write_text(tests)
        return registry.as_uri()

    return write


class Person:
    """An editor on a wire, and the person before it."""

    def __init__(self, wire, folder, uri, options=None):
        self.wire = wire
        self.questions = []
        wire.initialize(folder, options=options)
        self.uri = uri
        wire.open(uri, (folder / "connectors_registry.json").read_text())

    def test(self, answer, connector="orders", **more):
        """The whole answer to Test connection; `answer` answers each question about hosts."""
        argument = {"uri": self.uri, "connector": connector, **more}
        params = {"command": "strongroom.testConnection", "arguments": [argument]}
        self.wire.send({"id": "mine", "method": "workspace/executeCommand", "params": params})
        while True:
            message = self.wire.until(
                lambda one: one.get("id") == "mine" or one.get("method") == "window/showMessageRequest"
            )
            if message.get("id") == "mine":
                return message
            self.questions.append(message["params"]["message"])
            self.wire.send({"id": message["id"], **answer})


YES = {"result": {"title": SEND}}
CANNOT_ASK = {"error": {"code": -32601, "message": "not supported"}}


def test_who_agrees_is_asked_once_for_a_folder_a_community_and_a_host(wire, folder, project, apis):
    person = Person(wire(), folder, project())
    (report,) = person.test(YES)["result"]
    assert report["passed"] is True
    assert person.questions == [f"Strongroom: Send orders_key of production to {host(apis[0])}?"]
    assert [request.headers["X-Key"] for request, _ in apis[0].log] == [VALUE]
    assert [agreement[1:] for agreement in TrustedHosts().agreements()] == [("production", host(apis[0]))]
    person.test(CANNOT_ASK)
    assert len(person.questions) == 1
    assert len(apis[0].log) == 2


@pytest.mark.parametrize(
    "answer",
    [{"result": {"title": CANCEL}}, {"result": None}, {"result": {"title": "Show report"}}, CANNOT_ASK],
)
def test_without_a_yes_nothing_is_sent_and_the_result_says_how_to_agree(wire, folder, project, apis, answer):
    person = Person(wire(), folder, project())
    (report,) = person.test(answer)["result"]
    assert len(person.questions) == 1
    assert apis[0].log == []
    assert TrustedHosts().agreements() == []
    assert f"{host(apis[0])} (orders_key)" in report["reason"]
    way_out = f"`cd {folder} && strongroom hosts allow {host(apis[0])} --community production`"
    assert way_out in report["explanation"][-1]
    message = person.wire.until(lambda message: message.get("method") == "window/showMessage")
    assert way_out in message["params"]["message"]
    assert way_out in person.test(answer, page=True)["result"]


def test_a_composite_asks_about_each_host_before_anything_goes_there(wire, folder, project, apis):
    one, two = apis
    composite = {"name": "Both", "permalink": "both", "steps": [step("First", one), step("Second", two)]}
    person = Person(wire(), folder, project(composite))
    (report,) = person.test(YES, "both")["result"]
    assert report["passed"] is True, report["reason"]
    assert [host(one) in person.questions[0], host(two) in person.questions[1]] == [True, True]
    assert {agreement.host for agreement in TrustedHosts().agreements()} == {host(one), host(two)}


def test_several_tests_are_asked_about_together_each_for_its_community(wire, folder, project, apis):
    tests = "".join(
        f'[[test]]\nname = "in {community}"\nconnector = "orders"\ncommunity = "{community}"\n'
        for community in ("production", "staging")
    )
    person = Person(wire(), folder, project(tests=tests))
    reports = person.test(YES)["result"]
    assert [report["passed"] for report in reports] == [True, True]
    (question,) = person.questions
    assert (
        f"orders_key of production to {host(apis[0])}; orders_key of staging to {host(apis[0])}?" in question
    )


def test_a_yes_for_one_community_is_not_one_for_another(wire, folder, project, apis):
    uri = project()
    person = Person(wire(), folder, uri)
    person.test(YES)
    other = Person(wire(), folder, uri, {"community": "staging"})
    other.test(CANNOT_ASK)
    assert other.questions == [f"Strongroom: Send orders_key of staging to {host(apis[0])}?"]
    assert len(apis[0].log) == 1


def test_a_file_that_names_ever_new_hosts_is_not_asked_about_for_ever(talk, folder, project, monkeypatch):
    from strongroom_lsp.commands.child import EndedChild

    hosts = iter(range(1000))

    async def ever_new(_services, _arguments, _folder, _environment, **_given):
        """A run that would send something to a host of which nobody has heard."""
        withheld = [{"host": f"host-{next(hosts)}", "secrets": ["orders_key"]}]
        out = json.dumps([{"community": "production", "passed": False, "withheld": withheld}])
        return EndedChild(1, out, "")

    monkeypatch.setattr(connector_run, "run_child", ever_new)
    talk.initialize(folder)
    argument = {"uri": project(), "connector": "orders"}
    params = {"command": "strongroom.testConnection", "arguments": [argument]}
    talk.feed({"id": "mine", "method": "workspace/executeCommand", "params": params})
    talk.settle()
    for number in range(MOST_QUESTIONS):
        talk.answer(talk.asked("window/showMessageRequest")[number], {"title": SEND})
    answer = talk.until(lambda message: message.get("id") == "mine")
    assert len(talk.asked("window/showMessageRequest")) == MOST_QUESTIONS
    assert "hosts allow host-10" in answer["result"][0]["explanation"][-1]


def test_a_host_cannot_hide_a_part_of_the_question():
    row = {"host": "good.example\n\u202emoc.live", "secrets": ["a"]}
    (one,) = withheld_in([{"community": "production", "withheld": [row]}])
    assert str(one) == "a of production to good.example␊\ufffdmoc.live"
    assert one == Withheld("production", row["host"], ("a",))
