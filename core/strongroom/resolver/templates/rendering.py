"""Render the fields of a connector, and keep the origin of each value.

Each field has the names that exist in it. The template engine is imported when the first field is rendered.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from strongroom.platform.availability import symbols_in
from strongroom.platform.places import FieldPlace
from strongroom.resolver.templates.origin import Origin
from strongroom.resolver.templates.values import Values
from strongroom.resolver.terms.failures import (
    RunFailed,
    response_template_failed,
    signing_failed,
    template_failed,
)
from strongroom.resolver.terms.inputs import Inputs
from strongroom.resolver.terms.stand_ins import StandIns

if TYPE_CHECKING:
    from strongroom.resolver.signing import Signer
    from strongroom.resolver.templates.functions import Functions
    from strongroom.resolver.templates.outcome import Reason
    from strongroom.resolver.templates.source_calls import Calls

RENDER_SECONDS: Final = 5.0
"""The seconds of all templates of one request, or of the response template."""


class Rendered(NamedTuple):
    """Hold a field after rendering, with stand-ins in `text` where values go.

    `StandIns` turns the text into what is sent or shown.
    """

    label: str
    template: str
    text: str
    is_credential: bool
    """True if the template uses a secret or signs a token.

    A debug view then shows the template (PLATFORM §7).
    """

    def shown(self, stand_ins: StandIns) -> str:
        """Return the field as the X-Debug-Request object shows it."""
        return self.template if self.is_credential else stand_ins.shown(self.text)


def exchanged(config: Any, view: Callable[[Rendered], Any]) -> Any:
    """Return a config of any shape with a view of each rendered text in its place."""
    if isinstance(config, Rendered):
        return view(config)
    if isinstance(config, Mapping):
        return {key: exchanged(item, view) for key, item in config.items()}
    if isinstance(config, list):
        return [exchanged(item, view) for item in config]
    return config


def rendered_in(config: Any) -> list[Rendered]:
    """Return each rendered text of a config, whatever its shape."""
    found: list[Rendered] = []
    exchanged(config, found.append)
    return found


class _Engine(NamedTuple):
    """Hold the template engine's functions, imported when the first field needs them."""

    functions: "Functions"
    base: dict[str, Any]
    """The names that exist in every field."""
    calls_in: "Callable[[str], Calls]"
    rendered: Callable[[str, Mapping[str, Any]], str]
    attempt: "Callable[..., str | Reason]"


@lru_cache(maxsize=32)
def _allowed(place: FieldPlace, *, in_composite: bool) -> frozenset[str]:
    return frozenset(symbols_in(place, in_composite=in_composite))


_DATA: Final[tuple[str, ...]] = ("request", "response", "steps", "pathParams")
"""The names of the context that hold dicts and lists."""


class Renderer:
    """Render the fields of one run with its `StandIns`.

    Not for use by two threads at once.
    """

    def __init__(
        self,
        values: Values,
        inputs: Inputs,
        stand_ins: StandIns,
        *,
        in_composite: bool = False,
        extra: Mapping[str, Any] | None = None,
        signer: "Signer | None" = None,
    ) -> None:
        self._signer = signer
        self._values = values
        self.stand_ins = stand_ins
        """The stand-ins of the run, and what each means."""
        self.in_composite = in_composite
        """True for a step of a composite connector."""
        self._context: dict[str, Any] = {
            "user": _User(inputs.user),
            "tenant_id": inputs.tenant_id,
            "now": _now,
            "pathParams": dict(inputs.path_parameters),
            # None for a call without a body (PLATFORM §2).
            "body_text": inputs.payload_text() or None,
            "body_raw": inputs.payload_bytes() or None,
            **(extra or {}),
        }
        self._engine: _Engine | None = None
        self._contexts: dict[FieldPlace, dict[str, Any]] = {}
        self._origins: Counter[Origin] = Counter()
        self.notes: list[str] = []

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Return the origins of all parts of fields, each once."""
        return tuple(self._origins)

    def field(self, place: FieldPlace, label: str, template: object) -> Rendered:
        """Render one field. Raises `RunFailed` (422) if it does not render."""
        text = template if isinstance(template, str) else "" if template is None else str(template)
        if "{" not in text:
            return Rendered(label, text, _as_rendered(text), False)
        if self._engine is None:
            self._engine = self._start()
        engine = self._engine
        context = self._contexts.get(place)
        if context is None:
            context = self._contexts[place] = self._context_of(place, engine)
        seen = engine.calls_in(text)
        context = self._with_own_data(context, text)
        engine.functions.begin(label, seen.literals)
        if seen.odd:
            self._note_odd(label, seen.odd, place)
        outcome = engine.attempt(engine.rendered, text, context)
        if isinstance(outcome, str):
            return Rendered(label, text, outcome, seen.is_credential)
        if outcome.is_signing:
            raise RunFailed(signing_failed(f"{label}: {outcome.sentence}"))
        failed = response_template_failed if place is FieldPlace.RESPONSE_BODY else template_failed
        raise RunFailed(failed(f"{label} does not render: {self.stand_ins.shown(outcome.sentence)}"))

    def _start(self) -> "_Engine":
        """Import the template engine, and return it with this run's functions."""
        from strongroom.resolver.templates.functions import FunctionContext, Functions
        from strongroom.resolver.templates.outcome import attempt
        from strongroom.resolver.templates.sandbox import rendered, sandbox
        from strongroom.resolver.templates.source_calls import calls_in

        given = FunctionContext(self._values, self.stand_ins, self._signing, self.note, self.fall_back)
        functions = Functions(given)
        base = {**sandbox().globals, **functions.absent}
        return _Engine(functions, base, calls_in, rendered, attempt)

    def _context_of(self, place: FieldPlace, engine: "_Engine") -> dict[str, Any]:
        """Return all names and values that exist in a kind of field."""
        from strongroom.resolver.templates.filters import STAND_INS_KEY

        context = engine.base.copy()
        everything = self._context
        present = engine.functions.present
        for name in _allowed(place, in_composite=self.in_composite):
            if name in everything:
                context[name] = everything[name]
            elif name in present:
                context[name] = present[name]
        context[STAND_INS_KEY] = self.stand_ins
        return context

    def _with_own_data(self, context: dict[str, Any], text: str) -> dict[str, Any]:
        """Return the context with copies of the data that a template reads.

        A template may change its data, and no other template must see that.
        """
        own = {name: _copied(context[name]) for name in _DATA if name in text and name in context}
        return {**context, **own} if own else context

    def _note_odd(self, label: str, odd: Sequence[tuple[str, str]], place: FieldPlace) -> None:
        allowed = _allowed(place, in_composite=self.in_composite)
        self.notes += [
            f"{label}: write {function}('{name}'): single quotes, no spaces inside the parentheses."
            for function, name in odd
            if function in allowed
        ]

    def use_path_parameters(self, values: Mapping[str, str]) -> None:
        """Set what `pathParams.*` gives, after the values were checked."""
        self._context["pathParams"] = dict(values)
        self._contexts.clear()

    def note(self, origin: Origin) -> None:
        """Keep the origin of a part of a field."""
        self._origins[origin] += 1

    def fall_back(self, origin: Origin) -> None:
        """Note that a default took the place of a part that did not resolve."""
        self._origins[origin] -= 1
        if not self._origins[origin]:
            del self._origins[origin]
        self.note(origin._replace(resolved=True, is_default=True))

    def _signing(self) -> "Signer":
        """Return the signer of the batch of runs, or one of this run's own."""
        if self._signer is None:
            from strongroom.resolver.signing import Signer

            self._signer = Signer()
        return self._signer


def _copied(data: Any) -> Any:
    """Return a copy of data at any depth. Texts and numbers are shared."""
    if isinstance(data, dict):
        return {key: _copied(item) for key, item in data.items()}
    return [_copied(item) for item in data] if isinstance(data, list) else data


def _as_rendered(text: str) -> str:
    """Return a text without templates as Jinja2 renders it.

    All its line breaks are of one kind, and the last one is left out.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")


def _now(offset: Any = 0) -> int:
    """Return Unix time in whole seconds, moved by `offset` seconds."""
    return int(time.time()) + int(offset)


class _ProfileFields:
    def __init__(self, fields: Mapping[Any, Any]) -> None:
        self._fields = {str(key): value for key, value in fields.items()}

    def __repr__(self) -> str:
        return "<user.profile_fields>"

    def by_id(self, number: Any) -> Any:
        return _copied(self._fields.get(str(number)))


class _User:
    """Hold `user.*`.

    A member that is not known is None. For a visitor who is not signed in, every member is None.
    """

    def __init__(self, user: Mapping[str, Any]) -> None:
        for name in ("id", "username", "first_name", "last_name", "email"):
            setattr(self, name, user.get(name))
        fields = user.get("profile_fields")
        self.profile_fields = _ProfileFields(fields if isinstance(fields, Mapping) else {})

    def __repr__(self) -> str:
        return "<user>"
