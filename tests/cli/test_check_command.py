"""`strongroom check` as a user meets it: what it finds, what it changes, how it ends."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from strongroom.workspace import format_names_file

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"

MISTAKES = r"""{
  "note": "é 👍   keep my   spacing",
  "connectors": [
    {
      "name": "Orders", "url": "https://example.com/{{ get_secret('a') }}", "method": "POST",
      "headers": [
        {"key": "A", "value": "👍{{ get_secret(\"a\") }}"},
        {"key": "B", "value": "{{ get_secret( 'a' ) }}"},
        {"key": "C", "value": "{{ get_secret('missing') }}"},
        {"key": "D", "value": "{{ get_secret('api-key') }}"}
      ],
      "request_body": "{{ get_secret('a') }}",
      "response_body": "line\n\u00e9{{ get_secret('a') }}"
    }
  ]
}
"""

FOUND = {
    ("misplaced-secret", "url"),
    ("secret-quotes", "headers[0].value"),
    ("secret-spacing", "headers[1].value"),
    ("unknown-secret", "headers[2].value"),
    ("invalid-secret-name", "headers[3].value"),
    ("misplaced-secret", "request_body"),
    ("misplaced-secret", "response_body"),
}


@pytest.fixture
def mistakes(strongroom):
    """The file with each of the documented mistakes, and a names file that knows `a`."""
    from strongroom.names import Kind, Name

    strongroom.write("strongroom.names.json", format_names_file({"production": [Name("a", Kind.SECRET)]}))
    return strongroom.write("connectors_registry.json", MISTAKES)


def findings(ran):
    return json.loads(ran.out)


def test_each_of_the_documented_mistakes_is_found_at_its_exact_text(strongroom, mistakes) -> None:
    ran = strongroom("check", "--format", "json")
    assert ran.status == 1
    found = findings(ran)
    assert {(finding["rule"], finding["field"]) for finding in found} == FOUND
    lines = MISTAKES.split("\n")
    texts = {
        finding["field"]: lines[finding["line"] - 1][finding["column"] - 1 : finding["end_column"] - 1]
        for finding in found
    }
    assert "missing" in texts["headers[2].value"]
    assert "api-key" in texts["headers[3].value"]
    assert "get_secret" in texts["url"]
    assert "get_secret" in texts["request_body"]
    assert "get_secret" in texts["response_body"]
    assert '\\"' in texts["headers[0].value"]
    assert {finding["file"] for finding in found} == {"connectors_registry.json"}
    assert {finding["connector"] for finding in found} == {"Orders"}


def test_fix_mends_quotes_and_spaces_and_nothing_else(strongroom, mistakes) -> None:
    mistakes.chmod(0o640)
    ran = strongroom("check", "--fix", "--format", "json")
    mended = MISTAKES.replace(r"get_secret(\"a\")", "get_secret('a')").replace(
        "get_secret( 'a' )", "get_secret('a')"
    )
    assert mistakes.read_bytes() == mended.encode()
    assert stat.S_IMODE(mistakes.stat().st_mode) == 0o640
    assert {finding["rule"] for finding in findings(ran)} == {
        "misplaced-secret",
        "unknown-secret",
        "invalid-secret-name",
    }
    assert ran.status == 1
    assert "Fixed 1 file." in ran.err


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_fix_keeps_line_endings_and_byte_order_marks(strongroom, ending: str, before: bytes) -> None:
    text = MISTAKES.replace("\n", ending)
    file = strongroom.write("connectors.json", before + text.encode())
    strongroom("check", "--fix")
    mended = text.replace(r"get_secret(\"a\")", "get_secret('a')").replace(
        "get_secret( 'a' )", "get_secret('a')"
    )
    assert file.read_bytes() == before + mended.encode()


def test_diff_shows_what_fix_would_do_and_changes_nothing(strongroom, mistakes) -> None:
    ran = strongroom("check", "--diff")
    assert mistakes.read_bytes() == MISTAKES.encode()
    assert "--- connectors_registry.json" in ran.out
    assert '+        {"key": "B", "value": "{{ get_secret(\'a\') }}"},' in ran.out
    assert ran.status == 1
    assert "1 file would be changed by --fix." in ran.err
    mistakes.write_text('{"connectors": []}')
    ran = strongroom("check", "--diff")
    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_a_fixed_file_is_not_written_again(strongroom, mistakes) -> None:
    strongroom("check", "--fix")
    before = mistakes.stat()
    ran = strongroom("check", "--fix")
    assert (mistakes.stat().st_mtime_ns, mistakes.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert "Fixed" not in ran.err


def test_text_shows_place_excerpt_and_summary(strongroom, mistakes) -> None:
    ran = strongroom("check")
    assert "connectors_registry.json:8:" in ran.out
    assert "warning[secret-spacing]" in ran.out
    assert "^" in ran.out
    assert "\x1b" not in ran.out
    assert (
        ran.out.strip().split("\n")[-1]
        == "5 errors and 2 warnings in 1 of 1 file. 2 can be fixed with --fix."
    )


def test_a_clean_file_ends_with_zero(strongroom) -> None:
    strongroom.write("connectors_registry.json", '{"connectors": []}')
    ran = strongroom("check")
    assert (ran.status, ran.out, ran.err) == (0, "No findings in 1 file.\n", "")


def test_warnings_alone_end_with_zero(strongroom, mistakes) -> None:
    assert strongroom("check", "--select", "secret-quotes,secret-spacing").status == 0


def test_select_and_ignore_choose_rules_by_name(strongroom, mistakes) -> None:
    chosen = findings(
        strongroom("check", "--format=json", "--select", "secret-quotes", "--select", "secret-spacing")
    )
    assert {finding["rule"] for finding in chosen} == {"secret-quotes", "secret-spacing"}
    others = findings(strongroom("check", "--format=json", "--ignore", "secret-quotes,secret-spacing"))
    assert {finding["rule"] for finding in others} == {rule for rule, _ in FOUND} - {
        "secret-quotes",
        "secret-spacing",
    }


def test_the_settings_turn_rules_off_and_select_brings_them_back(strongroom, mistakes) -> None:
    strongroom.write("strongroom.toml", '[rules]\nsecret-quotes = "off"\nsecret-spacing = "error"\n')
    found = {f["rule"]: f["severity"] for f in findings(strongroom("check", "--format", "json"))}
    assert "secret-quotes" not in found
    assert found["secret-spacing"] == "error"
    selected = findings(strongroom("check", "--format", "json", "--select", "secret-quotes"))
    assert [finding["severity"] for finding in selected] == ["warning"]


def test_standard_input_is_checked_under_the_name_it_is_given(strongroom, mistakes) -> None:
    ran = strongroom("check", "-", "--stdin-filename", "a/b.json", "--format", "json", given=MISTAKES)
    assert {finding["file"] for finding in findings(ran)} == {"a/b.json"}
    fixed = strongroom("check", "-", "--fix", given=MISTAKES)
    assert "get_secret( 'a' )" not in fixed.out
    assert json.loads(fixed.out)["note"] == json.loads(MISTAKES)["note"]
    assert "misplaced-secret" in fixed.err


def test_a_fixed_standard_input_keeps_its_bytes(strongroom) -> None:
    given = b"\xef\xbb\xbf" + MISTAKES.replace("\n", "\r\n").encode()
    ran = strongroom("check", "-", "--fix", "--select", "secret-spacing", given=given)
    assert ran.raw == given.replace(b"get_secret( 'a' )", b"get_secret('a')")


def test_without_any_list_one_hint_says_where_a_list_was_looked_for(strongroom) -> None:
    strongroom.write("widgets/a/connectors.json", MISTAKES)
    strongroom.write("widgets/b/connectors.json", MISTAKES)
    ran = strongroom("check", "--format", "json")
    assert "unknown-secret" not in {finding["rule"] for finding in findings(ran)}
    assert ran.err.count("names are not checked") == 1
    assert str(strongroom.vault) in ran.err
    assert "strongroom.names.json" in ran.err


@pytest.mark.parametrize(
    ("value", "asks"),
    [
        ("{{ get_secret('a') }}", True),
        ("{{ \\u0067et_variable('a') }}", True),
        ("get_secret('a')", False),
        ("{{ get_them }}", False),
        ("{% set get_secret = user.id %}{{ get_secret('a') }}", False),
    ],
)
def test_only_files_whose_templates_ask_for_names_are_told_of_a_missing_list(strongroom, value, asks) -> None:
    text = f'[{{"name": "A", "url": "https://a.example/x", "headers": [{{"key": "k", "value": "{value}"}}]}}]'
    ran = strongroom("check", "-", given=text)
    assert ("names are not checked" in ran.err) is asks


def test_names_come_from_the_vault_without_its_key(strongroom) -> None:
    strongroom.make_vault("a", "mising")
    strongroom.key_file.unlink()
    strongroom.write("connectors.json", MISTAKES)
    (unknown,) = (
        f for f in findings(strongroom("check", "--format", "json")) if f["rule"] == "unknown-secret"
    )
    assert "mising" in unknown["message"]


def test_a_names_file_of_the_command_line_is_used(strongroom, mistakes) -> None:
    other = strongroom.write(
        "other.json", '{"version": 1, "communities": {"x": [{"name": "missing", "kind": "secret"}]}}'
    )
    found = findings(strongroom("check", "--format", "json", "--names", str(other)))
    assert {f["field"] for f in found if f["rule"] == "unknown-secret"} >= {
        "headers[0].value",
        "headers[1].value",
    }


def test_a_baseline_silences_what_is_known_and_nothing_new(strongroom, mistakes) -> None:
    known = strongroom("check", "--format", "json")
    strongroom.write("known.json", known.out)
    assert strongroom("check", "--baseline", "known.json").status == 0
    mistakes.write_text(MISTAKES.replace("get_secret('missing')", "get_secret('gone')"))
    found = findings(strongroom("check", "--baseline", "known.json", "--format", "json"))
    assert [finding["rule"] for finding in found] == ["unknown-secret"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--format", "xml"], "--format can be text, json, sarif, github or junit."),
        (["--fromat", "json"], "No option is named --fromat. Did you mean"),
        (["--select", "secret-qoutes"], "secret-quotes"),
        (["nothing.json"], "nothing.json cannot be read: No such file or directory."),
        (["--names"], "--names needs a value: --names FILE."),
        (["--fix=yes"], "--fix takes no value."),
        (["-", "a.json"], "- (standard input) must be the only path."),
        (["--baseline", "connectors.json"], "is not a report of findings"),
        (["--community", "nowhere", "--names", "n.json"], 'No community is named "nowhere"'),
    ],
)
def test_bad_usage_ends_with_two_and_one_sentence(strongroom, arguments: list[str], says: str) -> None:
    strongroom.write("connectors.json", MISTAKES)
    strongroom.write("n.json", '{"version": 1, "communities": {"a": [], "b": []}}')
    ran = strongroom("check", *arguments)
    assert ran.status == 2
    assert says in " ".join(ran.err.split())
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being_checked(strongroom) -> None:
    strongroom.write("a/connectors.json", b"\xff\xfe{\x00}\x00")
    strongroom.write("b/connectors.json", MISTAKES)
    ran = strongroom("check", "--format", "json")
    assert ran.status == 2
    assert "UTF-16" in ran.err
    assert {finding["file"] for finding in findings(ran)} == {os.path.join("b", "connectors.json")}


def test_a_folder_without_connector_files_is_told_and_clean(strongroom) -> None:
    ran = strongroom("check")
    assert ran.status == 0
    assert "no connector files" in ran.err


def test_a_file_that_is_no_connector_file_is_told(strongroom) -> None:
    strongroom.write("package.json", '{"name": "x", "version": "1.0.0"}')
    assert "does not look like a connector file" in strongroom("check", "package.json").err


def test_a_reader_that_goes_away_ends_the_command_quietly(strongroom) -> None:
    for number in range(300):
        strongroom.write(f"w{number}/connectors.json", MISTAKES)
    with subprocess.Popen(
        [sys.executable, "-m", "strongroom_cli", "check"],
        cwd=strongroom.folder,
        env=strongroom.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 141
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


KNOWN_WRONG = {
    ("misplaced-secret", "gs-lukaszwnek__my-widgets/e375776b"): 6,
    ("json-syntax", "gs-cjimenez__my-widgets/18f091fa"): 2,
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real files is not part of a clone")
class TestCorpus:
    RULES = (
        "unknown-secret,unknown-variable,secret-quotes,secret-spacing,misplaced-secret,"
        "invalid-secret-name,json-syntax,template-syntax"
    )

    def test_exactly_the_known_mistakes_are_found(self, strongroom) -> None:
        ran = strongroom("check", str(CORPUS), "--format", "json", "--select", self.RULES)
        assert ran.status == 1
        counts: dict[tuple[str, str], int] = {}
        for finding in findings(ran):
            path = Path(finding["file"])
            key = (finding["rule"], f"{path.parent.name}/{path.name.split('__')[0]}")
            counts[key] = counts.get(key, 0) + 1
        assert counts == KNOWN_WRONG

    def test_every_connector_file_of_the_corpus_is_read(self, strongroom) -> None:
        ran = strongroom("check", str(CORPUS))
        assert f"of {sum(1 for _ in CORPUS.glob('*/*.json'))} files." in ran.out


def test_files_that_are_published_together_are_compared_however_their_folder_is_named(strongroom) -> None:
    connector = '{"connectors": [{"name": "A", "url": "https://a.example/x"}]}'
    for widget in ("a", "b"):
        strongroom.write(f"widgets/{widget}/connectors.json", connector)
    whole = str(strongroom.folder / "widgets/a/connectors.json")
    for first in ("./widgets/a/connectors.json", whole):
        ran = strongroom("check", "--format", "json", first, "widgets/b")
        (finding,) = json.loads(ran.out)
        assert finding["rule"] == "duplicate-permalink"
        assert finding["message"].startswith("widgets/a/connectors.json already uses")
    strongroom.folder /= "widgets"
    assert [finding["file"] for finding in json.loads(strongroom("check", "--format", "json").out)] == [
        "b/connectors.json"
    ]
