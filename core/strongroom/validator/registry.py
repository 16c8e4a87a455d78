"""Find every rule: each `RULE` of a module in `strongroom.validator.rules`."""

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from strongroom.validator import rules
from strongroom.validator.rule import Rule


def _found() -> Iterator[Rule]:
    # `pkgutil.iter_modules` would import `inspect`, which takes longer than most checks.
    for file in sorted(os.listdir(rules.__path__[0])):
        if file.endswith(".py"):
            module = import_module(f"{rules.__name__}.{file.removesuffix('.py')}")
            rule: Rule | None = getattr(module, "RULE", None)
            if rule is not None:
                yield rule


RULES: Final[Mapping[str, Rule]] = {rule.name: rule for rule in _found()}
"""Rules by their names, in alphabetical order."""
