"""Findings as diagnostics."""

import pytest

from strongroom.validator import Edit, Finding, Fix, Related, Severity
from strongroom_lsp.diagnostics.conversion import diagnostic
from strongroom_lsp.protocol.capabilities import Client

ALL = Client(related_information=True, code_description=True, diagnostic_tags=True)


def finding(**changes):
    base = Finding(
        "secret-quotes", Severity.WARNING, "Use single quotes.", 4, 7, "/connectors/0", "Orders", "url",
        (Fix("Use single quotes", (Edit(4, 5, "'"),), True),), (Related("Here too.", 0, 1),), {},
    )  # fmt: skip
    return base._replace(**changes)


@pytest.fixture
def opened(open_at):
    return open_at("🙂\nab🙂cd")[0]


def test_everything_a_client_can_use_is_in_it(opened):
    converted = diagnostic(finding(), opened, ALL)
    place = {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 6}}
    assert converted["range"] == place
    assert (converted["code"], converted["source"], converted["severity"]) == (
        "secret-quotes",
        "strongroom",
        2,
    )
    assert converted["message"] == "Use single quotes."
    assert converted["relatedInformation"][0]["message"] == "Here too."
    assert converted["relatedInformation"][0]["location"]["uri"] == opened.uri


def test_a_client_is_sent_nothing_that_it_did_not_ask_for(opened):
    converted = diagnostic(finding(rule="deprecated-auth-type"), opened, Client())
    assert set(converted) == {"range", "severity", "code", "source", "message"}


@pytest.mark.parametrize(
    ("rule", "tags"), [("unused-path-parameter", [1]), ("deprecated-auth-type", [2]), ("json-syntax", None)]
)
def test_what_is_unused_or_deprecated_is_tagged(opened, rule, tags):
    assert diagnostic(finding(rule=rule), opened, ALL).get("tags") == tags


@pytest.mark.parametrize(("severity", "number"), [("error", 1), ("warning", 2), ("info", 3)])
def test_severities_are_the_protocols(opened, severity, number):
    assert diagnostic(finding(severity=Severity(severity)), opened, ALL)["severity"] == number


def test_a_rules_page_is_linked_where_there_is_one(opened, tmp_path, monkeypatch):
    from strongroom_lsp.diagnostics import rule_pages

    (tmp_path / "secret-quotes.md").write_text("# secret-quotes")
    monkeypatch.setattr(rule_pages, "_PLACES", (str(tmp_path),))
    rule_pages.page_uri.cache_clear()
    converted = diagnostic(finding(), opened, ALL)
    assert converted["codeDescription"]["href"] == (tmp_path / "secret-quotes.md").as_uri()
    assert "codeDescription" not in diagnostic(finding(rule="no-such-rule"), opened, ALL)
    rule_pages.page_uri.cache_clear()
