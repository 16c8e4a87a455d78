"""Find text that is written out in a template, beside the calls that give values.

Imported only together with the template engine.
"""

from collections.abc import Iterator

from jinja2 import TemplateError, nodes

from strongroom.platform.authentication import AUTH_SCHEMES
from strongroom.resolver.templates.sandbox import sandbox


def holds_literal(template: str) -> bool:
    """Return True if the template may hold a credential itself.

    Any text that is not a scheme such as Bearer may be one.

    A template that cannot be read, or that has a comment, may hold one.
    """
    if "{#" in template:
        return True
    try:
        tree = sandbox().parse(template)
    except TemplateError:
        return True
    return any(map(_is_telling, _literals(tree)))


def _is_telling(text: str) -> bool:
    return any(map(str.isalnum, text)) and text.strip().lower() not in AUTH_SCHEMES


def _literals(node: nodes.Node) -> Iterator[str]:
    """Return the texts and numbers below a node.

    Names of values, members and claims are left out.
    """
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Const):
        yield str(node.value)
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        yield from _literals(node.node)
    else:
        for child in _signing_key(node) if _is_call(node) else node.iter_child_nodes():
            yield from _literals(child)


def _is_call(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in {"get_secret", "get_variable", "jwt_encode"}
    )


def _signing_key(call: nodes.Node) -> Iterator[nodes.Node]:
    """Return the argument of `jwt_encode` that is a key.

    The call's number comes before its arguments.
    """
    if isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name) and call.node.name == "jwt_encode":
        yield from call.args[2:3]
        yield from (keyword.value for keyword in call.kwargs if keyword.key == "key")
