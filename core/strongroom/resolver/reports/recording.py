"""Record what an API answered, and replay it without a network.

A recording is stored beside the test cases, and can be committed: literals are in place of secrets, echoes
and credentials are masked, and token requests are left out. Everything else is as the API sent it, so look at
a recording before you commit it.
"""

import base64
import datetime
import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.files.writing import write_whole
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.resolver.templates.values import MappingValues, NamedValues, Values
from strongroom.resolver.terms.credential_headers import holds_credential
from strongroom.resolver.terms.exchange import Answered, Asked, Exchange, NoAnswer
from strongroom.values.secret_value import MASK, SecretValue

VERSION: Final = 1


class NoRecording(StrongroomError):  # noqa: N818 - reads as what it says
    """Report that no recorded answer can be used."""


class Recorded(NamedTuple):
    """Hold one call of a recording: what was asked, and the answer."""

    step: str
    method: str
    url: str
    query: tuple[tuple[str, str], ...]
    answered: Answered


class Recording(NamedTuple):
    """Hold the calls of one run, and the names that it resolved.

    Of a secret only the name is held, of a variable the text too.
    """

    calls: tuple[Recorded, ...]
    secrets: tuple[str, ...] = ()
    variables: Mapping[str, str] = {}
    community: str = ""

    def values(self, names: Names | None = None) -> NamedValues:
        """Return the values that resolved in the recorded run, and those of `names`."""
        known = dict((names or Names(Knowledge.NONE)).by_name)
        known |= {name: Name(name, Kind.SECRET) for name in self.secrets}
        known |= {name: Name(name, Kind.VARIABLE, value=text) for name, text in self.variables.items()}
        return NamedValues(Names(Knowledge.PARTIAL, known, self.community, "the recording"))


class NotingValues(MappingValues):
    """Note the names that a run asked for and got."""

    def __init__(self, inner: Values) -> None:
        super().__init__()
        self._inner = inner
        self.secrets_used: dict[str, None] = {}
        self.variables_used: dict[str, str] = {}

    def secret(self, name: str) -> SecretValue | None:
        """Return the secret of exactly this name, or None."""
        value = self._inner.secret(name)
        if value is not None:
            self.secrets_used[name] = None
        return value

    def variable(self, name: str) -> str | None:
        """Return the variable of exactly this name, or None."""
        text = self._inner.variable(name)
        if text is not None:
            self.variables_used[name] = text
        return text


def write_recording(
    path: str, exchanges: Sequence[Exchange], values: NotingValues, *, test: str = "", community: str = ""
) -> None:
    """Write the recording of a run to `path`, all of it or nothing. Raises OSError."""
    data = {
        "version": VERSION,
        "test": test,
        "community": community,
        "recorded": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}",
        "secrets": sorted(values.secrets_used),
        "variables": dict(sorted(values.variables_used.items())),
        "exchanges": [_exchange(exchange) for exchange in exchanges],
    }
    os.makedirs(os.path.dirname(path) or os.curdir, exist_ok=True)
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    # What UTF-8 does not have becomes its escape in JSON, and comes back as it was.
    write_whole(path, text.encode("utf-8", "backslashreplace"))


def _exchange(exchange: Exchange) -> dict[str, Any]:
    asked, answered = exchange.asked, exchange.answered
    return {
        **({"step": asked.step} if asked.step else {}),
        "method": asked.method,
        "url": asked.url,
        **({"query": [list(pair) for pair in asked.query]} if asked.query else {}),
        "status": answered.status,
        "reason": answered.reason,
        "headers": [[key, MASK if holds_credential(key) else value] for key, value in answered.headers],
        **_body(answered.body),
    }


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def read_recording(path: str) -> Recording:
    """Return the recording at `path`. Raises `NoRecording` if it cannot be used."""
    try:
        with open(path, encoding="utf-8") as stream:
            data = json.load(stream)
    except FileNotFoundError:
        raise NoRecording("No answers are recorded.", "`strongroom test --record` records them.") from None
    except OSError as error:
        raise NoRecording(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError):
        raise NoRecording(f"{path} is not a recording.", "Record it again with --record.") from None
    if isinstance(data, dict) and data.get("version") not in (None, VERSION):
        raise NoRecording(f"{path} is a recording of another version.", "Record it again with --record.")
    try:
        calls = tuple(_recorded(item) for item in data["exchanges"])
        secrets = tuple(str(name) for name in data["secrets"])
        variables = {str(name): str(text) for name, text in data["variables"].items()}
        return Recording(calls, secrets, variables, str(data.get("community", "")))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NoRecording(f"{path} is not a recording.", "Record it again with --record.") from None


def _recorded(item: Mapping[str, Any]) -> Recorded:
    body = base64.b64decode(item["base64"]) if "base64" in item else str(item["text"]).encode()
    headers = tuple((str(key), str(value)) for key, value in item["headers"])
    return Recorded(
        str(item.get("step", "")),
        str(item["method"]),
        str(item["url"]),
        tuple((str(key), str(value)) for key, value in item.get("query", [])),
        Answered(int(item["status"]), headers, body, str(item.get("reason", ""))),
    )


_TIME: Final = re.compile(r"\d{10,}")
"""The pattern of a Unix time, which is another one in every run."""


class Replayer:
    """Give recorded answers, each once, for the request that it answered.

    Requests are the same by step, method, URL and query; numbers of ten digits and more may differ, since
    they are times. Headers and bodies are not compared.
    """

    def __init__(self, recording: Recording) -> None:
        self._left = list(recording.calls)

    async def __call__(self, asked: Asked) -> Answered:
        """Return the recorded answer to a request. Raises `NoAnswer` if none is left."""
        wanted = _key(asked.step, asked.method, asked.url, asked.query)
        for index, call in enumerate(self._left):
            if _key(call.step, call.method, call.url, call.query) == wanted:
                return self._left.pop(index).answered
        left = f"; what is left of the recording is {_in_words(self._left[0])}" if self._left else ""
        raise NoAnswer(
            f"no answer is recorded for {_in_words(asked)}{left}. Record the test again with --record."
        )


def _key(step: str, method: str, url: str, query: Sequence[tuple[str, str]]) -> tuple[object, ...]:
    settled = tuple((key, _TIME.sub("#", value)) for key, value in query)
    return step, method, _TIME.sub("#", url), settled


def _in_words(call: Asked | Recorded) -> str:
    query = "&".join(f"{key}={value}" for key, value in call.query)
    where = f" (step {call.step})" if call.step else ""
    return f"{call.method} {call.url}{'?' if query else ''}{query}{where}"
