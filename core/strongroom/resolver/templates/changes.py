"""Find the filters and methods of a template that cannot change a secret.

They have no effect because a template only handles a stand-in. Imported only together with the template
engine.
"""

from collections.abc import Iterator
from typing import Final

from jinja2 import TemplateError, nodes

_CHANGES: Final = frozenset(
    (
        "capitalize",
        "lower",
        "replace",
        "striptags",
        "swapcase",
        "title",
        "trim",
        "upper",
        "strip",
        "lstrip",
        "rstrip",
    )
)
"""The filters and methods that give a stand-in of digits back as it was."""


def changes_of_secrets(template: str) -> tuple[tuple[str, str], ...]:
    """Return each secret a template changes without effect, and the filter or method."""
    from strongroom.resolver.templates.sandbox import sandbox

    try:
        tree = sandbox().parse(template)
    except TemplateError:
        return ()
    return tuple(dict.fromkeys(_changes(tree)))


def _changes(tree: nodes.Node) -> Iterator[tuple[str, str]]:
    for node in tree.find_all((nodes.Filter, nodes.Call)):
        changed: nodes.Node | None = None
        if isinstance(node, nodes.Filter) and node.name in _CHANGES:
            changed, change = node.node, f"the filter {node.name}"
        elif (
            isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Getattr)
            and node.node.attr in _CHANGES
        ):
            changed, change = node.node.node, f"{node.node.attr}()"
        if changed is not None:
            yield from ((name, change) for name in _secrets_in(changed))


def _secrets_in(node: nodes.Node) -> Iterator[str]:
    calls = [*node.find_all(nodes.Call), *([node] if isinstance(node, nodes.Call) else [])]
    for call in calls:
        if isinstance(call.node, nodes.Name) and call.node.name == "get_secret":
            # The number of the call may come first.
            given = [*call.args, *(keyword.value for keyword in call.kwargs)]
            yield from (
                part.value for part in given if isinstance(part, nodes.Const) and isinstance(part.value, str)
            )
