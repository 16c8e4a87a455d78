"""Start the language server with `python -m strongroom_lsp`."""

from strongroom_lsp.quick_import import quick_import

with quick_import():
    from strongroom_lsp.serving import serve_standard_streams

raise SystemExit(serve_standard_streams())
