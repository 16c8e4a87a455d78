"""Find the mistakes of a connector file, given the names that are known.

No I/O, no protocol; never raises on any text.
"""

from strongroom.text.edits import Edit
from strongroom.validator.engine import Validator, Validators, validate
from strongroom.validator.findings import Finding, Fix, Related, Severity
from strongroom.validator.levels import DEFAULT_LEVELS, Levels, UnknownRuleError
from strongroom.validator.registry import RULES
from strongroom.validator.rule import Rule

__all__ = [
    "DEFAULT_LEVELS",
    "RULES",
    "Edit",
    "Finding",
    "Fix",
    "Levels",
    "Related",
    "Rule",
    "Severity",
    "UnknownRuleError",
    "Validator",
    "Validators",
    "validate",
]
