"""The server knows the names of a community that an engine holds, as they were read last, and follows them."""

import re
import subprocess
import sys
from uuid import uuid4

import pytest

import strongroom_lsp.background
from engines import ROOT_TOKEN
from strongroom.backends.names_cache import write_cached
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.names import Kind, Knowledge, Name
from strongroom.values.secret_value import SecretValue
from strongroom_lsp.background import NAMES_AGE
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


@pytest.fixture
def engine(bao_server, folder, tmp_path, monkeypatch):
    """A community in OpenBao, to which a colleague added a name after its names were read."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("STRONGROOM_TRUST", "1")
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    place = EnginePlace("production", "openbao", bao_server.address, path=f"team/{uuid4().hex}")
    text = SETTINGS.replace(PLACE.address, place.address).replace('"team"', f'"{place.path}"')
    (folder / "strongroom.toml").write_text(text)
    write_cached(place, [Name("token", Kind.SECRET)])
    backend = open_backend(place)
    yield backend
    backend.close()


def findings(number):
    return lambda message: (
        message.get("method") == "textDocument/publishDiagnostics"
        and len([one for one in message["params"]["diagnostics"] if one["code"] == "unknown-secret"])
        == number
    )


@pytest.fixture
def editor(talk, folder, registry, engine):
    """An editor that shows a file with a name that is not known here."""
    text = registry("{{ get_secret('fresh') }}")
    (folder / "connectors_registry.json").write_text(text)

    def start(**options):
        talk.initialize(folder, **options)
        talk.notify("initialized", {})
        talk.open((folder / "connectors_registry.json").as_uri(), text)
        return talk

    return start


def test_the_names_of_an_engine_are_read_when_the_server_starts(editor, engine):
    engine.put(Put("fresh", Kind.SECRET, SecretValue("canary-value")))
    talk = editor()
    talk.until(findings(1))
    talk.until(findings(0))


@pytest.fixture
def ended(monkeypatch):
    """What each child that read names wrote to standard error."""
    found, real = [], strongroom_lsp.background.Child

    def start(*given):
        return real(*given[:4], lambda how: found.append(how.error))

    monkeypatch.setattr("strongroom_lsp.background.Child", start)
    return found


def test_the_names_of_an_engine_are_read_again_after_an_hour(editor, engine, ended):
    talk = editor()
    talk.until(lambda message: ended and findings(1)(message))
    engine.put(Put("fresh", Kind.SECRET, SecretValue("canary-value")))
    talk.loop.now += NAMES_AGE
    talk.until(findings(0))


def test_an_untrusted_folder_reads_no_names(editor, monkeypatch):
    started = []
    monkeypatch.setattr("strongroom_lsp.background.Child", lambda *given: started.append(given))
    talk = editor(options={"trusted": False})
    talk.wait(1)
    assert started == []


def test_a_host_that_nobody_agreed_to_gets_no_request(editor, ended, monkeypatch, httpserver, folder):
    monkeypatch.delenv("STRONGROOM_TRUST")
    text = (folder / "strongroom.toml").read_text()
    address = httpserver.url_for("").rstrip("/")
    (folder / "strongroom.toml").write_text(re.sub(r'address = ".*"', f'address = "{address}"', text))
    talk = editor()
    talk.until(lambda _: ended)
    assert "Nobody agreed yet" in ended[0]
    assert httpserver.log == []
