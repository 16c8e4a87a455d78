"""Inputs that are broken in every way: each ends in a finding or a message, never in a crash."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

OK = '{"connectors": []}'


@pytest.mark.parametrize(
    "text",
    [
        '{"connectors": [{"name": "a", "url": "https://exa',
        "[" * 50_000,
        '{"a":' * 20_000,
        '{"connectors": NaN}',
        '{"connectors": [{"name": "a", "name": "b", "url": "https://example.com"}]}',
        "{{ get_secret('",
        "\x01\x02\x03",
        '{"connectors": [{"name": "\\ud800", "url": "https://example.com/{{ x"}]}',
        "",
    ],
    ids=lambda text: repr(text[:20]),
)
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_broken_text_ends_with_a_report(strongroom, text: str, form: str) -> None:
    ran = strongroom("check", "-", "--format", form, given=text)
    assert ran.status in (0, 1)
    assert "internal error" not in ran.err
    assert "Traceback" not in ran.err


def test_bytes_that_are_not_utf8_are_named_with_their_offset(strongroom) -> None:
    strongroom.write("connectors.json", b'{"a": "\xe9"}')
    ran = strongroom("check")
    assert ran.status == 2
    assert "byte 0xe9 at offset 7" in ran.err
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        strongroom.write("connectors.json", OK.encode(encoding))
        ran = strongroom("check")
        assert (ran.status, "UTF-16" in ran.err or "zero byte" in ran.err) == (2, True)
    strongroom.write("connectors.json", b"\xef\xbb\xbf" + OK.encode())
    assert strongroom("check").status == 0


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="the memory is read from /proc")
def test_a_file_of_50_megabytes_is_refused_with_little_memory(strongroom) -> None:
    strongroom.write("connectors.json", b'{"connectors": [' + b" " * 50_000_000 + b"]}")
    code = (
        "from strongroom_cli.main import main; main(['check', '.', '--fix'])\n"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    ran = strongroom.python("-c", code)
    assert "larger than 10 MB" in ran.err
    assert int(ran.out.split()[-1]) < 120_000


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of Unix")
class TestPlaces:
    def test_a_link_to_nothing_is_a_message(self, strongroom) -> None:
        (strongroom.folder / "connectors.json").symlink_to("nowhere")
        ran = strongroom("check")
        assert ran.status == 2
        assert "connectors.json cannot be read: No such file" in ran.err

    def test_a_pipe_is_not_waited_for(self, strongroom) -> None:
        os.mkfifo(strongroom.folder / "connectors.json")
        ran = strongroom("check")
        assert ran.status == 2
        assert "is not a regular file" in ran.err

    @pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
    def test_a_folder_without_permission_is_a_message_and_the_rest_is_checked(self, strongroom) -> None:
        strongroom.write("open/connectors.json", OK)
        closed = strongroom.write("closed/connectors.json", OK).parent
        closed.chmod(0)
        try:
            ran = strongroom("check")
        finally:
            closed.chmod(0o700)
        assert ran.status == 2
        assert "closed cannot be read: Permission denied" in ran.err
        assert "1 file" in ran.out

    def test_a_file_that_goes_away_while_the_command_runs_is_a_message(self, strongroom) -> None:
        strongroom.write("connectors.json", OK)
        code = (
            "import os, strongroom_cli.check.inputs as check; find = check.find_connector_files\n"
            "def racing(*given):\n    found = find(*given); os.unlink('connectors.json'); return found\n"
            "check.find_connector_files = racing\n"
            "from strongroom_cli.main import main; raise SystemExit(main(['check', '.']))"
        )
        ran = strongroom.python("-c", code)
        assert ran.status == 2
        assert "cannot be read: No such file" in ran.err

    @pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
    def test_a_name_with_control_characters_steers_nothing(self, strongroom, form: str) -> None:
        strongroom.write("a\x1b[2J\n::error::b/connectors.json", '{"connectors": [')
        strongroom.write("c\x1b[2J\n::error::d/connectors.json", b"\xff")
        ran = strongroom("check", "--format", form)
        assert ran.status == 2
        assert "\x1b" not in ran.out + ran.err
        assert not any(line.startswith("::error::") for line in (ran.out + ran.err).split("\n"))
        diff = strongroom("check", "--diff")
        assert "\x1b" not in diff.out + diff.err


def test_fix_takes_unsafe_fixes_only_when_asked(strongroom) -> None:
    strongroom.write(
        "strongroom.names.json",
        '{"version": 1, "communities": {"p": [{"name": "api_key", "kind": "secret"}]}}',
    )
    text = (
        '{"connectors": [{"name": "A", "permalink": "a", "url": "https://example.com/",'
        ' "headers": [{"key": "K", "value": "{{ get_secret(\'api_kye\') }}"}]}]}'
    )
    file = strongroom.write("connectors.json", text)
    strongroom("check", "--fix")
    assert file.read_text() == text
    ran = strongroom("check", "--diff", "--unsafe-fixes")
    assert (ran.status, file.read_text()) == (1, text)
    assert strongroom("check", "--fix", "--unsafe-fixes").status == 0
    assert file.read_text() == text.replace("api_kye", "api_key")
    assert strongroom("check", "--unsafe-fixes").status == 2


def test_a_diff_is_taken_by_git_apply_whatever_ends_a_line(strongroom) -> None:
    import subprocess

    text = (
        '{"a": "\u2028", "connectors": [{"name": "A",\r\n "url": "https://example.com/",\r\n'
        ' "headers": [{"key": "K", "value": "\u0085{{ get_secret( \'a\' ) }}"}]}]}'
    )
    file = strongroom.write("connectors.json", text)
    patch = strongroom("check", "--diff", "--select", "secret-spacing").raw
    assert patch
    subprocess.run(["patch", "--binary", "-p0"], cwd=strongroom.folder, input=patch, check=True, stdout=-3)
    assert file.read_bytes() == text.replace("( 'a' )", "('a')").encode()


def test_a_name_that_one_of_two_communities_lacks_is_found_and_said_to_exist_in_the_other(strongroom) -> None:
    strongroom.write(
        "strongroom.names.json",
        '{"version": 1, "communities": {"staging": [{"name": "a", "kind": "secret"}], "production": []}}',
    )
    strongroom.write(
        "connectors.json",
        '{"connectors": [{"name": "A", "url": "https://example.com/",'
        ' "headers": [{"key": "K", "value": "{{ get_secret( \'a\' ) }}"}]}]}',
    )
    arguments = ("check", "--format", "json", "--select", "unknown-secret,secret-spacing")
    expected = [("secret-spacing", False), ("unknown-secret", True)]
    for given in (("--community", "staging", "--community", "production"), ()):
        if not given:
            strongroom.write("strongroom.toml", 'communities = ["staging", "production"]\n')
        found = json.loads(strongroom(*arguments, *given).out)
        assert sorted((f["rule"], "`production`" in f["message"]) for f in found) == expected
        assert any("It exists in `staging`" in f["message"] for f in found)
    assert strongroom("check", "--select", "unknown-secret", "--community", "staging").status == 0


def test_a_baseline_is_written_used_and_said_to_be_stale(strongroom) -> None:
    file = strongroom.write("w/connectors.json", '{"connectors": [')
    assert strongroom("check", "--write-baseline", "w/known.json").status == 0
    assert json.loads((strongroom.folder / "w/known.json").read_text())[0]["file"] == "connectors.json"
    ran = strongroom("check", "--baseline", "w/known.json")
    assert (ran.status, "not needed" in ran.err) == (0, False)
    file.write_text(OK)
    ran = strongroom("check", "--baseline", "w/known.json")
    assert ran.status == 0
    assert "not needed" in ran.err
    assert "json-syntax in" in ran.err


def test_a_names_file_that_cannot_be_read_is_told_once(strongroom) -> None:
    for name in ("a", "b", "c"):
        strongroom.write(f"{name}_connectors.json", "{}")
    ran = strongroom("check", "--names", "gone.json")
    assert ran.status == 2
    assert ran.err.count("gone.json cannot be read") == 1
    assert ran.out == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_an_output_that_cannot_be_written_is_told_and_is_no_fault_of_ours(strongroom) -> None:
    strongroom.write("connectors.json", '{"connectors": []}')
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "strongroom_cli", "check"],
            cwd=strongroom.folder,
            env=strongroom.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "strongroom: the output cannot be written: No space left on device.\n"
