-- Neovim 0.11 and newer: put this file into ~/.config/nvim/lsp/ and say vim.lsp.enable("strongroom").
return {
  cmd = { "strongroom", "lsp" },
  filetypes = { "json", "jsonc", "toml" },
  -- Only connector files and their tests: without a call of on_dir the server is not started for a buffer.
  root_dir = function(buffer, on_dir)
    local name = vim.fs.basename(vim.api.nvim_buf_get_name(buffer))
    if name:match("connectors%.json$") or name:match("connectors_registry%.json$") or name:match("%.tests%.toml$") then
      on_dir(vim.fs.root(buffer, { "strongroom.toml", "connectors_registry.json", ".git" }) or vim.fn.getcwd())
    end
  end,
  -- init_options = { community = "production" },
}
