"""`python -m strongroom_lsp` starts the language server, as `strongroom lsp` does."""

from .server import main

raise SystemExit(main())
