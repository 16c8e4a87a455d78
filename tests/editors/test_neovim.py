"""Neovim with the files of editors/neovim: see a mistake, complete a name, apply the fix, rename, follow the vault."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from editors_support import LIFETIME, PATIENCE, WIDGET

NEOVIM = shutil.which("nvim")
pytestmark = pytest.mark.skipif(NEOVIM is None, reason="Neovim is not installed")

SCRIPT = """
local report = {}
local patience = tonumber(vim.env.PATIENCE) * 1000
local function finish()
  local out = io.open(vim.env.REPORT, "w")
  out:write(vim.json.encode(report))
  out:close()
  vim.cmd("qall!")
end
local function wait(what, condition)
  if not vim.wait(patience, condition, 20) then
    report.failed = what
    finish()
  end
end

vim.cmd("edit " .. vim.env.OTHER)
report.attached_to_other = #vim.tbl_values(vim.lsp.buf_get_clients(0))
vim.cmd("edit " .. vim.env.FILE)
wait("attach", function() return #vim.tbl_values(vim.lsp.buf_get_clients(0)) > 0 end)
report.keys = { vim.bo.omnifunc, vim.fn.maparg("K", "n") ~= "" }
wait("diagnostics", function() return #vim.diagnostic.get(0) == 2 end)
local found = vim.diagnostic.get(0)[1]
local line = vim.api.nvim_buf_get_lines(0, found.lnum, found.lnum + 1, false)[1]
report.rule = found.code
report.text = line:sub(found.col + 1, found.end_col)
report.other_rule = vim.diagnostic.get(0)[2].code

local function ask(method, params)
  for _, reply in pairs(vim.lsp.buf_request_sync(0, method, params, patience)) do
    if reply.error then
      report.failed = method .. ": " .. reply.error.message
      finish()
    end
    return reply.result
  end
end

-- Complete inside the quotes.
local at = line:find("api_key", 1, true)
vim.api.nvim_win_set_cursor(0, { found.lnum + 1, at - 1 })
local completion = ask("textDocument/completion", vim.lsp.util.make_position_params())
report.label = completion.items[1].label
report.detail = completion.items[1].detail

-- Apply the quick fix.
local range = vim.lsp.util.make_range_params()
range.context = { diagnostics = { found.user_data.lsp and vim.tbl_extend("force", found.user_data.lsp, {
  range = {
    start = { line = found.lnum, character = vim.str_utfindex(line, found.col) },
    ["end"] = { line = found.end_lnum, character = vim.str_utfindex(line, found.end_col) },
  },
  message = found.message,
  source = found.source,
}) }, only = { "source.fixAll" } }
local action = ask("textDocument/codeAction", range)[1]
report.kind = action.kind
vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
wait("the fixed one to go", function() return #vim.diagnostic.get(0) == 1 end)

-- Another program creates the secret that is missing.
local strongroom = { vim.env.PYTHON, "-m", "strongroom_cli" }
vim.fn.system(vim.list_extend(strongroom, { "secret", "add", "later", "--community", "production" }), "made-up")
wait("the unknown one to go", function() return #vim.diagnostic.get(0) == 0 end)

-- Rename the other one, here, in a file that is not open and in the vault.
local params = vim.lsp.util.make_position_params()
params.newName = "orders_key"
vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", params), "utf-16")
report.fixed = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\\n")
vim.cmd("wall")
report.names = vim.fn.system({ vim.env.PYTHON, "-m", "strongroom_cli", "names", "--community", "production" })
finish()
"""


def neovim_version():
    first = subprocess.run([NEOVIM, "--version"], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )[0]
    return tuple(int(part) for part in first.removeprefix("NVIM v").split("-")[0].split("."))


def test_the_older_plugin_works_in_a_real_neovim(tmp_path, work, editors):
    if neovim_version() >= (0, 11):
        pytest.skip("this Neovim takes the newer configuration")
    init = tmp_path / "init.lua"
    init.write_text(
        f"vim.g.strongroom_command = {{ {json.dumps(sys.executable)}, '-m', 'strongroom_lsp' }}\n"
        f"vim.cmd('source {editors / 'neovim' / 'plugin' / 'strongroom.lua'}')\n"
    )
    script, report = tmp_path / "script.lua", tmp_path / "report.json"
    script.write_text(SCRIPT)
    (work / "package.json").write_text('{"name": "x"}')
    done = subprocess.run(
        [NEOVIM, "--headless", "-i", "NONE", "-n", "-u", init, "-c", f"luafile {script}"],
        capture_output=True, text=True, timeout=LIFETIME, check=False, cwd=work,
        env={**os.environ, "REPORT": str(report), "FILE": str(work / "connectors_registry.json"),
             "OTHER": str(work / "package.json"), "XDG_CONFIG_HOME": str(tmp_path), "PYTHON": sys.executable,
             "PATIENCE": str(PATIENCE)},
    )  # fmt: skip
    assert report.exists(), done.stderr
    told = json.loads(report.read_text())
    assert "failed" not in told, (told, done.stderr)
    assert told["attached_to_other"] == 0
    assert told["keys"] == ["v:lua.vim.lsp.omnifunc", True]
    assert told["rule"] == "secret-quotes"
    assert "api_key" in told["text"]
    assert (told["label"], told["detail"]) == ("api_key", "Secret · production")
    assert told["kind"] == "source.fixAll.strongroom"
    assert told["other_rule"] == "unknown-secret"
    assert "é {{ get_secret('orders_key') }}" in told["fixed"]
    assert (work / "widgets" / "mine" / "connectors.json").read_text() == WIDGET.replace(
        "api_key", "orders_key"
    )
    assert "orders_key" in told["names"]
    assert "api_key" not in told["names"]


NEWER = """
local config = dofile(vim.env.CONFIG)
local started = {}
vim.fs = {
  basename = function(path) return path:match("[^/]+$") end,
  root = function(buffer, markers)
    if type(markers) == "table" then
      return "/a/" .. markers[1]
    end
    return vim.api.nvim_buf_get_name(0):match("^/a/") and "/a" or nil  -- the folder with a registry
  end,
}
local names = { "/a/connectors_registry.json", "/a/widgets/x/connectors.json", "/a/connectors.tests.toml" }
for _, name in ipairs(vim.list_extend(names, { "/a/package.json", "/a/app.ts", "/b/app.ts" })) do
  vim.api.nvim_buf_get_name = function() return name end
  vim.bo.filetype = name:match("ts$") and "typescript" or "json"
  config.root_dir(0, function(root) started[#started + 1] = { name, root } end)
end
local out = io.open(vim.env.REPORT, "w")
out:write(vim.json.encode({ cmd = config.cmd, filetypes = config.filetypes, started = started }))
out:close()
vim.cmd("qall!")
"""


def test_the_newer_configuration_starts_the_server_for_connector_files_and_for_code_below_a_registry(
    tmp_path, editors
):
    script, report = tmp_path / "script.lua", tmp_path / "report.json"
    script.write_text(NEWER)
    subprocess.run(
        [NEOVIM, "--headless", "-i", "NONE", "-n", "-u", "NONE", "-c", f"luafile {script}"],
        capture_output=True, timeout=PATIENCE, check=True,
        env={**os.environ, "REPORT": str(report),
             "CONFIG": str(editors / "neovim" / "lsp" / "strongroom.lua")},
    )  # fmt: skip
    told = json.loads(report.read_text())
    assert told["cmd"] == ["strongroom", "lsp"]
    assert told["filetypes"][:4] == ["json", "jsonc", "toml", "javascript"]
    assert [name for name, _ in told["started"]] == [
        "/a/connectors_registry.json",
        "/a/widgets/x/connectors.json",
        "/a/connectors.tests.toml",
        "/a/app.ts",
    ]


TESTING = """
local config = dofile(vim.env.CONFIG)
local asked, sent = {}, {}
local answers = vim.json.decode(vim.env.ANSWERS)
vim.ui.input = function(options, on_answer)
  asked[#asked + 1] = options.prompt
  on_answer(answers[#asked])
end
vim.lsp.get_client_by_id = function()
  return { request = function(_, method, params) sent[#sent + 1] = { method, params } end }
end
local argument = { uri = "file:///a", connector = "orders", parameters = { "id" }, inputs = { "payload", "user" } }
local command = { command = "strongroom.testConnection", arguments = { argument } }
config.commands["strongroom.testConnection"](command, { client_id = 1 })
local out = io.open(vim.env.REPORT, "w")
out:write(vim.json.encode({ asked = asked, sent = sent }))
out:close()
vim.cmd("qall!")
"""


@pytest.mark.parametrize(("answers", "is_sent"), [(["42", "made up", ""], True), (["42"], False)])
def test_the_newer_configuration_asks_for_the_inputs_of_a_test(tmp_path, editors, answers, is_sent):
    script, report = tmp_path / "script.lua", tmp_path / "report.json"
    script.write_text(TESTING)
    subprocess.run(
        [NEOVIM, "--headless", "-i", "NONE", "-n", "-u", "NONE", "-c", f"luafile {script}"],
        capture_output=True, timeout=PATIENCE, check=True,
        env={**os.environ, "REPORT": str(report), "ANSWERS": json.dumps(answers),
             "CONFIG": str(editors / "neovim" / "lsp" / "strongroom.lua")},
    )  # fmt: skip
    told = json.loads(report.read_text())
    assert [prompt.split()[0] for prompt in told["asked"]] == ["Path", "Incoming", "User"][: len(answers) + 1]
    if is_sent:
        ((method, params),) = told["sent"]
        assert (method, params["command"]) == ("workspace/executeCommand", "strongroom.testConnection")
        (argument,) = params["arguments"]
        assert (argument["pathParameters"], argument["payload"], argument["user"]) == (
            {"id": "42"},
            "made up",
            "",
        )
    else:
        assert told["sent"] == {} or told["sent"] == []
