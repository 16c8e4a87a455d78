"""Open something in the place of closed standard streams.

A daemon or a cron job may start a program with them closed (`>&-`).
"""

import os
import sys
from typing import Final

_MODES: Final = {"stdin": "r", "stdout": "w", "stderr": "w"}


def stand_in_for_closed() -> None:
    """Open something in the place of each standard stream that is closed.

    Text for a closed error stream is lost. Writing to a closed output fails, as on a full disk. A closed
    input stays None, so that its reader can report it. The numbers of all three streams are taken: otherwise
    a file that is opened later could get one of them, and printed text would be written into that file.
    """
    for number, (name, mode) in enumerate(_MODES.items()):
        if getattr(sys, name) is not None:
            continue
        # The output can only be read, so that writing to it is an error.
        opened = os.open(os.devnull, os.O_RDONLY if name != "stderr" else os.O_WRONLY)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
        os.set_inheritable(number, True)
        if name == "stdin":
            continue
        stream = open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
