"""Renders the fields of a connector: which names exist in which field, and what became of each.

The template engine is imported when the first field is rendered.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from strongroom.platform.availability import symbols_in
from strongroom.platform.places import FieldPlace
from strongroom.resolver.failures import RunFailed, response_template_failed, signing_failed, template_failed
from strongroom.resolver.inputs import Inputs
from strongroom.resolver.ledger import Ledger
from strongroom.resolver.values import Values

if TYPE_CHECKING:
    from strongroom.resolver.authentication.signing import Signer

RENDER_SECONDS: Final = 5.0
"""How long all templates of one request, or the response template, may take together."""


_LITERAL_FUNCTIONS: Final = ("get_secret", "get_variable")


class Origin(NamedTuple):
    """Where a part of a field came from: the line of an explanation."""

    field: str
    name: str
    kind: str
    """"secret", "variable" or "jwt"."""
    resolved: bool
    literal: str
    note: str = ""


class Rendered(NamedTuple):
    """A field after rendering. `text` holds stand-ins, no values; a ledger turns it into what is sent or
    shown.
    """

    label: str
    template: str
    text: str
    is_credential: bool
    """Whether the template uses a secret or signs a token: then a debug view shows the template (PLATFORM
    §7).
    """

    def shown(self, ledger: Ledger) -> str:
        """The field as the X-Debug-Request object shows it."""
        return self.template if self.is_credential else ledger.shown(self.text)


class Renderer:
    """Renders the fields of one run with one ledger. Not for use by two threads at once."""

    def __init__(
        self,
        values: Values,
        inputs: Inputs,
        ledger: Ledger,
        *,
        in_composite: bool = False,
        extra: Mapping[str, Any] | None = None,
        signer: "Signer | None" = None,
    ) -> None:
        self._signer = signer
        self._values = values
        self._ledger = ledger
        self._in_composite = in_composite
        self._context: dict[str, Any] = {
            "user": _User(inputs.user),
            "tenant_id": inputs.tenant_id,
            "now": _now,
            "pathParams": dict(inputs.path_parameters),
            "body_text": inputs.payload_text(),
            "body_raw": inputs.payload_bytes(),
            **(extra or {}),
        }
        self.origins: list[Origin] = []
        self.notes: list[str] = []

    def field(self, place: FieldPlace, label: str, template: object) -> Rendered:
        """Renders one field; `RunFailed` (422) where it does not render."""
        text = template if isinstance(template, str) else "" if template is None else str(template)
        if "{" not in text:
            return Rendered(label, text, text, is_credential=False)
        from strongroom.resolver import sandbox
        from strongroom.resolver.filters import LEDGER_KEY

        seen = sandbox.scan(text)
        allowed = symbols_in(place, in_composite=self._in_composite)
        context = {name: value for name, value in self._context.items() if name in allowed}
        functions = _Functions(self, label, [call.literal for call in seen.calls])
        self.notes += [
            f"{label}: write {call.function}('{call.name}'): single quotes, no spaces inside the parentheses."
            for call in seen.calls
            if call.name is not None and not call.is_plain and call.function in allowed
        ]
        for name in _LITERAL_FUNCTIONS:
            context[name] = getattr(functions, name) if name in allowed else functions.absent(name)
        if "jwt_encode" in allowed:
            context["jwt_encode"] = functions.jwt_encode
        context[LEDGER_KEY] = self._ledger
        failed = response_template_failed if place is FieldPlace.RESPONSE_BODY else template_failed
        outcome = _attempt(lambda: sandbox.rendered(text, context))
        if isinstance(outcome, str):
            return Rendered(label, text, outcome, bool({"get_secret", "jwt_encode"} & seen.names))
        if outcome.is_signing:
            raise RunFailed(signing_failed(f"{label}: {outcome.sentence}"))
        raise RunFailed(failed(f"{label} does not render: {self._ledger.shown(outcome.sentence)}"))

    def use_path_parameters(self, values: Mapping[str, str]) -> None:
        """Sets what `pathParams.*` gives, after the values were checked."""
        self._context["pathParams"] = dict(values)

    def note(self, origin: Origin) -> None:
        """Keeps where a part of a field came from; the same only once."""
        if origin not in self.origins:
            self.origins.append(origin)

    def secret(self, field: str, name: str, literal: str) -> str:
        """A stand-in for the secret, or for the literal where there is no such secret."""
        value = self._values.secret(name)
        if value is None:
            other = self._values.variable(name) is not None
            self.note(
                Origin(
                    field,
                    name,
                    "secret",
                    False,
                    literal,
                    "it is a variable: use get_variable" if other else "",
                )
            )
            return self._ledger.keep_literal(literal, name)
        self.note(Origin(field, name, "secret", True, literal))
        return self._ledger.seal(value, literal, name)

    def variable(self, field: str, name: str, literal: str) -> str:
        """The variable's text, or a stand-in for the literal where there is no such variable."""
        text = self._values.variable(name)
        if text is None:
            other = self._values.secret(name) is not None
            self.note(
                Origin(
                    field, name, "variable", False, literal, "it is a secret: use get_secret" if other else ""
                )
            )
            return self._ledger.keep_literal(literal, name)
        self.note(Origin(field, name, "variable", True, literal))
        return text

    @property
    def signer(self) -> "Signer":
        """What signs tokens: the one of the batch of runs, or one of its own."""
        if self._signer is None:
            from strongroom.resolver.authentication.signing import Signer

            self._signer = Signer()
        return self._signer

    @property
    def ledger(self) -> Ledger:
        """What the stand-ins stand for."""
        return self._ledger


class _Functions:
    """The template functions of one field. Each is given the number of its call before its own arguments."""

    def __init__(self, renderer: Renderer, label: str, literals: list[str]) -> None:
        self._renderer = renderer
        self._label = label
        self._literals = literals

    def _name(self, function: str, given: tuple[Any, ...], name: Any) -> tuple[str, str]:
        """The name asked for and the source text of the call; a call through an alias carries no number."""
        number: Any = -1
        if len(given) == 2 or (given and name is not None):
            number, *rest = given
            given = tuple(rest)
        if given:
            name = given[0]
        if not isinstance(name, str):
            raise _BadCall(f"{function} wants one name in quotes")
        known = isinstance(number, int) and 0 <= number < len(self._literals)
        return str(name), self._literals[number] if known else f"{function}('{name}')"

    def get_secret(self, *given: Any, name: Any = None) -> str:
        return self._renderer.secret(self._label, *self._name("get_secret", given, name))

    def get_variable(self, *given: Any, name: Any = None) -> str:
        return self._renderer.variable(self._label, *self._name("get_variable", given, name))

    def absent(self, function: str) -> Callable[..., str]:
        """A function that this field does not have: its expression stays as it is written (PLATFORM §3)."""

        def stays(*given: Any, name: Any = None) -> str:
            asked, literal = self._name(function, given, name)
            kind = "secret" if function == "get_secret" else "variable"
            self._renderer.note(
                Origin(self._label, asked, kind, False, literal, f"{function} does not exist in this field")
            )
            return self._renderer.ledger.keep_literal(literal, asked)

        return stays

    def jwt_encode(
        self, *given: Any, payload: Any = None, key: Any = None, algorithm: Any = None, headers: Any = None
    ) -> str:
        from strongroom.resolver.authentication.signing import SigningFailed
        from strongroom.secret_value import SecretValue

        number = given[0] if given and isinstance(given[0], int) else -1
        arguments = list(given[1:] if number != -1 else given)
        payload, key, algorithm, headers = (
            arguments[index] if index < len(arguments) else named
            for index, named in enumerate((payload, key, algorithm, headers))
        )
        ledger = self._renderer.ledger
        token = self._renderer.signer.sign(
            opened(ledger, payload),
            opened(ledger, key),
            str(algorithm or "RS256"),
            opened(ledger, headers) if headers else None,
        )
        if isinstance(token, SigningFailed):
            raise _BadSigning(token.reason)
        literal = self._literals[number] if 0 <= number < len(self._literals) else "jwt_encode(...)"
        self._renderer.note(Origin(self._label, "", "jwt", True, literal))
        return ledger.seal(SecretValue(token), literal, "a signed token", "token")


class _BadCall(Exception):  # noqa: N818
    """A template function was called in a way that cannot mean anything."""


class _BadSigning(Exception):  # noqa: N818
    """A token could not be signed."""


class _Reason(NamedTuple):
    """Why a template gave no text."""

    sentence: str
    is_signing: bool = False


_QUOTED: Final = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_NAME: Final = re.compile(r"[\w .()-]{0,60}")
_LONGEST_REASON: Final = 300


def _without_data(message: str) -> str:
    """An error's text without the data that it quotes, which an API may have sent: only names stay."""

    def kept(match: re.Match[str]) -> str:
        return match[0] if _NAME.fullmatch(match[1] or match[2] or "") else "'...'"

    text = _QUOTED.sub(kept, message)
    return text if len(text) <= _LONGEST_REASON else "the error's own text is too long to be shown"


def _attempt(render: Callable[[], str]) -> str | _Reason:
    """The rendered text, or why there is none. Everything that a template can raise ends here.

    Nothing is raised from inside, so no error that a template caused, and no frame of it, reaches a caller.
    """
    from jinja2 import TemplateError, TemplateSyntaxError

    from strongroom.resolver.bounded import TooSlow

    try:
        return render()
    except _BadSigning as error:
        return _Reason(str(error), is_signing=True)
    except TemplateSyntaxError as error:
        return _Reason(f"{error.message} (line {error.lineno} of the template).")
    except (TemplateError, _BadCall) as error:
        return _Reason(f"{_without_data(str(error)).rstrip('.')}.")
    except RecursionError:
        return _Reason("it calls itself without end.")
    except TooSlow:
        raise
    except Exception as error:  # a filter or an operator can raise anything
        return _Reason(f"{type(error).__name__}: {_without_data(str(error)).rstrip('.')}.")


def opened(ledger: Ledger, value: Any) -> Any:
    """A value of any shape with values in place of stand-ins."""
    if isinstance(value, str):
        return ledger.open(str(value))
    if isinstance(value, Mapping):
        return {opened(ledger, key): opened(ledger, item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [opened(ledger, item) for item in value]
    return value


def _now(offset: Any = 0) -> int:
    """Unix time in whole seconds, moved by `offset` seconds."""
    return int(time.time()) + int(offset)


class _ProfileFields:
    def __init__(self, fields: Mapping[Any, Any]) -> None:
        self._fields = {str(key): value for key, value in fields.items()}

    def by_id(self, number: Any) -> Any:
        return self._fields.get(str(number))


class _User:
    """`user.*`: None for what is not known, which is everything for a visitor who is not signed in."""

    def __init__(self, user: Mapping[str, Any]) -> None:
        for name in ("id", "username", "first_name", "last_name", "email"):
            setattr(self, name, user.get(name))
        fields = user.get("profile_fields")
        self.profile_fields = _ProfileFields(fields if isinstance(fields, Mapping) else {})
