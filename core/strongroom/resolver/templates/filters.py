"""The platform's filters beyond Jinja2's own (PLATFORM §2), aware of the stand-ins of secrets.

Imported only together with the template engine.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from jinja2 import pass_context
from jinja2.exceptions import FilterArgumentError
from jinja2.filters import do_urlencode
from jinja2.runtime import Context, Undefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from strongroom.resolver.terms.stand_ins import Ledger
from strongroom.values.common import SHORTEST_PART
from strongroom.values.secret_value import SecretValue

LEDGER_KEY: Final = "strongroom ledger"
"""Where the context holds the run's ledger. The space keeps templates from naming it."""


def ledger_of(context: Context) -> Ledger:
    """The ledger of the run that renders."""
    ledger = context.get(LEDGER_KEY)
    return ledger if isinstance(ledger, Ledger) else Ledger()


@pass_context
def from_json(context: Context, value: Any) -> Any:
    """Return what a JSON text stands for; invalid JSON fails the run. The texts in a secret are secrets themselves."""
    if isinstance(value, Undefined):
        raise FilterArgumentError("from_json was given an undefined value")
    if not isinstance(value, str | bytes | bytearray):
        raise FilterArgumentError(f"from_json wants text, not {type(value).__name__}")
    ledger = ledger_of(context)
    if isinstance(value, str) and ledger.stands_in(value):
        return _from_secret_json(ledger, str(value))
    return _parsed(value)


def _parsed(text: str | bytes | bytearray, what: str = "text") -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        where = (
            f"line {error.lineno}, column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else "encoding"
        )
        reason = f"from_json was given {what} that is not valid JSON ({where})"
    # Raised out here, so that the decoder's own error, which holds the whole text, is not attached.
    raise FilterArgumentError(reason)


def _from_secret_json(ledger: Ledger, text: str) -> Any:
    """Return the data of a text with stand-ins: within its strings they stay, a secret that is JSON is read."""
    if any(piece.strip() for piece in ledger.pieces(text) if isinstance(piece, str)):
        try:
            return json.loads(text)
        except ValueError:
            pass
    names = ", ".join(sorted(ledger.injected(text)))
    if not names:
        return _parsed(ledger.shown(text))
    literal = ledger.shown(text)

    def sealed(data: Any, path: str) -> Any:
        if isinstance(data, dict):
            return {key: sealed(item, f"{path}[{json.dumps(key)}]") for key, item in data.items()}
        if isinstance(data, list):
            return [sealed(item, f"{path}[{index}]") for index, item in enumerate(data)]
        is_telling = isinstance(data, str) or len(str(data)) >= SHORTEST_PART
        if not is_telling or not data or isinstance(data, bool):
            return data
        told = f"from_json({literal}){path}"
        return ledger.seal(
            SecretValue(data if isinstance(data, str) else json.dumps(data)),
            told,
            names,
            f"member {path}",
            text,
        )

    return sealed(_parsed(ledger.open(text), f"the secret {names}"), "")


def _json_text(value: str) -> str:
    """A text as it stands inside a JSON string."""
    return json.dumps(value)[1:-1]


_SORTED: Final = json.JSONEncoder(sort_keys=True).encode
"""As Jinja2's own `tojson` does by its policies."""


@pass_context
def json_encode(context: Context, value: Any) -> Markup:
    """JSON for any value."""
    text = _dumped(json.dumps, value)
    return Markup(ledger_of(context).transformed(text, _json_text, "json"))  # noqa: S704


@pass_context
def to_json(context: Context, value: Any, indent: int | None = None) -> Markup:
    """Jinja2's own `tojson`, which sorts keys and also escapes what HTML would take."""
    dumps = _SORTED if indent is None else json.JSONEncoder(sort_keys=True, indent=indent).encode
    text = htmlsafe_json_dumps(_dumped(dumps, value), dumps=str)
    return Markup(ledger_of(context).transformed(str(text), _json_text, "json"))  # noqa: S704


def _dumped(dumps: Callable[[Any], str], value: Any) -> str:
    """The value as JSON. Most values are plain, and are not copied first."""
    try:
        return dumps(value)
    except TypeError:
        return dumps(_plain(value))


@pass_context
def base64_encode(context: Context, value: Any) -> str:
    """Standard base64 of a text's UTF-8, or of bytes."""
    if isinstance(value, Undefined) or not isinstance(value, str | bytes):
        value = str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    ledger = ledger_of(context)
    if not ledger.stands_in(value):
        return base64.b64encode(value.encode()).decode()
    encoded = base64.b64encode(ledger.open(value).encode("utf-8", "surrogatepass")).decode()
    names = ", ".join(sorted(ledger.injected(value)))
    literal = f"base64_encode({ledger.shown(value)})"
    return ledger.seal(SecretValue(encoded), literal, names, "base64", value) if names else encoded


@pass_context
def base64_decode(context: Context, value: Any) -> str:
    """Return the text in a base64 text; the URL-safe alphabet and missing padding are accepted."""
    if isinstance(value, bytes):
        return _decoded(value.decode("ascii", "replace"))
    text, ledger = str(value), ledger_of(context)
    if not ledger.stands_in(text):
        return _decoded(text)
    names = ", ".join(sorted(ledger.injected(text)))
    if not names:
        return _decoded(ledger.shown(text))
    decoded = SecretValue(_decoded(ledger.open(text), f"the secret {names}"))
    return ledger.seal(decoded, f"base64_decode({ledger.shown(text)})", names, "decoded", text)


def _decoded(text: str, what: str = "text") -> str:
    text = "".join(text.split()).translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except ValueError:
        pass
    raise FilterArgumentError(f"base64_decode was given {what} that is not base64 of UTF-8 text")


@pass_context
def url_encode(context: Context, value: Any) -> str:
    """Jinja2's own `urlencode`; stand-ins stand for the percent-encoded value."""
    return ledger_of(context).transformed(
        str(do_urlencode(value)), lambda text: quote(text, safe="/"), "percent"
    )


def _plain(value: Any) -> Any:
    """Values as `json` takes them: case-insensitive mappings are dicts already, undefined becomes empty
    text.
    """
    if isinstance(value, Undefined):
        return ""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "from_json": from_json,
    "json_encode": json_encode,
    "tojson": to_json,
    "base64_encode": base64_encode,
    "base64_decode": base64_decode,
    "urlencode": url_encode,
}
