"""Every configuration is well-formed, starts `strongroom lsp`, and knows the names of connector files."""

import json
import re
import tomllib


def test_helix_starts_the_server_beside_its_own_json_server(editors):
    config = tomllib.loads((editors / "helix" / "languages.toml").read_text())
    server = config["language-server"]["strongroom"]
    assert [server["command"], *server["args"]] == ["strongroom", "lsp"]
    (language,) = config["language"]
    assert language["name"] == "json"
    assert "strongroom" in language["language-servers"]


def test_zed_s_extension_names_the_server_that_its_code_starts(editors):
    extension = tomllib.loads((editors / "zed" / "extension.toml").read_text())
    assert list(extension["language_servers"]) == ["strongroom"]
    crate = tomllib.loads((editors / "zed" / "Cargo.toml").read_text())
    assert crate["lib"]["crate-type"] == ["cdylib"]
    assert '"lsp"' in (editors / "zed" / crate["lib"]["path"]).read_text()


def test_sublime_starts_the_server(editors):
    text = (editors / "sublime" / "LSP.sublime-settings").read_text()
    client = json.loads(re.sub(r"^//.*$", "", text, flags=re.MULTILINE))["clients"]["strongroom"]
    assert client["command"] == ["strongroom", "lsp"]
    assert client["selector"] == "source.json"


def test_jetbrains_template_knows_the_file_names(editors):
    template = json.loads((editors / "jetbrains" / "strongroom" / "template.json").read_text())
    assert template["programArgs"]["default"] == "strongroom lsp"
    (mapping,) = template["fileTypeMappings"]
    assert set(mapping["fileType"]["patterns"]) == {"connectors_registry.json", "connectors.json"}
    assert json.loads((editors / "jetbrains" / "strongroom" / "initializationOptions.json").read_text()) == {}


def test_coc_starts_the_server(editors):
    server = json.loads((editors / "vim" / "coc-settings.json").read_text())["languageserver"]["strongroom"]
    assert [server["command"], *server["args"]] == ["strongroom", "lsp"]


def test_the_vs_code_extension_s_settings_are_those_that_it_reads(editors):
    manifest = json.loads((editors / "vscode" / "package.json").read_text())
    code = (editors / "vscode" / "src" / "extension.ts").read_text()
    settings = manifest["contributes"]["configuration"]["properties"]
    read = set(re.findall(r"\.get<\w+>\(\"(\w+)\"", code))
    assert {f"strongroom.{name}" for name in read} == set(settings)
    commands = {command["command"] for command in manifest["contributes"]["commands"]}
    assert commands == set(re.findall(r"registerCommand\(\"([\w.]+)\"", code))
    # A workspace must not be able to choose the program that is started.
    assert settings["strongroom.path"]["scope"] == "machine"
    assert 'args: ["lsp"]' in code
    assert (
        not (editors / "vscode" / "package-lock.json").exists()
        or "resolved" not in (editors / "vscode" / "package-lock.json").read_text()
    )
