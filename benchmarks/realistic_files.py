"""Connector files like people's: made of real connectors, each file with a vocabulary of its own.

The connectors are those of the table of authors' styles, which says what is found in each, and those of the connector
files in a folder that is given. Two of three have no mistake. In each file every word that is not the platform's own
is replaced by an invented one, the same word by the same one, so that no template is met in two files.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from strongroom.platform import authentication, fields, template_names

_AUTHORS = Path(__file__).parent.parent / "tests" / "core" / "validator" / "authors"
_FIELDS = {
    "url": lambda text: {"url": text},
    "req": lambda text: {"request_body": text, "method": "POST"},
    "res": lambda text: {"response_body": text},
    "hdr": lambda text: {"headers": [{"key": "X-Thing", "value": text}]},
    "qry": lambda text: {"query_parameters": [{"key": "q", "value": text}]},
}
_WORD = re.compile(r"(?<!\\)[A-Za-z]{5,}")
_KEPT = frozenset(
    word
    for source in (
        fields.CONNECTOR_FIELDS,
        fields.COMPOSITE_FIELDS,
        fields.ROW_FIELDS,
        fields.AUTHENTICATION_FIELDS,
        fields.REGISTRY_FIELDS,
        authentication.AUTH_TYPES,
        *(kind.fields for kind in authentication.AUTH_TYPES.values()),
        template_names.FILTERS,
        template_names.FUNCTIONS,
        template_names.NAMED,
        template_names.MEMBERS,
        *template_names.MEMBERS.values(),
        ("https", "header", "query", "false", "endif", "endfor", "endset", "macro", "namespace", "range", "items"),
    )
    for name in source
    for word in (name, *_WORD.findall(name))
)  # fmt: skip


class Connectors(NamedTuple):
    """Real connectors, those without a mistake and the others."""

    sound: Sequence[Any]
    mistaken: Sequence[Any]


def known_connectors(folder: Path | None = None) -> Connectors:
    """Return the connectors of the authors' table, and those of the connector files below `folder`."""
    found = Connectors([], [])
    for header, text in _cases("files.txt"):
        (found.mistaken if header.partition(":")[2].strip() else found.sound).extend(_standard(text))
    for header, text in _cases("templates.txt"):
        place, *rules = header.split()
        if place in _FIELDS:
            made = {
                "name": "Orders of today",
                "url": "https://api.example.com/orders",
                **_FIELDS[place](text),
            }
            (found.mistaken if rules else found.sound).append(made)
    for path in sorted(folder.rglob("*.json")) if folder is not None else ():
        found.sound.extend(_standard(path.read_text(encoding="utf-8")))
    return found


def realistic_file(connectors: Connectors, size: int, seed: int) -> str:
    """Return a registry of about `size` bytes."""
    dice = random.Random(seed)
    chosen: list[Any] = []
    length = 0
    while length < size:
        chosen.append(dice.choice(connectors.mistaken if dice.random() < 1 / 3 else connectors.sound))
        length += len(json.dumps(chosen[-1], indent=2))
    invented: dict[str, str] = {}

    def replaced(match: re.Match[str]) -> str:
        word = match.group()
        if word in _KEPT or word.lower() in _KEPT:
            return word
        if word not in invented:
            pairs = (dice.choice("bcdfghklmnprstvwz") + dice.choice("aeiou") for _ in range(len(word) // 2))
            invented[word] = "".join(pairs)
        return invented[word]

    return _WORD.sub(replaced, json.dumps({"connectors": chosen}, indent=2))


def _cases(name: str) -> Iterator[tuple[str, str]]:
    text = (_AUTHORS / name).read_text(encoding="utf-8")
    for block in re.split(r"(?m)^=== ", text)[1:]:
        header, _, body = block.partition("\n")
        yield header, body.removesuffix("\n")


def _standard(text: str) -> list[Any]:
    try:
        data = json.loads(text)
    except ValueError:
        return []
    found = data.get("connectors") if isinstance(data, dict) else data
    return [one for one in found if isinstance(one, dict) and "url" in one] if isinstance(found, list) else []
