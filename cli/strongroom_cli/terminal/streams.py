"""Streams that are not there: a daemon or a cron job may start a program with standard streams closed (`>&-`)."""

import os
import sys
from typing import Final

_MODES: Final = {"stdin": "r", "stdout": "w", "stderr": "w"}


def stand_in_for_closed() -> None:
    """Put something in the place of each standard stream that is closed.

    What is said to a closed error stream is lost; writing to a closed output fails, as it does on a full disk. A closed
    input stays None, so that whoever wants to read it can say so. The numbers of all three are taken, so that no file
    that is opened later gets one of them: what is then printed would be written into that file.
    """
    for number, (name, mode) in enumerate(_MODES.items()):
        if getattr(sys, name) is not None:
            continue
        # An output that can only be read: writing to it is an error, as it should be.
        opened = os.open(os.devnull, os.O_RDONLY if name != "stderr" else os.O_WRONLY)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
        os.set_inheritable(number, True)
        if name == "stdin":
            continue
        stream = open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
