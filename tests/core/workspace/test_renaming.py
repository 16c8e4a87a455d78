"""Renaming in texts and files: every use, exactly, and all files or none."""

import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from strongroom.document import Document
from strongroom.names import Kind
from strongroom.workspace import UnreadableFile, read_source
from strongroom.workspace.references import Symbol, SymbolKind, occurrences_in, same_symbol, symbol_at
from strongroom.workspace.renaming import (
    FileRename,
    InvalidNewName,
    apply_edits,
    check_is_free,
    check_new_name,
    edits_in,
    plan_rename,
)
from strongroom.workspace.staged_files import describe, replace, stage

TOKEN = Symbol(SymbolKind.NAME, "token")


def header(template: str) -> str:
    return json.dumps(
        {"name": "Orders", "url": "https://a.example", "headers": [{"key": "A", "value": template}]}
    )


def renamed(text: str, symbol: Symbol, new: str, kind: Kind | None = None) -> str:
    return apply_edits(text, edits_in(Document.parse(text), symbol, new, kind))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{ get_secret('token') }}", "{{ get_secret('key') }}"),
        (
            "{{ get_secret( 'token' ) ~ get_secret('token2') }}",
            "{{ get_secret( 'key' ) ~ get_secret('token2') }}",
        ),
        ('é🙂 {{ get_secret("token") }}token', 'é🙂 {{ get_secret("key") }}token'),
        ("{{ get_variable('token') }}", "{{ get_variable('key') }}"),
        ("{# get_secret('token') #}token", "{# get_secret('token') #}token"),
    ],
)
def test_only_the_names_in_calls_change(before: str, after: str) -> None:
    assert json.loads(renamed(header(before), TOKEN, "key"))["headers"][0]["value"] == after


def test_a_name_that_json_escapes_spell_is_renamed_as_well() -> None:
    text = header("{{ get_secret('token') }}").replace("token", "t\\u006fken")
    assert "get_secret('key')" in renamed(text, TOKEN, "key")


def test_with_a_kind_only_calls_of_its_function_change() -> None:
    text = header("{{ get_secret('token') }}{{ get_variable('token') }}")
    assert "get_secret('token') }}{{ get_variable('key')" in renamed(text, TOKEN, "key", Kind.VARIABLE)


COMPOSITE = json.dumps(
    {
        "composite_connectors": [
            {
                "name": "Both",
                "steps": [
                    {"name": "place", "url": "https://a.example/{{ pathParams.place }}"},
                    {
                        "name": "next",
                        "url": "https://a.example/{{ steps.place.body }}{{ steps['place'].body }}",
                    },
                ],
            }
        ],
        "connectors": [
            {
                "name": "Topic",
                "url": "https://a.example/{{ pathParams.topicId }}/{{ pathParams['topicId'] }}",
                "path_parameters": [{"key": "topicId"}],
            },
            {"name": "Other", "url": "https://a.example/{{ pathParams.topicId }}"},
        ],
    }
)


def test_a_step_is_renamed_in_its_composite_and_a_hyphen_gets_brackets() -> None:
    step = Symbol(SymbolKind.STEP, "place", "/composite_connectors/0")
    text = renamed(COMPOSITE, step, "first-place")
    assert '"name": "first-place"' in text
    assert "{{ steps['first-place'].body }}{{ steps['first-place'].body }}" in text
    assert "pathParams.place" in text


def test_a_path_parameter_is_renamed_in_its_connector_only() -> None:
    parameter = Symbol(SymbolKind.PATH_PARAMETER, "topicId", "/connectors/0")
    text = renamed(COMPOSITE, parameter, "id")
    assert "{{ pathParams.id }}/{{ pathParams['id'] }}" in text
    assert '[{"key": "id"}]' in text
    assert "{{ pathParams.topicId }}" in text


def test_what_stands_at_an_offset_is_found_with_its_definition() -> None:
    document = Document.parse(COMPOSITE)
    found = symbol_at(document, COMPOSITE.index("steps.place") + len("steps.pl"))
    assert found is not None
    assert found.symbol == Symbol(SymbolKind.STEP, "place", "/composite_connectors/0")
    places = list(same_symbol(document, found.symbol))
    assert [place.is_definition for place in places] == [True, False, False]
    assert {COMPOSITE[place.start : place.end] for place in places} == {"place"}
    assert symbol_at(document, 0) is None


def test_every_occurrence_stands_where_it_says() -> None:
    for connector in Document.parse(COMPOSITE).connectors:
        for found in occurrences_in(connector):
            assert COMPOSITE[found.start : found.end] == found.symbol.name


@pytest.mark.parametrize(
    ("symbol", "new"),
    [
        (TOKEN, "api-key"),
        (TOKEN, ""),
        (Symbol(SymbolKind.STEP, "a", "/x"), "Upper"),
        (Symbol(SymbolKind.PATH_PARAMETER, "a", "/x"), "a b"),
        (Symbol(SymbolKind.CONNECTOR, "a"), "b c"),
        (Symbol(SymbolKind.COMPOSITE, "a"), "a--b"),
    ],
)
def test_a_name_that_the_platform_refuses_is_refused(symbol: Symbol, new: str) -> None:
    with pytest.raises(InvalidNewName):
        check_new_name(symbol, new)


def test_a_step_does_not_take_the_name_of_another() -> None:
    step = Symbol(SymbolKind.STEP, "place", "/composite_connectors/0")
    with pytest.raises(InvalidNewName, match="already has a step `next`"):
        check_is_free(Document.parse(COMPOSITE), step, "next")
    check_is_free(Document.parse(COMPOSITE), step, "other")


def put(files: Sequence[FileRename]) -> None:
    staged = describe(files)
    stage(staged, files)
    replace(staged)


# -- files -----------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Three connector files, two of which use the name."""
    paths = []
    for number, template in enumerate(["{{ get_secret('token') }}", "none", "🙂{{ get_secret('token') }}"]):
        path = tmp_path / f"{number}.connectors.json"
        path.write_bytes(b"\xef\xbb\xbf" + header(template).encode() + b"\r\n")
        path.chmod(0o640)
        paths.append(str(path))
    return paths


def test_a_plan_changes_nothing_and_applying_it_changes_every_file(files: list[str]) -> None:
    before = [Path(path).read_bytes() for path in files]
    plan = plan_rename([*files, "/nowhere/connectors.json"], "token", "key")
    assert [Path(path).read_bytes() for path in files] == before
    assert [file.path for file in plan.files] == [files[0], files[2]]
    assert plan.places == 2
    assert plan.unread == ("/nowhere/connectors.json",)
    put(plan.files)
    after = [Path(path).read_bytes() for path in files]
    assert after == [data.replace(b"'token'", b"'key'") for data in before]
    assert stat.S_IMODE(os.stat(files[0]).st_mode) == 0o640
    assert len(os.listdir(Path(files[0]).parent)) == 3


def test_a_link_stays_a_link(files: list[str], tmp_path: Path) -> None:
    link = tmp_path / "connectors.json"
    link.symlink_to(files[0])
    put(plan_rename([str(link)], "token", "key").files)
    assert link.is_symlink()
    assert "get_secret('key')" in Path(files[0]).read_text("utf-8")


def test_a_file_that_changed_meanwhile_keeps_all_files_as_they_are(files: list[str]) -> None:
    plan = plan_rename(files, "token", "key")
    Path(files[2]).write_text("changed")
    first = Path(files[0]).read_bytes()
    with pytest.raises(UnreadableFile, match="changed by another program"):
        put(plan.files)
    assert Path(files[0]).read_bytes() == first
    assert len(os.listdir(Path(files[0]).parent)) == 3


def test_a_replacement_that_fails_takes_the_ones_before_it_back(
    files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_rename(files, "token", "key")
    before = [Path(path).read_bytes() for path in files]
    really, calls = os.replace, []

    def failing(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        really(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(UnreadableFile, match=r"No space left on device\. No file was changed\."):
        put(plan.files)
    assert [Path(path).read_bytes() for path in files] == before
    assert len(os.listdir(Path(files[0]).parent)) == 3


def test_the_edits_of_one_file_can_be_applied_alone(files: list[str]) -> None:
    source = read_source(files[0])
    edits = edits_in(Document.parse(source.text), TOKEN, "key")
    assert "get_secret('key')" in FileRename(source, edits).text
