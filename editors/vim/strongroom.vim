" Vim 8.2 or 9 with the plugin vim-lsp (prabirshrestha/vim-lsp): put this file into ~/.vim/plugin/.
" With coc.nvim, use coc-settings.json instead.
augroup strongroom
  autocmd!
  autocmd User lsp_setup call lsp#register_server({
        \ 'name': 'strongroom',
        \ 'cmd': {server_info -> get(g:, 'strongroom_command', ['strongroom', 'lsp'])},
        \ 'allowlist': ['json', 'toml', 'javascript', 'javascriptreact', 'typescript', 'typescriptreact', 'vue', 'svelte', 'html'],
        \ 'initialization_options': get(g:, 'strongroom_options', {}),
        \ })
augroup END
