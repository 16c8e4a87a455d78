-- Neovim 0.7 to 0.10: put this file into ~/.config/nvim/plugin/. (0.11 and newer: lsp/strongroom.lua instead.)
if vim.fn.has("nvim-0.11") == 1 or vim.g.loaded_strongroom then
  return
end
vim.g.loaded_strongroom = true

local client

-- The nearest folder at or above the file that holds one of the markers, or nil.
local function folder_with(path, markers)
  local folder = vim.fn.fnamemodify(path, ":p:h")
  while true do
    for _, marker in ipairs(markers) do
      if vim.loop.fs_stat(folder .. "/" .. marker) then
        return folder
      end
    end
    local parent = vim.fn.fnamemodify(folder, ":h")
    if parent == folder then
      return nil
    end
    folder = parent
  end
end

local ours = { "*connectors_registry.json", "*connectors.json", "*.tests.toml" }
-- The code of widgets, which counts below a registry.
local code = { "*.js", "*.mjs", "*.cjs", "*.jsx", "*.ts", "*.mts", "*.cts", "*.tsx", "*.vue", "*.svelte", "*.html", "*.htm" }

vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile" }, {
  group = vim.api.nvim_create_augroup("strongroom", {}),
  pattern = vim.list_extend(vim.deepcopy(ours), code),
  callback = function(event)
    local is_code = not event.match:match("%.json$") and not event.match:match("%.toml$")
    if is_code and not folder_with(event.match, { "connectors_registry.json" }) then
      return
    end
    -- One server for all files: it finds the settings of each by itself.
    if not client or vim.lsp.client_is_stopped(client) then
      client = vim.lsp.start_client({
        name = "strongroom",
        cmd = vim.g.strongroom_command or { "strongroom", "lsp" },
        root_dir = folder_with(event.match, { "strongroom.toml", "connectors_registry.json", ".git" }) or vim.fn.getcwd(),
        init_options = vim.g.strongroom_options,
        get_language_id = function(_, filetype)
          return filetype ~= "" and filetype or "json"
        end,
      })
    end
    if client then
      vim.lsp.buf_attach_client(event.buf, client)
      vim.bo[event.buf].omnifunc = "v:lua.vim.lsp.omnifunc" -- newer ones do so themselves
      if vim.fn.mapcheck("K", "n") == "" then
        vim.keymap.set("n", "K", vim.lsp.buf.hover, { buffer = event.buf, desc = "Strongroom: hover" })
      end
    end
  end,
})
