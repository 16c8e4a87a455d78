"""Tell which secrets and variables a template asks for by its text alone."""

from typing import Final

from strongroom.document.template_nodes import Node
from strongroom.document.template_parser import parse_template
from strongroom.document.template_scope import usage_of
from strongroom.names import Kind

_KINDS: Final = {kind.function: kind for kind in Kind}


def asks_for_secrets(template: str) -> bool:
    """Return True if a template uses `get_secret`, under another name too."""
    function = Kind.SECRET.function
    return function in template and any(
        name.value == function for name in usage_of(parse_template(template)).free
    )


def asked_names(expression: str) -> tuple[tuple[str, Kind], ...]:
    """Return the names in quotes that an expression asks for, each with the kind that it is read as.

    `expression` is a call, or `{{ ... }}` around one, such as a report's unresolved expressions.
    """
    parsed = parse_template(expression if expression.startswith("{{") else f"{{{{ {expression} }}}}")
    calls = [call for call in parsed.calls if call.value in _KINDS]
    return tuple(
        (name, _KINDS[call.value]) for call in calls if (name := _literal_argument(call)) is not None
    )


def _literal_argument(call: Node) -> str | None:
    _function, *arguments = call.children
    is_literal = len(arguments) == 1 and arguments[0].kind == "const"
    value = arguments[0].value if is_literal else None
    return value if isinstance(value, str) else None
