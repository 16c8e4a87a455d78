"""Every configuration is well-formed, starts `strongroom lsp`, and knows the names of connector files."""

import json
import re
import tomllib

from strongroom.widgets.scripts import MARKUP, SCRIPTS


def test_helix_starts_the_server_beside_its_own_json_server(editors):
    config = tomllib.loads((editors / "helix" / "languages.toml").read_text())
    server = config["language-server"]["strongroom"]
    assert [server["command"], *server["args"]] == ["strongroom", "lsp"]
    names = [language["name"] for language in config["language"]]
    assert names == ["json", "toml", "javascript", "typescript", "jsx", "tsx", "vue", "svelte", "html"]
    assert all("strongroom" in language["language-servers"] for language in config["language"])


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
    assert {"source.json", "source.ts", "text.html"} <= set(client["selector"].split(" | "))


def test_jetbrains_template_knows_the_file_names(editors):
    template = json.loads((editors / "jetbrains" / "strongroom" / "template.json").read_text())
    assert template["programArgs"]["default"] == "strongroom lsp"
    patterns = {
        mapping["languageId"]: set(mapping["fileType"]["patterns"])
        for mapping in template["fileTypeMappings"]
    }
    assert {"connectors_registry.json", "connectors.json"} <= patterns["json"]
    assert patterns["toml"] == {"*.tests.toml"}
    code = {name for language in ("javascript", "typescript", "html") for name in patterns[language]}
    assert code == {f"*{suffix}" for suffix in (*SCRIPTS, *MARKUP)}
    assert json.loads((editors / "jetbrains" / "strongroom" / "initializationOptions.json").read_text()) == {}


def test_coc_starts_the_server(editors):
    server = json.loads((editors / "vim" / "coc-settings.json").read_text())["languageserver"]["strongroom"]
    assert [server["command"], *server["args"]] == ["strongroom", "lsp"]


def vscode(editors):
    """The extension's manifest, and all its code as one text."""
    manifest = json.loads((editors / "vscode" / "package.json").read_text())
    return manifest, "".join(path.read_text() for path in sorted((editors / "vscode" / "src").glob("*.ts")))


def test_an_untrusted_folder_says_nothing_about_program_vault_and_community_in_visual_studio_code(editors):
    manifest, code = vscode(editors)
    restricted = manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert set(restricted) == {"strongroom.path", "strongroom.vault", "strongroom.community"}
    assert "trusted: workspace.isTrusted" in code
    assert 'sendNotification("strongroom/trusted"' in code


def test_the_vs_code_extension_s_settings_are_those_that_it_reads(editors):
    manifest, code = vscode(editors)
    settings = manifest["contributes"]["configuration"]["properties"]
    assert {f"strongroom.{name}" for name in re.findall(r"\.get<\w+>\(\"(\w+)\"", code)} == set(settings)
    # A workspace must not be able to choose the program that is started.
    assert settings["strongroom.path"]["scope"] == "machine"
    assert 'args: ["lsp"]' in code


def test_the_vs_code_extension_runs_the_commands_that_it_offers_and_promises(editors):
    manifest, code = vscode(editors)
    offered = {command["command"] for command in manifest["contributes"]["commands"]}
    promised = set(
        re.findall(r'"(strongroom\.\w+)"', re.search(r"CLIENT_COMMANDS = \[(.*?)\]", code, re.DOTALL)[1])
    )
    run = set(re.findall(r"registerCommand\(\"([\w.]+)\"", code)) | set(
        re.findall(r'^ +"(strongroom\.\w+)":', code, re.M)
    )
    assert offered | promised <= run


def test_visual_studio_code_asks_about_all_code_where_there_are_connectors(editors):
    _, code = vscode(editors)
    suffixes = re.search(r'CODE = "\*\*/\*\.\{([^}]*)\}"', code)[1]
    assert {f".{suffix}" for suffix in suffixes.split(",")} == {*SCRIPTS, *MARKUP}
    assert "...(withCode ? [" in code


def test_no_lock_file_names_a_download_address(editors):
    lock = editors / "vscode" / "package-lock.json"
    assert not lock.exists() or "resolved" not in lock.read_text()


def test_ale_s_linter_knows_the_file_names(editors):
    linter = (editors / "vim" / "ale_linters" / "json" / "strongroom.vim").read_text()
    assert "'%e lsp'" in linter
    assert "connectors" in linter
