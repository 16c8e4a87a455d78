"""Run `strongroom` as `python -m strongroom_cli`."""

import sys

from strongroom_cli.main import main

sys.exit(main())
