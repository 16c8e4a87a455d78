"""Keep the typed inputs of each connector below the folder, and never a secret."""

import json
import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from threading import Lock
from typing import Final

from strongroom.files.own_folder import NAME, make_own_folder
from strongroom.files.writing import write_whole
from strongroom.platform.authentication import SENSITIVE_HEADERS, SENSITIVE_PARAMETERS

FILE: Final = "inputs.json"
KEPT: Final = 200
"""Connectors whose inputs are kept."""

LONGEST: Final = 20_000
"""Characters of one input that are kept."""

_CREDENTIAL: Final = re.compile(r"secret|token|passw|api.?key|credential|authorization|bearer", re.IGNORECASE)

Values = Mapping[str, str]


def harmless(values: Values) -> dict[str, str]:
    """Return the values without credentials, by their name or by their own text."""
    return {key: text for key, text in values.items() if text and not _is_credential(key, text)}


def _is_credential(key: str, text: str) -> bool:
    name = key.partition(":")[2].lower()
    if name in SENSITIVE_HEADERS or name in SENSITIVE_PARAMETERS or _CREDENTIAL.search(name):
        return True
    return len(text) > LONGEST or _CREDENTIAL.search(text) is not None


class RememberedInputs:
    """Hold the inputs of every connector of one folder, by file and name.

    Typed inputs are remembered while the app runs. Only the inputs of a run are written. Because only those were
    searched for values of secrets, other inputs are not.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._path = os.path.join(folder, NAME, FILE)
        self._kept = self._read()
        self._typed: dict[str, dict[str, str]] = {}
        self._writing = Lock()

    def _read(self) -> dict[str, dict[str, str]]:
        with suppress(OSError, ValueError), open(self._path, encoding="utf-8") as file:
            data = json.load(file)
            if isinstance(data, dict):
                return {
                    str(key): {str(k): v for k, v in values.items() if isinstance(v, str)}
                    for key, values in data.items()
                    if isinstance(values, dict)
                }
        return {}

    def of(self, file: str, name: str) -> dict[str, str]:
        """Return the texts that were typed for this connector the last time."""
        key = f"{file} {name}"
        return dict(self._typed.get(key, self._kept.get(key, {})))

    def put(self, file: str, name: str, values: Values) -> None:
        """Remember texts while the app runs."""
        _put(self._typed, f"{file} {name}", values)

    def keep(self, file: str, name: str, values: Values, held: Collection[str]) -> None:
        """Keep a run's inputs for the next start.

        Credentials and inputs with secrets (`held`) are left out.
        """
        kept = {key: text for key, text in harmless(values).items() if key not in held}
        _put(self._kept, f"{file} {name}", kept)

    def save(self) -> None:
        """Write the kept inputs for the owner only. Ignore an unwritable folder."""
        text = json.dumps({key: values for key, values in self._kept.items() if values}, indent=1)
        with self._writing, suppress(OSError):
            make_own_folder(self._folder)
            write_whole(self._path, text.encode("utf-8", "backslashreplace"), mode=0o600, durable=False)


def _put(all_: dict[str, dict[str, str]], key: str, values: Values) -> None:
    """Put the inputs last, and drop the first if there are too many."""
    all_.pop(key, None)
    all_[key] = dict(values)
    while len(all_) > KEPT:
        del all_[next(iter(all_))]
