"""Mask values that an API sends back.

Strongroom does not make an answer, so its origin does not show which part of it is a secret. An echo can only
be found by looking for the value. The answer is turned into layers, in which more and more of its escapes and
encodings are undone, and each layer is searched for all values, and parts of them, at once. The request's own
views never need this.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from strongroom.resolver.masking.charsets import BYTES, charsets_of, mask_in
from strongroom.resolver.masking.decoders import DECODERS, inflated, readable
from strongroom.resolver.masking.issued import issued_in, values_issued_in
from strongroom.resolver.masking.json_masks import Span, without
from strongroom.resolver.masking.layers import Layer
from strongroom.resolver.masking.needles import needles_of
from strongroom.resolver.masking.search import Found, Search
from strongroom.resolver.masking.unescaping import folded, squeezed, unescaped, unquoted, without_nuls
from strongroom.values.secret_value import MASK, SecretValue

_DEEPEST_ENCODING: Final = 3
"""The deepest base64 or hex within base64 or hex that is undone."""

_SHORT_TEXT: Final = 200

_ISSUED: Final = ""
"""The name of all that an API issued.

An issued credential is recognised by the name of its member, and belongs to none of the named secrets.
"""


class Echoes:
    """Find and mask a run's values in what the API sent back, and count them by name.

    Upper and lower case count as the same, since hosts, hex digits and header names change it. The object
    holds the values while a run lasts; a report keeps `found` and `issued` only.
    """

    def __init__(self, values: Iterable[tuple[str, SecretValue]]) -> None:
        self._search = Search()
        for name, value in values:
            self._search.add(needles_of(name, value.reveal()))
        self.found: dict[str, int] = {}
        self.issued: dict[str, None] = {}
        """The members of answers that hold credentials which the API issued."""
        self._last: tuple[bytes, str, bytes] = (b"", "", b"")
        self._clean: set[str] = set()
        """The short texts without a value, because the same headers are shown in several places."""

    def __repr__(self) -> str:
        return "Echoes()"

    def learn(self, body: bytes, charset: str) -> None:
        """Count the credentials that an answer issues among the values.

        The APIs of later steps may repeat them.
        """
        text = body.decode(next(iter(charsets_of(body, charset))))
        self._clean.clear()
        for member, value in values_issued_in(text):
            self.issued[member] = None
            self._search.add(needles_of(_ISSUED, value))

    def masked(self, text: str, *, is_answer: bool = False, mask: str = MASK) -> str:
        """Return the text with a mask in place of every value and every part of one.

        In an answer, the credentials that it issues are masked, too.
        """
        if text in self._clean:
            return text
        spans = list(self._spans(text, is_answer=is_answer))
        if not spans and is_answer and len(text) <= _SHORT_TEXT:
            self._clean.add(text)
        return without(text, spans, mask)

    def _spans(self, text: str, *, is_answer: bool) -> Iterator[Span]:
        """Yield the spans to mask, from left to right, and count the finds by name."""
        layer = Layer(text)
        finds = list(self._finds(layer, 0))
        if (compressed := inflated(layer)) is not None:
            finds += self._finds(compressed, 0)
        if is_answer:
            plain = unescaped(layer)
            for issued in issued_in(plain):
                finds.append(Found(*plain.source(issued.start, issued.end), _ISSUED))
                self.issued[issued.member] = None
        for start, end, name in _merged(finds):
            if name != _ISSUED:
                self.found[name] = self.found.get(name, 0) + 1
            yield start, end

    def _finds(self, layer: Layer, depth: int) -> Iterator[Found]:
        """Yield the finds in a text and in all its layers, with their places in the text."""
        plain = unescaped(layer)
        mail = unescaped(unquoted(plain))
        if plain is not layer:
            yield from _placed(layer, self._search.finds(folded(layer.text), is_decoded=depth > 0))
        for each in (plain, mail) if mail.text != plain.text else (plain,):
            yield from self._finds_closely(each, is_decoded=depth > 0)
        if depth < _DEEPEST_ENCODING:
            for decoded in filter(None, (decode(plain) for decode in DECODERS.values())):
                yield from self._finds_decoded(decoded, depth + 1)

    def _finds_decoded(self, layer: Layer, depth: int) -> Iterator[Found]:
        """Yield the finds in decoded bytes, most of which may not be text."""
        bytes_alone = without_nuls(layer)
        yield from self._finds_closely(bytes_alone, is_decoded=True)
        if (compressed := inflated(layer)) is not None:
            yield from self._finds(compressed, depth)
        if (text := readable(bytes_alone)) is not None:
            yield from self._finds(text, depth)

    def _finds_closely(self, layer: Layer, *, is_decoded: bool) -> Iterator[Found]:
        """Yield the finds in a layer, and those in its letters and digits alone."""
        text = folded(layer.text)
        finds = list(self._search.finds(text, is_decoded=is_decoded))
        yield from _placed(layer, finds)
        whole = [find for find in finds if self._search.is_whole(text[find.start : find.end])]
        close = squeezed(layer, [(find.start, find.end) for find in _merged(whole)])
        yield from _placed(close, self._search.finds_squeezed(close.text))

    def masked_bytes(self, data: bytes, charset: str) -> bytes:
        """Return a body without values.

        The body is searched as text of its charset and as single bytes, because its text may be of another
        charset.
        """
        if (data, charset) != self._last[:2]:
            self._last = (data, charset, self._masked_bytes(data, charset))
        return self._last[2]

    def _masked_bytes(self, data: bytes, charset: str) -> bytes:
        read_as = next(iter(charsets_of(data, charset)))
        for each in dict.fromkeys((read_as, BYTES) if read_as != "utf-8" else (read_as,)):
            text = data.decode(each)
            masked = self.masked(text, is_answer=True, mask=mask_in(each))
            if masked == mask_in(each):
                return MASK.encode()
            if masked != text:
                data = masked.encode(each)
        return data

    def masked_data(self, value: Any) -> Any:
        """Return JSON data of any shape without values."""
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, Mapping):
            return {self.masked(str(key)): self.masked_data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.masked_data(item) for item in value]
        return value


def _placed(layer: Layer, finds: Iterable[Found]) -> Iterator[Found]:
    for find in finds:
        yield Found(*layer.source(find.start, find.end), find.name)


def _merged(finds: Iterable[Found]) -> Iterator[Found]:
    """Yield the finds in order, with those that touch as one.

    A joined find has the name of the longest.
    """
    last: Found | None = None
    for find in sorted(finds, key=lambda find: (find.start, -find.end)):
        if last is None or find.start > last.end:
            if last is not None:
                yield last
            last = find
        else:
            is_longer = find.end - find.start > last.end - last.start
            name = find.name if is_longer or last.name == _ISSUED else last.name
            last = Found(last.start, max(last.end, find.end), name)
    if last is not None:
        yield last
