"""What was typed into the inputs of each connector, kept below the folder between starts. Never a secret."""

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from strongroom.platform.authentication import SENSITIVE_HEADERS, SENSITIVE_PARAMETERS

FOLDER: Final = ".strongroom"
FILE: Final = "inputs.json"
KEPT: Final = 200
"""Connectors whose inputs are kept."""

LONGEST: Final = 20_000
"""Characters of one input that are kept."""

_CREDENTIAL: Final = re.compile(r"secret|token|passw|api.?key|credential|authorization|bearer", re.IGNORECASE)

Values = Mapping[str, str]


def harmless(values: Values) -> dict[str, str]:
    """The values without those that are, by their name or by what they say of themselves, a credential."""
    return {key: text for key, text in values.items() if text and not _is_credential(key, text)}


def _is_credential(key: str, text: str) -> bool:
    name = key.partition(":")[2].lower()
    if name in SENSITIVE_HEADERS or name in SENSITIVE_PARAMETERS or _CREDENTIAL.search(name):
        return True
    return len(text) > LONGEST or _CREDENTIAL.search(text) is not None


class Remembered:
    """The inputs of every connector of one folder, by file and name."""

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, FOLDER, FILE)
        self._all: dict[str, dict[str, str]] = {}
        self._read()

    def _read(self) -> None:
        with suppress(OSError, ValueError), open(self._path, encoding="utf-8") as file:
            data = json.load(file)
            if isinstance(data, dict):
                self._all = {
                    str(key): {str(k): v for k, v in values.items() if isinstance(v, str)}
                    for key, values in data.items()
                    if isinstance(values, dict)
                }

    def of(self, file: str, name: str) -> dict[str, str]:
        """What was typed for this connector the last time."""
        return dict(self._all.get(f"{file} {name}", {}))

    def put(self, file: str, name: str, values: Values) -> None:
        """Remember while the app runs."""
        key = f"{file} {name}"
        self._all.pop(key, None)
        self._all[key] = dict(values)
        while len(self._all) > KEPT:
            del self._all[next(iter(self._all))]

    def save(self) -> None:
        """Write what is no credential, for the owner's eyes only. A folder that cannot be written stays as it is."""
        folder = os.path.dirname(self._path)
        kept = {key: harmless(values) for key, values in self._all.items()}
        text = json.dumps({key: values for key, values in kept.items() if values}, indent=1)
        temporary = f"{self._path}.{os.getpid()}"
        with suppress(OSError):
            if not os.path.isdir(folder):
                os.mkdir(folder, 0o700)
            if os.path.islink(folder):
                return
            with suppress(FileExistsError):
                _write(os.path.join(folder, ".gitignore"), "*\n")
            _write(temporary, text)
            os.replace(temporary, self._path)


def _write(path: str, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
