-- Neovim 0.11 and newer: put this file into ~/.config/nvim/lsp/ and say vim.lsp.enable("strongroom").

-- Type the value of a new secret into a terminal, which stays until it is closed. It uses the vault that the server uses.
local function create_secret(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local options = client and client.config.init_options or {}
  local entry = command.arguments[1]
  local arguments = { client and client.config.cmd[1] or "strongroom", entry.kind or "secret", "add", entry.name }
  if entry.community then
    vim.list_extend(arguments, { "--community", entry.community })
  end
  vim.cmd("botright 8new")
  vim.fn.jobstart(arguments, { term = true, env = options.vault and { STRONGROOM_VAULT = options.vault } or nil })
  vim.cmd("startinsert")
end

local prompts = { payload = "Incoming body (text or @file): ", user = "User (sample, anonymous, email, id or @file): " }

-- Ask for what the connector takes from its caller, and test it. Escape stops.
local function test_connection(command, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local argument = vim.deepcopy(command.arguments[1])
  local questions = {}
  for _, name in ipairs(argument.parameters or {}) do
    table.insert(questions, { "Path parameter " .. name .. ": ", function(value)
      argument.pathParameters = argument.pathParameters or {}
      argument.pathParameters[name] = value
    end })
  end
  for _, name in ipairs(argument.inputs or {}) do
    table.insert(questions, { prompts[name], function(value) argument[name] = value end })
  end
  local function ask(number)
    local question = questions[number]
    if not question then
      local params = { command = command.command, arguments = { argument } }
      client:request("workspace/executeCommand", params, function(error)
        if error then
          vim.notify("Strongroom: " .. error.message, vim.log.levels.ERROR)
        end
      end)
      return
    end
    vim.ui.input({ prompt = question[1] }, function(value)
      if value then
        question[2](value)
        ask(number + 1)
      end
    end)
  end
  ask(1)
end

-- The filetypes of the code of widgets.
local code = { "javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte", "html" }

return {
  cmd = { "strongroom", "lsp" },
  filetypes = vim.list_extend({ "json", "jsonc", "toml" }, code),
  -- Connector files, their tests, and code below a registry: without a call of on_dir the server is not started.
  root_dir = function(buffer, on_dir)
    local name = vim.fs.basename(vim.api.nvim_buf_get_name(buffer))
    local is_ours = name:match("connectors%.json$") or name:match("connectors_registry%.json$") or name:match("%.tests%.toml$")
    local is_code = vim.tbl_contains(code, vim.bo[buffer].filetype) and vim.fs.root(buffer, "connectors_registry.json")
    if is_ours or is_code then
      on_dir(vim.fs.root(buffer, { "strongroom.toml", "connectors_registry.json", ".git" }) or vim.fn.getcwd())
    end
  end,
  commands = { ["strongroom.createSecret"] = create_secret, ["strongroom.testConnection"] = test_connection },
  -- More options here, such as community = "production" or vault = "/path/to/vault.db".
  init_options = { commands = { "strongroom.createSecret" } },
}
