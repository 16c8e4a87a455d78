"""Every rule, by name, in the order of DESIGN's table."""

from collections.abc import Mapping
from typing import Final

from strongroom.validator.rule import Rule
from strongroom.validator.rules import (
    invalid_secret_name,
    json_syntax,
    misplaced_secret,
    secret_quotes,
    secret_spacing,
    template_syntax,
    unknown_secret,
    unknown_variable,
)

RULES: Final[Mapping[str, Rule]] = {
    module.RULE.name: module.RULE
    for module in (
        unknown_secret,
        unknown_variable,
        misplaced_secret,
        invalid_secret_name,
        secret_quotes,
        secret_spacing,
        template_syntax,
        json_syntax,
    )
}
