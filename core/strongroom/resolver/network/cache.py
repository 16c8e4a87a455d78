"""Keep the answers that the platform keeps (PLATFORM §6).

They are answers to GET and HEAD with status 200, 301 or 308. Each namespace has its own. RFC 9111 for a
shared cache, decided by hishel's state machine, says what may be kept and for how long; the answers
themselves stay in memory. An answer with "no-cache" is not kept at all, as the platform documents, and only
the API's own words (max-age, s-maxage, Expires) make an answer fresh: there are no guesses.

hishel is imported when an answer comes that asks to be kept.
"""

import hashlib
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from strongroom.resolver.network.sending import Answer, Outgoing
from strongroom.resolver.terms.exchange import Pairs
from strongroom.resolver.terms.stand_ins import StandIns
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    import hishel

METHODS: Final = frozenset({"GET", "HEAD"})
STATUSES: Final = frozenset({200, 301, 308})

MOST_ENTRIES: Final = 500
MOST_VARIANTS: Final = 10
MOST_BYTES: Final = 50 * 1024 * 1024
"""The bytes that are kept at most.

The answer that was used longest ago goes first.
"""

_PREVENTING: Final = ("no-store", "no-cache", "private")
_VALIDATORS: Final = ("etag", "last-modified")


class _Kept(NamedTuple):
    """Hold an answer, and the values that it may repeat and its receiver has to mask."""

    entry: "hishel.Entry"
    answer: Answer
    values: tuple[tuple[str, SecretValue], ...]

    def __repr__(self) -> str:
        return "an answer"


class AnswerCache:
    """Keep answers by digests of connector, method and URL. Any thread may use it.

    Clear it when the vault is locked: answers may repeat what they were asked with.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, list[_Kept]] = OrderedDict()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"AnswerCache({len(self._kept)} URLs)"

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def entries(self, key: bytes) -> list[_Kept]:
        """Return what is kept under a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return list(self._kept.get(key, ()))

    def keep(self, key: bytes, kept: _Kept) -> None:
        """Keep an answer in place of those that its request would be answered with."""
        with self._lock:
            others = [one for one in self._kept.get(key, ()) if _variant(one) != _variant(kept)]
            self._kept[key] = [*others[1 - MOST_VARIANTS :], kept]
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._is_full():
                self._kept.popitem(last=False)

    def _is_full(self) -> bool:
        size = sum(len(one.answer.body) for many in self._kept.values() for one in many)
        return len(self._kept) > MOST_ENTRIES or size > MOST_BYTES

    def freshen(
        self, key: bytes, identity: uuid.UUID, headers: "hishel.Headers", brought: Answer
    ) -> _Kept | None:
        """Return the kept answer with the headers that a 304 brought (RFC 9111 §3.2)."""
        import dataclasses

        with self._lock:
            many = self._kept.get(key, [])
            for index, kept in enumerate(many):
                if kept.entry.id == identity:
                    response = dataclasses.replace(kept.entry.response, headers=headers)
                    fresh = kept._replace(
                        entry=dataclasses.replace(kept.entry, response=response),
                        answer=kept.answer._replace(headers=_updated(kept.answer.headers, brought.headers)),
                    )
                    many[index] = fresh
                    return fresh
        return None

    def forget(self, *keys: bytes) -> None:
        """Forget what is kept under these keys.

        An unsafe method may have changed it (RFC 9111 §4.4).
        """
        with self._lock:
            for key in keys:
                self._kept.pop(key, None)


class CacheLookup:
    """Look one request up in the cache. `hit` is the answer if there is a fresh one.

    Without one, `conditions` are headers to send besides, and `received` takes what came.
    """

    def __init__(
        self,
        cache: AnswerCache,
        namespace: Sequence[str],
        outgoing: Outgoing,
        stand_ins: StandIns,
        *,
        fresh: bool,
    ) -> None:
        self._cache = cache
        self._stand_ins = stand_ins
        self._method = outgoing.method
        url = _url(outgoing)
        self._key = _digest(*namespace, outgoing.method, url)
        self._others = [_digest(*namespace, method, url) for method in METHODS]
        self._headers = {key.lower(): _folded(key, value) for key, value in outgoing.headers}
        self._state: hishel.NeedRevalidation | None = None
        self.outcome = ""
        """The part that the cache had: "hit", "revalidated", "stored", "bypassed", or "" for none."""
        self.why = ""
        """The reason why an answer that says how long it is good is not kept."""
        self.hit: Answer | None = None
        self.conditions: tuple[tuple[str, str], ...] = ()
        kept = cache.entries(self._key) if outgoing.method in METHODS else []
        if kept and fresh:
            self.outcome = "bypassed"
        elif kept:
            self._look(kept)

    def _request(self) -> "hishel.Request":
        import hishel

        # The URL is a part of the key already, and hishel only compares it.
        return hishel.Request(self._method, "https://kept/", hishel.Headers(self._headers))

    def _look(self, kept: list[_Kept]) -> None:
        import hishel

        state = hishel.IdleClient(options={"shared": True}).next(self._request(), [one.entry for one in kept])
        if isinstance(state, hishel.FromCache):
            found = next(one for one in kept if one.entry.id == state.entry.id)
            self._use(found, "hit")
            age = (("age", state.entry.response.headers["age"]),)
            self.hit = found.answer._replace(
                headers=_updated(found.answer.headers, age), milliseconds=0.0, phases={}
            )
        elif isinstance(state, hishel.NeedRevalidation):
            self._state = state
            asked = state.request.headers
            self.conditions = tuple(
                (name, asked[name]) for name in ("if-none-match", "if-modified-since") if name in asked
            )

    def _use(self, kept: _Kept, outcome: str) -> None:
        self.outcome = outcome
        self._stand_ins.also(kept.values)

    def received(self, answer: Answer) -> Answer:
        """Return the answer that came, or the kept one if the API says it still holds."""
        if self._method not in METHODS:
            if answer.status < 400:
                self._cache.forget(*self._others)
            return answer
        if self._state is not None and self.conditions and answer.status == 304:
            kept = self._revalidated(answer)
            if kept is not None:
                self._use(kept, "revalidated")
                return kept.answer._replace(milliseconds=answer.milliseconds, phases=answer.phases)
        self.why = _not_kept(answer, self._headers)
        if not self.why and _asks_to_be_kept(answer):
            self._store(answer)
        return answer

    def _revalidated(self, answer: Answer) -> _Kept | None:
        import hishel

        assert self._state is not None
        state: hishel.AnyState = self._state.next(hishel.Response(304, _headers(answer.headers)))
        while not isinstance(state, hishel.NeedToBeUpdated):
            if not isinstance(state, hishel.InvalidateEntries):
                return None
            state = state.next()
        found = None
        for entry in state.updating_entries:
            found = self._cache.freshen(self._key, entry.id, entry.response.headers, answer) or found
        return found

    def _store(self, answer: Answer) -> None:
        from email.utils import formatdate

        import hishel

        headers = _headers(answer.headers)
        # hishel reckons by Date alone: the Age that an answer came with moves it back (RFC 9111 §4.2.3).
        made = _made(answer)
        headers.pop("date", None)
        headers["date"] = formatdate(made, usegmt=True)
        if lifetime(answer) is None:
            # The headers give no lifetime: the API is asked each time, and the lifetime is never guessed.
            headers["cache-control"] = "max-age=0"
        response = hishel.Response(answer.status, headers)
        state = hishel.CacheMiss(request=self._request(), options={"shared": True}).next(response)
        if isinstance(state, hishel.StoreAndUse):
            entry = hishel.Entry(uuid.uuid4(), self._request(), state.response)
            self._cache.keep(self._key, _Kept(entry, answer, tuple(self._stand_ins.values())))
            self.outcome = self.outcome or "stored"
        else:
            self.why = "it says nothing that allows it"


def lifetime(answer: Answer) -> int | None:
    """Return the seconds for which an answer is good by its headers.

    Headers without a lifetime give None.
    """
    said = _directives(answer)
    for name in ("s-maxage", "max-age"):
        if name in said:
            return int(said[name]) if said[name].isdigit() else 0
    if not answer.header("expires"):
        return None
    from email.utils import formatdate, parsedate_to_datetime

    try:
        expires = parsedate_to_datetime(answer.header("expires"))
        made = parsedate_to_datetime(answer.header("date") or formatdate(usegmt=True))
        return int((expires - made).total_seconds())
    except (ValueError, TypeError):
        return 0


def _made(answer: Answer) -> float:
    """Return the Unix time at which an answer was made: the earlier by Date and Age."""
    from email.utils import parsedate_to_datetime

    now = time.time()
    age = answer.header("age")
    made = now - (int(age) if age.isdigit() else 0)
    try:
        return min(made, parsedate_to_datetime(answer.header("date")).timestamp())
    except (ValueError, TypeError):
        return made


def _asks_to_be_kept(answer: Answer) -> bool:
    return (lifetime(answer) or 0) > 0 or any(answer.header(name) for name in _VALIDATORS)


def _not_kept(answer: Answer, asked: dict[str, str]) -> str:
    """Return the reason why the platform would not keep this answer; "" if it might."""
    said = _directives(answer)
    preventing = [name for name in _PREVENTING if name in said]
    if answer.status not in STATUSES:
        return "its status is not 200, 301 or 308"
    if preventing:
        return f"it says Cache-Control: {preventing[0]}"
    if answer.is_cut:
        return "it is too long"
    if answer.header("vary").strip() == "*":
        return "it says Vary: *"
    if "authorization" in asked and not {"public", "s-maxage", "must-revalidate"} & said.keys():
        return "the request has an Authorization header, and the answer does not say that it is public"
    return ""


def _directives(answer: Answer) -> dict[str, str]:
    text = ",".join(value for key, value in answer.headers if key.lower() == "cache-control")
    pairs = (part.strip().partition("=") for part in text.split(","))
    return {name.strip().lower(): value.strip().strip('"') for name, _equals, value in pairs if name.strip()}


def _folded(key: str, value: str) -> str:
    """Return a header's value for comparison: a digest, except of what hishel reads."""
    return value if key.lower() in ("cache-control", "pragma") else _digest(value).hex()


def _headers(pairs: Sequence[tuple[str, str]]) -> "hishel.Headers":
    import hishel

    grouped: dict[str, list[str]] = {}
    for key, value in pairs:
        grouped.setdefault(key.lower(), []).append(value)
    return hishel.Headers(dict(grouped))


def _updated(kept: Pairs, brought: Pairs) -> Pairs:
    """Return the headers of a kept answer with newer ones.

    Headers about the body stay, because no new body came.
    """
    newer = [(key, value) for key, value in brought if not key.lower().startswith(("content-", "transfer-"))]
    replaced = {key.lower() for key, _value in newer}
    return (*((key, value) for key, value in kept if key.lower() not in replaced), *newer)


def _variant(kept: _Kept) -> tuple[str, ...]:
    """Return the request's headers by which the API says that its answer varies."""
    names = ",".join(value for key, value in kept.answer.headers if key.lower() == "vary").split(",")
    asked = kept.entry.request.headers
    return tuple(asked.get(name.strip().lower(), "") for name in sorted(names) if name.strip())


def _url(outgoing: Outgoing) -> str:
    return "\0".join((outgoing.url, *(part for pair in outgoing.query for part in pair)))


def _digest(*parts: str) -> bytes:
    joined = b"".join(len(part).to_bytes(8, "big") + part.encode("utf-8", "surrogatepass") for part in parts)
    return hashlib.sha256(joined).digest()
