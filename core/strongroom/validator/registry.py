"""Find every rule: the `RULE` of each module in `strongroom.validator.rules` that has one."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from strongroom.validator import rules
from strongroom.validator.rule import Rule


def _found() -> Iterator[Rule]:
    for module in iter_modules(rules.__path__, f"{rules.__name__}."):
        rule: Rule | None = getattr(import_module(module.name), "RULE", None)
        if rule is not None:
            yield rule


RULES: Final[Mapping[str, Rule]] = {rule.name: rule for rule in _found()}
"""Rules by their names, in alphabetical order."""
