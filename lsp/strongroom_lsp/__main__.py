"""`python -m strongroom_lsp` starts the language server, as `strongroom lsp` does."""

from strongroom_lsp.server import main

raise SystemExit(main())
