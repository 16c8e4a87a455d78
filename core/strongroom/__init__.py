"""Hold the core of Strongroom: all of its knowledge, and none of its display.

No module in here prints, draws or speaks a protocol. The faces (`strongroom_cli`, `strongroom_lsp`, `strongroom_tui`)
do, and this package never imports them. Nothing is imported here on purpose: `check` and the language server must start
without paying for parts they do not use.
"""
