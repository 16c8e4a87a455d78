"""`strongroom check` on the code of widgets."""

import json

import pytest

REGISTRY = """{"connectors": [
  {"name": "News", "permalink": "news", "url": "https://api.example.com/news"},
  {"name": "Orders", "url": "https://api.example.com/orders", "method": "POST"}],
 "composite_connectors": [
  {"name": "Profile", "permalink": "profile", "steps": [{"name": "a", "url": "https://api.example.com/a"}]}]}"""
CODE = """export async function init(sdk) {
  await sdk.connectors.execute({ permalink: 'news', method: 'POST' });
  await sdk.connectors.execute({ permalink: "orders", method: "POST", body: JSON.stringify({ a: 1 }) });
}
"""
MENDED = CODE.replace("'POST'", "'GET'").replace("body: JSON.stringify({ a: 1 })", "payload: { a: 1 }")


@pytest.fixture
def project(strongroom):
    strongroom.write("connectors_registry.json", REGISTRY)
    return strongroom


def found(ran):
    return [(one["file"], one["rule"], one["line"]) for one in json.loads(ran.out)]


def test_code_is_held_against_the_registry_above_it(project) -> None:
    project.write("widgets/a/app.js", CODE)
    expected = [("widgets/a/app.js", "wrong-call-method", 2), ("widgets/a/app.js", "ignored-call-option", 3)]
    ran = project("check", "--format", "json")
    assert ran.status == 1
    assert found(ran) == expected
    assert found(project("check", "--format", "json", "widgets/a/app.js")) == expected
    assert found(project("check", "--format", "json", "widgets")) == expected


def test_fixes_are_made_in_code(project) -> None:
    path = project.write("widgets/a/app.js", CODE)
    assert (
        "+  await sdk.connectors.execute({ permalink: 'news', method: 'GET' });"
        in project("check", "--diff").out
    )
    ran = project("check", "--fix")
    assert ran.status == 0
    assert path.read_text() == MENDED
    assert project("check", "--diff").out == ""


def test_standard_input_is_code_if_its_name_says_so(project) -> None:
    ran = project("check", "-", "--stdin-filename", "widgets/a/app.ts", "--format", "json", given=CODE)
    assert [rule for _, rule, _ in found(ran)] == ["wrong-call-method", "ignored-call-option"]
    assert project("check", "--fix", "-", "--stdin-filename", "widgets/a/app.ts", given=CODE).out == MENDED


@pytest.mark.parametrize("form", ["text", "sarif", "github", "junit"])
def test_each_format_has_the_findings(project, form) -> None:
    project.write("widgets/a/app.js", CODE)
    ran = project("check", "--format", form)
    assert ran.status == 1
    assert "`news` is called with GET, not with POST." in ran.out
    assert "widgets/a/app.js" in ran.out


def test_what_others_wrote_or_a_build_made_is_left_out(project) -> None:
    for path in (
        "node_modules/x/app.js",
        "widgets/a/dist/widget.js",
        "widgets/b/dist/widget.js",
        "widgets/c/app.min.js",
        ".cache/app.js",
        "types/sdk.d.ts",
    ):
        project.write(path, CODE)
    project.write("widgets/a/package.json", "{}")
    project.write("widgets/b/src/main.ts", "export {}")
    project.write("widgets/d/app.js", CODE + "x" * 6_000)
    assert found(project("check", "--format", "json")) == []


def test_a_folder_dist_without_sources_beside_it_is_the_source(project) -> None:
    project.write("widgets/a/dist/content.html", f"<p>It's</p><script>{CODE}</script>")
    assert [rule for _, rule, _ in found(project("check", "--format", "json"))] == [
        "wrong-call-method",
        "ignored-call-option",
    ]


def test_files_without_calls_are_not_counted(project) -> None:
    project.write("widgets/a/app.js", "export function init(sdk) { sdk.connectors.configure({}) }")
    assert project("check").out == "No findings in 1 file.\n"


def test_code_outside_of_a_project_is_checked_only_where_it_is_named(strongroom) -> None:
    strongroom.write("app.js", CODE)
    assert "There are no connector files" in strongroom("check").err
    ran = strongroom("check", "app.js", "--format", "json")
    assert found(ran) == [("app.js", "ignored-call-option", 3)]
    assert "app.js is not in a folder with connectors" in ran.err


def test_connectors_of_widgets_count_where_the_registry_is_missing(strongroom) -> None:
    strongroom.write("widgets/a/connectors.json", REGISTRY)
    strongroom.write("widgets/b/app.js", CODE)
    assert len(found(strongroom("check", "--format", "json", "widgets/b"))) == 2


def test_many_files_of_code_are_checked_again_when_a_connector_changes(project) -> None:
    for number in range(20):
        project.write(f"widgets/w{number}/app.js", CODE)
    first = found(project("check", "--format", "json"))
    assert len(first) == 40
    assert found(project("check", "--format", "json")) == first
    project.write("connectors_registry.json", REGISTRY.replace('"url": "https://api.example.com/news"', '"url": '
                  '"https://api.example.com/news", "method": "POST"'))  # fmt: skip
    assert len(found(project("check", "--format", "json"))) == 20


def test_settings_and_a_baseline_hold_for_code(project) -> None:
    project.write("widgets/a/app.js", CODE)
    project.write("strongroom.toml", '[rules]\nignored-call-option = "off"\n')
    assert [rule for _, rule, _ in found(project("check", "--format", "json"))] == ["wrong-call-method"]
    assert project("check", "--write-baseline", "known.json").status == 0
    ran = project("check", "--baseline", "known.json")
    assert ran.status == 0
    assert "No findings" in ran.out


def test_unused_names_the_connectors_that_no_code_has_between_quotes(project) -> None:
    project.write("widgets/a/names.ts", "export const LIST = 'news';")
    ran = project("check", "--unused")
    assert ran.status == 0
    assert 'no widget calls the connector "orders".' in ran.err
    assert 'no widget calls the composite "profile".' in ran.err
    assert '"news"' not in ran.err
    project.write("widgets/a/app.js", 'run(`orders`, "profile")')
    assert 'each connector of "." is called by a widget.' in project("check", "--unused", "widgets").err


def test_unused_without_a_project_says_so_and_takes_no_fixes(strongroom) -> None:
    strongroom.write("a/connectors.json", REGISTRY)
    assert "nothing to compare" in strongroom("check", "--unused").err
    assert strongroom("check", "--unused", "--fix").status == 2


def test_a_check_of_connector_files_loads_nothing_about_code(project) -> None:
    script = (
        "import sys; from strongroom_cli.main import main\n"
        "try: main(['check', 'connectors_registry.json'])\nexcept SystemExit: pass\n"
        "print([n for n in sys.modules if n.startswith(('strongroom.widgets.', 'strongroom.validator.calls.'))])"
    )
    ran = project.python("-c", script)
    assert ran.out.splitlines()[-1] == "['strongroom.widgets.scripts']"


def test_a_permalink_may_be_a_constant_of_another_file(project) -> None:
    for number in range(20):
        project.write(
            f"widgets/w{number}/src/main.ts",
            "import { LIST } from './names';\nsdk.connectors.execute({ permalink: LIST, method: 'GET' });",
        )
        project.write(f"widgets/w{number}/src/names.ts", "export const LIST = 'news';")
    assert found(project("check", "--format", "json")) == []
    project.write("widgets/w7/src/names.ts", "export const LIST = 'orders';")
    assert found(project("check", "--format", "json")) == [("widgets/w7/src/main.ts", "wrong-call-method", 2)]
