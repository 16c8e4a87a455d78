"""Many files at once: several processes and the cache give what one process without a cache gives."""

import json
import os
import stat
from pathlib import Path

import pytest

from strongroom_cli.check.result_cache import CODE

CLEAN = '{"connectors": [{"name": "Orders %d", "url": "https://example.com/{{ get_variable(\'base\') }}"}]}'
WRONG = '{"connectors": [{"name": "Orders %d", "url": "https://example.com/{{ get_secret(\'a\') }}"}]}'
CREDENTIAL = '{"connectors": [{"name": "Keys", "url": "https://example.com/", "authentication": {"type": "api_key", "config": {"key": "X", "value": "canary-4711", "in": "header"}}}]}'  # noqa: E501
NUMBER = 40


@pytest.fixture
def many(strongroom):
    """Files with and without findings, and one that cannot be read."""
    for number in range(NUMBER):
        text = (WRONG if number % 3 else CLEAN) % number
        strongroom.write(f"widgets/w{number:02}/connectors.json", text)
    strongroom.write("widgets/w07/connectors.json", b"\xff\xfe{\0}\0")
    strongroom.write("widgets/w08/connectors.json", CREDENTIAL)
    strongroom.write("strongroom.names.json", NAMES % "base")
    return strongroom


NAMES = '{"version": 1, "communities": {"production": [{"name": "%s", "kind": "variable"}]}}'


def cache_files(strongroom) -> list[Path]:
    return list((Path(strongroom.environment["HOME"]) / ".cache" / "strongroom").glob("*.check"))


def outcome(ran) -> tuple[int, str, str]:
    return ran.status, ran.out, ran.err


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_the_cache_changes_nothing_in_any_report(many, form: str) -> None:
    plain = outcome(many("check", "--format", form, "--no-cache"))
    assert not cache_files(many)
    assert outcome(many("check", "--format", form)) == plain
    assert cache_files(many)
    assert outcome(many("check", "--format", form)) == plain
    assert plain[0] == 2
    assert "UTF-16" in plain[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_several_processes_find_what_one_finds(many) -> None:
    code = (
        "import strongroom_cli.check.many_files as m; m._cores = lambda: {}\n"
        "from strongroom_cli.main import main; raise SystemExit(main(['check', '--no-cache']))"
    )
    one, several = (many.python("-c", code.format(number)) for number in (1, 4))
    assert outcome(one) == outcome(several)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_the_files_of_a_process_that_dies_are_checked_all_the_same(many) -> None:
    code = (
        "import os, strongroom_cli.check.many_files as m; m._cores = lambda: 3\n"
        "parent, results = os.getpid(), m._results\n"
        "def dying(*given):\n"
        "    return results(*given) if os.getpid() == parent else os.kill(os.getpid(), 9)\n"
        "{}\n"
        "from strongroom_cli.main import main; raise SystemExit(main(['check', '--no-cache']))"
    )
    whole, dying = (many.python("-c", code.format(line)) for line in ("", "m._results = dying"))
    assert outcome(whole) == outcome(dying)


def rules(ran) -> set[tuple[str, str]]:
    return {(Path(f["file"]).parent.name, f["rule"]) for f in json.loads(ran.out)}


def test_a_change_of_a_file_its_names_or_its_settings_is_always_seen(many) -> None:
    (many.folder / "widgets/w07/connectors.json").unlink()
    before = rules(many("check", "--format", "json"))
    assert ("w00", "misplaced-secret") not in before

    file = many.folder / "widgets/w00/connectors.json"
    status = file.stat()
    changed = CLEAN % 1
    assert len(changed) == status.st_size
    many.write("widgets/w00/connectors.json", (WRONG % 0).replace("secret('a')", "secret('abcde')"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert ("w00", "misplaced-secret") in rules(many("check", "--format", "json"))

    many.write("strongroom.names.json", NAMES % "other")
    assert ("w03", "unknown-variable") in rules(many("check", "--format", "json"))

    many.write("strongroom.toml", '[rules]\nunknown-variable = "off"\n')
    assert ("w03", "unknown-variable") not in rules(many("check", "--format", "json"))
    chosen = many("check", "--format", "json", "--select", "unknown-variable")
    assert rules(chosen) >= set()
    assert {rule for _, rule in rules(chosen)} <= {"unknown-variable"}


def test_what_is_kept_depends_on_all_code_that_makes_findings(strongroom) -> None:
    source = "import sys, strongroom.validator.call_validator as made; print(*sys.modules)"
    modules = strongroom.python("-c", source).out.split()
    folders = {"/".join(name.split(".")[1:-1]) for name in modules if name.startswith("strongroom.")}
    assert "validator/rules" in folders
    assert folders <= set(CODE)


def test_a_damaged_or_foreign_cache_is_not_believed(many) -> None:
    plain = outcome(many("check"))
    (file,) = cache_files(many)
    data = file.read_bytes()
    file.write_bytes(data.replace(b"misplaced-secret", b"misplaced-sekret"))
    assert outcome(many("check")) == plain
    file.write_bytes(data[: len(data) // 2])
    assert outcome(many("check")) == plain
    file.unlink()
    file.mkdir()
    assert outcome(many("check")) == plain


def test_the_cache_is_private_and_holds_no_credential_of_a_file(many) -> None:
    many("check")
    (file,) = cache_files(many)
    assert "canary" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


def test_few_workspaces_are_remembered(many) -> None:
    many("check")
    (file,) = cache_files(many)
    for number in range(60):
        old = file.with_name(f"{number:032}.check")
        old.write_bytes(b"")
        os.utime(old, (number, number))
    many.write("widgets/w00/connectors.json", CLEAN % 99)
    many("check")
    assert len(cache_files(many)) == 50
    assert file in cache_files(many)


def test_a_permalink_in_two_widgets_files_is_found_with_and_without_the_cache(strongroom) -> None:
    text = '{"connectors": [{"name": "A", "permalink": "%s", "url": "https://example.com/"}]}'
    for number in range(20):
        strongroom.write(f"widgets/w{number:02}/connectors.json", text % f"p{number}")
    strongroom.write("connectors_registry.json", text % "p3")
    assert strongroom("check").status == 0
    strongroom.write("widgets/w05/connectors.json", text % "p3")
    for _ in range(2):
        ran = strongroom("check", "--format", "json", "--select", "duplicate-permalink")
        (found,) = json.loads(ran.out)
        assert found["rule"] == "duplicate-permalink"
        assert Path(found["file"]).parent.name == "w05"
        assert "w03" in found["message"]
    assert strongroom("check", "--ignore", "duplicate-permalink").status == 0
