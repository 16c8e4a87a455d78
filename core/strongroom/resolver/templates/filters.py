"""Define the platform's filters beyond Jinja2's own (PLATFORM §2).

The filters know the stand-ins of secrets. Imported only together with the template engine.
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

from strongroom.resolver.templates.limits import count_json
from strongroom.resolver.terms.stand_ins import StandIns
from strongroom.values.common import SHORTEST_PART
from strongroom.values.secret_value import SecretValue

STAND_INS_KEY: Final = "strongroom stand-ins"
"""The context's key for the run's `StandIns`, with a space so that no template can name it."""


def stand_ins_of(context: Context) -> StandIns:
    """Return the `StandIns` of the run that renders."""
    stand_ins = context.get(STAND_INS_KEY)
    return stand_ins if isinstance(stand_ins, StandIns) else StandIns()


@pass_context
def from_json(context: Context, value: Any) -> Any:
    """Return the data of a JSON text.

    Invalid JSON fails the run. The texts in a secret are secrets themselves.
    """
    if isinstance(value, Undefined):
        raise FilterArgumentError("from_json was given an undefined value")
    if not isinstance(value, str | bytes | bytearray):
        raise FilterArgumentError(f"from_json wants text, not {type(value).__name__}")
    count_json(value)
    stand_ins = stand_ins_of(context)
    if isinstance(value, str) and stand_ins.occur_in(value):
        return _from_secret_json(stand_ins, str(value))
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
    # Raised outside the handler, so that the decoder's own error, which holds the whole text, is not attached.
    raise FilterArgumentError(reason)


def _from_secret_json(stand_ins: StandIns, text: str) -> Any:
    """Return the data of a text with stand-ins, which stay within its strings.

    A secret that is JSON itself is read.
    """
    if any(piece.strip() for piece in stand_ins.pieces(text) if isinstance(piece, str)):
        try:
            return json.loads(text)
        except ValueError:
            pass
    names = sorted(stand_ins.injected(text))
    if not names:
        return _parsed(stand_ins.shown(text))
    literal = stand_ins.shown(text)

    def replaced(data: Any, path: str) -> Any:
        if isinstance(data, dict):
            return {key: replaced(item, f"{path}[{json.dumps(key)}]") for key, item in data.items()}
        if isinstance(data, list):
            return [replaced(item, f"{path}[{index}]") for index, item in enumerate(data)]
        is_telling = isinstance(data, str) or len(str(data)) >= SHORTEST_PART
        if not is_telling or not data or isinstance(data, bool):
            return data
        shown = f"from_json({literal}){path}"
        return stand_ins.for_value(
            SecretValue(data if isinstance(data, str) else json.dumps(data)),
            shown,
            names,
            f"member {path}",
            text,
        )

    return replaced(_parsed(stand_ins.open(text), f"the secret {', '.join(names)}"), "")


def _json_text(value: str) -> str:
    """Return a text as it is written inside a JSON string."""
    return json.dumps(value)[1:-1]


_SORTED: Final = json.JSONEncoder(sort_keys=True).encode
"""The encoder as Jinja2's own `tojson` has it by its policies."""


@pass_context
def json_encode(context: Context, value: Any) -> Markup:
    """Return JSON for any value."""
    text = _dumped(json.dumps, value)
    return Markup(stand_ins_of(context).transformed(text, _json_text, "json"))  # noqa: S704


@pass_context
def to_json(context: Context, value: Any, indent: int | None = None) -> Markup:
    """Return Jinja2's own `tojson`: sorted keys, and escapes for what HTML would take."""
    dumps = _SORTED if indent is None else json.JSONEncoder(sort_keys=True, indent=indent).encode
    text = htmlsafe_json_dumps(_dumped(dumps, value), dumps=str)
    return Markup(stand_ins_of(context).transformed(str(text), _json_text, "json"))  # noqa: S704


def _dumped(dumps: Callable[[Any], str], value: Any) -> str:
    """Return the value as JSON. Most values are plain, and are not copied first."""
    try:
        return dumps(value)
    except TypeError:
        return dumps(_plain(value))


@pass_context
def base64_encode(context: Context, value: Any) -> str:
    """Return standard base64 of a text's UTF-8, or of bytes."""
    if isinstance(value, Undefined) or not isinstance(value, str | bytes):
        value = str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    stand_ins = stand_ins_of(context)
    if not stand_ins.occur_in(value):
        return base64.b64encode(value.encode()).decode()
    encoded = base64.b64encode(stand_ins.open(value).encode("utf-8", "surrogatepass")).decode()
    names = sorted(stand_ins.injected(value))
    literal = f"base64_encode({stand_ins.shown(value)})"
    return stand_ins.for_value(SecretValue(encoded), literal, names, "base64", value) if names else encoded


@pass_context
def base64_decode(context: Context, value: Any) -> str:
    """Return the text in a base64 text, which may be URL-safe or without padding."""
    if isinstance(value, bytes):
        return _decoded(value.decode("ascii", "replace"))
    text, stand_ins = str(value), stand_ins_of(context)
    if not stand_ins.occur_in(text):
        return _decoded(text)
    names = sorted(stand_ins.injected(text))
    if not names:
        return _decoded(stand_ins.shown(text))
    decoded = SecretValue(_decoded(stand_ins.open(text), f"the secret {', '.join(names)}"))
    return stand_ins.for_value(decoded, f"base64_decode({stand_ins.shown(text)})", names, "decoded", text)


def _decoded(text: str, what: str = "text") -> str:
    text = "".join(text.split()).translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except ValueError:
        pass
    raise FilterArgumentError(f"base64_decode was given {what} that is not base64 of UTF-8 text")


@pass_context
def url_encode(context: Context, value: Any) -> str:
    """Return Jinja2's own `urlencode`.

    A stand-in becomes one for the percent-encoded value.
    """
    return stand_ins_of(context).transformed(
        str(do_urlencode(value)), lambda text: quote(text, safe="/"), "percent"
    )


def _plain(value: Any) -> Any:
    """Return values as `json` takes them.

    Case-insensitive mappings are dicts already, undefined becomes empty text.
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
