"""The core of Strongroom: everything the product knows, and none of how it is shown.

No module in here prints, draws or speaks a protocol; the faces (`strongroom_cli`, `strongroom_lsp`,
`strongroom_tui`) do, and this package never imports them. Nothing is imported here on purpose: `check` and the
language server must start without paying for parts they do not use.
"""
