"""Files of test cases: what is read, every mistake with its place, and what the outline knows."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.testcases.keys import KEYS, SHAPES, keys_of, table_at
from strongroom.testcases.loading import case_file_of, find_test_files, is_test_path, load, load_text
from strongroom.testcases.outline import CaseOutline
from strongroom.testcases.structure import _CHECKS, read

WHOLE = """\
# A comment
[defaults]
community = "staging"
tags = ["nightly"]
user = { id = 7, email = "a@example.com" }
query = { units = "celsius", page = 1 }

[[test]]
name = "Lisbon"
connector = "city-weather"
path_parameters = { city = "lisbon" }
query = { page = 2, full = true }
tags = ["smoke"]
payload = { item = "Lamp", price = 1.5 }

[test.expect]
status = ["2xx", 404]
max_ms = 800
all_secrets_resolve = true
headers = { Content-Type = { matches = "json" }, X-Plain = "p" }
that = "@.count > 1"
body = [
  { path = "$.headline", contains = "Lisbon" },
  { path = "$.items[*].id", equals = [1, 2] },
]

[[test]]
name = "By a visitor"
connector = "City weather"
user = {}
skip = "not ready"
"""


def problems(text: str) -> list[str]:
    return [
        f"{p.line}:{p.column} {p.message} {p.way_out}".rstrip()
        for p in load_text("a.tests.toml", text).problems
    ]


def test_a_whole_file_is_read_with_its_defaults():
    loaded = load_text("/w/connectors.tests.toml", WHOLE)
    assert loaded.problems == ()
    lisbon, visitor = loaded.cases
    assert (lisbon.name, lisbon.connector, lisbon.line, lisbon.community) == (
        "Lisbon",
        "city-weather",
        8,
        "staging",
    )
    assert lisbon.inputs.query == {"units": "celsius", "page": "2", "full": "true"}
    assert lisbon.inputs.path_parameters == {"city": "lisbon"}
    assert lisbon.inputs.user == {"id": 7, "email": "a@example.com"}
    assert json.loads(lisbon.inputs.payload) == {"item": "Lamp", "price": 1.5}
    assert lisbon.tags == ("nightly", "smoke")
    assert lisbon.skip is None
    assert (visitor.inputs.user, visitor.skip, visitor.line) == ({}, "not ready", 27)
    assert lisbon.recorded == "/w/connectors.recorded/lisbon.json"


def test_users_and_payloads_come_from_files_beside_the_file(tmp_path):
    (tmp_path / "u.json").write_text('{"id": 1}')
    (tmp_path / "p.bin").write_bytes(b"\xff\x00")
    file = tmp_path / "connectors.tests.toml"
    file.write_text(
        '[[test]]\nname="a"\nconnector="c"\nuser="u.json"\npayload="@p.bin"\nrecorded="r/x.json"\n'
    )
    (case,) = load([str(file)]).cases
    assert (case.inputs.user, case.inputs.payload) == ({"id": 1}, b"\xff\x00")
    assert case.recorded == str(tmp_path / "r/x.json")


def test_files_outside_of_the_repository_are_nobodys_input(tmp_path):
    (tmp_path / "secret.json").write_text("{}")
    repository = tmp_path / "repository"
    (repository / "widgets").mkdir(parents=True)
    (repository / ".git").mkdir()
    (repository / "link.json").symlink_to(tmp_path / "secret.json")
    (repository / "shared.json").write_text("{}")
    file = str(repository / "widgets/connectors.tests.toml")
    for key, name in (
        ("user", "../../secret.json"),
        ("payload", f"@{tmp_path}/secret.json"),
        ("user", "../link.json"),
        ("recorded", "../../out.json"),
        ("user", "a\\u0000b"),
    ):
        (problem,) = load_text(file, TEST + f'{key} = "{name}"\n').problems
        assert "is outside of this repository." in problem.message
    assert load_text(file, TEST + 'user = "../shared.json"\n').problems == ()


TEST = '[[test]]\nname = "a"\nconnector = "c"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[tests]]", ['1:1 No key is named "tests". Did you mean "test"?']),
        (TEST + 'conector = "x"', ['4:1 No key in [[test]] is named "conector". Did you mean "connector"?']),
        (TEST + "status = 200", ['4:1 No key in [[test]] is named "status". It belongs among expectations.']),
        (
            TEST + "[test.expect]\nstatus = 2000",
            [
                '5:10 "status" must be a status (200), a class of them ("2xx"), or a list of these, not a number.'
            ],
        ),
        (
            TEST + "expect = { max_ms = true }",
            ['4:21 "max_ms" must be a number of milliseconds above 0, not true or false.'],
        ),
        (
            TEST + 'expect.body = [{ path = "$.a" }]',
            [
                "4:16 Nothing is checked here. Give one of: equals, not_equals, contains, matches, exists, type, "
                "length, count, at_least, at_most."
            ],
        ),
        (
            TEST + 'expect.body = [{ path = "a.b", exists = true }]',
            ["4:25 This is not a JSONPath (RFC 9535): expected '$', found 'NAME'."],
        ),
        (
            TEST + 'expect.that = ["@.a = 1"]',
            ["4:16 This is not a comparison (RFC 9535): unexpected token '='."],
        ),
        (
            TEST + 'expect.that = "$.a == 1"',
            ["4:15 This is not a comparison (RFC 9535): here @ is the body, and $ cannot be used."],
        ),
        (
            TEST + 'expect.body_text = { matches = "(" }',
            ["4:32 This is not a regular expression: missing )."],
        ),
        (
            TEST + "expect.headers = { x = 1 }",
            ['4:20 "x" must be a text or a table of checks, not a number.'],
        ),
        (
            TEST + 'user = "nobody.json"',
            ["4:8 nobody.json cannot be read: No such file or directory. Paths start at this file's folder."],
        ),
        (TEST + 'community = ""', ['4:13 "community" must be a text that is not empty, not an empty one.']),
        (
            '[[test]]\nname = "a"',
            ['1:1 "connector" is missing in [[test]]. The permalink or the name of the connector.'],
        ),
        (TEST + TEST, ['5:8 Another test of this file is called "a" too. Give one of them another name.']),
        ("[defaults]\ntags = []", ["1:1 This file has no test. Write a [[test]] table."]),
        (TEST + "x = [1,", None),
        ("a = = 1", None),
    ],
)
def test_every_mistake_is_one_sentence_with_its_place(text, told):
    found = problems(text)
    if told is None:
        assert len(found) == 1
        assert "This is not valid TOML" in found[0]
    else:
        assert found == told


def test_a_mistake_in_one_test_leaves_the_others():
    loaded = load_text("a.tests.toml", TEST + 'what = 1\n[[test]]\nname = "b"\nconnector = "c"\n')
    assert [case.name for case in loaded.cases] == ["b"]
    assert len(loaded.problems) == 1


def test_a_mistake_in_the_defaults_is_told_once():
    text = '[defaults]\nuser = "gone.json"\n' + TEST + '[[test]]\nname = "b"\nconnector = "c"\n'
    assert problems(text) == [
        "2:8 gone.json cannot be read: No such file or directory. Paths start at this file's folder."
    ]


def test_files_are_found_by_their_name_beside_connectors(tmp_path):
    for name in (
        "connectors.tests.toml",
        "widgets/a/connectors_registry.tests.toml",
        ".hid/connectors.tests.toml",
        "other.toml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [path.removeprefix(str(tmp_path) + "/") for path in find_test_files(str(tmp_path))]
    assert found == ["connectors.tests.toml", "widgets/a/connectors_registry.tests.toml"]
    assert is_test_path("production.connectors.tests.toml")
    assert not is_test_path("connectors.json")
    assert case_file_of(str(tmp_path / "connectors_registry.json")) == str(tmp_path / "connectors.tests.toml")
    assert case_file_of(str(tmp_path / "x/connectors_registry.json")) == str(
        tmp_path / "x/connectors_registry.tests.toml"
    )


def test_files_of_tests_belong_as_connector_files_do(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("build\n")
    (tmp_path / "strongroom.toml").write_text('exclude = ["old"]\ninclude = ["kept/*.json"]\n')
    for name in ("tools/strongroom/.git", "kept/export.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    for folder in ("", "build", "old", "kept", "tools/strongroom/samples"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "connectors.tests.toml").write_text("")
    found = [path.removeprefix(str(tmp_path) + "/") for path in find_test_files(str(tmp_path))]
    assert found == ["connectors.tests.toml", "kept/connectors.tests.toml"]


# -- the outline --------------------------------------------------------------------------


def test_the_outline_knows_where_names_and_connectors_stand():
    tests = CaseOutline.of(WHOLE).tests
    seen = [(t.number, t.name.text, t.connector.text, WHOLE[slice(*t.connector.value)]) for t in tests]
    assert seen == [
        (0, "Lisbon", "city-weather", '"city-weather"'),
        (1, "By a visitor", "City weather", '"City weather"'),
    ]
    assert WHOLE[tests[0].start :].startswith("[[test]]")
    assert tests[0].end == tests[1].start
    assert tests[1].end == len(WHOLE)


def leaves(data, path=()):
    if isinstance(data, dict):
        for key, item in data.items():
            yield from leaves(item, (*path, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from leaves(item, (*path, index))
    else:
        yield path, data


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        'a = """x\\\n  y"""\nb = \'\'\'\n"q"\'\'\'\n"c d"."e" = [1, {f = "\\u00e9"}, [2,\n # c\n3]]\n'
        "[x.y]\nz = 1979-05-27T07:32:00Z # t\n",
        "[[a]]\nx = 1\n[[a.b]]\ny = 2\n[[a]]\n[a.c]\nz = 'lit'\n[[a.b]]\ny=3\n",
    ],
)
def test_the_outline_agrees_with_tomllib_about_paths_and_texts(text):
    outline = CaseOutline.of(text)
    for path, value in leaves(tomllib.loads(text)):
        entry = outline.find(path)
        assert entry is not None, path
        if isinstance(value, str):
            assert entry.text == value
        elif isinstance(value, int | float):
            assert tomllib.loads("v = " + text[slice(*entry.value)])["v"] == value


@given(st.text(alphabet=st.sampled_from("[]{}=\"'\\\n#.,ab1 \t"), max_size=60))
def test_no_text_stops_the_outline_or_the_reader(text):
    outline = CaseOutline.of(text)
    for entry in outline.entries:
        assert 0 <= entry.value[0] <= entry.value[1] <= len(text)
    for offset in range(len(text) + 1):
        outline.place(offset)
    read(text)


def test_a_table_of_one_test_is_no_list_of_tests():
    text = "[test.expect]\nstatus = 200\n"
    assert CaseOutline.of(text).tests == []
    assert problems(text)


def place(marked: str):
    offset = marked.index("|")
    return CaseOutline.of(marked.replace("|", "")).place(offset)


@pytest.mark.parametrize(
    ("marked", "table", "key"),
    [
        ("|", "", None),
        ("[[test]]\nna|", "test", None),
        (TEST + "\n|\n", "test", None),
        ('[[test]]\nconnector = "ci|ty"', "test", "connector"),
        ('[[test]]\nconnector = "|', "test", "connector"),
        (TEST + "[test.expect]\n|", "expect", None),
        (TEST + "[test.expect]\nstatus = 2|00", "expect", "status"),
        (TEST + "expect = { max|", "expect", None),
        (TEST + 'expect.body = [{ path = "$.a", equ| }]', "body", None),
        (TEST + '[[test.expect.body]]\ntype = "|"', "body", "type"),
        (TEST + 'tags = ["a", "b|"]', "test", "tags"),
        ("[defaults]\ncom|", "defaults", None),
    ],
)
def test_what_may_stand_at_a_place_is_known_also_while_it_is_written(marked, table, key):
    found = place(marked)
    assert found is not None
    assert (found.table, found.key) == (table, key)


@pytest.mark.parametrize("marked", ["# co|mment", "[te|st]", "[unknown]\n|", TEST + "# name = |"])
def test_nothing_is_completed_in_comments_headers_and_unknown_tables(marked):
    assert place(marked) is None


def test_a_place_tells_which_keys_are_there_already():
    assert place(TEST + "|").present == {"name", "connector"}


# -- the data -------------------------------------------------------------------------------


def test_every_key_has_a_shape_that_is_checked_and_a_table_that_is_reached():
    assert {key.shape for key in KEYS} <= set(SHAPES)
    assert set(SHAPES) == set(_CHECKS)
    reached = {"", *(SHAPES[key.shape].table for key in KEYS)} - {"headers"}
    assert {key.table for key in KEYS} == reached - {""} | {""}


def test_paths_lead_to_tables():
    assert table_at(()) == ""
    assert table_at(("test", 3, "expect", "body", 1)) == "body"
    assert table_at(("test", 0, "expect", "headers", "x-a")) == "header"
    assert table_at(("test", 0, "expect", "headers")) is None
    assert table_at(("test", 0, "user")) is None
    assert "connector" in keys_of("test")
    assert keys_of("nothing") == {}
