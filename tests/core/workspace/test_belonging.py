"""Which paths belong to a workspace: settings, what git ignores, and other people's folders."""

import os
import shutil
import subprocess
from random import Random

import pytest

from strongroom.files.patterns import glob, may_be_below, why_it_never_matches
from strongroom.settings.loading import load_settings
from strongroom.settings.reading import SettingsError
from strongroom.workspace import PathFilter, find_connector_files, is_connector_path
from strongroom.workspace.ignored import IgnoreFile


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "work" / ".git").mkdir(parents=True)
    return tmp_path / "work"


@pytest.fixture
def make(folder):
    """make(path, ...) makes files, a connector file where no text is given as (path, text)."""

    def make(*files):
        for file in files:
            name, text = file if isinstance(file, tuple) else (file, '{"connectors": []}')
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)

    return make


def found(folder, start="."):
    """What a walk finds, by the paths from the folder; and each file is asked about by itself, with the same answer."""
    start = os.path.normpath(folder / start)
    files = find_connector_files([start])
    path_filter = PathFilter([start])
    for parent, _, names in os.walk(start):
        for name in names:
            path = os.path.join(parent, name)
            assert path_filter.belongs(path, is_connector_path) is (path in files), path
    return [os.path.relpath(path, folder) for path in files]


def test_what_git_ignores_does_not_belong(folder, make):
    make(
        (".gitignore", "dist/\n*.connectors.json\n!kept.connectors.json\n"),
        "connectors.json",
        "dist/connectors.json",
    )
    make("src/dist/connectors.json", "a.connectors.json", "kept.connectors.json", "src/connectors.json")
    assert found(folder) == ["connectors.json", "kept.connectors.json", "src/connectors.json"]


def test_the_nearest_gitignore_wins_and_those_above_the_folder_count(folder, make):
    make((".gitignore", "connectors.json\n"), ("sub/.gitignore", "!connectors.json\n"))
    make("connectors.json", "sub/connectors.json", "sub/deep/connectors.json")
    assert found(folder) == ["sub/connectors.json", "sub/deep/connectors.json"]
    make((".gitignore", "deep\n"))
    assert found(folder, "sub") == ["sub/connectors.json"]


def test_a_folder_that_is_named_is_looked_through_although_git_ignores_it(folder, make):
    make((".gitignore", "dist\n"), "dist/connectors.json", "dist/dist/connectors.json")
    assert found(folder, "dist") == ["dist/connectors.json"]


def test_outside_of_a_repository_the_folders_own_gitignore_counts(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("connectors.json", "a/connectors.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / ".gitignore").write_text("a\n")
    assert found(tmp_path) == ["connectors.json"]


def test_what_the_settings_exclude_does_not_belong_even_where_it_is_named(folder, make):
    make(("strongroom.toml", 'exclude = ["old", "**/*.backup.connectors.json"]\n'))
    make("connectors.json", "old/connectors.json", "a/b.backup.connectors.json", "older/connectors.json")
    assert found(folder) == ["connectors.json", "older/connectors.json"]
    left_out = []
    named = [str(folder / name) for name in ("old/connectors.json", "old", "connectors.json")]
    assert find_connector_files(named, None, None, left_out.append) == [named[2]]
    assert left_out == named[:2]


def test_settings_further_down_hold_there_and_cannot_bring_a_folder_back(folder, make):
    make(("strongroom.toml", 'exclude = ["old"]\n'), ("old/strongroom.toml", ""), "old/connectors.json")
    make(("new/strongroom.toml", 'exclude = ["old"]\n'), "new/old/connectors.json", "new/connectors.json")
    assert found(folder) == ["new/connectors.json"]
    assert PathFilter().leaves_out(str(folder / "old" / "connectors.json"))


def test_what_is_included_belongs_whatever_it_is_called_and_wherever_it_is(folder, make):
    make(("strongroom.toml", 'include = ["exports/*", ".made/**"]\nexclude = ["exports/no.json"]\n'))
    make((".gitignore", "exports\n"), "exports/code-mode.json", "exports/no.json", ("exports/a.md", "x"))
    make(
        "exports/deep/er.json",
        ".made/here/connector.json",
        ".other/connectors.json",
        "exports/connectors.json",
    )
    assert sorted(found(folder)) == [
        ".made/here/connector.json", "exports/code-mode.json", "exports/connectors.json", "exports/deep/er.json",
    ]  # fmt: skip


def test_patterns_of_the_command_line_begin_at_the_current_folder(folder, make, monkeypatch):
    make("a/connectors.json", "b/connectors.json", "c/export.json")
    monkeypatch.chdir(folder)
    chosen = PathFilter(["."], exclude=["a"], include=["c/*.json"])
    assert find_connector_files(["."], None, chosen) == ["b/connectors.json", "c/export.json"]


def test_a_file_that_is_deep_in_a_foreign_folder_does_not_belong(folder, make):
    make(
        "node_modules/x/connectors.json",
        "env/pyvenv.cfg",
        "env/lib/connectors.json",
        ".git/a/connectors.json",
    )
    assert found(folder) == []


@pytest.mark.parametrize("is_worktree", [True, False])
def test_a_submodule_belongs_to_its_own_repository(folder, make, is_worktree):
    make("connectors.json", "tools/strongroom/samples/connectors.json")
    make(("tools/strongroom/" + (".git" if is_worktree else ".git/HEAD"), "gitdir: ../../.git/modules/x"))
    assert found(folder) == ["connectors.json"]
    assert found(folder / "tools/strongroom") == ["samples/connectors.json"]
    assert not PathFilter([str(folder)]).belongs(
        str(folder / "tools/strongroom/samples/connectors.json"), is_connector_path
    )


def test_repositories_side_by_side_in_a_plain_folder_belong(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / ".git").mkdir(parents=True)
        (tmp_path / name / "connectors.json").write_text("{}")
    assert found(tmp_path) == ["one/connectors.json", "two/connectors.json"]


@pytest.mark.parametrize(
    "pattern",
    [
        "{a,b}/**",
        "s[uv]b/**",
        "/sub/**",
        "!x",
        "../x",
        "a/../b",
        "~/x",
        "a\\b",
        "a//b",
        "./",
        "/",
        "a/./b",
        "./../x",
    ],
)
@pytest.mark.parametrize(
    "form", ["exclude = ['{}']", "include = ['a', '{}']", "[paths.'{}']\nsecret-quotes = 'off'"]
)
def test_a_pattern_that_can_never_match_is_an_error_with_its_line(folder, pattern, form):
    (folder / "strongroom.toml").write_text(f"# settings\n{form.format(pattern)}\n")
    with pytest.raises(SettingsError, match=r"strongroom\.toml:2: the pattern .* can never match: "):
        load_settings(str(folder))


@pytest.mark.parametrize("pattern", ["a", "./a", "a/", "**/a", "a/**", "a*b?c", "a b", "a.b/c", "..a", "**"])
def test_a_pattern_that_can_match_is_none(pattern):
    assert why_it_never_matches(pattern) == ""


@pytest.mark.parametrize("seed", range(300))
def test_a_folder_that_holds_a_match_is_one_that_may(seed):
    random = Random(seed)
    levels = ["a", "b", "*", "a*", "?", "**", "ab"]
    pattern = "/".join(random.choice(levels) for _ in range(random.choice([1, 2, 3])))
    path = "/".join(random.choice(["a", "b", "ab"]) for _ in range(random.choice([1, 2, 3, 4])))
    if glob(pattern).fullmatch(path):
        names = path.split("/")
        assert all(may_be_below(pattern, "/".join(names[:count])) for count in range(1, len(names)))


NAMES = ["a", "b", "ab", "dist", "x.json", "[a]", "a b", "é", "!c", "#d", "a*", "\\e", ".h", "-", "]", "^"]
PIECES = [
    *("a", "b", "*", "?", "/", "/**/", "**/", "[ab]", "[!a]", "[^b]", "[a-c]", "\\", "!", "#", " ", "dist", "x.json"),
    *(".", "[]]", "[]", "[z-a]", "[[:alpha:]]", "[", "]", "-", "[!]a]", "[\\]]", "[a\\-z]", "é", "*.json"),
]  # fmt: skip


def made_up_patterns(random):
    lines = [
        random.choice(["", "", "", "!", "/"])
        + "".join(random.choice(PIECES) for _ in range(random.choice([1, 1, 2, 3, 4])))
        + random.choice(["", "", "/"])
        for _ in range(random.choice([1, 2, 4]))
    ]
    return "\n".join(lines) + random.choice(["", "\n", "\r\n"])


@pytest.mark.skipif(shutil.which("git") is None, reason="git is the judge")
@pytest.mark.parametrize("seed", range(60))
def test_what_is_ignored_is_what_git_ignores(tmp_path, seed):
    random = Random(seed)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    for _ in range(12):
        path = tmp_path.joinpath(*(random.choice(NAMES) for _ in range(random.choice([1, 2, 3]))))
        if not any(parent.is_file() for parent in path.parents) and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    text = made_up_patterns(random)
    (tmp_path / ".gitignore").write_bytes(text.encode())
    every = sorted(
        os.path.relpath(path, tmp_path) for path in tmp_path.rglob("*") if ".git" not in path.parts
    )
    asked = ["git", "check-ignore", "--no-index", "--stdin", "-z"]
    said = subprocess.run(
        asked, cwd=tmp_path, input="\0".join(every).encode(), capture_output=True, check=False
    )
    rules = IgnoreFile(str(tmp_path), text.encode())

    def is_ignored(path):
        whole = str(tmp_path / path)
        parent = os.path.dirname(path)
        return bool(parent and is_ignored(parent)) or bool(rules.says(whole, is_folder=os.path.isdir(whole)))

    assert [path for path in every if is_ignored(path)] == [
        one for one in said.stdout.decode().split("\0") if one
    ], text
