"""The server knows the names of a community that an engine holds, as they were read last, and follows them."""

import subprocess
import sys

from strongroom.backends.names_cache import write_cached
from strongroom.backends.place import EnginePlace
from strongroom.names import Kind, Knowledge, Name
from strongroom_lsp.context.file_context import FileContexts, Options

PLACE = EnginePlace("production", "openbao", "https://bao.example.com", path="team")
SETTINGS = '[backends.production]\nengine = "openbao"\naddress = "https://bao.example.com"\npath = "team"\n'


def test_names_that_are_read_again_are_taken_over(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("STRONGROOM_VAULT", str(tmp_path / "none.db"))
    (tmp_path / "strongroom.toml").write_text(SETTINGS)
    path = str(tmp_path / "connectors.json")
    contexts = FileContexts(Options(), str(tmp_path))
    assert contexts.of(path).names.knowledge is Knowledge.NONE
    write_cached(PLACE, [Name("token", Kind.SECRET)])
    assert contexts.refresh([path])
    assert list(contexts.of(path).names.by_name) == ["token"]
    assert contexts.of(path).names.source.startswith("OpenBao at bao.example.com, read ")
    assert not contexts.refresh([path])


def test_an_untrusted_folder_names_no_engine(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("STRONGROOM_VAULT", str(tmp_path / "none.db"))
    write_cached(PLACE, [Name("token", Kind.SECRET)])
    (tmp_path / "strongroom.toml").write_text(SETTINGS)
    contexts = FileContexts(Options(is_trusted=False), str(tmp_path))
    assert contexts.of(str(tmp_path / "connectors.json")).names.knowledge is Knowledge.NONE


def test_the_names_of_engines_need_no_library_of_one():
    code = (
        "import sys, strongroom.backends.names_cache, strongroom.workspace, strongroom_lsp.context.file_context; "
        "print([n for n in ('hvac', 'boto3', 'requests', 'cryptography', 'keyring') if n in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
