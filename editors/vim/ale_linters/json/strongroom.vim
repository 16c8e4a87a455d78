" Vim 8 or 9, or Neovim, with the plugin ALE: put this file into ~/.vim/ale_linters/json/.

call ale#Set('json_strongroom_executable', 'strongroom')
call ale#Set('json_strongroom_options', {})

" The folder that the server works in; an empty text leaves a file alone that is not a connector file.
function! StrongroomProjectRoot(buffer) abort
  if fnamemodify(bufname(a:buffer), ':t') !~# '^\(.*\.\)\?connectors\(_registry\)\?\.json$'
    return ''
  endif
  for l:marker in ['strongroom.toml', 'connectors_registry.json']
    let l:found = ale#path#FindNearestFile(a:buffer, l:marker)
    if !empty(l:found)
      return fnamemodify(l:found, ':h')
    endif
  endfor
  return fnamemodify(bufname(a:buffer), ':p:h')
endfunction

call ale#linter#Define('json', {
      \ 'name': 'strongroom',
      \ 'lsp': 'stdio',
      \ 'executable': {buffer -> ale#Var(buffer, 'json_strongroom_executable')},
      \ 'command': '%e lsp',
      \ 'project_root': function('StrongroomProjectRoot'),
      \ 'initialization_options': {buffer -> ale#Var(buffer, 'json_strongroom_options')},
      \ })
