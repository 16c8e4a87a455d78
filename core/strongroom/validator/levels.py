"""Decide which rules run, and how bad each one's findings are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from strongroom.errors import StrongroomError
from strongroom.text.suggest import ask_if_meant, nearest
from strongroom.validator.findings import Severity
from strongroom.validator.registry import RULES
from strongroom.validator.rule import Rule

OFF: Final = "off"

C = TypeVar("C")


class UnknownRuleError(StrongroomError):
    """Refuse the name of a rule or of a level that does not exist."""


class Levels:
    """Map rules to a severity or to off.

    Each other rule keeps its own severity. Immutable. Findings are kept per `Levels` object: make one and use it again.
    """

    __slots__ = ("_levels", "_only")

    def __init__(
        self, levels: Mapping[str, Severity | None] | None = None, only: frozenset[str] | None = None
    ) -> None:
        self._levels = dict(levels or {})
        self._only = only

    def of(self, rule: Rule) -> Severity | None:
        """Return the severity of a rule; None if it is off."""
        if self._only is not None and rule.name not in self._only:
            return None
        return self._levels.get(rule.name, rule.severity)

    def checks(self, check_of: Callable[[Rule], C | None]) -> list[tuple[str, Severity, C]]:
        """Return (rule, severity, check) for the checks of one kind whose rule is on."""
        return [
            (rule.name, level, check)
            for rule in RULES.values()
            if (check := check_of(rule)) and (level := self.of(rule))
        ]

    def with_settings(self, table: Mapping[str, object]) -> "Levels":
        """Return these levels changed by a table of settings.

        The table maps a rule's name to "error", "warning", "info" or "off". Raises `UnknownRuleError` for a name or a
        level that does not exist.
        """
        changed = dict(self._levels)
        for name, level in table.items():
            changed[_known(name)] = _level(name, level)
        return Levels(changed, self._only)

    def select(self, names: Iterable[str]) -> "Levels":
        """Return levels with only these rules.

        A selected rule that was off has its own severity again. Raises `UnknownRuleError`.
        """
        chosen = frozenset(_known(name) for name in names)
        kept = {
            name: level for name, level in self._levels.items() if level is not None or name not in chosen
        }
        return Levels(kept, chosen)

    def ignore(self, names: Iterable[str]) -> "Levels":
        """Return levels without these rules. Raises `UnknownRuleError`."""
        return Levels({**self._levels, **{_known(name): None for name in names}}, self._only)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Levels) and (self._levels, self._only) == (other._levels, other._only)

    def __hash__(self) -> int:
        return hash((frozenset(self._levels.items()), self._only))


DEFAULT_LEVELS: Final = Levels()
"""Every rule with its own severity."""


def _known(name: str) -> str:
    if name in RULES:
        return name
    hint = ask_if_meant(nearest(name, RULES)) or "`strongroom rules` lists them."
    raise UnknownRuleError(f"No rule is named `{name}`.", hint)


def _level(name: str, level: object) -> Severity | None:
    if isinstance(level, Severity):
        return level
    if level in (OFF, False, None):
        return None
    try:
        return Severity(str(level))
    except ValueError:
        raise UnknownRuleError(
            f"The level of the rule `{name}` is {level!r}.", "It must be error, warning, info or off."
        ) from None
