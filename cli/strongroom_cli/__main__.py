"""`python -m strongroom_cli`: the same as `strongroom`."""

import sys

from strongroom_cli.main import main

sys.exit(main())
