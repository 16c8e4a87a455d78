"""Start one of our own modules as a process.

The process has the installation of this one and nothing of the current folder.

`python -m` imports from the current folder, which may be anybody's. `python -I` leaves out the packages that `pip
install --user` and PYTHONPATH bring. So the child runs with `-P`, and gets the list of every folder that this process
imports from.
"""

# pathlib is slow to import, and `check` may start processes

import os
import sys
from collections.abc import Mapping


def command(module: str, *arguments: str) -> list[str]:
    """Return the command line that runs `module`; start it with `environment()`."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for such a child.

    It is this process's own and `more`, with PYTHONPATH as the child needs it.
    """
    return {**os.environ, "PYTHONPATH": os.pathsep.join(_import_folders()), **(more or {})}


def _import_folders() -> list[str]:
    """Return the folders that this process imports from, in its order.

    The current folder is left out.
    """
    here = os.path.realpath(os.curdir)
    # The folder of this package itself counts, even if it is the current folder.
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folders = [own] + [path for path in sys.path if os.path.isabs(path) and os.path.realpath(path) != here]
    return [path for path in dict.fromkeys(folders) if os.pathsep not in path]
