"""Make the texts by which a value is recognised: itself, its parts, their forms.

The forms are the encodings that are not undone. What can be undone (escapes, base64, hex) is undone in the
answer instead: see `unescaping` and `decoders`.
"""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from strongroom.resolver.masking.layers import Layer
from strongroom.resolver.masking.unescaping import folded, squeezed, unescaped
from strongroom.text.surrogates import encodable
from strongroom.values.common import SHORTEST, SHORTEST_PART, is_common_word


class Needle(NamedTuple):
    """Hold a text that gives a value away, as a whole or by `least` characters of it.

    `telling` are the stretches that are secret. The rest of a URL or of a JSON text is found only beside
    them.
    """

    text: str
    name: str
    least: int
    telling: tuple[tuple[int, int], ...]
    alphabet: frozenset[str] = frozenset()
    """The characters of the encoding. Those around a find are masked too."""


class ShortValue(NamedTuple):
    """Hold a value that is too short for its parts to mean anything.

    Only the whole value is found, where `pattern` allows it.
    """

    text: str
    name: str
    pattern: re.Pattern[str]
    is_shortest: bool


class Encoding(NamedTuple):
    """Hold an encoding of bytes in groups.

    A value has one encoded form for each place of a group at which it may begin.
    """

    encode: Callable[[bytes], bytes]
    group: int
    size: int
    alphabet: frozenset[str]


_LEAST_ENCODED: Final = 12
"""The characters of an encoded value that give it away: about eight of the value itself."""


def _letters(text: bytes) -> frozenset[str]:
    return frozenset(text.decode().lower())


ENCODINGS: Final[Mapping[str, Encoding]] = {
    "base32": Encoding(base64.b32encode, 5, 8, _letters(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567=")),
    "base85": Encoding(base64.b85encode, 4, 5, frozenset()),
    "ascii85": Encoding(base64.a85encode, 4, 5, frozenset()),
}


def _as_it_is(text: str) -> str:
    return text


def _misread(charset: str) -> Callable[[str], str]:
    """Return a function that reads UTF-8 as another charset.

    Headers and escapes are often read so.
    """
    return lambda text: text.encode("utf-8", "surrogatepass").decode(charset, "replace")


def _in_pairs(text: str) -> str:
    """Return the text with surrogate pairs for characters beyond U+FFFF.

    JSON's escapes have such pairs.
    """
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(data[at : at + 2], "little")) for at in range(0, len(data), 2))


def _wide(charset: str) -> Callable[[str], str]:
    """Return a function that writes a text as the bytes of UTF-16 without NULs.

    The texts that are searched have no NULs.
    """
    return lambda text: text.encode(charset, "surrogatepass").decode("latin-1").replace("\0", "")


SPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "plain": _as_it_is,
    "encodable": encodable,
    "surrogate pairs": _in_pairs,
    "misread": _misread("latin-1"),
    "misread by Windows": _misread("cp1252"),
    "misread twice": lambda text: _misread("latin-1")(_misread("latin-1")(text)),
    "utf-16-le": _wide("utf-16-le"),
    "utf-16-be": _wide("utf-16-be"),
}
"""The ways in which the characters of a value may come back.

For ASCII most of these are the same.
"""


def _spellings(text: str) -> set[str]:
    return {spell(text) for spell in SPELLINGS.values()}


_PUBLIC: Final = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]+", re.IGNORECASE)
"""The pattern of an address, of which only the whole gives something away.

Others share the end of an address.
"""


def needles_of(name: str, value: str) -> Iterator[Needle | ShortValue]:
    """Return all texts by which a value, and its parts, are recognised."""
    parts = parts_of(value)
    telling = [part for part in parts if len(part) >= SHORTEST_PART and not _PUBLIC.fullmatch(part)]
    yield from _whole(name, value, telling)
    for part in parts:
        # A longer part of the text itself is found as a part of it.
        if part != value and (part not in telling or part not in value):
            yield from _whole(name, part, [] if _PUBLIC.fullmatch(part) else [part])


def _whole(name: str, value: str, telling: list[str]) -> Iterator[Needle | ShortValue]:
    stripped = value.strip()
    if not stripped:
        return
    if len(stripped) < SHORTEST_PART or is_common_word(stripped):
        yield from _short(name, stripped)
        return
    backwards = [part[::-1] for part in telling]
    for spelt, parts in ((_spellings(value), telling), (_spellings(value[::-1]), backwards)):
        for form in {form for text in spelt for form in (folded(text), folded(unescaped(Layer(text)).text))}:
            least = SHORTEST_PART if telling else len(form)
            yield Needle(form, name, least, _places(form, parts))
    data = value.encode("utf-8", "surrogatepass")
    for encoding in ENCODINGS.values():
        for text in set(_aligned(encoding, data)):
            yield Needle(folded(text), name, _LEAST_ENCODED, ((0, len(text)),), encoding.alphabet)


def squeezed_of(needle: Needle) -> Needle | None:
    """Return a needle's letters and digits as a needle, or None if they are too few."""
    if needle.least != SHORTEST_PART:
        return None
    layer = squeezed(Layer(needle.text))
    if len(layer.text) < SHORTEST_PART:
        return None
    parts = [squeezed(Layer(needle.text[start:end])).text for start, end in needle.telling]
    is_whole = needle.telling == ((0, len(needle.text)),)
    return Needle(layer.text, needle.name, SHORTEST_PART, _places(layer.text, [] if is_whole else parts))


def _places(text: str, telling: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Return the places of the telling parts in the spelling of the text.

    Without telling parts, the place is the whole text.
    """
    places = []
    for part in telling:
        for form in (folded(part), folded(unescaped(Layer(part)).text)):
            if len(form) >= SHORTEST_PART and (at := text.find(form)) >= 0:
                places.append((at, at + len(form)))
                break
    return tuple(places) or ((0, len(text)),)


def _aligned(encoding: Encoding, data: bytes) -> Iterator[str]:
    """Yield the encoding of a value at each place of a group.

    The characters that neighbours of the value change are left out.
    """
    yield encoding.encode(data).decode().rstrip("=")
    for before in range(encoding.group):
        whole = encoding.encode(b"\0" * before + data + b"\0" * encoding.group).decode()
        first = -(-before // encoding.group) * encoding.size
        last = (before + len(data)) // encoding.group * encoding.size
        if last - first >= SHORTEST_PART:
            yield whole[first:last]


def _short(name: str, value: str) -> Iterator[ShortValue]:
    is_shortest = len(value) < SHORTEST
    forms = _spellings(value) if len(value) >= SHORTEST else {value}
    for text in {form for spelt in forms for form in (folded(spelt), folded(unescaped(Layer(spelt)).text))}:
        yield ShortValue(text, name, _standing_alone(text, is_shortest=is_shortest), is_shortest)
    if not is_shortest:
        data = value.encode("utf-8", "surrogatepass")
        for encode in (base64.b64encode, base64.urlsafe_b64encode, base64.b16encode, base64.b32encode):
            text = folded(encode(data).decode()).rstrip("=")
            yield ShortValue(text, name, re.compile(rf"(?<![a-z0-9]){re.escape(text)}(?![a-z0-9])=*"), False)


def _standing_alone(text: str, *, is_shortest: bool) -> re.Pattern[str]:
    """Return a pattern that finds a short value by its kind.

    A word is found as a whole word, a number as a whole number, and anything else anywhere.
    """
    form = re.escape(text)
    if is_shortest or text.isalpha():
        return re.compile(rf"(?<!\w){form}(?!\w)")
    return re.compile(rf"(?<![0-9.]){form}(?![0-9]|\.[0-9])" if text.isdigit() else form)


# --- the parts of structured values ---

_SECRETIVE: Final = re.compile(
    r"pass|pwd|secret|token|key|sig|auth|credential|\bpin\b|\botp\b", re.IGNORECASE
)
_ARMOUR: Final = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]+-----")
_PAIR: Final = re.compile(r"([^\s:/@]+):([^\s/@]+)")
_SETTING: Final = re.compile(r"(?:^|[;&\s,])\s*([\w .-]{2,40}?)\s*=\s*([^;&\s,]+)")
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)

_SNAKE_CASE: Final = re.compile(r"[a-z]+(?:_[a-z]+)+")
_DEEPEST: Final = 4


def parts_of(value: str, depth: int = 0) -> tuple[str, ...]:
    """Return the parts of a value that are secrets themselves.

    The only part of a value without structure is the value.
    """
    if depth < _DEEPEST:
        for parts in (_of_json, _of_pem, _of_url, _of_settings, _of_pair, _of_base64):
            found = parts(value.strip(), depth)
            if found is not None:
                return tuple(dict.fromkeys(found))
    return (value,)


def _is_telling(key: str, text: str) -> bool:
    """Return True for a part that is a secret.

    A common word or a short text is a secret only if its key says so.
    """
    text = text.strip()
    if len(text) < SHORTEST:
        return False
    is_name = is_common_word(text) or _SNAKE_CASE.fullmatch(text)
    return (len(text) >= SHORTEST_PART and not is_name) or _SECRETIVE.search(key) is not None


def _of_pem(value: str, _depth: int) -> list[str] | None:
    if not _ARMOUR.search(value):
        return None
    return [
        line.strip() for line in _ARMOUR.sub("\n", value.replace("\\n", "\n")).splitlines() if line.strip()
    ]


def _of_json(value: str, depth: int) -> list[str] | None:
    if not value.startswith(("{", "[")):
        return None
    try:
        data = json.loads(value)
    except (ValueError, RecursionError):
        return None
    texts = [text for key, text in _leaves("", data) if _is_telling(key, text)]
    return [part for text in texts for part in parts_of(text, depth + 1)]


def _leaves(key: str, data: Any) -> Iterator[tuple[str, str]]:
    if isinstance(data, Mapping):
        for name, item in data.items():
            yield from _leaves(str(name), item)
    elif isinstance(data, list):
        for item in data:
            yield from _leaves(key, item)
    elif isinstance(data, str):
        yield key, data
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield key, json.dumps(data)


def _of_url(value: str, _depth: int) -> list[str] | None:
    if not _URL.fullmatch(value):
        return None
    try:
        url = urlsplit(value)
        user, password = url.username or "", url.password or ""
    except ValueError:
        return None
    userinfo = url.netloc.rpartition("@")[0]
    named = [("password", password), ("password", unquote(password)), ("", user), ("", unquote(user))]
    named += [("password", userinfo)] if password else []
    named += [pair for text in (url.query, url.fragment) for pair in parse_qsl(text)]
    named += [("", piece) for piece in url.path.split("/") if _is_random(piece)]
    return [text for key, text in named if _is_telling(key, text)]


def _is_random(text: str) -> bool:
    """Return True for letters with digits between them, as in keys.

    `v2` and `oauth2` are too short.
    """
    return len(text) >= SHORTEST_PART and not text.isalpha() and any(c.isdigit() for c in text)


def _of_settings(value: str, _depth: int) -> list[str] | None:
    found = [
        text for key, text in _SETTING.findall(value) if _SECRETIVE.search(key) and len(text) >= SHORTEST
    ]
    return found or None


def _of_pair(value: str, _depth: int) -> list[str] | None:
    match = _PAIR.fullmatch(value)
    if match is None:
        return None
    return [
        value,
        *(text for key, text in zip(("", "password"), match.groups(), strict=True) if _is_telling(key, text)),
    ]


def _of_base64(value: str, depth: int) -> list[str] | None:
    """Return the parts of base64 text.

    Many people keep a Basic header's credentials as such text.
    """
    try:
        text = base64.b64decode(value, validate=True).decode()
    except ValueError:
        return None
    is_readable = len(text) >= SHORTEST_PART and text.isprintable()
    return [value, text, *parts_of(text, depth + 1)] if is_readable else None
