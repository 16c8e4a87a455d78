"""Start the language server with `python -m strongroom_lsp`."""

from strongroom_lsp.server import main

raise SystemExit(main())
