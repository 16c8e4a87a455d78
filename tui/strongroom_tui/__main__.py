"""Run the app alone, as `python -m strongroom_tui [FOLDER]`."""

import sys

from strongroom.errors import StrongroomError
from strongroom_tui.app import run

if __name__ == "__main__":
    try:
        sys.exit(run(sys.argv[1] if len(sys.argv) > 1 else "."))
    except StrongroomError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_status)
