"""Define the functions `get_secret`, `get_variable` and `jwt_encode` of one run.

See PLATFORM §2 and §3. A renderer says which field is being rendered before each; each call is given its
number in the template's text before its own arguments (see `sandbox`), by which its source text is found.
Imported only together with the template engine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from strongroom.platform.template_names import JWT_ENCODE_ALGORITHM
from strongroom.resolver.templates.missing import MissingText
from strongroom.resolver.templates.origin import Origin
from strongroom.resolver.templates.outcome import BadCall, BadSigning
from strongroom.resolver.templates.sandbox import Trusted
from strongroom.resolver.templates.values import Values
from strongroom.resolver.terms.stand_ins import StandIns
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from strongroom.resolver.signing import Signer


class FunctionContext(NamedTuple):
    """Hold what the functions work with. `note` keeps the origin of a part of a field."""

    values: Values
    stand_ins: StandIns
    signer: "Callable[[], Signer]"
    note: Callable[[Origin], None]
    fall_back: Callable[[Origin], None]
    """Take back an origin that was noted: a default takes its place."""


class Functions(Trusted):
    """Give templates their functions.

    Not for use by two threads at once.
    """

    def __init__(self, context: FunctionContext) -> None:
        self._context = context
        self._label = ""
        self._literals: Sequence[str] = ()
        self.present: Mapping[str, Callable[..., str]] = {
            "get_secret": self.get_secret,
            "get_variable": self.get_variable,
            "jwt_encode": self.jwt_encode,
        }
        self.absent: Mapping[str, Callable[..., str]] = {
            name: self._staying(name) for name in ("get_secret", "get_variable")
        }
        """The functions of a field that does not have them, which stay as written (PLATFORM §3)."""

    def begin(self, label: str, literals: Sequence[str]) -> None:
        """Take the field that is rendered next, and the source texts of the calls in it."""
        self._label = label
        self._literals = literals

    def _name(self, function: str, given: tuple[Any, ...], name: Any) -> tuple[str, str]:
        """Return the name asked for and the source text of the call.

        A call through an alias carries no number.
        """
        number: Any = -1
        if len(given) == 2 or (given and name is not None):
            number, *rest = given
            given = tuple(rest)
        if given:
            name = given[0]
        if not isinstance(name, str):
            raise BadCall(f"{function} wants one name in quotes")
        known = isinstance(number, int) and 0 <= number < len(self._literals)
        return str(name), self._literals[number] if known else f"{function}('{name}')"

    def get_secret(self, *given: Any, name: Any = None) -> str:
        """Return a stand-in for the secret, or for the expression if there is no secret.

        A default may be taken for the expression.
        """
        asked, literal = self._name("get_secret", given, name)
        value = self._context.values.secret(asked)
        if value is not None:
            self._context.note(Origin(self._label, asked, "secret", True, literal))
            return self._context.stand_ins.for_value(value, literal, [asked])
        is_other = self._context.values.variable(asked) is not None
        return self._missing(
            asked, "secret", literal, "it is a variable: use get_variable" if is_other else ""
        )

    def get_variable(self, *given: Any, name: Any = None) -> str:
        """Return the variable's text, or a stand-in for the expression if it is missing.

        A default may be taken for the expression.
        """
        asked, literal = self._name("get_variable", given, name)
        text = self._context.values.variable(asked)
        if text is not None:
            self._context.note(Origin(self._label, asked, "variable", True, literal))
            return text
        is_other = self._context.values.secret(asked) is not None
        return self._missing(asked, "variable", literal, "it is a secret: use get_secret" if is_other else "")

    def _missing(self, name: str, kind: str, literal: str, why: str) -> str:
        """Return the text of an expression without a value.

        A default may be taken for the text.
        """
        text = self._unresolved(name, kind, literal, why)
        return MissingText(
            text, lambda: self._context.fall_back(Origin(self._label, name, kind, False, literal, why))
        )

    def _unresolved(self, name: str, kind: str, literal: str, why: str) -> str:
        self._context.note(Origin(self._label, name, kind, False, literal, why))
        return self._context.stand_ins.for_literal(literal)

    def _staying(self, function: str) -> Callable[..., str]:
        kind = function.removeprefix("get_")

        def stays(*given: Any, name: Any = None) -> str:
            asked, literal = self._name(function, given, name)
            return self._unresolved(asked, kind, literal, f"{function} does not exist in this field")

        return stays

    def jwt_encode(
        self, *given: Any, payload: Any = None, key: Any = None, algorithm: Any = None, headers: Any = None
    ) -> str:
        """Return a stand-in for a token that is signed now."""
        from strongroom.resolver.signing import SigningFailed

        number = given[0] if given and isinstance(given[0], int) else -1
        arguments = list(given[1:] if number != -1 else given)
        if len(arguments) > 4:
            raise BadCall("jwt_encode takes at most four arguments: payload, key, algorithm, headers")
        payload, key, algorithm, headers = (
            arguments[index] if index < len(arguments) else named
            for index, named in enumerate((payload, key, algorithm, headers))
        )
        if headers is not None and not isinstance(headers, Mapping):
            raise BadSigning("the headers of the token are not an object.")
        stand_ins = self._context.stand_ins
        token = self._context.signer().sign(
            opened(stand_ins, payload),
            opened(stand_ins, key),
            str(algorithm or JWT_ENCODE_ALGORITHM),
            opened(stand_ins, headers) if headers else None,
            is_resolved=not stand_ins.unresolved_in(str(key)),
        )
        if isinstance(token, SigningFailed):
            raise BadSigning(token.reason)
        literal = self._literals[number] if 0 <= number < len(self._literals) else "jwt_encode(...)"
        self._context.note(Origin(self._label, "", "jwt", True, literal))
        return stand_ins.for_value(SecretValue(token), literal, ["a signed token"], "token")


def opened(stand_ins: StandIns, value: Any) -> Any:
    """Return data of any shape with values in place of stand-ins."""
    if isinstance(value, str):
        return stand_ins.open(str(value))
    if isinstance(value, Mapping):
        return {opened(stand_ins, key): opened(stand_ins, item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [opened(stand_ins, item) for item in value]
    return value
